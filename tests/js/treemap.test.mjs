import assert from "node:assert/strict";
import { test } from "node:test";
import { tilePlaces } from "../../app/slicecore_app/review/treemap/layout.js";
import { makeTree, NOTHING } from "../../app/slicecore_app/review/treemap/tree.js";

// all (100): a (60: a1 40, a2 15, 5 in neither), b (30), 10 in neither
const COLUMNS = {
  key: ["all", "a", "b", "a1", "a2"],
  parent: [-1, 0, 0, 1, 1],
  support: [100, 60, 30, 40, 15],
  points: [0, 5, 10, null, 20],
  value: ["", "", "", "", ""],
  drop: ["", "", "", "", ""],
  flagged: [[4, "slice2", 2, "Noise", true]],
};
const tree = makeTree(COLUMNS);

test("columns become a tree with the flagged slices in it", () => {
  assert.equal(tree.root, "all");
  assert.deepEqual(tree.path("a2").map((node) => node.key), ["all", "a", "a2"]);
  assert.deepEqual(tree.flagged.map(({ key, number, label, possible }) => [key, number, label, possible]), [["a2", 2, "Noise", true]]);
  assert.equal(tree.sliceOf("a2"), "slice2");
  assert.equal(tree.sliceOf("a1"), null);
});

test("the largest clusters without a flagged slice are those beside its way up", () => {
  assert.deepEqual(tree.unflaggedBelow("all").map((node) => node.key).sort(), ["a1", "b"]);
});

test("no clusters make an empty tree without places", () => {
  const empty = makeTree(NOTHING);
  assert.equal(empty.root, null);
  assert.equal(tilePlaces(empty, null, 100, 100).size, 0);
});

test("area is clips, also where parts leave some of their parent over", () => {
  const places = tilePlaces(tree, "all", 400, 250);
  for (const [key, { width, height }] of places) {
    assert.ok(Math.abs(width * height - (400 * 250 * tree.nodes.get(key).support) / 100) < 1e-6, key);
  }
});

test("parts lie inside their parents and beside one another", () => {
  const places = tilePlaces(tree, "all", 400, 250);
  const inside = (a, b) => a.x >= b.x - 1e-9 && a.y >= b.y - 1e-9 && a.x + a.width <= b.x + b.width + 1e-9 && a.y + a.height <= b.y + b.height + 1e-9;
  for (const [key, box] of places) if (key !== "all") assert.ok(inside(box, places.get(tree.nodes.get(key).parent)), key);
  const [a, b] = [places.get("a"), places.get("b")];
  assert.ok(a.x + a.width <= b.x + 1e-9 || a.y + a.height <= b.y + 1e-9);
});

test("the open cluster fills everything, and only what is in it has a place; parents come first", () => {
  const places = tilePlaces(tree, "a", 300, 200);
  assert.deepEqual([...places.keys()], ["a", "a1", "a2"]);
  assert.deepEqual(places.get("a"), { x: 0, y: 0, width: 300, height: 200 });
});
