// Tags and notes of several slices that are chosen together: a button that shows the tags that all have, and a sheet in which
// tags are added to all and taken off all, and a text is put below the note of each.

import { el, keepFocus } from "../../web/dom.js";
import { followFocus, placeBelow } from "../../web/sheets.js";
import { characters, limitText, tooMany } from "./note_room.js";
import { isSameAs } from "./refused_texts.js";
import { tagField } from "./tags.js";

/**
 * `tags` are those that any of the slices has, each with the number of slices that do; `room` are the characters that a note
 * for all may have, `isScarce` where that is because of a long note that is there. `about` names their table and model.
 * @typedef {{about: string, slices: string[], tags: [tag: string, count: number][], known: string[], room: number, isScarce: boolean, refused: import("./refused_texts.js").Refused | null}} Shared
 */

/**
 * `{element, open(), leave(), update(shared)}`; `save` is called with what the reader has changed, for the slices for which the sheet was
 * opened. A text that was refused for these is in it again.
 * @param {(slices: string[], change: import("../../web/review.js").Noted, about: string) => void} save
 */
export function createSharedNotes(save) {
  /** @type {Shared} */
  let now = { slices: [], tags: [], known: [], room: 0, isScarce: false, refused: null, about: "" };
  let opened = now; // as it was when the sheet was opened
  let isOpen = false; // also where it was taken off the page, which tells nobody
  /** @type {Map<string, number>} */
  let wanted = new Map();
  const line = el("span", { class: "line" });
  const button = el(
    "button",
    { type: "button", class: "open-tags", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => open(), onmousedown: keepFocus },
    line,
    el("kbd", {}, "T"),
  );
  const chips = el("div", { class: "chips" });
  const tag = tagField("known-shared-tags", "Add a tag to all, Enter", addTags);
  const note = el("textarea", { "aria-label": "Note for all", placeholder: "Add to the note of each", rows: "2", oninput: showRoom });
  const limit = el("div", { class: "hint", role: "status" });
  const sheet = el(
    "div",
    { class: "sheet", role: "dialog", popover: "auto" },
    el("div", { class: "label" }, "Tags"),
    chips,
    tag.field,
    tag.known,
    el("div", { class: "label" }, "Note, below what you have written of each"),
    note,
    limit,
    el("div", { class: "hint" }, "Saved as you leave. ", el("kbd", {}, "Esc"), " closes this."),
  );
  const element = el("div", { class: "notes", hidden: true }, button, sheet);
  const first = () => (opened.refused ? note : tag.field);
  followFocus(sheet, first);

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

  /** The most that the field takes, once it is full; of a text that was refused why, of a long one until it is short enough. */
  function showRoom() {
    const { room, isScarce, refused } = opened;
    const over = refused && tooMany(note.value.trim(), room);
    const goes = refused && !(refused.is_long && refused.left.length) && `As you leave, it is saved for ${these(opened.slices)}.`;
    limit.classList.toggle("refused", Boolean(over || goes));
    if (over || goes) {
      limit.hidden = false;
      limit.textContent = `${refused?.reason} ${over || goes}`;
      return;
    }
    const scarce = room ? `One of the notes is long: no more than ${characters(room)} fit.` : "One of the notes is full.";
    const text = limitText(note.value.length, room);
    limit.hidden = !text;
    limit.textContent = text && isScarce ? scarce : text;
  }

  function open() {
    if (element.hidden || sheet.matches(":popover-open")) return;
    opened = now;
    wanted = new Map(now.tags);
    for (const name of now.refused?.added ?? []) wanted.set(name, now.slices.length);
    for (const name of now.refused?.removed ?? []) wanted.delete(name);
    note.value = now.refused?.line ?? "";
    sheet.setAttribute("aria-label", `Tags and note of ${these(now.slices)}`);
    note.maxLength = now.room;
    showRoom();
    tag.offer(now.known);
    drawChips();
    sheet.showPopover();
    placeBelow(sheet, button);
    first().focus();
  }

  sheet.addEventListener("beforetoggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    if (newState !== "open") leave();
    isOpen = newState === "open";
  });

  /** Hand over what was changed since the sheet was opened, if it is, once. */
  function leave() {
    if (!isOpen) return;
    isOpen = false;
    tag.take();
    const before = new Map(opened.tags);
    const added = [...wanted.keys()].filter((name) => wanted.get(name) !== before.get(name));
    const removed = [...before.keys()].filter((name) => !wanted.has(name));
    const change = { added, removed, line: note.value.trim() };
    note.value = "";
    const { refused, room } = opened;
    if (refused) {
      const isRefusedAgain = isSameAs(change, refused) && tooMany(change.line, room);
      if (!isRefusedAgain) save(opened.slices, { ...change, shortens: refused.slices }, opened.about);
    } else if (added.length || removed.length || change.line) save(opened.slices, change, opened.about);
  }

  return {
    element,
    open,
    leave,
    /** @param {Shared} shared */
    update(shared) {
      now = shared;
      if (!now.slices.length && sheet.matches(":popover-open")) sheet.hidePopover(); // the choice ended under it
      const text = now.tags.filter(([, count]) => count === now.slices.length).map(([name]) => name).join(" · ");
      line.textContent = text || "Tags and note";
      line.title = text || `Tags and note of ${these(now.slices)}`;
      line.classList.toggle("empty", !text);
    },
  };
}
