import assert from "node:assert/strict";
import { test } from "node:test";
import { keep, loadOnce } from "../../app/slicecore_app/web/memory.js";

test("what is known is not loaded again; of more than the most the one that was asked for longest ago goes", async () => {
  const loads = [];
  const load = loadOnce(2, async (key) => {
    loads.push(key);
    return key.toUpperCase();
  });
  assert.equal(await load("a"), "A");
  await load("b");
  await load("a");
  await load("c"); // b goes
  await load("a");
  await load("b");
  assert.deepEqual(loads, ["a", "b", "c", "b"]);
});

test("two who ask at once share one answer, and a failure is tried again", async () => {
  let count = 0;
  const load = loadOnce(2, async () => {
    count += 1;
    if (count === 1) throw new Error("away");
    return count;
  });
  const both = await Promise.allSettled([load("a"), load("a")]);
  assert.deepEqual(both.map(({ status }) => status), ["rejected", "rejected"]);
  assert.equal(await load("a"), 2);
});

test("an entry that is put again is the newest", () => {
  const map = new Map();
  for (const key of ["a", "b", "a", "c"]) keep(map, key, key, 2);
  assert.deepEqual([...map.keys()], ["a", "c"]);
});
