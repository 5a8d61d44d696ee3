import assert from "node:assert/strict";
import { test } from "node:test";
import { BADGE, clusterLabel, flaggedLabel } from "../../app/slicecore_app/review/treemap/labels.js";

const measure = (text) => 7 * text.length;
const BOUNDS = { width: 600, height: 400 };
const texts = ({ plates }) => plates.flatMap((plate) => plate.lines.map((line) => line.text));

test("a large tile has badge, name and value; a low one drops the name, a tiny one the value", () => {
  const node = { number: 3, label: "Noise", value: "67.6 %" };
  const label = (tile) => flaggedLabel(tile, node, measure, [], BOUNDS);
  assert.deepEqual(texts(label({ x: 0, y: 0, width: 120, height: 80 })), ["Noise", "67.6 %"]);
  assert.deepEqual(texts(label({ x: 0, y: 0, width: 120, height: 30 })), ["67.6 %"]);
  assert.deepEqual(texts(label({ x: 0, y: 0, width: 22, height: 22 })), []);
});

test("badges of narrow tiles side by side do not overlap", () => {
  const taken = [];
  for (let i = 0; i < 6; i++) {
    const node = { number: i + 1, label: "", value: "" };
    taken.push(flaggedLabel({ x: 100 + 5 * i, y: 50, width: 5, height: 60 }, node, measure, taken, BOUNDS).badge);
  }
  for (const [i, a] of taken.entries()) {
    for (const b of taken.slice(0, i)) {
      assert.ok(Math.abs(a.x - b.x) >= BADGE || Math.abs(a.y - b.y) >= BADGE, `${JSON.stringify(a)} ${JSON.stringify(b)}`);
    }
  }
});

test("a badge stays inside the treemap", () => {
  const { badge } = flaggedLabel({ x: 590, y: 395, width: 10, height: 5 }, { number: 12, label: "", value: "" }, measure, [], BOUNDS);
  assert.ok(badge.x + badge.width <= BOUNDS.width && badge.y + badge.height <= BOUNDS.height);
});

test("a cluster takes the longest text that fits and hits nothing", () => {
  const tile = { x: 0, y: 0, width: 100, height: 40 };
  assert.equal(clusterLabel(tile, ["56 clips · 9.2 %", "9.2 %"], measure, []).lines[0].text, "9.2 %");
  assert.equal(clusterLabel(tile, ["9.2 %"], measure, [{ x: 0, y: 0, width: 20, height: 20 }]), null);
});
