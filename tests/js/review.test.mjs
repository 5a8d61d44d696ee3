import assert from "node:assert/strict";
import { test } from "node:test";
import { assigneeOf, carriedTo, chosenOf, followReview, isListed, isReviewed, judged, judgedTogether, nextUnreviewed, pick, notedTogether, review, setReview, tagsOf, toldOf, verdictOf, within, withLine } from "../../app/slicecore_app/web/review.js";

const send = () => 7;
const ALL = { assignees: {}, listed: { of: "all", name: "" } };

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

test("another session is told of a pick by its event, and of its slice as soon as that is known", () => {
  const lasso = { kind: "lasso", corners: [[0, 0], [1, 0], [0, 1]], points: "places" };
  pick({}, { kind: "lasso", rows: [3] }, send, lasso);
  assert.deepEqual(toldOf(review()), lasso);
  setReview({ slice: "f", isKnown: true });
  assert.deepEqual(toldOf(review()), { ...lasso, id: "f" });
  setReview({ framed: { slice: "f", title: "Four clips", clips: "packed" } });
  assert.deepEqual(toldOf(review()), { kind: "slice", slice: "f", title: "Four clips", clips: "packed" });
  setReview({ framed: { slice: "f", title: "Many clips", clips: "" } });
  assert.deepEqual(toldOf(review()), { ...lasso, id: "f" });
  pick({}, { kind: "all", basis: ["t"] }, send);
  assert.deepEqual(toldOf(review()), { kind: "all", basis: ["t"] });
  pick(null, { kind: "lasso", rows: [] }, send);
  assert.equal(toldOf(review()), null);
  setReview({ slice: "g" }); // as where Python has picked
  assert.deepEqual(toldOf(review()), { kind: "slice", slice: "g" });
});

test("picks within picks are told, but not any number of them", () => {
  pick({}, { kind: "lasso", rows: [3] }, send);
  for (let depth = 1; depth < 5; depth++) {
    pick({}, { kind: "select", words: String(depth), within: within(review()) }, send);
    assert.equal(toldOf(review()).within.kind, depth === 1 ? "lasso" : "select");
  }
  pick({}, { kind: "select", within: within(review()) }, send);
  assert.deepEqual(within(review()), { kind: "lost" });
});

test("the next unreviewed slice goes round", () => {
  const state = { slices: ["a", "b", "c"], slice: "b", verdicts: { c: "unsure" }, opinions: {}, only: null, carried: {}, ...ALL };
  assert.equal(nextUnreviewed(state), "a");
  assert.equal(nextUnreviewed({ ...state, verdicts: { a: "unsure", b: "unsure", c: "unsure" } }), null);
});

test("a verdict that is carried over counts as reviewed where it holds, until the slice is judged itself", () => {
  const carried = { a: { verdict: "real_issue", holds: true }, b: { verdict: "real_issue", holds: false }, c: { verdict: "", holds: true } };
  const state = { slices: ["a", "b", "c"], slice: null, verdicts: {}, opinions: {}, only: null, carried, ...ALL };
  assert.deepEqual(state.slices.map((id) => isReviewed(state, id)), [true, false, false]);
  assert.equal(nextUnreviewed(state), "b");
  const judged = { ...state, verdicts: { a: "unsure", b: null } };
  assert.deepEqual(state.slices.map((id) => carriedTo(judged, id)), [null, carried.b, carried.c]);
  assert.equal(carriedTo(state, null), null);
});

test("of one reviewer's verdicts alone those of others are left out, also the carried ones", () => {
  const opinions = { a: [{ reviewer: "Anna", verdict: "unsure" }, { reviewer: "Bob", verdict: "real_issue" }], b: [{ reviewer: "Bob", verdict: "unsure" }] };
  const carried = { c: { verdict: "unsure", holds: true, reviewer: "Bob" }, d: { verdict: "unsure", holds: true, reviewer: "Anna" } };
  const state = { slices: ["a", "b", "c", "d"], slice: "a", verdicts: { a: "real_issue", b: "unsure" }, opinions, carried };
  const reviewed = (only) => state.slices.filter((id) => isReviewed({ ...state, only }, id));
  assert.deepEqual([reviewed(null), reviewed("Anna"), reviewed("Bob"), reviewed("Cleo")], [["a", "b", "c", "d"], ["a", "d"], ["a", "b", "c"], []]);
  assert.deepEqual([null, "Anna", "Cleo"].map((only) => verdictOf({ ...state, only }, "a")), ["real_issue", "unsure", ""]);
  assert.equal(nextUnreviewed({ ...state, ...ALL, only: "Anna" }), "b");
});

