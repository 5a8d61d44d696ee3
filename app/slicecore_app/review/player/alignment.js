// Reference and prediction of a clip, one above the other, a column per word. Of two models both, one under the other.

import { el } from "../../web/dom.js";

const KINDS = [
  { kind: "substitute", sign: "→", word: "substituted" },
  { kind: "delete", sign: "\u2212", word: "deleted" },
  { kind: "insert", sign: "+", word: "inserted" },
];

const equalWord = (text) => el("span", { class: "equal" }, text);
const wrongWord = (kind, text) => el("span", { class: `wrong ${kind}` }, text);
const gap = () => el("span", { class: "gap" });

const PREDICTED = {
  equal: ([, , prediction]) => equalWord(prediction),
  substitute: ([, , prediction]) => wrongWord("substitute", prediction),
  delete: gap,
  insert: ([, , prediction]) => wrongWord("insert", `+${prediction}`),
};

/** The word of the reference in a column, marked where all models get it wrong in one way. */
function referenceWord(steps) {
  const kinds = new Set(steps.map(([kind]) => kind));
  if (kinds.has("insert")) return gap();
  const word = steps[0][1];
  return kinds.size > 1 || kinds.has("equal") ? equalWord(word) : wrongWord([...kinds][0], word);
}

const column = (cells, className = "") => el("div", { class: `column ${className}` }, ...cells);
const nothing = () => el("span", { class: "empty" }, "(empty)");
const side = (text) => el("span", { title: text }, el("bdi", {}, text));

/** "→ 5 substituted", "− 1 deleted", "+ 2 inserted"; kinds that don't occur are left out. Of two models a part each, shorter. */
export function errorCounts(edits, compared) {
  if (!compared) return kindCounts(edits, ({ sign, count, word }) => `${sign} ${count} ${word}`);
  return [edits, compared.edits].map((each, i) =>
    el(
      "span",
      { class: "model", title: compared.models[i] },
      el("span", { class: "name" }, el("bdi", {}, compared.models[i])),
      compared.values[i],
      ...kindCounts(each, ({ sign, count }) => `${sign} ${count}`),
    ),
  );
}

function kindCounts(edits, text) {
  const count = (kind) => edits.filter(([each]) => each === kind).length;
  return KINDS.filter(({ kind }) => count(kind) > 0).map(({ kind, sign, word }) =>
    el("span", { class: `wrong ${kind}`, title: `${count(kind)} ${word}` }, text({ sign, word, count: count(kind) })),
  );
}

/** Columns for `edits`: a list of [kind, reference word, prediction word]. `compared`: another model's, as in a clip. */
export function alignment(edits, compared) {
  const models = compared ? [edits, compared.edits] : [edits];
  const columns = together(models).map((steps) => {
    return column([referenceWord(steps.filter(Boolean)), ...steps.map((step) => (step ? PREDICTED[step[0]](step) : el("span")))]);
  });
  const isEmpty = [edits.every(([, reference]) => !reference), ...models.map((steps) => steps.every(([, , prediction]) => !prediction))];
  if (isEmpty.includes(true)) columns.unshift(column(isEmpty.map((empty) => (empty ? nothing() : el("span")))));
  return [column(["ref", ...(compared?.models ?? ["pred"])].map(side), "side"), ...columns];
}

/** Steps of all models side by side, a list per column: those at the same word of the reference stand together. */
function together(models) {
  const at = models.map(() => 0);
  const columns = [];
  while (models.some((steps, i) => at[i] < steps.length)) {
    const next = models.map((steps, i) => steps[at[i]]);
    const inserts = next.map((step) => step?.[0] === "insert");
    // What one model adds stands in a column of its own, where the other has no word.
    const column = inserts.includes(true) ? next.map((step, i) => (inserts[i] ? step : null)) : next.map((step) => step ?? null);
    column.forEach((step, i) => {
      if (step) at[i] += 1;
    });
    columns.push(column);
  }
  return columns;
}
