// Cells of the confusion matrix, of one model and of the difference of two.

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawnCell } from "../../app/slicecore_app/review/labels/cell.js";

const one = { labels: ["yes", "no"], counts: [[6, 2], [0, 4]], others: 0, gained: null, lost: null };

test("a cell shows its clips", () => {
  assert.deepEqual(drawnCell(one, 0, 1, []), { isFilled: true, shown: "2", hint: "yes taken for no: 2 of 8 clips" });
  assert.deepEqual(drawnCell(one, 1, 0, []), { isFilled: false, shown: "", hint: "no taken for yes: 0 of 4 clips" });
  assert.equal(drawnCell(one, 0, 0, []).hint, "yes recognised: 6 of 8 clips");
});

test("a difference has signs, and both models in its hint", () => {
  const both = { ...one, gained: [[0, 2], [1, 0]], lost: [[2, 0], [1, 0]] };
  assert.deepEqual(drawnCell(both, 0, 1, ["a", "b"]), {
    isFilled: true,
    shown: "+2",
    hint: "yes taken for no: 2 of 8 clips by a, 0 by b; only by one of them: 2 and 0",
  });
  assert.deepEqual([drawnCell(both, 1, 0, ["a", "b"]).shown, drawnCell(both, 1, 1, ["a", "b"]).shown], ["0", ""]);
});
