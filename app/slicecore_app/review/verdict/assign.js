// Who is to judge the slice: a button that shows it, and a sheet over the page in which it is changed.

import { el, keepFocus } from "../../web/dom.js";
import { initials } from "../../web/initials.js";
import { followFocus, placeBelow } from "../../web/sheets.js";

/**
 * `to` is the assignee, "" for nobody, null where several slices have several; `people` are those who can be chosen, and `count`
 * is the number of slices that are assigned together.
 * @typedef {{people: string[], me: string, to: string | null, count?: number}} Assignee
 */

export const STYLE = `
.assign .open-assign { display: flex; align-items: center; gap: 8px; height: 30px; padding: 0 8px; font-size: 13px; border-color: var(--sc-ctl); }
.assign .open-assign > span:not(.assignee) { color: var(--sc-ink3); }
.assign .assignee {
  min-width: 20px; padding: 0 4px; text-align: center; font-size: 11.5px; line-height: 17px; font-weight: 600; border: 1px solid var(--sc-line2);
  border-radius: 9px; color: var(--sc-ink2); background: var(--sc-panel);
}
.assign .assignee.mine { color: var(--sc-accent-ink); background: var(--sc-accent); border-color: var(--sc-accent); }
.assign .assignee:empty { visibility: hidden; }
.assign .people { display: grid; gap: 2px; max-height: 220px; overflow-y: auto; margin-bottom: 4px; }
.assign .people button { display: flex; align-items: center; gap: 8px; padding: 3px 8px; text-align: left; border-color: transparent; }
.assign .people button:focus-visible { outline-offset: -2px; }
.assign .people button[aria-pressed="true"] { border-color: var(--sc-ink); font-weight: 600; }
.assign .people bdi { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.assign .people .you { margin-left: auto; font-size: 12px; color: var(--sc-ink3); }
`;

/**
 * `{element, setEnabled(yes), update(assignee)}`; `assign` is called with the name that was chosen, "" for nobody.
 * @param {(name: string) => void} assign
 */
export function createAssign(assign) {
  /** @type {Assignee} */
  let now = { people: [], me: "", to: "" };
  const label = el("span");
  const heading = el("div", { class: "label" });
  const hint = el("span");
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
    heading,
    choices,
    other,
    el("div", { class: "hint" }, el("kbd", {}, "A"), hint),
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
    const names = [...new Set([now.me, now.to ?? "", ...now.people])].filter(Boolean);
    choices.replaceChildren(...["", ...names].map(choice));
    other.value = "";
    const several = (now.count ?? 1) > 1 ? `these ${now.count} slices` : "";
    heading.textContent = several ? `${several[0].toUpperCase()}${several.slice(1)} assigned to` : "Assigned to";
    hint.textContent = ` assigns ${several ? "them" : "it"} to you, or to nobody again.`;
    sheet.setAttribute("aria-label", `Who judges ${several || "this slice"}`);
    sheet.showPopover();
    placeBelow(sheet, button);
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
      const judged = (now.count ?? 1) > 1 ? `these ${now.count} slices` : "this slice";
      label.textContent = to ? initials(to) : (now.count ?? 1) > 1 ? `Assign ${now.count}` : "Assign";
      label.className = to ? `assignee${to === me ? " mine" : ""}` : "";
      button.title = to ? `Assigned to ${to === me ? "you" : to}` : `Choose who judges ${judged}`;
      button.setAttribute("aria-label", to ? `${button.title}. Change` : button.title);
    },
  };
}
