// Keys that work anywhere on the page, and who else has them: the first of HOLDERS that applies takes what it needs, the
// rest is the page's. The table of the clips hands on what it does not need itself (bridge.js). While the server is away
// nothing changes: Streamlit's dialog about it has no keys. Escape closes or leaves one thing: a dialog, else a field, else
// a choice of several problems, else the lasso. A key that is pressed before its part of the page is there waits for it. A key that is held down goes on only
// where it moves something.

import { closeSheet, isSheetOpen } from "./sheets.js";
import { CONNECTION_DIALOG, POPOVER_BODY } from "./streamlit_dom.js";

const FIELDS = 'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]:not([contenteditable="false"]), [role="slider"], [role="combobox"], [role="textbox"]';
const SLIDERS = 'input[type="range"], [role="slider"]';
const DIALOGS = `[role="dialog"], dialog[open], ${POPOVER_BODY}`;
const PRESSABLE = "button, a[href], summary, input, [role='button'], [role='menuitem'], [role='tab'], [role='option'], [role='switch']";
// Keys that wait for their part. P is none: it acts while the pointer is on a clip only, and what waits holds up the keys after it.
const PAGE_KEYS = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", " ", ..."1234nztam/?,.[]lvbswde"]);
const REPEATED = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", ",", "."]);
const REVIEW = ".st-key-body"; // the panels of the review page
const EARLY_MS = 10_000; // a key waits no longer than that, and only on a page that is no older

// Streamlit's own dialog about a lost connection is closed as soon as it comes, and takes no key while it goes.
/** @param {Element} dialog */
const isOfPage = (dialog) => !dialog.closest(CONNECTION_DIALOG) && !dialog.querySelector(CONNECTION_DIALOG);

// A dialog of the page, or of a component, which the page can't see into: there the keys come from inside.
/** @param {Event} event */
const hasDialog = (event) =>
  isSheetOpen() ||
  [...document.querySelectorAll(DIALOGS)].some(isOfPage) ||
  event.composedPath().some((node) => node instanceof Element && node.matches("dialog[open], :popover-open"));

/** @param {Event} event */
const innermost = (event) => event.composedPath().find((node) => node instanceof Element);

/**
 * @typedef {object} Holder
 * @property {"dialog" | "slider" | "field" | "control" | "page"} name
 * @property {(event: KeyboardEvent) => boolean} has whether it has the keys when one is pressed
 * @property {Set<string> | "all"} takes the keys that it needs
 */

/** Who may have the keys. @type {Holder[]} */
const HOLDERS = [
  { name: "dialog", has: hasDialog, takes: "all" }, // a sheet or a menu too, wherever the focus is
  {
    name: "slider",
    has: (event) => Boolean(innermost(event)?.closest(SLIDERS)),
    takes: new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown", "Escape"]),
  },
  { name: "field", has: (event) => Boolean(innermost(event)?.closest(FIELDS)), takes: "all" },
  // One that was reached with Tab. One that was clicked keeps the focus, but no keys.
  { name: "control", has: (event) => Boolean(innermost(event)?.closest(PRESSABLE)?.matches(":focus-visible")), takes: new Set([" ", "Enter"]) },
  { name: "page", has: () => true, takes: new Set() },
];

/** @param {KeyboardEvent} event */
function holderOf(event) {
  const { name, takes } = /** @type {Holder} */ (HOLDERS.find(({ has }) => has(event)));
  return { name, takesIt: takes === "all" || takes.has(event.key) };
}

// AltGr is how some keyboards write brackets; it comes with Ctrl and Alt set.
/** @param {KeyboardEvent} event */
const hasModifier = (event) => event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph"));

const loadedAt = performance.now();
/** @typedef {Record<string, (event: KeyboardEvent) => void>} Actions by the key that does it */

/** @type {Set<Actions>} */
const parts = new Set(); // the actions of every part that is ready
/** @type {Set<Actions>} */
const away = new Set(); // those of parts that the page lacks for a moment, which go on meanwhile
/** @type {{key: string, event: KeyboardEvent, at: number}[]} */
const early = []; // keys whose part is not ready yet

/** @param {string} key */
const actionFor = (key) => {
  const there = document.querySelector(REVIEW) ? [...parts, ...away] : [...parts];
  return there.find((actions) => Object.hasOwn(actions, key))?.[key];
};

function runEarly() {
  while (early.length) {
    const { key, event, at } = early[0];
    const action = actionFor(key);
    const isOld = performance.now() - at > EARLY_MS;
    if (!action && !isOld) return;
    early.shift();
    if (!isOld) action?.(event);
  }
}

document.addEventListener("keydown", (event) => {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.defaultPrevented || event.isComposing || hasModifier(event)) return;
  const { name, takesIt } = holderOf(event);
  if (key === "Escape" && (name === "field" || name === "slider")) /** @type {HTMLElement} */ (innermost(event)).blur();
  if (key === "Escape" && !event.isTrusted && name === "dialog") closeSheet();
  if (takesIt) return;
  const isKnown = Boolean(actionFor(key));
  const mayComeYet = PAGE_KEYS.has(key) && performance.now() - loadedAt < EARLY_MS;
  if (!isKnown && !mayComeYet) return;
  event.preventDefault(); // space would scroll or press the focused button
  if (event.repeat && !REPEATED.has(key)) return; // a key that is held is pressed once
  runEarly(); // those that have waited too long go
  if (isKnown && !early.length) actionFor(key)?.(event);
  else if (!event.repeat) early.push({ key, event, at: performance.now() });
});

/**
 * Run `actions[key](event)` for keys pressed anywhere on the page; returns the function that ends it. Keys are named as in
 * `KeyboardEvent.key`, letters in lower case. With `waits` it begins at the first call of `ready()` of what is returned:
 * keys pressed before come then. With `goesOn` they work after the end as well, until the part is there again or the page
 * is another: Streamlit takes a part away and draws it anew where a run, or its server, ended halfway, while what it works
 * on is in sight all the time. With `goesFirst` they come before those of others for the same key.
 * @param {Actions} actions
 */
export function onKeys(actions, { waits = false, goesOn = false, goesFirst = false } = {}) {
  const stop = () => {
    if (parts.delete(actions) && goesOn) away.add(actions);
  };
  stop.ready = () => {
    if (parts.has(actions)) return;
    for (const before of away) if (Object.keys(actions).some((key) => Object.hasOwn(before, key))) away.delete(before);
    const others = goesFirst ? [...parts] : [];
    for (const other of others) parts.delete(other);
    parts.add(actions);
    for (const other of others) parts.add(other);
    runEarly();
  };
  if (!waits) stop.ready();
  return stop;
}
