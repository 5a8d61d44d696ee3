// The numbers in the head. The last one carries a square per problem: filled when judged, edged when picked.

import { el, keepFocus, redrawChanges } from "../../web/dom.js";
import { liveComponent } from "../../web/instance.js";
import { carriedTo, followReview, isReviewed, review } from "../../web/review.js";

const MOST_SQUARES = 20; // beyond that one bar says it better

const STYLE = `
.figures { display: flex; justify-content: flex-end; align-items: center; height: 56px; white-space: nowrap;
  font: 400 14px/20px var(--st-font, sans-serif); font-feature-settings: "tnum"; color: var(--sc-ink); }
.figure { padding: 0 12px; } .figure + .figure { border-left: 1px solid var(--sc-line); }
button.figure { font: inherit; color: inherit; text-align: left; background: none; border: 0; cursor: pointer; padding-block: 0; }
button.figure:hover .value { color: var(--sc-accent); }
:focus-visible { outline: 2px solid var(--sc-accent); outline-offset: -2px; border-radius: 6px; }
.label { max-width: 250px; overflow: hidden; text-overflow: ellipsis; font-size: 12px; line-height: 14px; color: var(--sc-ink3); }
.value { font-size: 17px; line-height: 21px; font-weight: 600; display: flex; align-items: baseline; gap: 6px; }
.note { font-size: 12.5px; font-weight: 400; color: var(--sc-ink2); }
.squares { display: flex; gap: 2px; align-self: center; }
.squares i { width: 9px; height: 9px; border-radius: 2px; border: 1px solid var(--sc-line2); box-sizing: border-box; }
.squares i.judged { background: var(--sc-ink2); border-color: var(--sc-ink2); }
.squares i.carried { background: var(--sc-line2); border-color: var(--sc-ink2); }
.squares i.picked { border: 2px solid var(--sc-accent); }
.bar { width: 96px; height: 6px; align-self: center; border-radius: 3px; background: var(--sc-line2); overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--sc-ink2); }
.short { display: none; }
@media (max-width: 1599px) { .long { display: none; } .short { display: block; } .figure { padding: 0 10px; } }
@media (max-width: 1359px) { .note { display: none; } }
@media (max-width: 1239px) { .figure { padding: 0 8px; } .squares, .bar, .figure:nth-child(2) { display: none; } } /* the problems: "0 of 7" says how many there are */
@media (max-width: 599px) { .figures { justify-content: flex-start; } .figure:first-child { padding-left: 0; } }
`;

/** @typedef {Drawing & {figures: Figure[]}} Data */

/** @param {import("../../web/review.js").Review} review */
function progress(review) {
  const { slices, slice } = review;
  const judged = slices.map((id) => isReviewed(review, id));
  const picked = slice === null ? -1 : slices.indexOf(slice);
  if (judged.length > MOST_SQUARES) {
    const share = judged.filter(Boolean).length / judged.length;
    return el("span", { class: "bar" }, el("i", { style: `width:${100 * share}%` }));
  }
  const kind = judged.map((yes, i) => (!yes ? "" : carriedTo(review, slices[i]) ? "carried" : "judged"));
  const squares = kind.map((name, i) => el("i", { class: `${name} ${i === picked ? "picked" : ""}` }));
  return el("span", { class: "squares", "aria-hidden": "true" }, ...squares);
}

export default liveComponent((parentElement, send) => {
  const row = el("div", { class: "figures", "data-testid": "figures" });
  parentElement.append(el("style", {}, STYLE), row);
  const redraw = redrawChanges(row);
  /** @type {Figure[]} */
  let figures = [];

  function show() {
    const { slices, slice, verdicts, opinions, carried, only } = review();
    redraw([figures, slices, slice, verdicts, only === null ? null : opinions, carried, only], draw);
  }

  function draw() {
    row.replaceChildren(
      ...figures.map(({ label, short, value, note, hint, opens, counts_reviewed: isCount }) => {
        const { slices, only } = review();
        const reviewed = slices.filter((id) => isReviewed(review(), id));
        const text = isCount && slices.length ? `${reviewed.length} of ${slices.length}` : value;
        const carried = isCount ? reviewed.filter((id) => carriedTo(review(), id)).length : 0;
        const more = carried ? `${carried} carried over` : note;
        const press = { type: "button", onclick: () => send({ kind: "open", page: opens }), onmousedown: keepFocus };
        return el(
          opens ? "button" : "div",
          { class: "figure", title: hint, ...(opens ? press : {}) },
          el("div", { class: short ? "label long" : "label" }, isCount && only !== null ? `${label} by you` : label),
          ...(short ? [el("div", { class: "label short" }, short)] : []),
          el(
            "div",
            { class: "value" },
            el("span", {}, text),
            ...(more ? [el("span", { class: "note" }, more)] : []),
            ...(isCount && slices.length ? [progress(review())] : []),
          ),
        );
      }),
    );
  }
  const unfollow = followReview(show);

  return {
    root: row,
    update(/** @type {Data} */ data) {
      ({ figures } = data);
      show();
      return data.seq;
    },
    destroy() {
      unfollow();
      row.remove();
    },
  };
});
