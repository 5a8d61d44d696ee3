// The note about what is not saved: how much, why, and the ways out.

import { copyText } from "../../web/clipboard.js";
import { el, keepFocus } from "../../web/dom.js";

const SAVED_KINDS = ["verdict", "notes", "reference", "correct", "confirm", "decline", "assign", "rename", "kept"];
const COPIED_MS = 2000; // for which the button says that it has

/**
 * What is not saved; component.py describes it.
 * @typedef {{count: number, text: string, action: string, label: string, copied: string, rest: {label: string, hint: string, left_out: string[]} | null}} Unsaved
 */

/** @type {Unsaved} */
export const ALL_SAVED = { count: 0, text: "", action: "", label: "", copied: "", rest: null };

/**
 * `{element, show(unsaved, connection, label)}`, which returns how many words wait for a server that does not answer; `label` is
 * that of a verdict.
 * @param {{go: () => void, discard: () => void, rest: () => void}} on
 */
export function createUnsavedNote(on) {
  let copied = "";
  const go = el("button", { type: "button", onclick: on.go });
  const discard = el("button", { type: "button", onclick: on.discard }, "Discard");
  const rest = el("button", { type: "button", class: "rest", onclick: on.rest });
  const copy = el("button", { type: "button", title: "Copy the text", onclick: takeCopy, onmousedown: keepFocus }, "Copy");
  const title = el("b");
  const text = el("p");
  const element = el("div", { class: "problem", role: "alert", hidden: true }, el("div", { class: "words" }, title, text), el("span", {}, discard, copy, rest, go));

  async function takeCopy() {
    if (!(await copyText(copied))) return;
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), COPIED_MS);
  }

  return {
    element,
    /**
     * @param {Unsaved} unsaved
     * @param {import("../../web/queue.js").State} connection
     * @param {(verdict: unknown) => string | undefined} label
     */
    show(unsaved, connection, label) {
      const waiting = connection.waiting.filter((event) => SAVED_KINDS.includes(event.kind));
      const isOffline = !connection.isConnected && waiting.length > 0;
      const count = unsaved.count + (isOffline ? waiting.length : 0);
      element.hidden = !count && !unsaved.text;
      go.hidden = !isOffline && (!unsaved.action || !unsaved.label || unsaved.action === "discard");
      go.textContent = isOffline ? "Try again" : unsaved.label;
      discard.hidden = isOffline || !["replace", "discard", "open text", "place"].includes(unsaved.action);
      rest.hidden = isOffline || !unsaved.rest;
      rest.textContent = unsaved.rest?.label ?? "";
      rest.title = unsaved.rest?.hint ?? "";
      copied = unsaved.copied;
      copy.hidden = isOffline || !copied;
      element.classList.toggle("with-rest", !rest.hidden || !copy.hidden);
      title.textContent = count ? `${count} not saved` : "Not done";
      text.textContent = element.title = isOffline ? offlineText(waiting[waiting.length - 1], label) : unsaved.text;
      return isOffline ? count : 0;
    },
  };
}

/**
 * @param {PageEvent} event that waits
 * @param {(verdict: unknown) => string | undefined} label
 */
function offlineText({ kind, verdict, wrong }, label) {
  const named = { notes: "The note", correct: "The corrected reference", confirm: "The verdict carried over", decline: "That it is dropped", assign: "The assignment", rename: "The name", kept: "What was not saved before" }[kind];
  const name = named ?? `“${wrong ? "Wrong reference" : label(verdict)}”`;
  const isUndo = !named && !verdict && !wrong;
  return `The server doesn’t answer. ${isUndo ? "Undo will be saved when the server is back." : `${name} is kept here and saved when it is back.`}`;
}
