import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, distanceTo, isInside, paddedPath, rowsInside, smoothPath } from "../../app/slicecore_app/review/map/geometry.js";

const SQUARE = [[0, 0], [0, 2], [2, 2], [2, 0]];

test("a padded path goes around the corners at its distance", () => {
  const path = paddedPath(SQUARE, 1); // clockwise with y up is clockwise on the screen with y down where y is turned
  assert.equal(path.match(/A1,1/g).length, 4);
  assert.match(path, /^M.*Z$/);
});

test("a padded path of a single point is a circle around it; without points there is none", () => {
  assert.equal(paddedPath([[10, 10]], 4), "M6.0,10.0A4,4 0 0 1 14.0,10.0A4,4 0 0 1 6.0,10.0Z");
  assert.equal(paddedPath([], 4), "");
});

test("inside and outside by the even-odd rule, also of a polygon that is not convex", () => {
  const arrow = [[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]];
  assert.equal(isInside(arrow, 2, 0.5), true);
  assert.equal(isInside(arrow, 2, 3), false);
});

test("the distance is 0 inside a polygon and that to the nearest edge outside", () => {
  assert.equal(distanceTo(SQUARE, 1, 1), 0);
  assert.equal(distanceTo(SQUARE, 5, 1), 3);
  assert.equal(distanceTo([[0, 0], [2, 0]], 1, 2), 2);
  assert.equal(distanceTo([[0, 0]], 3, 4), 5);
});

test("rows inside a lasso; points without a position are never inside", () => {
  assert.deepEqual(rowsInside(SQUARE, [1, 1, 5, 5, NaN, NaN, 0.5, 1.9]), [0, 3]);
});

test("bounds leave out what has no position; null where nothing has one", () => {
  assert.deepEqual(boundsOf([1, 2, NaN, 7, -3, 5]), { left: -3, right: 1, bottom: 2, top: 5 });
  assert.equal(boundsOf([NaN, NaN]), null);
});

test("a smooth path is closed from three points on", () => {
  assert.equal(smoothPath([[0, 0], [1, 1]]), "M0,0L1,1");
  assert.match(smoothPath(SQUARE), /^M.*Q.*Z$/);
});
