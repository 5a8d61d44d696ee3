// Ways through the confusion matrix by keys.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cellBeside } from "../../app/slicecore_app/review/labels/walk.js";

test("arrows lead to the cell beside, and not out of the grid", () => {
  assert.equal(cellBeside(4, "ArrowRight", 3), 5);
  assert.equal(cellBeside(5, "ArrowRight", 3), null);
  assert.equal(cellBeside(4, "ArrowUp", 3), 1);
  assert.equal(cellBeside(1, "ArrowUp", 3), null);
  assert.equal(cellBeside(3, "ArrowLeft", 3), null);
});

test("Home and End lead along the row, Page Up and Page Down along the column", () => {
  assert.deepEqual(["Home", "End", "PageUp", "PageDown"].map((key) => cellBeside(4, key, 3)), [3, 5, 1, 7]);
});

test("other keys lead nowhere", () => {
  assert.equal(cellBeside(4, "x", 3), null);
  assert.equal(cellBeside(4, "toString", 3), null);
});
