// The parts of Streamlit's own page that our JavaScript looks for. They are no interface and may move with any release:
// streamlit_dom.py lists all of them, with those of the style sheets, and a test for each names the one that has moved.

export const APP = '[data-testid="stApp"]';
export const CONNECTION_STATE = "data-test-connection-state"; // attribute of APP
const MAIN = ".stMain";
export const POPOVER_BODY = '[data-testid="stPopoverBody"]';
export const POPOVER_BUTTON = '[data-testid="stPopover"] button';
export const OPEN_POPOVER_BUTTON = `${POPOVER_BUTTON}[aria-expanded="true"]`;
export const CONTENT_OF_DIALOG = ".stDialog .stVerticalBlock";
// Streamlit's dialog about a lost connection; dialogs of the page's own hold blocks.
export const CONNECTION_DIALOG = ".stDialog:not(:has(.stVerticalBlock))";
export const CLOSE_OF_CONNECTION_DIALOG = `${CONNECTION_DIALOG} [aria-label="Close"]`;

/**
 * The name in the field of Streamlit's menu about a slice of one's own (`custom_slices.py`), entered or not; "" where it is
 * closed, or empty.
 * @param {string} slice
 */
export function nameInMenu(slice) {
  const field = document.querySelector(`${POPOVER_BODY} .st-key-name-${slice} input`);
  return field instanceof HTMLInputElement ? field.value.trim() : "";
}

/**
 * Mark `main`, which takes the focus from a click on anything that takes none, so that the next key does not draw a
 * ring around the whole page (page.css). Returns what ends that.
 */
export function followPressesOnMain() {
  let pressed = false; // the newest of presses and Tab keys was a press
  /** @param {Event} event */
  const note = (event) => {
    if (event.type === "pointerdown" || /** @type {KeyboardEvent} */ (event).key === "Tab") pressed = event.type === "pointerdown";
  };
  /** @param {Event} event */
  const mark = ({ target }) => {
    if (target instanceof HTMLElement && target.matches(MAIN)) target.toggleAttribute("data-slicecore-pressed", pressed);
  };
  for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, note, true);
  document.addEventListener("focusin", mark);
  return () => {
    for (const type of ["pointerdown", "keydown"]) document.removeEventListener(type, note, true);
    document.removeEventListener("focusin", mark);
  };
}
