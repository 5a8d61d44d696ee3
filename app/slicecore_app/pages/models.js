// The table of all models on every slice, coloured by how far a model is behind the best one of the row.

import { el, redrawChanges } from "../web/dom.js";
import { liveComponent } from "../web/instance.js";
import { dropScale, readTheme, textOn, watchTheme } from "../web/theme.js";

const STYLE = `
.models { overflow-x: auto; font: 400 14px/20px var(--st-font, "Source Sans", sans-serif); font-feature-settings: "tnum"; color: var(--sc-ink); }
table { background: var(--sc-panel); border-collapse: separate; border-spacing: 0; min-width: 100%; }
th, td { padding: 5px 10px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--sc-line); }
th { font-weight: 500; font-size: 12.5px; color: var(--sc-ink2); max-width: 220px; overflow: hidden; text-overflow: ellipsis; }
th:first-child { position: sticky; left: 0; z-index: 1; text-align: left; background: var(--sc-panel); }
tbody th { font-size: 14px; color: var(--sc-ink); }
tr.whole th, tr.whole td { border-bottom: 2px solid var(--sc-line2); }
td.best b { font-weight: 700; } td b { font-weight: 500; }
td small { margin-left: 6px; font-size: 12px; }
button { font: inherit; color: inherit; padding: 0; border: 0; background: none; cursor: pointer; text-align: left; }
button:hover span:last-child { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--sc-accent); outline-offset: 1px; }
.number { display: inline-block; min-width: 22px; color: var(--sc-ink3); }
`;

/**
 * @typedef {{value: string, behind: string, points: number | null, is_best: boolean}} Cell
 *
 * @typedef {{name: string, clips: string, cells: Cell[], slice: string, number: number}} Row
 */

/** @typedef {Drawing & {models: string[], rows: Row[]}} Data */

export default liveComponent((parentElement, send) => {
  const root = el("div", { class: "models", "data-testid": "models", tabindex: "0", role: "region", "aria-label": "Models and slices" });
  parentElement.append(el("style", {}, STYLE), root);
  const redraw = redrawChanges(root);
  /** @type {Data | null} */
  let data = null;

  /** @param {Cell} cell @param {(points: number) => string} colour */
  function cellOf({ value, behind, points, is_best }, colour) {
    const ground = points === null || is_best ? "" : colour(points);
    const style = ground ? `background:${ground};color:${textOn(ground)}` : null;
    return el("td", { class: is_best ? "best" : "", style }, el("b", {}, value), ...(behind ? [el("small", {}, behind)] : []));
  }

  /** @param {Row} row @param {(points: number) => string} colour */
  function rowOf({ name, clips, cells, slice, number }, colour) {
    const label = [el("span", { class: "number" }, number ? String(number) : "★"), el("span", {}, el("bdi", {}, name))];
    const open = () => send({ kind: "slice", slice });
    const title = slice ? el("button", { type: "button", title: "Open the slice", onclick: open }, ...label) : name;
    return el("tr", { class: slice ? "" : "whole" }, el("th", { scope: "row" }, title), el("td", {}, clips), ...cells.map((cell) => cellOf(cell, colour)));
  }

  /** @param {Data} shown */
  function draw({ models, rows }) {
    const colour = dropScale(readTheme(parentElement));
    const heads = ["Slice", "Clips", ...models].map((name) => el("th", { scope: "col", title: name }, el("bdi", {}, name)));
    root.replaceChildren(el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows.map((row) => rowOf(row, colour)))));
  }

  const unwatchTheme = watchTheme(parentElement, () => data && draw(data));

  return {
    root,
    update(/** @type {Data} */ next) {
      data = next;
      redraw([next.models, next.rows], () => draw(next));
      return next.seq;
    },
    destroy() {
      unwatchTheme();
      root.remove();
    },
  };
});
