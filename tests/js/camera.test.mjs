import assert from "node:assert/strict";
import { test } from "node:test";
import { Camera } from "../../app/slicecore_app/review/map/camera.js";

function looking() {
  const camera = new Camera();
  camera.setBox({ left: 0, right: 10, bottom: 0, top: 5 });
  camera.setSize(400, 300);
  return camera;
}

const close = (actual, expected) => actual.forEach((value, i) => {
  assert.ok(Math.abs(value - expected[i]) < 1e-9, `${actual} is not ${expected}`);
});

test("pixels and data are each other's inverse", () => {
  const camera = looking();
  camera.zoomBy(3, [120, 80]);
  camera.pan(17, -9);
  close(camera.toScreen(camera.toData([33, 44])), [33, 44]);
});

test("what lies under the pointer stays there while zooming", () => {
  const camera = looking();
  const before = camera.toData([90, 200]);
  camera.zoomBy(2.5, [90, 200]);
  close(camera.toData([90, 200]), before);
});

test("the text of a view leads back to it in another window, and is empty where everything is seen", () => {
  const camera = looking();
  assert.equal(camera.text, "");
  camera.zoomBy(4, [100, 100]);
  const other = looking();
  other.setSize(900, 500);
  other.show(camera.text);
  assert.equal(other.text, camera.text);
  other.show("");
  assert.equal(other.text, "");
});

test("the zoom has limits", () => {
  const camera = looking();
  camera.zoomBy(1e9, [0, 0]);
  assert.equal(camera.zoom, 400);
  camera.zoomBy(1e-9, [0, 0]);
  assert.equal(camera.zoom, 0.5);
});

test("points on one spot are in the middle", () => {
  const camera = new Camera();
  camera.setBox({ left: 3, right: 3, bottom: 4, top: 4 });
  camera.setSize(100, 60);
  close(camera.toScreen([3, 4]), [50, 30]);
});
