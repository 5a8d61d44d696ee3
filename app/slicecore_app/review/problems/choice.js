// Several problems of the list chosen together: by click, by key or from a menu, and what can be done with them at once.

import { el, icon, iconButton, keepFocus } from "../../web/dom.js";
import { reviewer } from "../../web/instance.js";
import { onKeys } from "../../web/keys.js";
import { assigneeOf, chosenOf, followReview, isListed, isReviewed, review, setReview } from "../../web/review.js";
import { followFocus, placeBelow } from "../../web/sheets.js";
import { createAssign } from "../verdict/assign.js";
import { NOTHING, rangeTo, stepped, toggled } from "./choosing.js";
import { createVerdictMenu } from "./verdict_menu.js";

const SEVERAL = "M2.500 4 4 5.500 6.500 2.500M2.500 11 4 12.500 6.500 9.500M9 4.500h5M9 11.500h5";
const CLOSE = "M4 4l8 8M12 4l-8 8";

/** What the menu offers. @type {[label: string, has: (slice: string) => boolean][]} */
const WAYS = [
  ["All that are listed", () => true],
  ["Without a verdict", (slice) => !isReviewed(review(), slice)],
  ["Assigned to nobody", (slice) => !review().assignees[slice]],
];

/** Slices that can be chosen, in the order of the list. */
export function listed() {
  const { slices, own } = review();
  return [...slices, ...own].filter((id) => isListed(review(), id));
}

/**
 * `{button, sheet, bar, status, …}`: the menu, the bar above the list, and a line that is read out.
 * `click(slice, event)` says whether a click chose something, `keys` are those of the list with the focus.
 */
export function createChoice() {
  let choice = NOTHING;
  /** @type {Record<string, string>} */
  let verdicts = {}; // labels by name
  let isByKey = false; // then it shows where the keys are
  const status = el("div", { class: "read-out", role: "status" });
  const count = el("span", { class: "count" });
  const assign = createAssign((to) => document.dispatchEvent(new CustomEvent("slicecore:assign", { detail: to })));
  const give = createVerdictMenu();
  const close = iconButton("Choose none", CLOSE, clear);
  const bar = el("div", { class: "chosen-bar", role: "group", "aria-label": "Chosen problems", hidden: true }, count, give.element, assign.element, close);
  const sheet = el("div", { class: "sheet ways", popover: "auto", role: "dialog", "aria-label": "Choose several problems" });
  const button = iconButton("Choose several problems", SEVERAL, toggleMenu, { "aria-haspopup": "dialog", "aria-expanded": "false" });
  const stopEscape = onKeys({ Escape: clear }, { waits: true, goesFirst: true });
  followFocus(sheet, () => sheet.querySelector("button"));
  sheet.addEventListener("beforetoggle", ({ newState }) => button.setAttribute("aria-expanded", String(newState === "open")));

  /** @param {import("./choosing.js").Choice} next */
  function choose(next) {
    choice = next;
    setReview({ chosen: next.chosen });
  }

  function clear() {
    choose(NOTHING);
  }

  /** @param {string} slice @param {Pick<MouseEvent, "shiftKey" | "ctrlKey" | "metaKey" | "target">} event */
  function click(slice, { shiftKey, ctrlKey, metaKey, target }) {
    isByKey = false;
    const isTick = target instanceof Element && target.closest(".tick") !== null;
    if (shiftKey) choose(rangeTo(choice, slice, review().slice, listed()));
    else if (ctrlKey || metaKey || isTick) choose(toggled(choice, slice, review().slice, listed()));
    else return false;
    return true;
  }

  /** @param {number} by */
  function extend(by) {
    const to = stepped(choice, by, review().slice, listed());
    isByKey = true;
    if (to) choose(rangeTo(choice, to, review().slice, listed()));
  }

  /** Keys of the list while it has the focus, beside those of the page. @param {KeyboardEvent} event */
  function keys(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    isByKey = true;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const at = stepped(choice, by ?? 0, review().slice, listed());
    if (event.key.toLowerCase() === "a") choose({ ...NOTHING, chosen: listed() });
    else if (by && at) move(at);
    else if (event.key === " " && at) choose(toggled(choice, at, review().slice, listed()));
    else return;
    event.preventDefault();
  }

  /** The keys are at another slice, and nothing else is chosen. @param {string} to */
  function move(to) {
    choice = { ...choice, lead: to };
    document.dispatchEvent(new CustomEvent("slicecore:lead"));
  }

  function toggleMenu() {
    if (sheet.matches(":popover-open")) return sheet.hidePopover();
    const ways = WAYS.map(([label, has]) => {
      const slices = listed().filter(has);
      const take = () => {
        sheet.hidePopover();
        choose({ ...NOTHING, chosen: slices });
      };
      return el("button", { type: "button", disabled: !slices.length, onclick: take }, label, el("span", { class: "count" }, String(slices.length)));
    });
    sheet.replaceChildren(
      ...ways,
      el("div", { class: "hint" }, el("kbd", {}, "Ctrl"), " or ⌘ click: one more. ", el("kbd", {}, "Shift"), " click, or ", el("kbd", {}, "Shift"), " ", el("kbd", {}, "↑"), " ", el("kbd", {}, "↓"), ": all between."),
    );
    sheet.showPopover();
    placeBelow(sheet, button, "left");
  }

  /** Other slices than before, of those that are listed. @param {Event} event */
  function chooseThese(event) {
    const { detail: slices } = /** @type {CustomEvent<string[]>} */ (event);
    const chosen = listed().filter((id) => slices.includes(id));
    if (chosen.length) choose({ chosen, anchor: chosen[0], lead: chosen[0] });
  }
  document.addEventListener("slicecore:choose", chooseThese); // the part that judges

  let told = "";
  let picked = review().slice;
  const unfollow = followReview((now) => {
    const chosen = chosenOf(now);
    if (!now.chosen.length && (choice.chosen.length || now.slice !== picked)) choice = NOTHING; // something else was picked
    picked = now.slice;
    if (chosen.length) stopEscape.ready();
    else stopEscape();
    bar.hidden = !chosen.length;
    count.replaceChildren(chosen.length.toLocaleString("en"), el("span", {}, " chosen"));
    const to = assigneeOf(now, chosen);
    give.update(verdicts, chosen);
    assign.setEnabled(chosen.length > 0);
    assign.update({ people: now.people, me: reviewer.name(), to, count: chosen.length });
    const who = to === null ? "assigned to several people" : to ? `assigned to ${to === reviewer.name() ? "you" : to}` : "assigned to nobody";
    const text = chosen.length ? `${chosen.length} of ${listed().length} problems chosen, ${who}` : told && "No problems chosen";
    if (text !== told) status.textContent = told = text;
  });

  return {
    button,
    sheet,
    bar,
    status,
    click,
    clear,
    extend,
    keys,
    /** @param {Record<string, string>} labels of the verdicts, by name */
    update(labels) {
      verdicts = labels;
      give.update(verdicts, chosenOf(review()));
    },
    /** The slice at which the keys are, where that is not the picked one. */
    lead: () => choice.lead,
    isByKey: () => isByKey,
    stop() {
      unfollow();
      stopEscape();
      document.removeEventListener("slicecore:choose", chooseThese);
    },
  };
}

/** The mark of a chosen card, which a click sets. */
export const tick = () => el("span", { class: "tick", "aria-hidden": "true", title: "Choose it, too", onmousedown: keepFocus }, icon("M3.500 8.500 6.500 11.500 12.500 5", 12));
