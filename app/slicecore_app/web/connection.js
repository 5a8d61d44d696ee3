// Whether Streamlit's server answers. Its own dialog about that covers the page and takes the keys, though most of the page
// works on: where the foot says it, the dialog is closed (page.css keeps it from being seen at all).

const APP = '[data-testid="stApp"]';
const FOOT = ".st-key-foot";
const CLOSE = '.stDialog:not(:has(.stVerticalBlock)) [aria-label="Close"]'; // dialogs of the page's own hold blocks

const listeners = new Set();

export function isConnected() {
  const state = /** @type {HTMLElement | null} */ (document.querySelector(APP))?.dataset.testConnectionState;
  return state === undefined || state === "CONNECTED" || state === "STATIC_CONNECTED";
}

/** Call `listener(isConnected)` at each change; returns the function that stops it. */
export function followConnection(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function closeDialog() {
  if (!isConnected() && document.querySelector(FOOT)) /** @type {HTMLElement | null} */ (document.querySelector(CLOSE))?.click();
}

const app = document.querySelector(APP);
if (app) {
  const changed = () => {
    for (const listener of [...listeners]) listener(isConnected());
    closeDialog();
  };
  new MutationObserver(changed).observe(app, { attributeFilter: ["data-test-connection-state"] });
  new MutationObserver(closeDialog).observe(document.body, { childList: true });
}
