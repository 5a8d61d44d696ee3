// Confusion of labels: a matrix whose cells select their clips, and the errors of every class.

import { el } from "../../web/dom.js";
import { readTheme, dropScale, textOn } from "../../web/theme.js";
import { cellBeside } from "./walk.js";

/**
 * @typedef {{label: string, clips: string, errors: string, precision: string, recall: string, f1: string, hint: string}} ClassRow
 *
 * @typedef {{labels: string[], counts: number[][], others: number, classes: ClassRow[]}} Matrix
 *
 * @typedef {{picked: Matrix | null, whole: Matrix}} ConfusionView
 *
 * @typedef {(actual: string, predicted: string, everywhere: boolean) => void} OnCell
 */

const RIGHT_POINTS = -35; // where all of a row is right: the end of the scale for what is better
const WRONG_POINTS = 90; // where all of a row is taken for one other label

/**
 * The matrix of the picked clips or of all, by a switch, and the errors of every class beside it.
 * @param {ConfusionView} view
 * @param {Element} node whose colours are drawn with
 * @param {OnCell} onCell
 */
export function confusion(view, node, onCell) {
  const box = el("div", { class: "confusion" });
  /** @param {boolean} everywhere */
  function draw(everywhere) {
    const matrix = everywhere || !view.picked ? view.whole : view.picked;
    const choices = [
      { text: "These clips", everywhere: false },
      { text: "All clips", everywhere: true },
    ].map((choice) => {
      const chosen = choice.everywhere === everywhere;
      return el("button", { type: "button", role: "radio", "aria-checked": String(chosen), onclick: () => draw(choice.everywhere) }, choice.text);
    });
    box.replaceChildren(
      el(
        "div",
        { class: "confusion-head" },
        el("h3", {}, "Confusion matrix"),
        ...(view.picked ? [el("div", { class: "segments", role: "radiogroup", "aria-label": "Clips of the matrix" }, ...choices)] : []),
        el("span", { class: "key" }, "rows: references, columns: predictions; colour: share of the row; a cell selects its clips"),
      ),
      el("div", { class: "confusion-body" }, grid(matrix, node, (actual, predicted) => onCell(actual, predicted, everywhere)), classes(matrix.classes)),
    );
    /** @type {HTMLElement | null} */ (box.querySelector('[aria-checked="true"]'))?.focus({ preventScroll: true });
  }
  draw(!view.picked);
  return box;
}

/**
 * The matrix as a grid: one Tab stop, arrow keys from cell to cell, Enter or a click selects.
 * @param {Matrix} matrix
 * @param {Element} node
 * @param {(actual: string, predicted: string) => void} onCell
 */
function grid({ labels, counts, others }, node, onCell) {
  const scale = dropScale(readTheme(node));
  const isLong = labels.length > 6 || labels.some((label) => label.length > 8);
  const isRest = (/** @type {number} */ i) => others > 0 && i === labels.length - 1;

  /** @param {number} count @param {number} row @param {number} column */
  function cell(count, row, column) {
    const total = counts[row].reduce((sum, each) => sum + each, 0);
    const share = total ? count / total : 0;
    const right = row === column && !isRest(row);
    const ground = count && !(row === column && isRest(row)) ? scale(share * (right ? RIGHT_POINTS : WRONG_POINTS)) : null;
    const what = right ? `${labels[row]} recognised` : `${labels[row]} taken for ${labels[column]}`;
    const text = `${what}: ${count.toLocaleString("en")} of ${total.toLocaleString("en")} clips`;
    return el(
      "td",
      {
        role: "gridcell",
        tabindex: row + column ? "-1" : "0",
        class: `${count ? "filled" : "none"}${right ? " right" : ""}`,
        style: ground ? `background:${ground};color:${textOn(ground)}` : null,
        title: text,
        "aria-label": text,
        onclick: () => count && onCell(labels[row], labels[column]),
      },
      count ? count.toLocaleString("en") : "",
    );
  }

  const head = labels.map((label) => el("th", { scope: "col", role: "columnheader", title: label }, el("span", { dir: "auto" }, label)));
  const rows = counts.map((row, i) =>
    el("tr", { role: "row" }, el("th", { scope: "row", role: "rowheader", title: labels[i] }, el("span", { dir: "auto" }, labels[i])), ...row.map((count, j) => cell(count, i, j))),
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

/** @param {ClassRow[]} rows */
function classes(rows) {
  const heads = ["Class", "Clips", "Errors", "Precision", "Recall", "F1"].map((name) => el("th", { scope: "col" }, name));
  const lines = rows.map(({ label, clips, errors, precision, recall, f1, hint }) =>
    el("tr", { title: hint || null }, el("th", { scope: "row" }, el("span", { dir: "auto" }, label)), ...[clips, errors, precision, recall, f1].map((text) => el("td", {}, text))),
  );
  return el("table", { class: "classes" }, el("caption", {}, "Errors by class"), el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...lines));
}
