// The buttons above the map: what the pointer does, the end of a lasso, and all clips in sight.

import { el, iconButton, keepFocus } from "../../web/dom.js";

const ICONS = {
  pan: "M8 2.5v11M2.5 8h11M6.5 4 8 2.5 9.5 4M6.5 12 8 13.5 9.5 12M4 6.5 2.5 8 4 9.5M12 6.5 13.5 8 12 9.5",
  lasso: "M8 3c3 0 5.3 1.5 5.3 3.6S11 10.2 8 10.2 2.7 8.7 2.7 6.6 5 3 8 3zM5 10c-1.2.3-1.4 1.7-.4 2.2 1 .5 1.1 1.3.4 1.8",
  fit: "M3 6V3h3M13 6V3h-3M3 10v3h3M13 10v3h-3",
};

export const TOOLS_STYLE = `
@container (max-width: 399px) {
  .sc-tools [data-name="pan"] { display: none; } /* the lasso is pressed again */
}
.sc-stage[data-tool="lasso"] { cursor: crosshair; }
.sc-clear { margin-right: 6px; }
.sc-clear[hidden] { display: none; }
`;

/** @typedef {"pan" | "lasso"} Tool what a pointer does that is dragged over the map */

/**
 * `{clear, buttons, choose(tool), tool()}`; `clear` is the button that ends a lasso.
 * @param {HTMLElement} stage carries the name of the tool, for style and tests
 * @param {{endLasso: () => void, fit: () => void}} actions
 */
export function createTools(stage, { endLasso, fit }) {
  const pan = iconButton("Move and zoom", ICONS.pan, () => choose("pan"), { "data-name": "pan" });
  const lasso = iconButton("Select with a lasso (or shift and drag)", ICONS.lasso, () => choose(tool() === "lasso" ? "pan" : "lasso"));
  const clear = el("button", { type: "button", class: "sc-text-button sc-clear", hidden: true, onclick: endLasso, onmousedown: keepFocus }, "Clear");

  const tool = () => /** @type {Tool | undefined} */ (stage.dataset.tool);

  /** @param {Tool} name */
  function choose(name) {
    stage.dataset.tool = name;
    pan.setAttribute("aria-pressed", String(name === "pan"));
    lasso.setAttribute("aria-pressed", String(name === "lasso"));
  }

  return { clear, buttons: [clear, pan, lasso, iconButton("Show all clips", ICONS.fit, fit)], choose, tool };
}
