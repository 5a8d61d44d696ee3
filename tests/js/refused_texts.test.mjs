import assert from "node:assert/strict";
import { test } from "node:test";

import { refusedFor } from "../../app/slicecore_app/review/verdict/refused_texts.js";

/** @param {string} line @param {string[]} slices @param {string[]} left */
const refused = (line, slices, left = slices, is_here = true) => ({ slices, left, added: [], removed: [], line, reason: "", room: 0, is_long: true, is_here });
const TEXTS = [refused("first", ["a", "b", "c"]), refused("second", ["c", "d"])];

/** @param {string} slices */
const lineFor = (slices) => refusedFor(TEXTS, [...slices])?.line ?? null;

test("a text comes back for its slices, some of them, or more", () => {
  assert.equal(lineFor("abc"), "first");
  assert.equal(lineFor("b"), "first");
  assert.equal(lineFor("acb"), "first");
  assert.equal(lineFor("abce"), "first");
  assert.equal(lineFor("dc"), "second");
});

test("of two the later one comes back", () => {
  assert.equal(lineFor("c"), "second");
  assert.equal(lineFor("abcd"), "second");
});

test("other slices, or none, have no text", () => {
  assert.equal(lineFor("ae"), null);
  assert.equal(lineFor("e"), null);
  assert.equal(lineFor(""), null);
  assert.equal(refusedFor([], ["a"]), null);
});

test("one whose slices are gone comes back for those that are left, or for any where none is, after the others", () => {
  const texts = [refused("partly", ["a", "b", "gone"], ["a", "b"]), refused("homeless", ["gone"], []), refused("elsewhere", ["a"], [], false)];
  const lineOf = (/** @type {string} */ slices) => refusedFor(texts, [...slices])?.line ?? null;
  assert.equal(lineOf("ab"), "partly");
  assert.equal(lineOf("abc"), "partly");
  assert.equal(lineOf("b"), "partly");
  assert.equal(lineOf("c"), "homeless");
  assert.equal(lineOf(""), null);
  assert.equal(refusedFor(texts.slice(2), ["a"]), null);
});
