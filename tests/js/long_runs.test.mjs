import assert from "node:assert/strict";
import { test } from "node:test";
import { foldedRuns, foldLabel } from "../../app/slicecore_app/web/long_runs.js";

/** Marks of an alignment: "+" is an inserted word, anything else is none. */
const folded = (marks) => foldedRuns([...marks].map((mark) => mark === "+"));

test("a long run of insertions shows its first three", () => {
  const [run, ...others] = folded(`=${"+".repeat(41)}=`);
  assert.deepEqual(run, { start: 4, end: 42 });
  assert.deepEqual(others, []);
  assert.equal(foldLabel(run), "+ 38 more");
});

test("six insertions in a row are all shown, wherever they stand", () => {
  assert.deepEqual(folded(`${"+".repeat(6)}=${"+".repeat(6)}`), []);
  assert.deepEqual(folded(""), []);
});

test("every long run is folded, also at both ends", () => {
  assert.deepEqual(folded(`${"+".repeat(7)}=${"+".repeat(8)}`), [
    { start: 3, end: 7 },
    { start: 11, end: 16 },
  ]);
});
