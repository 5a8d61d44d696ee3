// Streamlit puts what its popover buttons open at the end of the page: without this, Tab would get there last.

const OPEN = '[data-testid="stPopover"] button[aria-expanded="true"]';
const BODY = '[data-testid="stPopoverBody"]';
const STOPS = "button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled), a[href]";

/** Let Tab go from an open popover's button into it and from its end on behind the button; returns what ends that. */
export function followPopovers() {
  function onTab(event) {
    if (event.key !== "Tab") return;
    const button = /** @type {HTMLElement | null} */ (document.querySelector(OPEN));
    const stops = [...(document.querySelector(BODY)?.querySelectorAll(STOPS) ?? [])].filter((one) => one.checkVisibility());
    if (!button || !stops.length) return;
    const at = document.activeElement;
    if (at === button && !event.shiftKey) go(stops[0], event);
    else if (at === stops[0] && event.shiftKey) go(button, event);
    else if (at === stops.at(-1) && !event.shiftKey) button.focus(); // the browser goes on from there
  }
  function go(stop, event) {
    event.preventDefault();
    stop.focus();
  }
  document.addEventListener("keydown", onTab, true);
  return () => document.removeEventListener("keydown", onTab, true);
}
