// Tags of several slices that are chosen together: a button that shows those that all have, and a sheet in which tags are
// added to all and taken off all.

import { el, keepFocus } from "../../web/dom.js";
import { followFocus, placeBelow } from "../../web/sheets.js";
import { tagField } from "./tags.js";

/**
 * `tags` are those that any of the slices has, each with the number of slices that do.
 * @typedef {{slices: string[], tags: [tag: string, count: number][], known: string[]}} Shared
 */

/**
 * `{element, open(), update(shared)}`; `save` is called with what the reader has changed, for the slices for which the sheet was
 * opened.
 * @param {(slices: string[], change: {added: string[], removed: string[]}) => void} save
 */
export function createSharedTags(save) {
  /** @type {Shared} */
  let now = { slices: [], tags: [], known: [] };
  let opened = now; // as it was when the sheet was opened
  /** @type {Map<string, number>} */
  let wanted = new Map();
  const line = el("span", { class: "line" });
  const button = el(
    "button",
    { type: "button", class: "open-tags", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => open(), onmousedown: keepFocus },
    line,
    el("kbd", {}, "T"),
  );
  const heading = el("div", { class: "label" });
  const chips = el("div", { class: "chips" });
  const tag = tagField("known-shared-tags", "Add a tag to all, Enter", addTags);
  const sheet = el(
    "div",
    { class: "sheet", role: "dialog", popover: "auto" },
    heading,
    chips,
    tag.field,
    tag.known,
    el("div", { class: "hint" }, "Saved as you leave. ", el("kbd", {}, "Esc"), " closes this. Notes are written one by one."),
  );
  const element = el("div", { class: "notes", hidden: true }, button, sheet);
  followFocus(sheet, () => tag.field);

  /** @param {string[]} slices */
  const these = ({ length }) => (length === 1 ? "this problem" : `these ${length} problems`);

  function drawChips() {
    const { length } = opened.slices;
    chips.replaceChildren(
      ...[...wanted].map(([name, count]) => {
        const part = count < length ? `${count} of ${length}` : "";
        const label = part ? `Remove ${name}, which ${part} have` : `Remove ${name}`;
        return el("button", { type: "button", class: "tag", "aria-label": label, onclick: () => removeTag(name) }, name, ...(part ? [el("span", { class: "part" }, ` ${part}`)] : []), " ×");
      }),
    );
  }

  /** @param {string[]} names */
  function addTags(names) {
    for (const name of names) wanted.set(name, opened.slices.length);
    drawChips();
  }

  /** @param {string} name */
  function removeTag(name) {
    wanted.delete(name);
    drawChips();
    tag.field.focus(); // its button has gone
  }

  function open() {
    if (element.hidden || sheet.matches(":popover-open")) return;
    opened = now;
    wanted = new Map(now.tags);
    heading.textContent = `Tags of ${these(now.slices)}`;
    sheet.setAttribute("aria-label", heading.textContent);
    tag.offer(now.known);
    drawChips();
    sheet.showPopover();
    placeBelow(sheet, button);
    tag.field.focus();
  }

  sheet.addEventListener("beforetoggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "open") return;
    tag.take();
    const before = new Map(opened.tags);
    const added = [...wanted.keys()].filter((name) => wanted.get(name) !== before.get(name));
    const removed = [...before.keys()].filter((name) => !wanted.has(name));
    if (added.length || removed.length) save(opened.slices, { added, removed });
  });

  return {
    element,
    open,
    /** @param {Shared} shared */
    update(shared) {
      now = shared;
      if (!now.slices.length && sheet.matches(":popover-open")) sheet.hidePopover(); // the choice ended under it
      const text = now.tags.filter(([, count]) => count === now.slices.length).map(([name]) => name).join(" · ");
      line.textContent = text || "Tags of all";
      line.title = text || `Tags of ${these(now.slices)}`;
      line.classList.toggle("empty", !text);
    },
  };
}
