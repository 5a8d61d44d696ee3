// Steps of a longer work: those done, the present one with a bar, those to come.

import { el, icon } from "../../web/dom.js";
import { liveComponent } from "../../web/instance.js";

const DONE = "M4 8.500 6.800 11.200 12 5.500";
const IN_WORDS = { done: "done", now: "in progress", ahead: "to come" };

const STYLE = `
.steps { font: 400 14px/20px var(--st-font, "Source Sans", sans-serif); font-feature-settings: "tnum"; color: var(--sc-ink); }
h2 { margin: 0 0 2px; font-size: 18px; line-height: 24px; font-weight: 600; }
.text { margin: 0; font-size: 12.5px; line-height: 16px; color: var(--sc-ink2); }
ol { list-style: none; margin: 16px 0 0; padding: 0; display: grid; gap: 9px; }
li { display: grid; grid-template-columns: 22px minmax(0, 1fr) auto; gap: 9px 8px; align-items: center; }
.mark { box-sizing: border-box; width: 16px; height: 16px; border-radius: 50%; border: 1.5px solid var(--sc-ctl); display: grid; place-items: center; }
.done .mark { background: var(--sc-ink2); border-color: var(--sc-ink2); color: var(--sc-panel); }
.now .mark { border: 2px solid var(--sc-accent); }
.now .mark::after { content: ""; width: 6px; height: 6px; border-radius: 50%; background: var(--sc-accent); }
.label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.now b, .now .detail { font-weight: 600; color: var(--sc-ink); }
b { font-weight: 400; }
.ahead b { color: var(--sc-ink3); }
.about, .detail { font-size: 12.5px; line-height: 16px; color: var(--sc-ink3); }
.now .detail { font-size: 14px; }
.bar { grid-column: 2 / 4; height: 6px; border-radius: 3px; background: var(--sc-line); overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--sc-accent); transition: width 120ms ease-out; }
.facts { grid-column: 2 / 4; display: flex; gap: 18px; font-size: 13px; line-height: 18px; color: var(--sc-ink2); white-space: nowrap; }
.facts strong { font-weight: 600; color: var(--sc-ink); }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (prefers-reduced-motion: reduce) { .bar i { transition: none; } }
`;

/**
 * A step; component.py describes it.
 * @typedef {object} Step
 * @property {string} label
 * @property {string} about
 * @property {keyof typeof IN_WORDS} state
 * @property {string} detail
 * @property {number | null} share
 * @property {Fact[]} facts
 *
 * @typedef {[before: string, number: string, after: string]} Fact
 *
 * @typedef {Drawing & {title: string, text: string, steps: Step[]}} Data
 */

/** @param {Fact} fact */
const fact = ([before, number, after]) => el("span", {}, before && `${before} `, el("strong", {}, number), after && ` ${after}`);

/** @param {Step} step */
function step({ label, about, state, detail, share, facts }) {
  const percent = share === null ? null : Math.round(100 * share);
  const bar = { class: "bar", role: "progressbar", "aria-label": label, "aria-valuenow": percent, "aria-valuemin": 0, "aria-valuemax": 100 };
  return el(
    "li",
    { class: state, "aria-current": state === "now" ? "step" : null },
    el("span", { class: "mark" }, ...(state === "done" ? [icon(DONE, 14)] : [])),
    el("span", { class: "label" }, el("b", {}, label), " ", el("span", { class: "about" }, about), el("span", { class: "spoken" }, ` ${IN_WORDS[state]}`)),
    el("span", { class: "detail" }, detail),
    ...(share === null ? [] : [el("div", bar, el("i", { style: `width:${100 * share}%` }))]),
    ...(facts.length ? [el("div", { class: "facts" }, ...facts.map(fact))] : []),
  );
}

export default liveComponent((parentElement) => {
  const root = el("section", { class: "steps", "data-testid": "steps" });
  parentElement.append(el("style", {}, STYLE), root);
  return {
    root,
    update(/** @type {Data} */ { title, text, steps, seq }) {
      root.replaceChildren(el("h2", {}, title), el("p", { class: "text" }, text), el("ol", {}, ...steps.map(step)));
      return seq;
    },
    destroy() {
      root.remove();
    },
  };
});
