import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING, rangeTo, stepped, toggled } from "../../app/slicecore_app/review/problems/choosing.js";

const ALL = ["a", "b", "c", "d", "e"];
const letters = ({ chosen }) => chosen.join("");

test("a click with Ctrl adds to the picked slice, and takes away what is chosen; the order is that of the list", () => {
  let choice = toggled(NOTHING, "d", "b", ALL);
  assert.equal(letters(choice), "bd");
  choice = toggled(choice, "a", "b", ALL);
  assert.equal(letters(choice), "abd");
  choice = toggled(choice, "b", "b", ALL);
  assert.equal(letters(choice), "ad");
  assert.equal(letters(toggled(NOTHING, "b", "b", ALL)), "b"); // the picked slice alone
  assert.equal(letters(toggled(NOTHING, "c", null, ALL)), "c");
  assert.equal(letters(toggled(NOTHING, "c", "gone", ALL)), "c"); // what is picked may be in no list
});

test("a click with Shift chooses all between, from the picked slice or the one that was chosen last", () => {
  assert.equal(letters(rangeTo(NOTHING, "d", "b", ALL)), "bcd");
  assert.equal(letters(rangeTo(NOTHING, "a", "c", ALL)), "abc");
  assert.equal(letters(rangeTo(NOTHING, "c", null, ALL)), "c");
  assert.equal(letters(rangeTo(NOTHING, "c", "hidden", ALL)), "c");
  const choice = toggled(NOTHING, "d", "b", ALL);
  assert.equal(letters(rangeTo(choice, "e", "b", ALL)), "de"); // and no more what was chosen before
});

test("Shift and an arrow move one end of the range and stop at the ends of the list", () => {
  let choice = NOTHING;
  const extend = (by) => {
    choice = rangeTo(choice, stepped(choice, by, "b", ALL), "b", ALL);
    return letters(choice);
  };
  assert.deepEqual([1, 1, 1, 1, -1].map(extend), ["bc", "bcd", "bcde", "bcde", "bcd"]);
  assert.deepEqual([-1, -1, -1, -1].map(extend), ["bc", "b", "ab", "ab"]);
  assert.equal(stepped(NOTHING, 1, null, ALL), "a");
  assert.equal(stepped(NOTHING, 1, null, []), undefined);
});
