// Menu of the verdicts, tags and note that go to all problems that are chosen together.

import { el, keepFocus } from "../../web/dom.js";
import { reviewer } from "../../web/instance.js";
import { opinionOf, review } from "../../web/review.js";
import { followFocus, placeBelow } from "../../web/sheets.js";

/**
 * `{element, update(verdicts, slices)}`: `verdicts` are labels by name. What is chosen there is told to the part that judges.
 */
export function createVerdictMenu() {
  /** @type {Record<string, string>} */
  let verdicts = {};
  /** @type {string[]} */
  let slices = [];
  const sheet = el("div", { class: "sheet ways", popover: "auto", role: "dialog" });
  const button = el("button", { type: "button", class: "open-verdicts", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: open, onmousedown: keepFocus }, "Verdict");
  const element = el("div", { class: "give" }, button, sheet);
  followFocus(sheet, () => sheet.querySelector("button:not(:disabled)"));
  sheet.addEventListener("beforetoggle", ({ newState }) => button.setAttribute("aria-expanded", String(newState === "open")));

  /** @param {string} kind @param {unknown} [detail] */
  function ask(kind, detail) {
    sheet.hidePopover();
    document.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  /** How many of the slices have a verdict of the reviewer: this one, or any. @param {string} [name] */
  function counted(name) {
    const mine = slices.map((slice) => opinionOf(review(), slice, reviewer.name())?.verdict);
    return mine.filter((verdict) => (name ? verdict === name : verdict)).length;
  }

  /**
   * @param {string} label
   * @param {string} key
   * @param {() => void} onclick
   * @param {Attributes} more
   */
  const item = (label, key, onclick, more = {}) => el("button", { type: "button", onclick, ...more }, label, ...(key ? [el("kbd", {}, key)] : []));

  function open() {
    if (sheet.matches(":popover-open")) return sheet.hidePopover();
    sheet.replaceChildren(
      ...Object.entries(verdicts).map(([name, label], i) =>
        item(label, String(i + 1), () => ask("slicecore:judge", name), { "aria-pressed": String(counted(name) === slices.length) }),
      ),
      item("No verdict", "", () => ask("slicecore:judge", null), { disabled: !counted() }),
      item("Tags and note …", "T", () => ask("slicecore:tags")),
    );
    sheet.showPopover();
    placeBelow(sheet, button, "left");
  }

  return {
    element,
    /** @param {Record<string, string>} labels @param {string[]} chosen */
    update(labels, chosen) {
      [verdicts, slices] = [labels, chosen];
      const these = chosen.length === 1 ? "this problem" : `these ${chosen.length} problems`;
      sheet.setAttribute("aria-label", `Verdict on ${these}`);
      button.setAttribute("aria-label", `Verdict on ${these}`);
      button.title = `Verdict, tags or note for ${these}`;
    },
  };
}
