// The menu of columns in the head of the clips table: a tick per column that can be hidden. The choice is part of the page's
// layout, so that it is kept with the table and its views.

import { el, iconButton } from "../../web/dom.js";
import { layout, setLayout } from "../../web/layout.js";
import { followFocus } from "../../web/sheets.js";

const COLUMNS = "M2.500 3.500h11v9h-11zM6.167 3.500v9M9.833 3.500v9";

export const STYLE = `
.sheet.columns { width: max-content; min-width: 190px; max-width: 300px; max-height: min(420px, 70vh); overflow-y: auto; padding: 6px 0; }
.columns label { display: flex; align-items: center; gap: 8px; padding: 3px 14px; overflow-wrap: anywhere; cursor: pointer; }
.columns label:hover { background: var(--sc-sunken); }
.columns input { width: auto; height: auto; flex: none; }
.columns button { margin: 4px 8px 0; padding: 4px 6px; font-size: 12.5px; }
`;

/**
 * Names that are hidden after a tick was set or taken away.
 * @param {string} text those before, as the layout has them
 * @param {{name: string, isShown: boolean}[]} columns
 * @param {string} name
 * @param {boolean} isShown
 */
export function hiddenAfter(text, columns, name, isShown) {
  // Columns of other slices may be hidden as well, which the table does not have now.
  const before = text ? JSON.parse(text) : columns.filter((column) => !column.isShown).map((column) => column.name);
  const others = before.filter((/** @type {string} */ hidden) => hidden !== name);
  return JSON.stringify(isShown ? others : [...others, name]);
}

/**
 * `{button, sheet}` of the menu.
 * @param {(sheet: HTMLElement, button: HTMLElement) => void} place puts the open sheet below its button
 */
export function createColumnMenu(place) {
  const sheet = el("div", { class: "sheet columns", popover: "auto", role: "dialog", "aria-label": "Columns of the table" });
  const button = iconButton("Columns of the table", COLUMNS, toggle, { "aria-expanded": "false", "aria-haspopup": "dialog" });
  followFocus(sheet, () => sheet.querySelector("input"));
  sheet.addEventListener("toggle", ({ newState }) => button.setAttribute("aria-expanded", String(newState === "open")));

  function toggle() {
    if (sheet.matches(":popover-open")) return sheet.hidePopover();
    draw();
    sheet.showPopover();
    place(sheet, button);
  }

  function draw() {
    const columns = window.slicecoreClips?.columns() ?? [];
    const ticks = columns.map(({ name, label, isShown }) => {
      /** @type {HTMLInputElement} */
      const tick = el("input", {
        type: "checkbox",
        checked: isShown,
        onchange: () => setLayout({ hide: hiddenAfter(layout().hide, columns, name, tick.checked) }),
      });
      return el("label", {}, tick, el("bdi", {}, label));
    });
    const reset = el("button", { type: "button", onclick: () => { setLayout({ hide: "" }); sheet.hidePopover(); } }, "All as at first");
    sheet.replaceChildren(...ticks, reset);
  }

  return { button, sheet };
}
