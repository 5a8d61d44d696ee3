// Marks of wrong references: the button beside its words, and the set of all such clips, in which the
// table looks them up (see clips/bridge.js).

import { el, keepFocus } from "../../web/dom.js";
import { isAhead } from "../../web/instance.js";
import { setReview } from "../../web/review.js";

/**
 * Ids of marked clips as Python knows them, and what the mark means.
 * @typedef {{wrong: string[], wrongHint: string}} Marked
 */

/**
 * `{button, update(marked), show(clip), toggle()}`: the button is for the clip that is shown. `change` is called when the
 * reader marks it or takes that back; the page shows it at once.
 * @param {(id: string, isWrong: boolean) => void} change
 */
export function createReferences(change) {
  const button = el(
    "button",
    { type: "button", class: "wrong-reference", "aria-label": "Wrong reference", "aria-keyshortcuts": "W", onclick: toggle, onmousedown: keepFocus },
    el("b", {}, "≠"),
    el("span", { class: "full" }, "Wrong reference"),
    el("span", { class: "brief" }, "Wrong ref."),
    el("kbd", {}, "W"),
  );
  /** @type {Set<string>} */
  let marked = new Set();
  /** @type {string | null} */
  let id = null;

  /** @param {Set<string>} wanted */
  function set(wanted) {
    const isNew = wanted.size !== marked.size || [...wanted].some((clip) => !marked.has(clip));
    marked = wanted;
    window.slicecoreWrongReferences = marked;
    if (isNew) document.dispatchEvent(new CustomEvent("slicecore:references"));
    button.setAttribute("aria-pressed", String(id !== null && marked.has(id)));
  }

  function toggle() {
    if (id === null) return;
    const isWrong = !marked.has(id);
    set(new Set(isWrong ? [...marked, id] : [...marked].filter((clip) => clip !== id)));
    setReview({ saved: { text: "Saving …", problem: "" } });
    change(id, isWrong);
  }

  return {
    button,
    toggle,
    /** @param {Drawing & Marked} data */
    update(data) {
      button.title = data.wrongHint;
      if (!isAhead(data, "reference")) set(new Set(data.wrong));
    },
    /** @param {Clip | null} clip */
    show(clip) {
      id = clip?.id ?? null;
      set(marked);
    },
  };
}
