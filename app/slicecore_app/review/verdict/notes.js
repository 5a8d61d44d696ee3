// Tags and note of a slice: a button that shows them, and a sheet that opens over the page to change them.

import { el, keepFocus } from "../../web/dom.js";
import { followFocus } from "../../web/sheets.js";

/**
 * `{element, open(), setEnabled(yes), update({tags, known_tags, note, reviewer})}`; `save({tags, note, reviewer})` is called
 * with what the reader has changed.
 */
export function createNotes(save) {
  let tags = [];
  let before = {};
  const shown = el("span", { class: "said" });
  const button = el(
    "button",
    { type: "button", class: "open-notes", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => open(), onmousedown: keepFocus },
    shown,
    el("kbd", {}, "T"),
  );
  const chips = el("div", { class: "chips" });
  const known = el("datalist", { id: "known-tags" });
  const tag = el("input", { type: "text", list: "known-tags", "aria-label": "Tag", placeholder: "Add a tag, Enter", autocomplete: "off" });
  const note = el("textarea", { "aria-label": "Note", placeholder: "Note", rows: "3" });
  const reviewer = el("input", { type: "text", "aria-label": "Reviewer", autocomplete: "off" });
  const sheet = el(
    "div",
    { class: "sheet", role: "dialog", "aria-label": "Tags and note", popover: "auto" },
    el("div", { class: "label" }, "Tags"),
    chips,
    tag,
    known,
    el("div", { class: "label" }, "Note"),
    note,
    el("div", { class: "label" }, "Reviewer"),
    reviewer,
    el("div", { class: "hint" }, "Saved as you leave. ", el("kbd", {}, "Esc"), " closes this."),
  );
  const element = el("div", { class: "notes" }, button, sheet);
  followFocus(sheet, () => tag);

  function drawChips() {
    chips.replaceChildren(
      ...tags.map((name) =>
        el("button", { type: "button", class: "tag", "aria-label": `Remove ${name}`, onclick: () => setTags(tags.filter((one) => one !== name)) }, name, " ×"),
      ),
    );
  }

  function setTags(wanted) {
    tags = [...new Set(wanted.map((one) => one.trim()).filter(Boolean))];
    drawChips();
    tag.focus();
  }

  function addTag() {
    setTags([...tags, tag.value]);
    tag.value = "";
  }

  function open() {
    if (button.disabled || sheet.matches(":popover-open")) return;
    const box = button.getBoundingClientRect();
    sheet.showPopover();
    const { width, height } = sheet.getBoundingClientRect();
    sheet.style.left = `${Math.max(8, box.right - width)}px`;
    sheet.style.top = `${Math.max(8, Math.min(box.bottom + 4, innerHeight - height - 8))}px`;
    tag.focus();
  }

  tag.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    addTag();
  });
  sheet.addEventListener("toggle", (event) => {
    const isOpen = event.newState === "open";
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) return;
    if (tag.value.trim()) addTag();
    const said = { tags, note: note.value, reviewer: reviewer.value };
    if (JSON.stringify(said) !== JSON.stringify(before)) save(said);
    before = said;
    show();
  });

  function show() {
    const said = [...tags, note.value.trim()].filter(Boolean).join(" · ");
    shown.textContent = said || "Tags and note";
    shown.title = said;
    shown.classList.toggle("empty", !said);
  }

  return {
    element,
    open,
    setEnabled(yes) {
      button.disabled = !yes;
    },
    update(data) {
      known.replaceChildren(...data.known_tags.map((name) => el("option", { value: name })));
      if (sheet.matches(":popover-open")) return; // never under the reader's hands
      tags = [...data.tags];
      note.value = data.note;
      reviewer.value = data.reviewer;
      before = { tags, note: data.note, reviewer: data.reviewer };
      drawChips();
      show();
    },
  };
}
