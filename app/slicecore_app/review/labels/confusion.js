// Confusion of labels: a matrix whose cells select their clips, and the errors of every class.

import { el } from "../../web/dom.js";
import { readTheme, dropScale, textOn } from "../../web/theme.js";
import { drawnCell } from "./cell.js";
import { cellBeside } from "./walk.js";

/**
 * @typedef {{label: string, clips: string, errors: string, precision: string, recall: string, f1: string, hint: string}} ClassRow
 *
 * @typedef {{labels: string[], counts: number[][], points: (number | null)[][], others: number, classes: ClassRow[], gained: number[][] | null, lost: number[][] | null}} Matrix
 *
 * @typedef {{kind: "model" | "other" | "difference", name: string, picked: Matrix | null, whole: Matrix}} Side
 *
 * @typedef {{sides: Side[]}} ConfusionView
 *
 * @typedef {{actual: string, predicted: string, everywhere: boolean, of: Side["kind"]}} Cell
 */

const KEYS = {
  model: "rows: references, columns: predictions; colour: share of the row; a cell selects its clips",
  difference: "rows: references, columns: predictions; + more clips than by the other model, − fewer; a cell selects the clips that only one of them puts there",
};

/**
 * The matrix of the picked clips or of all, of one model, of another or of their difference, by switches, and the errors of every class beside it.
 * @param {ConfusionView} view
 * @param {Element} node whose colours are drawn with
 * @param {(cell: Cell) => void} onCell
 */
export function confusion({ sides }, node, onCell) {
  const box = el("div", { class: "confusion" });
  const hasPicked = sides[0].picked !== null;
  let everywhere = !hasPicked;
  let side = sides[sides.length - 1];

  /** @param {string} name @param {[text: string, isChosen: boolean, choose: () => void][]} choices */
  function segments(name, choices) {
    const buttons = choices.map(([text, isChosen, choose], i) => {
      const press = () => {
        choose();
        draw();
        /** @type {HTMLElement | null} */ (box.querySelector(`[aria-label="${name}"] :nth-child(${i + 1})`))?.focus({ preventScroll: true });
      };
      return el("button", { type: "button", role: "radio", "aria-checked": String(isChosen), title: text, onclick: press }, text);
    });
    return el("div", { class: "segments", role: "radiogroup", "aria-label": name }, ...buttons);
  }
  function draw() {
    const matrix = (!everywhere && side.picked) || side.whole;
    const ofClips = () =>
      segments("Clips of the matrix", [
        ["These clips", !everywhere, () => (everywhere = false)],
        ["All clips", everywhere, () => (everywhere = true)],
      ]);
    const ofModels = () => segments("Model of the matrix", sides.map((each) => [each.name, each === side, () => (side = each)]));
    const isDifference = side.kind === "difference";
    box.replaceChildren(
      el(
        "div",
        { class: "confusion-head" },
        el("h3", {}, "Confusion matrix"),
        ...(hasPicked ? [ofClips()] : []),
        ...(sides.length > 1 ? [ofModels()] : []),
        el("span", { class: "key" }, KEYS[isDifference ? "difference" : "model"]),
      ),
      el(
        "div",
        { class: "confusion-body" },
        grid(matrix, node, sides, (actual, predicted) => onCell({ actual, predicted, everywhere, of: side.kind })),
        classes(matrix.classes, isDifference),
      ),
    );
  }
  draw();
  return box;
}

/**
 * The matrix as a grid: one Tab stop, arrow keys from cell to cell, Enter or a click selects.
 * @param {Matrix} matrix
 * @param {Element} node
 * @param {Side[]} sides
 * @param {(actual: string, predicted: string) => void} onCell
 */
function grid(matrix, node, sides, onCell) {
  const scale = dropScale(readTheme(node));
  const { labels, counts } = matrix;
  const isLong = labels.length > 6 || labels.some((label) => label.length > 8);
  const names = sides.map((side) => side.name);

  /** @param {number} row @param {number} column */
  function cell(row, column) {
    const { isFilled, shown, hint } = drawnCell(matrix, row, column, names);
    const points = matrix.points[row][column];
    const ground = points === null ? null : scale(points);
    return el(
      "td",
      {
        role: "gridcell",
        tabindex: row + column ? "-1" : "0",
        class: `${isFilled ? "filled" : "none"}${row === column && !(matrix.others && row === labels.length - 1) ? " right" : ""}`,
        style: ground ? `background:${ground};color:${textOn(ground)}` : null,
        title: hint,
        "aria-label": hint,
        onclick: () => isFilled && onCell(labels[row], labels[column]),
      },
      shown,
    );
  }

  const head = labels.map((label) => el("th", { scope: "col", role: "columnheader", title: label }, el("span", { dir: "auto" }, label)));
  const rows = counts.map((row, i) =>
    el("tr", { role: "row" }, el("th", { scope: "row", role: "rowheader", title: labels[i] }, el("span", { dir: "auto" }, labels[i])), ...row.map((_, j) => cell(i, j))),
  );
  const table = el(
    "table",
    { class: `matrix${isLong ? " long" : ""}`, role: "grid", "aria-label": "Confusion matrix, rows are references, columns predictions" },
    el("thead", {}, el("tr", { role: "row" }, el("th", { scope: "col", role: "columnheader", class: "corner" }, "ref → pred"), ...head)),
    el("tbody", {}, ...rows),
  );
  table.addEventListener("keydown", (event) => walk(event, table, labels.length));
  return table;
}

/**
 * Keys within the grid.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} table
 * @param {number} size
 */
function walk(event, table, size) {
  const cells = /** @type {HTMLElement[]} */ ([...table.querySelectorAll("[role=gridcell]")]);
  const at = cells.indexOf(/** @type {HTMLElement} */ (event.target));
  if (at < 0) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    cells[at].click();
    return;
  }
  const next = cellBeside(at, event.key, size);
  if (next === null) return;
  event.preventDefault();
  cells[at].tabIndex = -1;
  cells[next].tabIndex = 0;
  cells[next].focus();
}

/** @param {ClassRow[]} rows @param {boolean} isDifference */
function classes(rows, isDifference) {
  const heads = ["Class", "Clips", "Errors", "Precision", "Recall", "F1"].map((name) => el("th", { scope: "col" }, name));
  const lines = rows.map(({ label, clips, errors, precision, recall, f1, hint }) =>
    el("tr", { title: hint || null }, el("th", { scope: "row" }, el("span", { dir: "auto" }, label)), ...[clips, errors, precision, recall, f1].map((text) => el("td", {}, text))),
  );
  return el("table", { class: "classes" }, el("caption", {}, isDifference ? "Errors by class, less those of the other model" : "Errors by class"), el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...lines));
}
