import assert from "node:assert/strict";
import { test } from "node:test";
import { followReview, nextUnreviewed, pick, review, setReview } from "../../app/slicecore_app/web/review.js";

const send = () => 7;

test("a pick frames its slice at once for all who follow, and says by which event", () => {
  const seen = [];
  const stop = followReview(({ slice }) => seen.push(slice));
  pick({ slice: "a" }, { kind: "slice" }, send);
  assert.deepEqual(seen, [null, "a"]);
  assert.deepEqual([review().isKnown, review().pick], [true, 7]);
  stop();
});

test("what only Python can name is framed as unknown, and nothing else stays framed", () => {
  setReview({ slice: "a", cluster: null });
  pick({ cluster: "3-1" }, { kind: "cluster" }, send);
  assert.deepEqual([review().slice, review().cluster, review().isKnown], [null, "3-1", false]);
  pick({}, { kind: "lasso" }, send);
  assert.deepEqual([review().slice, review().cluster, review().isKnown], [null, null, false]);
  pick(null, { kind: "lasso" }, send);
  assert.equal(review().isKnown, true); // nothing is picked, for certain
});

test("the next unreviewed slice goes round", () => {
  const state = { slices: ["a", "b", "c"], slice: "b", verdicts: { c: "unsure" } };
  assert.equal(nextUnreviewed(state), "a");
  assert.equal(nextUnreviewed({ ...state, verdicts: { a: "unsure", b: "unsure", c: "unsure" } }), null);
});
