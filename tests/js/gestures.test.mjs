import assert from "node:assert/strict";
import { test } from "node:test";
import { Camera } from "../../app/slicecore_app/review/map/camera.js";
import { followGestures } from "../../app/slicecore_app/review/map/gestures.js";

/** A stage of 200 × 100 px at (10, 20), the camera that it moves, and what has happened on it. */
function stage() {
  const done = [];
  const camera = new Camera();
  camera.setSize(200, 100);
  camera.setBox({ left: 0, right: 1, bottom: 0, top: 1 });
  const element = Object.assign(new EventTarget(), {
    getBoundingClientRect: () => ({ left: 10, top: 20 }),
    setPointerCapture() {},
    toggleAttribute() {},
    removeAttribute() {},
    closest: () => null,
  });
  const gestures = followGestures(element, {
    isLasso: ({ shiftKey }) => shiftKey,
    begin() {},
    click: (pixel) => done.push(["click", ...pixel]),
    pan: (dx, dy) => camera.pan(dx, dy),
    zoom: (factor, pixel) => camera.zoomBy(factor, pixel),
    lasso: (path) => done.push(["lasso", path.length]),
    hover() {},
    leave() {},
    draw() {},
  });
  const tell = (kind, x, y, more) =>
    element.dispatchEvent(Object.assign(new Event(`pointer${kind}`), { pointerId: 1, button: 0, shiftKey: false, clientX: x + 10, clientY: y + 20, ...more }));
  return { camera, done, gestures, tell };
}

const isNear = (place, other) => Math.hypot(place[0] - other[0], place[1] - other[1]) < 1e-9;

test("two fingers zoom, what was between them stays there, and the last to be lifted clicks nothing", () => {
  const { camera, done, tell } = stage();
  const middle = camera.toData([100, 50]);
  tell("down", 90, 50);
  tell("down", 110, 50, { pointerId: 2 });
  tell("move", 80, 50);
  tell("move", 120, 50, { pointerId: 2 });
  assert.ok(Math.abs(camera.zoom - 2) < 1e-9);
  assert.ok(isNear(camera.toData([100, 50]), middle));
  tell("move", 80, 70); // both move on: nothing but the place changes
  tell("move", 120, 70, { pointerId: 2 });
  assert.ok(Math.abs(camera.zoom - 2) < 1e-9);
  assert.ok(isNear(camera.toData([100, 70]), middle));
  tell("up", 120, 70, { pointerId: 2 });
  const before = camera.text;
  tell("move", 20, 20);
  tell("up", 20, 20);
  assert.equal(camera.text, before);
  assert.deepEqual(done, []);
});

test("a press clicks once, a drag moves, and a lasso that a second finger joins is dropped", () => {
  const { camera, done, gestures, tell } = stage();
  tell("down", 50, 50);
  tell("up", 51, 50);
  tell("down", 50, 50); // the second of a double click
  tell("up", 50, 50);
  assert.deepEqual(done, [["click", 51, 50]]);
  const before = camera.toScreen([0.5, 0.5]);
  tell("down", 50, 50);
  tell("move", 80, 40);
  tell("up", 80, 40);
  assert.deepEqual(camera.toScreen([0.5, 0.5]).map(Math.round), [before[0] + 30, before[1] - 10].map(Math.round));
  const shift = { shiftKey: true };
  for (const joined of [false, true]) {
    tell("down", 10, 10, shift);
    for (const place of [[60, 10], [60, 60], [10, 60]]) tell("move", ...place, shift);
    assert.equal(gestures.lassoSoFar().length, 4);
    if (joined) tell("down", 90, 90, { pointerId: 2 });
    assert.equal(gestures.lassoSoFar() === null, joined);
    tell("up", 10, 20, shift);
    if (joined) tell("up", 90, 90, { pointerId: 2 });
  }
  assert.deepEqual(done.slice(1), [["lasso", 5]]);
});
