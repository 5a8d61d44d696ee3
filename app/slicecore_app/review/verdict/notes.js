// Tags and note of a slice: a button that shows them, and a sheet over the page in which they are changed.

import { el, keepFocus } from "../../web/dom.js";
import { followFocus, placeBelow } from "../../web/sheets.js";
import { limitText, roomIn } from "./note_room.js";
import { tagField } from "./tags.js";

/**
 * @typedef {object} Notes
 * @property {string[]} tags
 * @property {string} note
 *
 * @typedef {Notes & {slice: string | null, known_tags: string[], longest: {note: number}}} Data
 */

/**
 * `{element, open(), setEnabled(yes), update(data)}`; `save` is called with what the reader has changed, for the slice for
 * which the sheet was opened.
 * @param {(slice: string | null, notes: Notes) => void} save
 */
export function createNotes(save) {
  /** @type {string | null} */
  let slice = null;
  /** @type {string[]} */
  let tags = [];
  let before = { tags, note: "" };
  let longest = 0; // characters of a note
  const line = el("span", { class: "line" });
  const button = el(
    "button",
    { type: "button", class: "open-notes", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => open(), onmousedown: keepFocus },
    line,
    el("kbd", {}, "T"),
  );
  const chips = el("div", { class: "chips" });
  const tag = tagField("known-tags", "Add a tag, Enter", (added) => setTags([...tags, ...added]));
  const note = el("textarea", { "aria-label": "Note", placeholder: "Note", rows: "3", oninput: showRoom });
  const limit = el("div", { class: "hint", role: "status", hidden: true });
  const sheet = el(
    "div",
    { class: "sheet", role: "dialog", "aria-label": "Tags and note", popover: "auto" },
    el("div", { class: "label" }, "Tags"),
    chips,
    tag.field,
    tag.known,
    el("div", { class: "label" }, "Note"),
    note,
    limit,
    el("div", { class: "hint" }, "Saved as you leave. ", el("kbd", {}, "Esc"), " closes this."),
  );
  const element = el("div", { class: "notes" }, button, sheet);
  followFocus(sheet, () => tag.field);

  function drawChips() {
    chips.replaceChildren(
      ...tags.map((name) =>
        el("button", { type: "button", class: "tag", "aria-label": `Remove ${name}`, onclick: () => removeTag(name) }, name, " ×"),
      ),
    );
  }

  /** @param {string[]} wanted */
  function setTags(wanted) {
    tags = [...new Set(wanted)];
    drawChips();
  }

  /** @param {string} name */
  function removeTag(name) {
    setTags(tags.filter((each) => each !== name));
    tag.field.focus(); // its button has gone
  }

  function showRoom() {
    limit.textContent = limitText(note.value.length, longest);
    limit.hidden = !limit.textContent;
  }

  function open() {
    if (button.disabled || sheet.matches(":popover-open")) return;
    sheet.showPopover();
    placeBelow(sheet, button);
    tag.field.focus();
  }

  sheet.addEventListener("beforetoggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "open") return;
    tag.take();
    const now = { tags, note: note.value };
    if (JSON.stringify(now) !== JSON.stringify(before)) save(slice, now);
    before = now;
    show();
  });

  function show() {
    const text = [...tags, note.value.trim()].filter(Boolean).join(" · ");
    line.textContent = text || "Tags and note";
    line.title = text;
    line.classList.toggle("empty", !text);
  }

  return {
    element,
    open,
    /** @param {boolean} yes */
    setEnabled(yes) {
      button.disabled = !yes;
    },
    /** @param {Data} data */
    update(data) {
      tag.offer(data.known_tags);
      if (sheet.matches(":popover-open")) return; // never under the reader's hands
      slice = data.slice;
      tags = [...data.tags];
      note.value = data.note;
      before = { tags, note: note.value }; // whose ends of lines may be others than in the data
      longest = data.longest.note;
      note.maxLength = roomIn(note.value, longest);
      showRoom();
      drawChips();
      show();
    },
  };
}
