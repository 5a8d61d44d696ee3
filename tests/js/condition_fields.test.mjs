import assert from "node:assert/strict";
import test from "node:test";

import { isSameKind, textsOf, valueFrom } from "../../app/slicecore_app/review/clips/condition_fields.js";

test("an interval has its smaller end first, but hours go round the clock", () => {
  assert.deepEqual(valueFrom("numbers", ["60", "9.5"]), [9.5, 60]);
  assert.deepEqual(valueFrom("hours", ["22", "5"]), [22, 5]);
});

test("days are midnights in UTC, and the last of several counts", () => {
  assert.equal(valueFrom("date", ["2024-03-10"]), 1710028800);
  assert.deepEqual(valueFrom("dates", ["2024-03-11", "2024-03-10"]), [1710028800, 1710201600]);
});

test("fields show the value that they made", () => {
  for (const [fields, texts] of /** @type {const} */ ([
    ["text", ["irish"]],
    ["number", ["-2.5"]],
    ["numbers", ["9.5", "60"]],
    ["hours", ["22", "5"]],
    ["date", ["2024-03-10"]],
    ["dates", ["2024-03-10", "2024-03-11"]],
  ])) {
    assert.deepEqual(textsOf(fields, valueFrom(fields, [...texts])), texts);
  }
});

test("a value that other fields made shows as nothing", () => {
  assert.deepEqual(textsOf("numbers", 3), []);
  assert.deepEqual(textsOf("dates", "x"), []);
  assert.deepEqual(textsOf("date", Number.NaN), [""]);
});

test("a condition takes the place of one of its kind, but a column may contain and lack several texts", () => {
  const same = (first, second) =>
    isSameKind({ column: "accent", part: "", ...first }, { column: "accent", part: "", ...second });
  assert.ok(same({ operator: "=", value: "a" }, { operator: "is one of", value: ["a", "b"] }));
  assert.ok(!same({ operator: "contains", value: "a" }, { operator: "contains", value: "b" }));
  assert.ok(same({ operator: "does not contain", value: "a" }, { operator: "does not contain", value: "a" }));
  assert.ok(!same({ operator: "=", value: "a" }, { operator: "=", value: "a", column: "device" }));
});
