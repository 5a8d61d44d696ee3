import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createQueue } from "../../app/slicecore_app/web/queue.js";
import { createUnsent } from "../../app/slicecore_app/web/unsent.js";

/** A tab's storage, and what a page in it has: a queue whose server takes nothing unless it is told to. */
function openTab() {
  const stored = new Map();
  const storage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, text) => stored.set(key, text), removeItem: (key) => stored.delete(key) };
  const load = (name) => {
    const queue = createQueue({ isConnected: () => true, isRunning: () => false, follow() {} }, name);
    const unsent = createUnsent(() => storage);
    queue.watch(({ waiting }) => unsent.keep(waiting));
    return { queue, unsent, part: { post() {} } };
  };
  return { stored, load };
}

test("words that Python has not taken are there after a reload, in their order and under their names", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { load } = openTab();
  const { queue, part, unsent: held } = load("first");
  for (const verdict of ["taken", "on its way", "waiting"]) queue.add({ kind: "verdict", verdict }, part, { topic: "verdict", isWord: true });
  queue.add({ kind: "slice" }, part, { topic: "pick" });
  queue.hear(1);
  held.hold([], 1);
  const { unsent } = load("second");
  assert.deepEqual(unsent.take(["notes"]), []);
  assert.deepEqual(unsent.take(["verdict"]), [
    { press: "first:2", kind: "verdict", verdict: "on its way" },
    { press: "first:3", kind: "verdict", verdict: "waiting" },
  ]);
  assert.deepEqual(unsent.take(["verdict"]), []);
  mock.timers.reset();
});

test("a word keeps the name of its press over any number of reloads, and goes when it was taken", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { stored, load } = openTab();
  const first = load("first");
  first.queue.add({ kind: "verdict" }, first.part, { isWord: true });
  for (const name of ["second", "third"]) {
    const { queue, unsent, part } = load(name);
    for (const word of unsent.take(["verdict"])) queue.add(word, part, { isWord: true });
  }
  const last = load("last");
  const words = last.unsent.take(["verdict"]);
  assert.deepEqual(words, [{ press: "first:1", kind: "verdict" }]);
  last.queue.add(words[0], last.part, { isWord: true });
  last.queue.hear(1);
  last.unsent.hold([], 1);
  assert.equal(stored.size, 0);
  mock.timers.reset();
});

test("a word that waits for another page of the app is not lost by the words of this one", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { load } = openTab();
  const first = load("first");
  first.queue.add({ kind: "reference" }, first.part, { isWord: true });
  const second = load("second");
  second.queue.add({ kind: "verdict" }, second.part, { isWord: true });
  const { unsent } = load("third");
  assert.equal(unsent.take(["reference", "verdict"]).length, 2);
  mock.timers.reset();
});

test("a pick of the page before is nobody's: its number may be that of another pick by now", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { load } = openTab();
  const { queue, part } = load("first");
  queue.add({ kind: "verdict", slice: null, pick: 3 }, part, { isWord: true });
  assert.equal(load("second").unsent.take(["verdict"])[0].pick, 0);
  mock.timers.reset();
});

test("a word that may not go yet stays for the next page", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { load } = openTab();
  const first = load("first");
  for (const reviewer of ["Anna", "Bob"]) first.queue.add({ kind: "verdict", reviewer }, first.part, { isWord: true });
  const ofBob = load("second").unsent.take(["verdict"], ({ reviewer }) => reviewer === "Bob");
  assert.deepEqual(ofBob.map(({ press }) => press), ["first:2"]);
  const second = load("second");
  second.unsent.take(["verdict"], ({ reviewer }) => reviewer === "Bob");
  second.unsent.keep([]);
  assert.deepEqual(load("third").unsent.take(["verdict"]).map(({ press }) => press), ["first:1"]);
  mock.timers.reset();
});

test("words that Python has heard are kept until it says which of them it holds, and those for as long as it does", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { stored, load } = openTab();
  const { queue, unsent, part } = load("first");
  const presses = () => JSON.parse([...stored.values()][0] ?? "[]").map(({ press }) => press);
  for (const kind of ["notes", "verdict", "undo"]) queue.add({ kind }, part, { topic: "verdict", isWord: true });
  for (const number of [1, 2, 3]) queue.hear(number); // by a part that is drawn before the one of the notes
  assert.deepEqual(presses(), ["first:1", "first:2"]);
  unsent.hold([{ kind: "notes", press: "first:1" }], 2);
  assert.deepEqual(presses(), ["first:1"]);
  queue.add({ kind: "verdict" }, part, { topic: "verdict", isWord: true });
  assert.deepEqual(presses(), ["first:1", "first:4"]);
  assert.deepEqual(load("second").unsent.take(["notes"]), [{ kind: "notes", press: "first:1" }]);
  queue.hear(4);
  unsent.hold([], 4);
  assert.equal(stored.size, 0);
  mock.timers.reset();
});

test("another session of the server is told of what the one before has held, once", () => {
  const { load } = openTab();
  const { unsent } = load("first");
  const notes = [{ kind: "notes", press: "first:1" }];
  assert.deepEqual(unsent.hold(notes, 1, "a"), []);
  assert.deepEqual(unsent.hold(notes, 1, "a"), []);
  assert.deepEqual(unsent.hold([], 0, "b"), notes);
  assert.deepEqual(unsent.hold(notes, 1, "a"), []); // late data
  assert.deepEqual(unsent.hold([], 0, "b"), []);
});

test("a browser without storage only has no such memory", () => {
  const warn = mock.method(console, "warn", () => {});
  const unsent = createUnsent(() => {
    throw new Error("SecurityError");
  });
  unsent.keep([{ kind: "verdict", n: 1, press: "tab:1" }]);
  assert.deepEqual(unsent.take(["verdict"]), []);
  assert.equal(warn.mock.callCount(), 2);
  warn.mock.restore();
});
