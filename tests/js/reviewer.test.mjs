import assert from "node:assert/strict";
import { test } from "node:test";
import { isDisputed, judged, opinionOf } from "../../app/slicecore_app/web/review.js";
import { createReviewer } from "../../app/slicecore_app/web/reviewer.js";

/** A browser: what it stores, and a page in it. */
function openBrowser(name) {
  const stored = new Map();
  const storage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, text) => stored.set(key, text) };
  return { load: () => createReviewer(() => storage, () => name) };
}

test("the name of the account is used until another is given, which the browser remembers", () => {
  const { load } = openBrowser("b1");
  const reviewer = load();
  reviewer.learn("root", {});
  assert.deepEqual([reviewer.name(), reviewer.isGiven()], ["root", false]);
  reviewer.call(" Anna ");
  const again = load();
  again.learn("root", {});
  assert.deepEqual([again.isGiven(), again.signature()], [true, { reviewer: "Anna", browser: "b1" }]);
});

test("who takes a name that another browser had before is told, until they say who they are", () => {
  const { load } = openBrowser("b2");
  const reviewer = load();
  let told = 0;
  reviewer.follow(() => (told += 1));
  reviewer.learn("root", { Anna: ["b1"], "Anna 2": ["b3"] });
  assert.equal(reviewer.namesake(), "");
  reviewer.call("Anna");
  assert.equal(reviewer.namesake(), "Anna 3");
  reviewer.confirm();
  assert.equal(reviewer.namesake(), "");
  assert.equal(load().namesake(), "");
  reviewer.call("Anna 2");
  assert.equal(reviewer.namesake(), "Anna 2 2");
  assert.equal(told, 5);
});

test("who had a name first is not asked", () => {
  const reviewer = openBrowser("b1").load();
  reviewer.learn("Anna", { Anna: ["b1", "b2"] });
  assert.equal(reviewer.namesake(), "");
});

test("without a storage the name holds as long as the page", () => {
  const forbidden = () => {
    throw new Error("forbidden");
  };
  const warn = console.warn;
  console.warn = () => {};
  const reviewer = createReviewer(forbidden, () => "b1");
  reviewer.call("Anna");
  console.warn = warn;
  assert.equal(reviewer.name(), "Anna");
});

const opinion = (reviewer, verdict, tags = []) => ({ reviewer, verdict, tags, note: "", when: "" });

test("the newest verdict counts, and each reviewer has one", () => {
  let review = { verdicts: {}, opinions: { a: [opinion("Anna", "real_issue")] } };
  assert.equal(isDisputed(review, "a"), false);
  review = judged(review, "a", "Bob", "real_issue");
  assert.deepEqual([review.verdicts.a, isDisputed(review, "a")], ["real_issue", false]);
  review = judged(review, "a", "Bob", "unsure");
  assert.deepEqual([review.verdicts.a, isDisputed(review, "a"), review.opinions.a.length], ["unsure", true, 2]);
  review = judged(review, "a", "Bob", null);
  assert.deepEqual([review.verdicts.a, opinionOf(review, "a", "Bob")], ["real_issue", undefined]);
});

test("tags stay when a verdict is taken back, and make no dispute", () => {
  let review = { verdicts: {}, opinions: { a: [opinion("Anna", "real_issue", ["hum"])] } };
  review = judged(review, "a", "Anna", null);
  assert.deepEqual([review.verdicts.a, opinionOf(review, "a", "Anna").tags], [null, ["hum"]]);
  review = judged(review, "a", "Bob", "unsure");
  assert.equal(isDisputed(review, "a"), false);
});
