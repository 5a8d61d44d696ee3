import assert from "node:assert/strict";
import { test } from "node:test";

import { limitText, roomIn, tooMany } from "../../app/slicecore_app/review/verdict/note_room.js";

test("a note has the room that all have, one that is longer already its own", () => {
  assert.equal(roomIn("", 10_000), 10_000);
  assert.equal(roomIn("fan", 10_000), 10_000);
  assert.equal(roomIn("n".repeat(12_004), 10_000), 12_004);
});

test("a text that was refused says by how much it is too long, in characters and not in halves of them", () => {
  assert.equal(tooMany("fan", 3), "");
  assert.equal(tooMany("hall", 3), "1 character too many.");
  assert.equal(tooMany("n".repeat(1_500), 0), "1,500 characters too many.");
  assert.equal(tooMany("🎙🎙", 2), "");
});

test("a field says what it takes once it is full", () => {
  assert.equal(limitText(0, 10_000), "");
  assert.equal(limitText(9_999, 10_000), "");
  assert.equal(limitText(10_000, 10_000), "At most 10,000 characters.");
  assert.equal(limitText(12_004, 10_000), "12,004 characters: notes have at most 10,000, so this one can only become shorter.");
});
