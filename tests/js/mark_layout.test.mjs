import assert from "node:assert/strict";
import { test } from "node:test";
import { placeTags, sentence, TAG_HEIGHT } from "../../app/slicecore_app/review/player/mark_layout.js";

const ROOM = { width: 400, height: 120, wave: 34, duration: 4 };
const measure = (text) => 6 * text.length;
const gap = (start, text = "gap 20 ms") => ({ label: "Dropouts", text, start, end: start + 0.02, top: null, bottom: null });
const line = (frequency) => ({ label: "Mains hum", text: `${frequency} Hz`, start: null, end: null, top: 1 - frequency / 8000, bottom: 1 - frequency / 8000 });

const overlaps = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + TAG_HEIGHT && b.y < a.y + TAG_HEIGHT;

test("labels stay within the picture and never lie on each other, however many there are", () => {
  const marks = [...Array.from({ length: 60 }, (_, i) => gap(i / 15, `gap ${i} ms`)), ...[50, 100, 150, 200, 250].map(line), { ...line(0), label: "Level", text: "channel 2 silent", top: null, bottom: null }];
  const tags = placeTags(marks, ROOM, measure);
  assert.ok(tags.length > 5);
  for (const [i, tag] of tags.entries()) {
    assert.ok(tag.x >= 0 && tag.x + tag.width <= ROOM.width && tag.y >= 0 && tag.y + TAG_HEIGHT <= ROOM.height, tag.text);
    for (const other of tags.slice(i + 1)) assert.ok(!overlaps(tag, other), `${tag.text} on ${other.text}`);
  }
});

test("lines of one cause share a label, two causes have one each", () => {
  const band = { label: "Narrow band", text: "nothing above 3,400 Hz", start: null, end: null, top: 0, bottom: 0.5 };
  const texts = placeTags([...[50, 100, 150, 200, 250].map(line), band], ROOM, measure).map(({ text }) => text);
  assert.deepEqual(texts, ["50 Hz, 100 Hz, 150 Hz … 250 Hz", "nothing above 3,400 Hz"]);
  assert.deepEqual(placeTags([line(50), line(100)], ROOM, measure).map(({ text }) => text), ["50 Hz, 100 Hz"]);
});

test("a text that many places have is written once, at the first of them", () => {
  const [tag, ...others] = placeTags([gap(0.99), gap(2), gap(3), gap(2.5, "gap 60 ms")], ROOM, measure);
  assert.equal(tag.text, "gap 20 ms ×3");
  assert.equal(tag.x + tag.width / 2, 100);
  assert.deepEqual(others.map(({ text }) => text), ["gap 60 ms"]);
});

test("a label stands over the middle of its place", () => {
  const [tag] = placeTags([gap(1.99)], ROOM, measure);
  assert.equal(tag.x + tag.width / 2, 200);
  assert.ok(tag.y >= ROOM.wave);
});

test("a label wider than the picture is left out", () => {
  assert.deepEqual(placeTags([gap(1, "x".repeat(100))], ROOM, measure), []);
});

test("marks are read out with cause, text and place", () => {
  assert.equal(sentence(line(50)), "Mains hum: 50 Hz");
  assert.equal(sentence(gap(1.5)), "Dropouts: gap 20 ms, 1.50 to 1.52 s");
  assert.equal(sentence({ ...gap(1.5), end: 1.501 }), "Dropouts: gap 20 ms, at 1.50 s");
});
