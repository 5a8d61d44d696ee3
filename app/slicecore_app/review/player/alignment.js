// Word alignment of a clip as cells: reference and prediction, one above the other, a column per word. Of two models both, one
// under the other. Pure: nothing here touches the page.

import { inserted, visible } from "../../web/wrong_words.js";

/**
 * A cell: a word that is right or wrong in one of three ways, the gap where a word is missing, nothing at all, or the
 * note that a whole text is empty.
 * @typedef {{kind: Edit[0] | "gap" | "blank" | "empty", text: string}} Cell
 */

/**
 * Errors of one kind: "→ 5", "5 substituted", "→ 5 substituted".
 * @typedef {{kind: Edit[0], short: string, hint: string, long: string}} ErrorCount
 */

/** @type {{kind: Edit[0], sign: string, word: string}[]} */
const ERRORS = [
  { kind: "substitute", sign: "→", word: "substituted" },
  { kind: "delete", sign: "\u2212", word: "deleted" },
  { kind: "insert", sign: "+", word: "inserted" },
];

/** @type {Cell} */
const GAP = { kind: "gap", text: "" };
/** @type {Cell} */
const BLANK = { kind: "blank", text: "" };
/** @type {Cell} */
const EMPTY = { kind: "empty", text: "(empty)" };

/**
 * Errors by kind; kinds that don't occur are left out.
 * @param {Edit[]} edits
 * @returns {ErrorCount[]}
 */
export function errorCounts(edits) {
  return ERRORS.flatMap(({ kind, sign, word }) => {
    const count = edits.filter(([each]) => each === kind).length;
    return count ? [{ kind, short: `${sign} ${count}`, hint: `${count} ${word}`, long: `${sign} ${count} ${word}` }] : [];
  });
}

/**
 * An alignment as it is read out: "Reference: the cat. Prediction: a cat. Substituted: the → a."
 * @param {Edit[]} edits
 * @param {Compared | null} compared
 */
export function spokenAlignment(edits, compared) {
  /** @param {Edit[]} steps @param {1 | 2} side */
  const text = (steps, side) => steps.map((edit) => edit[side].trim()).filter(Boolean).join(" ") || "(empty)";
  /** @param {Edit[]} steps @param {string} name */
  const model = (steps, name) => {
    const errors = ERRORS.map(({ kind, word }) => {
      const wrong = steps.filter(([each]) => each === kind).map(([, ...both]) => both.filter(Boolean).map((word) => word.trim() || "space").join(" → "));
      return wrong.length ? `${word[0].toUpperCase()}${word.slice(1)}: ${wrong.join(", ")}.` : "";
    });
    return [`${name}: ${text(steps, 2)}.`, ...errors].filter(Boolean).join(" ");
  };
  const [first, second] = compared?.models ?? ["Prediction"];
  return [`Reference: ${text(edits, 1)}.`, model(edits, first), ...(compared ? [model(compared.edits, second)] : [])].join(" ");
}

/**
 * Names of the lines, from above.
 * @param {Compared | null} compared
 */
export const lineNames = (compared) => ["ref", ...(compared?.models ?? ["pred"])];

/**
 * Columns of cells from above: that of the reference, then one for each model. A column at the beginning says which of the
 * texts are empty, if any is.
 * @param {Edit[]} edits
 * @param {Compared | null} compared another model's, as in a clip
 * @returns {Cell[][]}
 */
export function alignmentColumns(edits, compared) {
  const models = compared ? [edits, compared.edits] : [edits];
  const columns = together(models).map((steps) => [referenceCell(steps), ...steps.map(predictedCell)]);
  const isEmpty = [
    edits.every(([, reference]) => !reference),
    ...models.map((steps) => steps.every(([, , prediction]) => !prediction)),
  ];
  return isEmpty.includes(true) ? [isEmpty.map((empty) => (empty ? EMPTY : BLANK)), ...columns] : columns;
}

/**
 * The word of the reference in a column, marked where all models get it wrong in one way.
 * @param {(Edit | null)[]} steps
 * @returns {Cell}
 */
function referenceCell(steps) {
  const edits = steps.filter((step) => step !== null);
  const kinds = new Set(edits.map(([kind]) => kind));
  if (kinds.has("insert")) return GAP;
  const [[kind, text]] = edits;
  return kind === "equal" || kinds.size > 1 ? { kind: "equal", text } : { kind, text: visible(text) };
}

/**
 * The word of a model in a column.
 * @param {Edit | null} step
 * @returns {Cell}
 */
function predictedCell(step) {
  if (!step) return BLANK;
  const [kind, , prediction] = step;
  if (kind === "delete") return GAP;
  if (kind === "insert") return { kind, text: inserted(prediction) };
  return { kind, text: kind === "equal" ? prediction : visible(prediction) };
}

/**
 * Steps of all models side by side, a list per column: those at the same word of the reference stand together.
 * @param {Edit[][]} models
 */
function together(models) {
  const rest = models.map((steps) => [...steps].reverse());
  /** @type {(Edit | null)[][]} */
  const columns = [];
  while (rest.some((steps) => steps.length)) {
    cutAlike(rest);
    const next = rest.map((steps) => steps.at(-1) ?? null);
    const inserts = next.map((step) => step?.[0] === "insert");
    // Words that one model adds have a column of their own, where the other has none.
    const column = inserts.includes(true) ? next.map((step, i) => (inserts[i] ? step : null)) : next;
    column.forEach((step, i) => {
      if (step) rest[i].pop();
    });
    columns.push(column);
  }
  return columns;
}

/**
 * Where characters are aligned, equal ones stand in pieces: cut the next pieces of all models where the shortest ends.
 * @param {Edit[][]} rest what is left of each model, from the back
 */
function cutAlike(rest) {
  const lengths = rest.flatMap((steps) => (steps.length ? [steps[steps.length - 1][1].length] : [])).filter(Boolean);
  const shortest = Math.min(...lengths);
  for (const steps of rest) {
    const [kind, text] = steps.at(-1) ?? ["", ""];
    if (kind === "equal" && text.length > shortest) steps.splice(-1, 1, equal(text.slice(shortest)), equal(text.slice(0, shortest)));
  }
}

/** @param {string} text @returns {Edit} */
const equal = (text) => ["equal", text, text];
