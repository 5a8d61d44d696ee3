// Cells of the confusion matrix, of one model and of the difference of two.

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawnCell } from "../../app/slicecore_app/review/labels/cell.js";

const one = { labels: ["yes", "no"], counts: [[6, 2], [0, 4]], others: 0, gained: null, lost: null };

test("a cell shows its clips, and colours by their share of the row", () => {
  assert.deepEqual(drawnCell(one, 0, 1, []), { isFilled: true, shown: "2", points: 22.5, hint: "yes taken for no: 2 of 8 clips" });
  assert.equal(drawnCell(one, 1, 1, []).points, -35);
  assert.deepEqual(drawnCell(one, 1, 0, []), { isFilled: false, shown: "", points: null, hint: "no taken for yes: 0 of 4 clips" });
});

test("a difference has signs, and more right clips are better", () => {
  const both = { ...one, gained: [[0, 2], [1, 1]], lost: [[2, 0], [1, 1]] };
  assert.deepEqual(drawnCell(both, 0, 1, ["a", "b"]), {
    isFilled: true,
    shown: "+2",
    points: 25,
    hint: "yes taken for no: 2 of 8 clips by a, 0 by b; only by one of them: 2 and 0",
  });
  assert.equal(drawnCell(both, 0, 0, ["a", "b"]).points, 25);
  assert.deepEqual([drawnCell(both, 1, 0, ["a", "b"]).shown, drawnCell(both, 1, 0, ["a", "b"]).points], ["0", null]);
});

test("labels that stand together have no colour where they meet", () => {
  assert.equal(drawnCell({ ...one, others: 3 }, 1, 1, []).points, null);
});
