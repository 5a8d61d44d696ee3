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
  reviewer.learn({ account: "root" });
  assert.deepEqual([reviewer.name(), reviewer.isGiven()], ["root", false]);
  reviewer.call(" Anna ");
  const again = load();
  again.learn({ account: "root" });
  assert.deepEqual([again.isGiven(), again.signature()], [true, { reviewer: "Anna", browser: "b1", is_same: false }]);
});

test("who takes a name that another browser used first judges under one beside it, until they say who they are", () => {
  const { load } = openBrowser("b2");
  const reviewer = load();
  let told = 0;
  reviewer.follow(() => (told += 1));
  const who = () => [reviewer.name(), reviewer.isTaken(), reviewer.signature().is_same];
  const reviewers = { Anna: ["b1"], "Anna 2": ["b3"] };
  reviewer.learn({ account: "root", reviewers });
  assert.deepEqual(who(), ["root", false, false]);
  reviewer.call("Anna");
  assert.deepEqual(who(), ["Anna 3", true, false]);
  assert.equal(reviewer.signature().reviewer, "Anna"); // and the server decides
  reviewer.learn({ account: "root", reviewers: { ...reviewers, "Anna 3": ["b2"] } });
  assert.deepEqual(who(), ["Anna 3", true, false]);
  reviewer.confirm();
  assert.deepEqual(who(), ["Anna", false, true]);
  assert.equal(load().signature().is_same, true);
  reviewer.call("Anna 2");
  assert.deepEqual(who(), ["Anna 2 2", true, false]);
  assert.equal(told, 6);
});

test("who had a name first has it, and who had the one beside it is that person where both are one", () => {
  const reviewer = openBrowser("b1").load();
  reviewer.learn({ account: "Anna", reviewers: { Anna: ["b1", "b2"], "Anna 2": ["b2"] } });
  assert.deepEqual([reviewer.name(), reviewer.isTaken()], ["Anna", false]);
  const other = openBrowser("b2").load();
  other.learn({ account: "Anna", reviewers: { Anna: ["b1", "b2"], "Anna 2": ["b2"] }, other_names: { "Anna 2": "Anna" } });
  assert.deepEqual([other.name(), other.isTaken()], ["Anna", false]);
});

test("whose verdicts are shown is remembered, and follows the name", () => {
  const { load } = openBrowser("b1");
  load().showOnlyMine(true);
  const reviewer = load();
  reviewer.learn({ account: "root" });
  assert.equal(reviewer.only(), "root");
  reviewer.call("Anna");
  assert.equal(reviewer.only(), "Anna");
  reviewer.showOnlyMine(false);
  assert.equal(reviewer.only(), null);
});

test("an account without a name is of one browser as well", () => {
  const reviewer = openBrowser("b2").load();
  reviewer.learn({ account: "", reviewers: { "": ["b1"] } });
  assert.deepEqual([reviewer.name(), reviewer.isTaken()], ["reviewer 2", true]);
});

test("without a storage the name holds as long as the page, and is nobody else's", () => {
  const forbidden = () => {
    throw new Error("forbidden");
  };
  const warn = console.warn;
  console.warn = () => {};
  const reviewer = createReviewer(forbidden, () => "b1");
  reviewer.call("Anna");
  console.warn = warn;
  reviewer.learn({ account: "root", reviewers: { Anna: ["b2"] } });
  assert.deepEqual([reviewer.name(), reviewer.signature().browser], ["Anna", ""]);
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

test("the browser remembers whose slices the list shows; they are those of the name that counts", () => {
  const { load } = openBrowser("b1");
  const reviewer = load();
  reviewer.learn({ account: "root", other_names: { root: "Anna" } });
  assert.deepEqual(reviewer.listed(), { of: "all", name: "Anna" });
  reviewer.list("me");
  assert.equal(load().listed().of, "me");
});

test("words of the page before go where it is known that somebody may judge, and to nobody else who has logged in", () => {
  const reviewer = openBrowser("b1").load();
  const mine = () => ["Anna", "Bob", undefined].map((name) => reviewer.isMine({ kind: "correct", reviewer: name }));
  reviewer.learn({ account: "Anna" });
  assert.deepEqual(mine(), [false, false, false]);
  reviewer.learn({ account: "Anna", is_login: false, may_judge: true });
  assert.deepEqual(mine(), [true, true, true]);
  reviewer.learn({ account: "Anna", is_login: true, may_judge: true });
  assert.deepEqual(mine(), [true, false, true]);
  reviewer.learn({ account: "Anna", is_login: true, may_judge: false });
  assert.deepEqual(mine(), [false, false, false]);
});
