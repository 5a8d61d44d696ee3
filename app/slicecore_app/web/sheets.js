// Sheets that open over the page from a button, for those who reach the button with Tab.

import { isSame } from "./dom.js";

const open = new Set();

/** True if a sheet is open, which Escape closes. */
export const isSheetOpen = () => [...open].some((sheet) => sheet.isConnected);

/**
 * Where `sheet` (a popover) was opened with the keyboard on its button, focus goes into it, to `first()` or itself, and back to the button when it
 * closes. Opened with the mouse or a key of the page it takes and leaves no focus: the page's keys go on.
 */
export function followFocus(sheet, first = () => sheet) {
  let opener = null; // the button that had the focus
  let wasInside = false;
  const focused = () => sheet.getRootNode().activeElement;

  sheet.addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "open") opener = focused()?.matches("button") ? focused() : null;
    else wasInside = sheet.contains(focused());
  });
  sheet.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") open.add(sheet);
    else open.delete(sheet);
    if (!opener) return;
    if (newState === "open") {
      if (!sheet.contains(focused())) first()?.focus();
    } else if (wasInside) {
      // The button may have been drawn anew meanwhile.
      const buttons = [...sheet.getRootNode().querySelectorAll("button")];
      (opener.isConnected ? opener : buttons.find((button) => isSame(button, opener)))?.focus();
    }
  });
}
