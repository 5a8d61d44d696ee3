import assert from "node:assert/strict";
import { test } from "node:test";
import { initials } from "../../app/slicecore_app/web/initials.js";

test("initials are of the first and the last word, of a single one its beginning, of an address its name", () => {
  const names = ["Anna Berg", "anna maria berg", "anna.berg@example.org", "Anna", "anna@example.org", "李 小龙", "😀lol", "_", ""];
  assert.deepEqual(names.map(initials), ["AB", "AB", "AB", "An", "an", "李小", "😀l", "", ""]);
});
