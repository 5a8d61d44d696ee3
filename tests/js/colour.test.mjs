import assert from "node:assert/strict";
import { test } from "node:test";
import { colourScale, contrast, evenScale, isDark, rgb, textOn } from "../../app/slicecore_app/web/colour.js";

test("colours in the three notations that a page has", () => {
  assert.deepEqual(rgb("#fa0"), [255, 170, 0]);
  assert.deepEqual(rgb("#FFAA00"), [255, 170, 0]);
  assert.deepEqual(rgb("rgb(255, 170, 0)"), [255, 170, 0]);
  assert.deepEqual(rgb("rgba(255 170 0 / .5)"), [255, 170, 0]);
});

test("a scale is exact at its stops, linear between them and clamped beyond", () => {
  const scale = colourScale([-10, 0, 30], ["#000000", "#808080", "#FF0000"]);
  assert.deepEqual([-99, -10, 0, 30, 99].map(scale), ["#000000", "#000000", "#808080", "#ff0000", "#ff0000"]);
  assert.equal(scale(-5), "#404040");
  assert.deepEqual([0, 0.5, 1].map(evenScale(["#000000", "#0000FF", "#FFFFFF"])), ["#000000", "#0000ff", "#ffffff"]);
});

test("contrast by WCAG: black on white is 21", () => {
  assert.equal(Math.round(contrast("#000000", "#FFFFFF")), 21);
  assert.equal(contrast("#123456", "#123456"), 1);
});

test("text is light on dark grounds", () => {
  assert.deepEqual([isDark("#171A21"), isDark("#FFFFFF")], [true, false]);
  assert.deepEqual([textOn("#171A21"), textOn("#F0A95F")], ["#FFFFFF", "#14171E"]);
  assert.equal(textOn("#A86A2B"), "#000000");
});

test("a scale is grey until the style sheet with its colours is there", () => {
  assert.equal(colourScale([0], [""])(5), "#808080");
  assert.equal(evenScale([""])(0.5), "#808080");
});
