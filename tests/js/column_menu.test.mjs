import assert from "node:assert/strict";
import { test } from "node:test";

const none = { addEventListener() {}, querySelector: () => null };
Object.assign(globalThis, {
  document: Object.assign(new EventTarget(), { documentElement: { dataset: {} } }),
  matchMedia: () => none,
});
const { addable, hiddenAfter } = await import("../../app/slicecore_app/review/clips/column_menu.js");

const COLUMNS = [
  { name: "duration", isShown: true },
  { name: "id", isShown: false },
];

test("the first choice keeps what the width has hidden", () => {
  assert.equal(hiddenAfter("", COLUMNS, "duration", false), '["id","duration"]');
  assert.equal(hiddenAfter("", COLUMNS, "id", true), "[]");
});

test("columns that the table does not have now stay hidden", () => {
  assert.equal(hiddenAfter('["snr","duration"]', COLUMNS, "duration", true), '["snr"]');
  assert.equal(hiddenAfter('["snr"]', COLUMNS, "snr", false), '["snr"]');
});

test("measurements without a column can be added", () => {
  const column = (/** @type {string} */ name, /** @type {string} */ measurement) => ({ name, measurement, heading: "", unit: "", kinds: [] });
  const known = [column("WER", ""), column("Loudness", "loudness"), column("Hum", "hum")];
  assert.deepEqual(addable(known, [{ name: "hum" }, { name: "id" }]).map(({ name }) => name), ["Loudness"]);
});
