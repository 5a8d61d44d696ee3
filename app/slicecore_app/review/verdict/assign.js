// Who is to judge the slice: a button that shows it, and a sheet over the page in which it is changed.

import { el, keepFocus } from "../../web/dom.js";
import { initials } from "../../web/initials.js";
import { followFocus } from "../../web/sheets.js";

/** @typedef {{people: string[], me: string, to: string}} Assignee of the slice, "" for nobody, and who there is */

/**
 * `{element, setEnabled(yes), update(assignee)}`; `assign` is called with the name that was chosen, "" for nobody.
 * @param {(name: string) => void} assign
 */
export function createAssign(assign) {
  /** @type {Assignee} */
  let now = { people: [], me: "", to: "" };
  const label = el("span");
  const button = el(
    "button",
    { type: "button", class: "open-assign", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => open(), onmousedown: keepFocus },
    label,
    el("kbd", {}, "A"),
  );
  const choices = el("div", { class: "people" });
  const other = el("input", { type: "text", "aria-label": "Name of somebody else", placeholder: "Somebody else, Enter", autocomplete: "off", spellcheck: "false", maxlength: "60" });
  const sheet = el(
    "div",
    { class: "sheet", role: "dialog", "aria-label": "Who judges this slice", popover: "auto" },
    el("div", { class: "label" }, "Assigned to"),
    choices,
    other,
    el("div", { class: "hint" }, el("kbd", {}, "A"), " assigns it to you, or to nobody again."),
  );
  const element = el("div", { class: "assign" }, button, sheet);
  followFocus(sheet, () => choices.querySelector("button"));

  /** @param {string} name */
  function choose(name) {
    sheet.hidePopover();
    if (name !== now.to) assign(name);
  }

  /** @param {string} name */
  const choice = (name) =>
    el(
      "button",
      { type: "button", "aria-pressed": String(name === now.to), onclick: () => choose(name) },
      el("span", { class: "assignee", "aria-hidden": "true" }, initials(name)),
      el("bdi", {}, name || "Nobody"),
      ...(name && name === now.me ? [el("span", { class: "you" }, "you")] : []),
    );

  function open() {
    if (button.disabled || sheet.matches(":popover-open")) return;
    const names = [...new Set([now.me, ...(now.to ? [now.to] : []), ...now.people])].filter(Boolean);
    choices.replaceChildren(...["", ...names].map(choice));
    other.value = "";
    const box = button.getBoundingClientRect();
    sheet.showPopover();
    const { width, height } = sheet.getBoundingClientRect();
    sheet.style.left = `${Math.max(8, box.right - width)}px`;
    sheet.style.top = `${Math.max(8, Math.min(box.bottom + 4, innerHeight - height - 8))}px`;
  }

  other.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (other.value.trim()) choose(other.value.trim());
  });
  sheet.addEventListener("beforetoggle", ({ newState }) => button.setAttribute("aria-expanded", String(newState === "open")));

  return {
    element,
    /** @param {boolean} yes */
    setEnabled(yes) {
      button.disabled = !yes;
    },
    /** @param {Assignee} assignee */
    update(assignee) {
      now = assignee;
      const { to, me } = now;
      label.textContent = to ? initials(to) : "Assign";
      label.className = to ? `assignee${to === me ? " mine" : ""}` : "";
      button.title = to ? `Assigned to ${to === me ? "you" : to}` : "Choose who judges this slice";
      button.setAttribute("aria-label", to ? `${button.title}. Change` : button.title);
    },
  };
}
