// Reference and prediction of a clip, one above the other, a column per word.

import { el } from "../shared/dom.js";

const KINDS = [
  { kind: "substitute", sign: "→", word: "substituted" },
  { kind: "delete", sign: "\u2212", word: "deleted" },
  { kind: "insert", sign: "+", word: "inserted" },
];

const equalWord = (text) => el("span", { class: "equal" }, text);
const wrongWord = (kind, text) => el("span", { class: `wrong ${kind}` }, text);
const gap = () => el("span", { class: "gap" });

const COLUMN = {
  equal: (reference, prediction) => [equalWord(reference), equalWord(prediction)],
  substitute: (reference, prediction) => [wrongWord("substitute", reference), wrongWord("substitute", prediction)],
  delete: (reference) => [wrongWord("delete", reference), gap()],
  insert: (_, prediction) => [gap(), wrongWord("insert", `+${prediction}`)],
};

const column = (above, below, className = "") => el("div", { class: `column ${className}` }, above, below);

/** "→ 5 substituted", "− 1 deleted", "+ 2 inserted"; kinds that don't occur are left out. `edits` as in `alignment`. */
export function errorCounts(edits) {
  const count = (kind) => edits.filter(([each]) => each === kind).length;
  return KINDS.filter(({ kind }) => count(kind) > 0).map(({ kind, sign, word }) =>
    el("span", { class: `wrong ${kind}` }, `${sign} ${count(kind)} ${word}`),
  );
}

/** Columns for `edits`: a list of [kind, reference word, prediction word]. */
export function alignment(edits) {
  const isEmpty = (side) => edits.every((edit) => edit[side] === "");
  const nothing = () => el("span", { class: "empty" }, "(empty)");
  const columns = edits.map(([kind, reference, prediction]) => column(...COLUMN[kind](reference, prediction)));
  if (isEmpty(1) || isEmpty(2)) {
    columns.unshift(column(isEmpty(1) ? nothing() : el("span"), isEmpty(2) ? nothing() : el("span")));
  }
  return [column(el("span", {}, "ref"), el("span", {}, "pred"), "side"), ...columns];
}
