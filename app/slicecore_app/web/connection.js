// Streamlit's server: whether it answers and whether it computes. Streamlit's own dialog about a lost connection covers the
// page and takes the keys, though most of the page works on: where the foot reports it, the dialog is closed (page.css
// keeps it from being seen at all).

import { APP, CLOSE_OF_CONNECTION_DIALOG, CONNECTION_STATE } from "./streamlit_dom.js";

const FOOT = ".st-key-foot";

/** @type {Set<(isConnected: boolean) => void>} */
const listeners = new Set();
const appData = () => /** @type {HTMLElement | null} */ (document.querySelector(APP))?.dataset ?? {};

export function isConnected() {
  const state = appData().testConnectionState;
  return state === undefined || state === "CONNECTED" || state === "STATIC_CONNECTED";
}

/** True if the script of the page runs, or is about to. */
export function isRunning() {
  const state = appData().testScriptState;
  return state !== undefined && state !== "notRunning";
}

/**
 * Call `listener` at each change; returns the function that stops it.
 * @param {(isConnected: boolean) => void} listener
 */
export function followConnection(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function closeDialog() {
  if (isConnected() || !document.querySelector(FOOT)) return;
  /** @type {HTMLElement | null} */ (document.querySelector(CLOSE_OF_CONNECTION_DIALOG))?.click();
}

const app = document.querySelector(APP);
if (app) {
  const changed = () => {
    for (const listener of [...listeners]) listener(isConnected());
    closeDialog();
  };
  new MutationObserver(changed).observe(app, { attributeFilter: [CONNECTION_STATE] });
  new MutationObserver(closeDialog).observe(document.body, { childList: true });
}
