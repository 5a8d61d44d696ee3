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
 * @typedef {Notes & {slice: string | null, about: string, newest: number[], framed: Framed | null, known_tags: string[], longest: {note: number}}} Data
 *
 * What a slice is found by when it is picked no more; component.py describes it.
 * @typedef {{title: string, clips: string, own: string[] | null}} Framed
 *
 * What notes are of: a slice, its table and model, and what was known when they were shown.
 * @typedef {Pick<Data, "slice" | "about" | "newest" | "framed">} Subject
 */

/**
 * `{element, open(), leave(), setEnabled(yes), update(data)}`; `save` is called with what the reader has changed, of what the sheet showed
 * when it was opened, whatever has come since.
 * @param {(notes: Subject & Notes) => void} save
 */
export function createNotes(save) {
  /** @type {Subject} */
  let subject = { slice: null, about: "", newest: [], framed: null };
  /** @type {string[]} */
  let tags = [];
  let before = { tags, note: "" };
  let longest = 0; // characters of a note
  let isOpen = false; // also where it was taken off the page, which tells nobody
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
    if (newState !== "open") leave();
    isOpen = newState === "open";
  });

  /** Hand over what was changed since the sheet was opened, if it is. */
  function leave() {
    if (!isOpen) return;
    tag.take();
    const now = { tags, note: note.value };
    if (JSON.stringify(now) !== JSON.stringify(before) && subject.slice) save({ ...subject, ...now });
    before = now;
    show();
  }

  function show() {
    const text = [...tags, note.value.trim()].filter(Boolean).join(" · ");
    line.textContent = text || "Tags and note";
    line.title = text;
    line.classList.toggle("empty", !text);
  }

  return {
    element,
    open,
    leave,
    /** @param {boolean} yes */
    setEnabled(yes) {
      button.disabled = !yes;
    },
    /** @param {Data} data */
    update(data) {
      tag.offer(data.known_tags);
      if (sheet.matches(":popover-open")) return; // never under the reader's hands
      subject = { slice: data.slice, about: data.about, newest: data.newest, framed: data.framed };
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
