// The words of a clip, drawn: its alignment, and how many errors of each kind there are.

import { directionOf } from "../../web/direction.js";
import { el, keepFocus } from "../../web/dom.js";
import { foldedRuns, foldLabel } from "../../web/long_runs.js";
import { alignmentColumns, errorCounts, lineNames } from "./alignment.js";

/** @type {Record<import("./alignment.js").Cell["kind"], string>} */
const CLASSES = {
  equal: "equal",
  substitute: "wrong substitute",
  delete: "wrong delete",
  insert: "wrong insert",
  gap: "gap",
  blank: "",
  empty: "empty",
};

/**
 * Columns of the alignment, the names of the lines first. The end of a long run of insertions waits behind a button.
 * @param {Edit[]} edits
 * @param {Compared | null} compared
 */
export function drawAlignment(edits, compared) {
  const names = lineNames(compared).map((name) => el("span", { title: name }, el("bdi", {}, name)));
  const columns = alignmentColumns(edits, compared);
  /** @type {Element[]} */
  const drawn = columns.map((cells) =>
    el("div", { class: "column" }, ...cells.map(({ kind, text }) => el("span", { class: CLASSES[kind], dir: kind === "insert" ? "auto" : null }, text))),
  );
  for (const run of foldedRuns(columns.map(([reference]) => reference.kind === "gap")).reverse()) {
    drawn.splice(run.start, run.end - run.start, drawFold(foldLabel(run), drawn.slice(run.start, run.end)));
  }
  return [el("div", { class: "column side" }, ...names), ...drawn];
}

/**
 * The button that opens what is folded.
 * @param {string} label
 * @param {Element[]} folded
 */
function drawFold(label, folded) {
  const open = () => {
    const [words, hadFocus] = [button.parentElement, button.matches(":focus")];
    button.replaceWith(...folded);
    if (hadFocus) words?.focus();
  };
  const button = el("button", { type: "button", class: "fold", dir: "ltr", title: "Show all inserted words", onclick: open, onmousedown: keepFocus }, label);
  return button;
}

/**
 * Direction in which the alignment of a clip is read: that of its reference, else of its prediction.
 * @param {Edit[]} edits
 */
export function readingDirection(edits) {
  const [reference, prediction] = [1, 2].map((side) => edits.map((edit) => edit[side]).join(" "));
  return directionOf(reference.trim() ? reference : prediction);
}

/**
 * Counts of errors; of two models a part each, shorter.
 * @param {Edit[]} edits
 * @param {Compared | null} compared
 */
export function drawErrorCounts(edits, compared) {
  if (!compared) return edits.length > 1 ? drawCounts(edits, "long") : []; // of one word, or a label, the line below says it
  return [edits, compared.edits].map((each, i) =>
    el(
      "span",
      { class: "model", title: compared.models[i] },
      el("span", { class: "name" }, el("bdi", {}, compared.models[i])),
      compared.values[i],
      ...drawCounts(each, "short"),
    ),
  );
}

/** @param {Edit[]} edits @param {"short" | "long"} length */
const drawCounts = (edits, length) =>
  errorCounts(edits).map((count) => el("span", { class: CLASSES[count.kind], title: count.hint }, count[length]));

/**
 * Signs that the reference is wrong, a chip each.
 * @param {Clip["signs"]} signs
 */
export const drawSigns = (signs) =>
  signs.map(([label, text]) => el("span", { class: "sign", title: `Probably a wrong reference: ${text}`, tabindex: "0" }, label));