test("a list by assignees has those of the reader, of anyone or of nobody, and the next unreviewed is one of them", () => {
  const state = { slices: ["a", "b", "c"], slice: null, verdicts: {}, opinions: {}, only: null, carried: {}, assignees: { a: "Anna", b: "Bob", c: "" } };
  const listed = (of, name = "Bob") => state.slices.filter((id) => isListed({ ...state, listed: { of, name } }, id)).join("");
  assert.deepEqual(["all", "me", "somebody", "nobody"].map((of) => listed(of)), ["abc", "b", "ab", "c"]);
  assert.equal(listed("me", ""), ""); // who has no name has no slices
  assert.equal(nextUnreviewed({ ...state, listed: { of: "me", name: "Bob" } }), "b");
  assert.equal(nextUnreviewed({ ...state, listed: { of: "me", name: "Dora" } }), null);
});

test("what is chosen together counts as far as the list shows it, and ends with the next pick", () => {
  const state = { slices: ["a", "b"], own: ["c"], chosen: ["a", "c", "gone"], assignees: { a: "Anna" }, listed: { of: "all", name: "Bob" } };
  assert.deepEqual(chosenOf(state), ["a", "c"]);
  assert.deepEqual(chosenOf({ ...state, listed: { of: "nobody", name: "Bob" } }), ["c"]);
  assert.equal(assigneeOf(state, ["a"]), "Anna");
  assert.equal(assigneeOf(state, ["b", "c"]), "");
  assert.equal(assigneeOf(state, ["a", "b"]), null); // different people's
  setReview({ slices: ["a", "b"], chosen: ["a", "b"] });
  pick({ slice: "a" }, { kind: "slice" }, send);
  assert.deepEqual(review().chosen, []);
});

test("a verdict on several slices is that on one after another; taken back it is from those that have one", () => {
  const said = (reviewer, verdict, tags = []) => ({ reviewer, verdict, tags, note: "", when: "" });
  const state = { verdicts: { a: "unsure", b: null }, opinions: { a: [said("Anna", "unsure", ["hum"])], b: [said("Bob", null, ["far"])] } };
  const all = judgedTogether(state, ["a", "b", "c"], "Anna", "real_issue");
  assert.deepEqual(all.verdicts, { a: "real_issue", b: "real_issue", c: "real_issue" });
  assert.deepEqual(all.opinions.a, [said("Anna", "real_issue", ["hum"])]);
  assert.deepEqual(all.opinions.b, [said("Bob", null, ["far"]), said("Anna", "real_issue")]);
  assert.deepEqual({ ...all }, ["a", "b", "c"].reduce((before, slice) => judged(before, slice, "Anna", "real_issue"), state));
  const none = judgedTogether(state, ["a", "b", "c"], "Anna", null);
  assert.deepEqual(none, { verdicts: { a: null, b: null }, opinions: { ...state.opinions, a: [said("Anna", null, ["hum"])] } });
});

test("tags of several slices are counted by slice, added to all and taken off all", () => {
  const said = (reviewer, verdict, tags) => ({ reviewer, verdict, tags, note: "", when: "" });
  const state = { verdicts: { a: "unsure" }, opinions: { a: [said("Anna", "unsure", ["hum", "far"])], b: [said("Anna", null, ["far"]), said("Bob", null, ["fan"])] } };
  const slices = ["a", "b", "c"];
  assert.deepEqual(tagsOf(state, slices, "Anna"), [["hum", 1], ["far", 2]]);
  const now = notedTogether(state, slices, "Anna", { added: ["hum"], removed: ["far"], line: "" });
  assert.deepEqual(tagsOf(now, slices, "Anna"), [["hum", 3]]);
  assert.deepEqual([now.verdicts.a, now.opinions.b[0]], ["unsure", said("Bob", null, ["fan"])]);
  const none = notedTogether(now, slices, "Anna", { added: [], removed: ["hum"], line: "" });
  assert.deepEqual([tagsOf(none, slices, "Anna"), none.opinions.c], [[], []]); // who has said nothing has no judgement
});

test("a note for several slices comes below what the reviewer has written of each", () => {
  const said = (reviewer, note) => ({ reviewer, verdict: null, tags: [], note, when: "" });
  const state = { verdicts: {}, opinions: { a: [said("Anna", "50 Hz")], b: [said("Bob", "far")] } };
  const { opinions } = notedTogether(state, ["a", "b"], "Anna", { added: [], removed: [], line: "fan" });
  assert.deepEqual(opinions, { a: [said("Anna", "50 Hz\nfan")], b: [said("Bob", "far"), said("Anna", "fan")] });
  assert.equal(withLine("50 Hz\nfan", "fan"), "50 Hz\nfan"); // which has it already
  assert.equal(withLine("fan of the hall\n", "fan"), "fan of the hall\nfan");
});
