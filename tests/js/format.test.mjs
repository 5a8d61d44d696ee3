// The same cases as in tests/test_wording.py: what Python writes and what the browser writes must not differ.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as format from "../../app/slicecore_app/web/format.js";

const writers = { ...format };

const { about: _, ...functions } = JSON.parse(readFileSync(new URL("../number_cases.json", import.meta.url), "utf8"));

for (const [name, cases] of Object.entries(functions)) {
  test(`${name} writes numbers as Python does`, () => {
    for (const [value, ...rest] of cases) assert.equal(writers[name](value, ...rest.slice(0, -1)), rest.at(-1), `${name}(${value})`);
  });
}

test("what is no number is not known", () => {
  for (const name of Object.keys(functions)) {
    for (const value of [NaN, Infinity, undefined, null]) assert.equal(writers[name](value), "–");
  }
});

test("clips are counted in singular and plural", () => {
  assert.deepEqual([0, 1, 2, 1234].map(format.clipCount), ["0 clips", "1 clip", "2 clips", "1,234 clips"]);
});

test("numbers stay with their units, and with nothing else", () => {
  const words = "Over 64 % of 12 clips, 3.5 dB vs. 7 dBFS, 5 s longer, 2 speakers, 16 kHz.";
  assert.equal(format.unbroken(words), "Over 64\u00a0% of 12 clips, 3.5\u00a0dB vs. 7\u00a0dBFS, 5\u00a0s longer, 2 speakers, 16\u00a0kHz.");
});
