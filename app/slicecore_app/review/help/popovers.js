// Menus of Streamlit's popover buttons: it puts them at the end of the page, where Tab would get last, and leaves the focus on
// the button, from where the first letters of a name would go to the page. A menu from which a dialog was opened stays open
// below it, out of sight, and Escape would close the menu first.

import { CONTENT_OF_DIALOG, OPEN_POPOVER_BUTTON, POPOVER_BODY, POPOVER_BUTTON } from "../../web/streamlit_dom.js";

const FIELD = "input:not(:disabled, [type='checkbox'], [type='radio']), textarea:not(:disabled)";
const MOST_FRAMES = 60; // after which a menu that has not come does not come
const STOPS = "button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled), a[href]";

/**
 * Let Tab go from an open popover's button into it and from its end on behind the button, and give its first field the focus
 * when it opens; close it where a dialog comes. Returns what ends that.
 */
export function followPopovers() {
  /** @param {KeyboardEvent} event */
  function onTab(event) {
    if (event.key !== "Tab") return;
    const button = /** @type {HTMLElement | null} */ (document.querySelector(OPEN_POPOVER_BUTTON));
    const all = /** @type {NodeListOf<HTMLElement> | undefined} */ (document.querySelector(POPOVER_BODY)?.querySelectorAll(STOPS));
    const stops = [...(all ?? [])].filter((stop) => stop.checkVisibility());
    if (!button || !stops.length) return;
    const at = document.activeElement;
    if (at === button && !event.shiftKey) go(stops[0], event);
    else if (at === stops[0] && event.shiftKey) go(button, event);
    else if (at === stops.at(-1) && !event.shiftKey) button.focus(); // the browser goes on from there
  }
  /** @param {HTMLElement} stop @param {Event} event */
  function go(stop, event) {
    event.preventDefault();
    stop.focus();
  }
  /** @param {Event} event */
  function onClick({ target }) {
    if (target instanceof Element && target.closest(POPOVER_BUTTON)) focusField(MOST_FRAMES);
  }
  /** @param {number} frames */
  function focusField(frames) {
    const field = /** @type {HTMLElement | null} */ (document.querySelector(POPOVER_BODY)?.querySelector(FIELD) ?? null);
    if (field?.checkVisibility()) field.focus();
    else if (frames > 0) requestAnimationFrame(() => focusField(frames - 1));
  }
  function closeBelowDialog() {
    if (!document.querySelector(CONTENT_OF_DIALOG) || !document.querySelector(POPOVER_BODY)) return;
    /** @type {HTMLElement | null} */ (document.querySelector(OPEN_POPOVER_BUTTON))?.click();
  }
  const dialogs = new MutationObserver(closeBelowDialog);
  dialogs.observe(document.body, { childList: true });
  document.addEventListener("keydown", onTab, true);
  document.addEventListener("click", onClick, true);
  return () => {
    dialogs.disconnect();
    document.removeEventListener("keydown", onTab, true);
    document.removeEventListener("click", onClick, true);
  };
}
