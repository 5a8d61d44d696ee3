// Sheets that open over the page from a button, for those who reach the button with Tab.

import { focusedAnywhere, focusedBeside, isSame } from "./dom.js";

const MARGIN = 8; // px between a sheet and the edge of the window

/** @type {Set<HTMLElement & {open?: boolean}>} */
const open = new Set();

const openSheets = () => [...open].filter((sheet) => sheet.isConnected && sheet.open !== false); // a dialog says so itself

/** True if a sheet is open, which Escape closes. */
export const isSheetOpen = () => openSheets().length > 0;

/** Close the sheet that was opened last: an Escape that comes from the table of the clips is none for the browser. */
export function closeSheet() {
  const last = openSheets().at(-1);
  if (last instanceof HTMLDialogElement) last.close();
  else last?.hidePopover();
}

/**
 * Open a modal dialog, which has all keys from then on: Tab leads out of it, and out of the page.
 * @param {HTMLDialogElement} dialog
 */
export function openDialog(dialog) {
  if (!dialog.open) dialog.showModal();
  open.add(dialog);
}

/**
 * The focus of `sheet` (a popover): it takes the focus, to `first()` or itself, and gives it back to what had it when it closes.
 * @param {HTMLElement} sheet
 * @param {() => HTMLElement | null} first
 */
export function followFocus(sheet, first = () => sheet) {
  /** @type {HTMLElement | null} */
  let opener = null; // the button that had the focus
  let wasInside = false;
  /** @type {HTMLElement | null} */
  let before = null; // what had the focus, which Chromium does not give back out of a shadow root
  const focused = () => focusedBeside(sheet);

  sheet.addEventListener("beforetoggle", ({ newState }) => {
    const at = focused();
    if (newState === "open") {
      opener = at?.matches("button") ? at : null;
      before = focusedAnywhere();
      open.add(sheet);
      return;
    }
    // At once: "toggle" may come after the next key, which a field that is no longer seen would take.
    open.delete(sheet);
    wasInside = sheet.contains(at);
    if (!wasInside) return;
    at?.blur();
    before?.focus({ preventScroll: true });
  });
  sheet.addEventListener("toggle", ({ newState }) => {
    const button = opener;
    if (newState === "open") {
      if (!sheet.contains(focused())) first()?.focus();
    } else if (button && wasInside) {
      // The button may have been drawn anew meanwhile.
      const buttons = /** @type {ParentNode & Node} */ (sheet.getRootNode()).querySelectorAll("button");
      (button.isConnected ? button : [...buttons].find((drawn) => isSame(drawn, button)))?.focus();
    }
  });
}

/**
 * Put an open sheet below its button, its right edge, or with `from` "left" its left one, below the button's. All of it is in
 * the window; one that is higher than that scrolls. A button that is not drawn stands for the part that it is in.
 * @param {HTMLElement} sheet
 * @param {HTMLElement} button
 * @param {"right" | "left"} from
 */
export function placeBelow(sheet, button, from = "right") {
  const box = (button.offsetHeight === 0 ? (button.closest("section") ?? button) : button).getBoundingClientRect();
  const most = innerHeight - 2 * MARGIN;
  Object.assign(sheet.style, { maxHeight: "", boxSizing: "" });
  if (sheet.offsetHeight > most) Object.assign(sheet.style, { maxHeight: `${most}px`, boxSizing: "border-box" });
  const left = from === "left" ? box.left : box.right - sheet.offsetWidth;
  sheet.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - sheet.offsetWidth - MARGIN))}px`;
  sheet.style.top = `${Math.max(MARGIN, Math.min(box.bottom + 4, innerHeight - sheet.offsetHeight - MARGIN))}px`;
}
