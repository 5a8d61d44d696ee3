// The evidence for what sets a slice apart: mirrored histograms on one axis, the slice up, the rest down, each scaled to its own peak.

import { el, keepFocus, redrawChanges, svg } from "../../web/dom.js";
import { liveComponent } from "../../web/instance.js";
import { ONE_PLACE } from "../../web/layout.js";

const WIDTH = 138;
const HEIGHT = 76;
const AXIS = 36; // where the slice ends and the rest begins
const UP = 32;
const DOWN = 34;

const STYLE = `
.evidence { height: 100%; box-sizing: border-box; padding: 13px 14px 8px; overflow: hidden; display: flex; flex-direction: column;
  font: 400 14px/20px var(--st-font, "Source Sans", sans-serif); font-feature-settings: "tnum"; color: var(--sc-ink); }
.plots { display: grid; grid-template-columns: repeat(3, 138px); gap: 14px; }
.plots button { font: inherit; color: inherit; text-align: left; padding: 0; border: 0; border-radius: 6px; background: none; cursor: pointer; min-width: 0; }
.plots button:hover { background: var(--sc-sunken); box-shadow: 0 0 0 4px var(--sc-sunken); }
.plots button[aria-pressed="true"] .name { color: var(--sc-accent); }
:focus-visible { outline: 2px solid var(--sc-accent); outline-offset: 3px; }
.name { font-size: 12.5px; line-height: 16px; font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.picture { position: relative; margin: 1px 0; }
svg { display: block; width: 100%; height: ${HEIGHT}px; }
.inside { fill: var(--sc-hist-slice); } .outside { fill: var(--sc-hist-rest); } .axis { stroke: var(--sc-line2); }
.picture i { position: absolute; font-size: 11px; line-height: 12px; font-style: normal; color: var(--sc-ink2); }
.slice { top: 1px; } .rest { bottom: 1px; } .left { left: 0; } .right { right: 0; }
p { margin: 0; font-size: 12px; line-height: 15px; color: var(--sc-ink2); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.text { white-space: normal; font-size: 13px; line-height: 18px; width: 442px; max-width: 100%; }
.remedy { width: 0; min-width: 100%; margin-top: auto; font-size: 12.5px; line-height: 16px; white-space: normal; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
[hidden] { display: none; }
@media (min-width: 1700px) { .plots { grid-template-columns: repeat(3, 180px); } .text { width: 568px; } }
@media (max-width: 1599px) { .plots { grid-template-columns: repeat(2, 138px); } .plots > :nth-child(3) { display: none; } .text { width: 290px; } .remedy { -webkit-line-clamp: 3; } }
@media ${ONE_PLACE} {
  .evidence { padding: 8px 14px 5px; } .remedy { -webkit-line-clamp: 1; }
  .plots { grid-template-columns: repeat(2, minmax(0, 122px)); } .plots > :nth-child(3) { display: none; } .text { width: 258px; }
}
`;

/**
 * The distribution of a measurement; component.py describes it.
 * @typedef {object} Plot
 * @property {string} name
 * @property {string} label
 * @property {string} hint
 * @property {number[]} inside
 * @property {number[]} rest
 * @property {[string, string]} ends
 * @property {string} numbers
 * @property {string} pairs
 * @property {number} typical
 * @property {boolean} higher
 *
 * @typedef {Drawing & {plots: Plot[], text: string, remedy: string}} Data
 */

/**
 * @param {number[]} heights
 * @param {string} name
 * @param {-1 | 1} bottom above or below the axis
 * @param {number} size
 */
function bars(heights, name, bottom, size) {
  const width = WIDTH / heights.length;
  return heights.map((height, i) => {
    const tall = height > 0 ? Math.max(1.5, height * size) : 0;
    return svg("rect", { class: name, x: i * width, y: bottom < 0 ? AXIS - tall : AXIS + 1, width: Math.max(1, width - 1), height: tall });
  });
}

/**
 * The side on which a label does not lie on the bars: the one with the lower ones.
 * @param {number[]} heights
 */
function side(heights) {
  const half = Math.floor(heights.length / 2);
  /** @param {number[]} part */
  const sum = (part) => part.reduce((total, count) => total + count, 0);
  return sum(heights.slice(0, half)) <= sum(heights.slice(half)) ? "left" : "right";
}

/** @param {Plot} plot */
function picture(plot) {
  /** @param {string} text @param {number[]} heights */
  const label = (text, heights) => el("i", { class: `${text} ${side(heights)}` }, text);
  return el(
    "div",
    { class: "picture", "aria-hidden": "true" },
    svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" },
      ...bars(plot.inside, "inside", -1, UP),
      ...bars(plot.rest, "outside", 1, DOWN),
      svg("line", { class: "axis", x1: 0, x2: WIDTH, y1: AXIS + 0.5, y2: AXIS + 0.5 }),
    ),
    label("slice", plot.inside),
    label("rest", plot.rest),
  );
}

export default liveComponent((parentElement, send) => {
  const plots = el("div", { class: "plots" });
  const text = el("p", { class: "text", role: "status" });
  const remedy = el("p", { class: "remedy" });
  const root = el("section", { class: "evidence", "data-testid": "evidence", "aria-label": "What sets it apart" }, plots, text, remedy);
  parentElement.append(el("style", {}, STYLE), root);
  const redraw = redrawChanges(plots);
  let sortedBy = "";

  /** @param {Plot} plot */
  function choose(plot) {
    sortedBy = plot.name;
    for (const button of plots.children) button.setAttribute("aria-pressed", String(button.getAttribute("data-name") === sortedBy));
    window.slicecoreClips?.sort?.(plot.name, plot.higher);
    if (!window.slicecoreClips?.play?.(plot.typical)) send({ kind: "play", row: plot.typical });
  }

  /** @param {Plot} plot */
  function button(plot) {
    return el(
      "button",
      {
        type: "button",
        "data-name": plot.name,
        "aria-pressed": String(plot.name === sortedBy),
        "aria-label": `${plot.label}: ${plot.numbers}, ${plot.pairs} of comparisons. Sort the clips by it and play the most typical one`,
        title: `${plot.hint}. Axis from ${plot.ends[0]} to ${plot.ends[1]}. Click: sort the clips by it and play the most typical one`,
        onclick: () => choose(plot),
        onmousedown: keepFocus,
      },
      el("div", { class: "name" }, plot.label),
      picture(plot),
      el("p", { title: plot.numbers }, plot.numbers),
      el("p", { title: `${plot.pairs} of comparisons` }, plot.pairs), // a plot is narrow
    );
  }

  return {
    root,
    update(/** @type {Data} */ data) {
      redraw(data.plots, () => plots.replaceChildren(...data.plots.map(button)));
      plots.hidden = !data.plots.length;
      text.hidden = !data.text;
      text.textContent = data.text;
      remedy.textContent = remedy.title = data.remedy;
      return data.seq;
    },
    destroy: () => root.remove(),
  };
});
