// The thresholds: two sliders, which redraw the page when they are let go, and what is asked for less often.

import { el, keepFocus, redrawChanges } from "../../web/dom.js";
import { isAhead, liveComponent } from "../../web/instance.js";
import { createPanel } from "../../web/panel.js";
import { followFocus, placeBelow } from "../../web/sheets.js";
import { STYLE } from "./style.js";

/**
 * @typedef {number | string} Value of a slider or a choice
 *
 * @typedef {object} Slider
 * @property {string} name
 * @property {string} label
 * @property {Value} value
 * @property {Value[]} steps
 * @property {string[]} texts a text for each step
 * @property {string} hint
 * @property {string[]} notes what follows from each step; none where there is nothing to say
 *
 * @typedef {object} Choice
 * @property {string} name
 * @property {string} label
 * @property {Value} value
 * @property {[value: Value, label: string][]} choices
 * @property {string} hint
 *
 * @typedef {Drawing & {sliders: Slider[], choices: Choice[]}} Data
 */

export default liveComponent((parentElement, send) => {
  const panel = createPanel(parentElement, "thresholds", STYLE);
  panel.title.textContent = "Thresholds";
  const sliders = el("div", { class: "sliders" });
  const sheet = el("div", { class: "sheet", role: "dialog", "aria-label": "Options of the scan", popover: "auto" });
  const options = el("button", { type: "button", class: "quiet", "aria-haspopup": "dialog", onclick: openSheet, onmousedown: keepFocus }, "Options");
  const reset = el("button", { type: "button", class: "quiet", onclick: () => send({ kind: "reset" }, { topic: "thresholds" }), onmousedown: keepFocus }, "Reset");
  panel.tools.append(options, reset);
  panel.body.append(sliders, sheet);
  followFocus(sheet, () => sheet.querySelector('[aria-checked="true"]'));
  const redraw = redrawChanges(sheet);
  /** @type {Map<string, ReturnType<typeof slider>>} */
  const known = new Map(); // by name

  /** @param {string} name @param {Value} value */
  const set = (name, value) => send({ kind: "set", name, value }, { topic: "thresholds", replaces: name });

  /** @param {Slider} slider */
  function slider({ name, label, hint }) {
    const output = el("output", { for: `slider-${name}` });
    const input = el("input", { type: "range", id: `slider-${name}`, title: hint, step: 1 });
    const note = el("span", { class: "note" });
    const element = el("div", { class: "slider" }, el("label", { for: `slider-${name}`, title: hint }, label), output, input, note);
    /** @type {Value[]} */
    let steps = [];
    /** @type {string[]} */
    let texts = [];
    /** @type {string[]} */
    let notes = [];
    let byPointer = false;

    /** It would take the arrow keys away from the list. */
    function leave() {
      if (byPointer) input.blur();
    }

    function showNumber() {
      const at = Number(input.value) - Number(input.min);
      output.textContent = texts[at];
      note.textContent = notes[at] ?? "";
      input.setAttribute("aria-valuetext", [texts[at], notes[at]].filter(Boolean).join(": "));
      input.style.setProperty("--filled", `${(100 * at) / Math.max(1, steps.length - 1)}%`);
    }
    input.addEventListener("pointerdown", () => (byPointer = true));
    input.addEventListener("keydown", () => (byPointer = false));
    input.addEventListener("input", showNumber);
    input.addEventListener("change", () => {
      set(name, steps[Number(input.value) - Number(input.min)]);
      leave();
    });
    input.addEventListener("pointerup", leave); // also where it was not moved
    return {
      element,
      /** @param {Slider} next @param {boolean} keeps whether the reader has moved it meanwhile */
      update(next, keeps) {
        ({ steps, texts, notes } = next);
        // Steps that are whole numbers one apart are the slider's own values, for tools that read or set them.
        const isPlain = steps.every((step, i) => step === Number(steps[0]) + i);
        const lowest = isPlain ? Number(steps[0]) : 0;
        input.min = String(lowest);
        input.max = String(lowest + steps.length - 1);
        if (!keeps && !input.matches(":active")) input.value = String(lowest + steps.indexOf(next.value));
        showNumber();
      },
    };
  }

  /** @param {Choice} choice */
  function choice({ name, label, hint, value, choices }) {
    const buttons = choices.map(([id, text]) =>
      el("button", { type: "button", role: "radio", "aria-checked": String(id === value), onclick: () => set(name, id) }, text),
    );
    return el(
      "div",
      { class: "choice" },
      el("div", { class: "label", title: hint }, label),
      el("div", { class: "segments", role: "radiogroup", "aria-label": label }, ...buttons),
    );
  }

  function openSheet() {
    if (sheet.matches(":popover-open")) return sheet.hidePopover();
    sheet.showPopover();
    placeBelow(sheet, options, "left");
  }

  return {
    root: panel.root,
    update(/** @type {Data} */ data) {
      const names = data.sliders.map(({ name }) => name);
      for (const [name, { element }] of known) {
        if (names.includes(name)) continue;
        element.remove(); // another metric has no such threshold
        known.delete(name);
      }
      for (const next of data.sliders) {
        const drawn = known.get(next.name) ?? slider(next);
        if (!known.has(next.name)) sliders.insertBefore(drawn.element, sliders.children[names.indexOf(next.name)] ?? null);
        known.set(next.name, drawn);
        drawn.update(next, isAhead(data, "thresholds"));
      }
      redraw(data.choices, () => sheet.replaceChildren(...data.choices.map(choice)));
      return data.seq;
    },
    destroy: () => panel.remove(),
  };
});
