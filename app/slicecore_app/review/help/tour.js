// The tour of a first visit: a card that stands beside one panel after the other. The page stays in use meanwhile: the card
// takes neither the focus nor a key but Escape, so that what a step describes can be tried at once.

import { el, keepFocus } from "../../web/dom.js";
import { isSheetOpen } from "../../web/sheets.js";
import { place } from "./tour_place.js";

const SEEN = "slicecore.tour"; // in the memory of the browser, once the tour has come up

export const TOUR_STYLE = `
.tour, .tour-ring { position: fixed; inset: auto; margin: 0; box-sizing: border-box; }
.tour-ring { padding: 0; background: none; border: 2px solid var(--sc-accent); border-radius: 9px; pointer-events: none; }
.tour {
  width: 320px; max-width: calc(100vw - 24px); padding: 14px 16px 12px; border: 1px solid var(--sc-accent); border-radius: 10px;
  color: var(--sc-ink); background: var(--sc-panel); box-shadow: 0 8px 30px rgb(20 26 40 / .22);
  font: 400 14px/20px var(--st-font, "Source Sans", sans-serif);
}
.tour h2 { margin: 0 0 4px; font-size: 15px; line-height: 20px; font-weight: 600; }
.tour p { margin: 0; font-size: 13.5px; line-height: 19px; color: var(--sc-ink2); }
.tour footer { display: flex; gap: 8px; align-items: center; margin-top: 12px; }
.tour footer span { flex: 1; font-size: 12.5px; color: var(--sc-ink3); }
.tour button { min-height: 28px; padding: 0 12px; border: 1px solid var(--sc-line2); border-radius: 6px; background: none; color: var(--sc-ink); font: inherit; font-size: 13.5px; cursor: pointer; }
.tour button:hover { background: var(--sc-sunken); }
.tour button.next { border-color: var(--sc-accent); background: var(--sc-accent); color: var(--sc-accent-ink); }
`;

/** @typedef {[panel: string, title: string, text: string]} Step */

/** Text with what stands between backticks as keys. @param {string} text */
const withKeys = (text) => text.split("`").map((part, i) => (i % 2 ? el("kbd", {}, part) : part));

/** The memory may be closed to pages: then the tour comes up once in this tab's page. */
function isSeen() {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return false;
  }
}
function noteSeen() {
  try {
    localStorage.setItem(SEEN, "yes");
  } catch {
    // Nothing is lost: it comes up again.
  }
}

/**
 * The tour, drawn into `parent`: `steps(list)` gives it its steps and lets it come up at a first visit, `start()` at any time.
 * @param {HTMLElement} parent
 */
export function tour(parent) {
  /** @type {Step[]} */
  let steps = [];
  let at = -1; // the step that is shown, -1 for none
  let frame = 0;
  const wasSeen = isSeen();
  let mayStart = !wasSeen;

  const title = el("h2");
  const text = el("p");
  const count = el("span");
  const skip = el("button", { type: "button", onclick: end, onmousedown: keepFocus }, "Skip");
  const back = el("button", { type: "button", onclick: () => show(at - 1), onmousedown: keepFocus }, "Back");
  const next = el("button", { type: "button", class: "next", onclick: () => (at + 1 < steps.length ? show(at + 1) : end()), onmousedown: keepFocus });
  const card = el(
    "section",
    { class: "tour", popover: "manual", "aria-label": "Tour", "data-testid": "tour" },
    el("div", { "aria-live": "polite" }, title, text),
    el("footer", {}, count, skip, back, next),
  );
  const ring = el("div", { class: "tour-ring", popover: "manual", "aria-hidden": "true" });
  parent.append(ring, card);

  /** @param {number} step */
  function show(step) {
    at = step;
    const [, name, words] = steps[at];
    title.textContent = name;
    text.replaceChildren(...withKeys(words));
    count.textContent = `${at + 1} of ${steps.length}`;
    back.hidden = at === 0;
    skip.hidden = at === steps.length - 1;
    next.textContent = skip.hidden ? "Done" : "Next";
    noteSeen();
    if (!frame) follow();
  }

  function end() {
    at = -1;
    cancelAnimationFrame(frame);
    frame = 0;
    card.hidePopover();
    ring.hidePopover();
  }

  // Panels come, go and move at any time, and nothing tells of all of it.
  function follow() {
    frame = requestAnimationFrame(follow);
    const panel = document.querySelector(`.st-key-${steps[at][0]}`);
    const box = panel?.checkVisibility() ? panel.getBoundingClientRect() : null;
    if (box) {
      if (!card.matches(":popover-open")) {
        ring.showPopover();
        card.showPopover();
      }
      set(ring, { left: box.left - 3, top: box.top - 3, width: box.width + 6, height: box.height + 6 });
    } else set(ring, { left: -10, top: -10, width: 0, height: 0 });
    const window_ = { width: innerWidth, height: innerHeight };
    set(card, place(box, { width: card.offsetWidth, height: card.offsetHeight }, window_));
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const [target] = event.composedPath();
    const isInField = target instanceof Element && target.matches("input, textarea, [contenteditable]");
    if (event.key !== "Escape" || at < 0 || isInField || isSheetOpen() || document.querySelector('dialog[open], [role="dialog"]')) return;
    event.stopImmediatePropagation(); // it closes this and nothing else
    end();
  }
  document.addEventListener("keydown", onKey, true);

  return {
    /** @param {Step[]} list */
    steps(list) {
      steps = list;
      if (!mayStart || !steps.length) return;
      mayStart = false;
      show(0);
    },
    start: () => show(0),
    destroy() {
      if (at >= 0) end();
      document.removeEventListener("keydown", onKey, true);
    },
  };
}

/** @param {HTMLElement} element @param {Record<string, number>} box in CSS pixels */
function set(element, box) {
  for (const [name, value] of Object.entries(box)) {
    const text = `${Math.round(value)}px`;
    if (element.style.getPropertyValue(name) !== text) element.style.setProperty(name, text);
  }
}
