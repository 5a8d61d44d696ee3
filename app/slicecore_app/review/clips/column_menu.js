// The menu of columns in the head of the clips table: a tick per column that can be hidden, and measurements that can be added.
// What is hidden is part of the page's layout, what is added a setting of Python's, which has the numbers; both are kept with
// the table and its views.

import { menuOf } from "../../web/columns.js";
import { el, iconButton } from "../../web/dom.js";
import { layout, setLayout } from "../../web/layout.js";
import { followFocus, placeBelow } from "../../web/sheets.js";

const COLUMNS = "M2.500 3.500h11v9h-11zM6.167 3.500v9M9.833 3.500v9";

export const STYLE = `
.sheet.columns { width: max-content; min-width: 190px; max-width: 300px; max-height: min(420px, 70vh); overflow-y: auto; padding: 6px 0; }
.columns label { display: flex; align-items: center; gap: 8px; padding: 3px 14px; overflow-wrap: anywhere; cursor: pointer; }
.columns label:hover { background: var(--sc-sunken); }
.columns input { width: auto; height: auto; flex: none; }
.columns .add { display: flex; gap: 4px; margin: 6px 8px 2px 14px; }
.columns .add select { flex: 1 1 auto; width: 0; min-width: 160px; }
.columns .add button { margin: 0; }
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
 * Columns of measurements that the table does not have.
 * @param {import("../../web/columns.js").Column[]} columns all that there are
 * @param {{name: string}[]} drawn those of the table
 */
export function addable(columns, drawn) {
  const there = new Set(drawn.map(({ name }) => name));
  return columns.filter(({ measurement }) => measurement && !there.has(measurement));
}

/**
 * `{button, sheet, offer(columns, added)}` of the menu.
 * @param {(added: string[]) => void} sendAdded
 */
export function createColumnMenu(sendAdded) {
  /** @type {import("../../web/columns.js").Column[]} */
  let known = [];
  /** @type {string[]} */
  let added = [];
  const sheet = el("div", { class: "sheet columns", popover: "auto", role: "dialog", "aria-label": "Columns of the table" });
  const button = iconButton("Columns of the table", COLUMNS, toggle, { "aria-expanded": "false", "aria-haspopup": "dialog" });
  followFocus(sheet, () => sheet.querySelector("input"));
  sheet.addEventListener("toggle", ({ newState }) => button.setAttribute("aria-expanded", String(newState === "open")));

  function toggle() {
    if (sheet.matches(":popover-open")) return sheet.hidePopover();
    draw();
    sheet.showPopover();
    placeBelow(sheet, button);
  }

  function draw() {
    const columns = window.slicecoreClips?.columns() ?? [];
    const ticks = columns.map(({ name, label, isShown }) => {
      /** @type {HTMLInputElement} */
      const tick = el("input", {
        type: "checkbox",
        checked: isShown,
        onchange: () => {
          if (added.includes(name) && !tick.checked) change(added.filter((other) => other !== name));
          else setLayout({ hide: hiddenAfter(layout().hide, columns, name, tick.checked) });
        },
      });
      return el("label", {}, tick, el("bdi", {}, label));
    });
    const reset = () => {
      setLayout({ hide: "" });
      if (added.length) change([]);
      sheet.hidePopover();
    };
    sheet.replaceChildren(...ticks, ...addition(columns), el("button", { type: "button", onclick: reset }, "All as at first"));
  }

  /** A menu of the measurements that have no column; none as long as nothing is measured. @param {{name: string, isShown: boolean}[]} columns */
  function addition(columns) {
    const others = addable(known, columns);
    if (!others.length) return [];
    /** @param {string} label */
    const measurementOf = (label) => others.find(({ name }) => name === label)?.measurement ?? "";
    /** @type {HTMLSelectElement} */
    const select = el(
      "select",
      {
        "aria-label": "Measurement to add as a column",
        onchange: () => (button.disabled = !select.value),
      },
      el("option", { value: "" }, "Add a measurement …"),
      ...menuOf(others, measurementOf),
    );
    const add = () => {
      if (layout().hide) setLayout({ hide: hiddenAfter(layout().hide, columns, select.value, true) });
      change([...added, select.value]);
      sheet.hidePopover();
    };
    const button = el("button", { type: "button", disabled: true, onclick: add }, "Add");
    return [el("div", { class: "add" }, select, button)];
  }

  /** @param {string[]} names */
  function change(names) {
    added = names;
    sendAdded(names);
  }

  /** @param {import("../../web/columns.js").Column[]} columns @param {string[]} names */
  function offer(columns, names) {
    [known, added] = [columns, names];
  }

  return { button, sheet, offer };
}
