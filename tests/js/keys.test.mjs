import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** As much of a page as the keys look at: where events go, and whether the panels of the review are there. */
const page = Object.assign(new EventTarget(), { hasPanels: true, querySelector: () => (page.hasPanels ? {} : null), querySelectorAll: () => [] });
globalThis.document = page;
globalThis.Element = class {};
const { onKeys } = await import("../../app/slicecore_app/web/keys.js");

const press = (key, more = {}) =>
  page.dispatchEvent(Object.assign(new Event("keydown", { cancelable: true }), { key, composedPath: () => [], getModifierState: () => false, ...more }));

/** A part with a key; `pressed` lists its presses. */
function part(key, options) {
  const pressed = [];
  const stop = onKeys({ [key]: () => pressed.push(key) }, { waits: true, ...options });
  return { pressed, stop };
}

beforeEach(() => {
  page.hasPanels = true;
});

test("a part that goes first has its key before others, and gives it back", () => {
  const lasso = part("Escape");
  const choice = part("Escape", { goesFirst: true });
  lasso.stop.ready();
  choice.stop.ready();
  press("Escape");
  choice.stop();
  press("Escape");
  assert.deepEqual([choice.pressed.length, lasso.pressed.length], [1, 1]);
  lasso.stop();
});

test("a key that acts now and then only, such as P, holds up no other", () => {
  const { pressed, stop } = part("4");
  stop.ready();
  press("p");
  press("4");
  assert.deepEqual(pressed, ["4"]);
  stop();
});

test("a key that comes before its part waits for it", () => {
  const { pressed, stop } = part("1");
  press("1");
  assert.deepEqual(pressed, []);
  stop.ready();
  assert.deepEqual(pressed, ["1"]);
  stop();
});

test("a key goes on while its part is away for a moment, and goes to the new one as soon as it is there", () => {
  const [before, after] = [part("2", { goesOn: true }), part("2", { goesOn: true })];
  before.stop.ready();
  before.stop();
  press("2");
  assert.deepEqual(before.pressed, ["2"]);
  after.stop.ready();
  press("2");
  assert.deepEqual([before.pressed, after.pressed], [["2"], ["2"]]);
  after.stop();
  page.hasPanels = false; // the summary
  press("2");
  assert.deepEqual(after.pressed, ["2"]);
});

test("a key that is held down is pressed once", () => {
  const { pressed, stop } = part("3");
  stop.ready();
  press("3");
  press("3", { repeat: true });
  assert.deepEqual(pressed, ["3"]);
  stop();
});

test("a key ends with its part where it acts on what only the part has", () => {
  const { pressed, stop } = part("l");
  stop.ready();
  stop();
  press("l");
  assert.deepEqual(pressed, []);
});
