import assert from "node:assert/strict";
import { test } from "node:test";

import { Camera } from "../../app/slicecore_app/review/map/camera.js";
import { around, paint, readPart, serves } from "../../app/slicecore_app/review/map/parts.js";

function camera() {
  const made = new Camera();
  made.setBox({ left: 0, right: 10, bottom: 0, top: 10 });
  made.setSize(400, 300);
  return made;
}

/** @param {Camera} seen @param {object} [more] */
const part = (seen, more = {}) => ({ box: around(seen), scale: seen.scale, points: null, ...more });

test("what is asked for is what the camera sees and a margin, a pixel of the window each", () => {
  const seen = camera();
  const asked = around(seen);
  assert.deepEqual([asked.width, asked.height], [560, 420]);
  const [kx, ky] = seen.scale;
  assert.ok(Math.abs((asked.right - asked.left) * kx - 560) < 1e-9);
  assert.ok(Math.abs((asked.top - asked.bottom) * ky - 420) < 1e-9);
  assert.ok(Math.abs((asked.left + asked.right) / 2 - seen.x) < 1e-12);
});

test("a part serves small moves; pixels serve one zoom, points closer ones too", () => {
  const seen = camera();
  const [pixels, points] = [part(seen), part(seen, { points: {} })];
  assert.ok(serves(pixels, seen));
  seen.pan(70, -50);
  assert.ok(serves(pixels, seen));
  seen.pan(70, 0);
  assert.ok(!serves(pixels, seen));
  seen.pan(-140, 50);
  seen.zoomBy(2, [200, 150]);
  assert.ok(!serves(pixels, seen));
  assert.ok(serves(points, seen));
  seen.zoomBy(0.25, [200, 150]);
  assert.ok(!serves(points, seen));
});

test("an answer is read as pixels or as clips", () => {
  const pixels = new Uint8Array(24 + 6);
  new Uint32Array(pixels.buffer, 0, 6).set([0, 2, 1, 900, 800, 1]);
  pixels.set([255, 0, 3, 31, 128, 0], 24);
  const density = readPart(pixels.buffer);
  assert.deepEqual([density.clips, density.most, density.hasMarks, density.points], [900, 800, true, null]);
  assert.deepEqual([...density.pixels.shade, ...density.pixels.steps, ...density.pixels.marked], [255, 0, 3, 31, 128, 0]);
  const clips = new Uint8Array(24 + 2 * 13);
  new Uint32Array(clips.buffer, 0, 8).set([1, 0, 0, 2, 1, 0, 7, 70000]);
  new Float32Array(clips.buffer, 32, 4).set([1.5, -2, 3, 4]);
  clips.set([33, 64], 48);
  const { points } = readPart(clips.buffer);
  assert.deepEqual([[...points.rows], [...points.xy], [...points.states]], [[7, 70000], [1.5, -2, 3, 4], [33, 64]]);
});

test("more clips are closer to ink, a lasso leaves grey what it does not hold, and a pick leaves it faint", () => {
  const pixels = { shade: Uint8Array.of(0, 1, 255, 255), steps: Uint8Array.of(0, 0, 0, 1), marked: Uint8Array.of(0, 0, 0, 9) };
  const colours = { steps: ["#ff0000", "#0000ff"], grey: "#808080", ink: "#000000" };
  const at = (/** @type {Uint8ClampedArray} */ image, /** @type {number} */ i) => [...image.slice(4 * i, 4 * i + 4)];
  const plain = paint(pixels, colours, { hasMarks: false, lassoing: false });
  assert.deepEqual(at(plain, 0), [0, 0, 0, 0]);
  const [few, many, other] = [1, 2, 3].map((i) => at(plain, i));
  assert.ok(few[0] > 250 && few[3] < 200);
  assert.ok(many[0] > 100 && many[0] < 150 && many[3] === 255);
  assert.deepEqual(other, [0, 0, many[0], 255]);
  const picked = paint(pixels, colours, { hasMarks: true, lassoing: false });
  assert.deepEqual(at(picked, 3), other);
  assert.deepEqual(at(picked, 2), [...many.slice(0, 3), 128]);
  const lassoed = paint(pixels, colours, { hasMarks: true, lassoing: true });
  assert.ok(new Set(at(lassoed, 2).slice(0, 3)).size === 1);
  assert.deepEqual(at(lassoed, 3), other);
});
