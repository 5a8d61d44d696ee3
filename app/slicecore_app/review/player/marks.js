// Marks of faults over the picture of a clip: columns for places in time, lines and bands for places in frequency, and a
// list of them all for those who can't see the picture.

import { el } from "../../web/dom.js";
import { loadOnce } from "../../web/memory.js";
import { placeTags, sentence } from "./mark_layout.js";

const MOST_CLIPS = 12;
const PADDING = 8; // px, left and right of a label's text and its border
const THINNEST = 2; // px
const THIN = 0.008; // of the width, up to which both edges of a mark would hide what is between

/**
 * @typedef {import("./mark_layout.js").Mark} Mark
 * @typedef {{marks: Mark[], more: number}} Marks
 */

/** @type {(url: string) => Promise<Marks>} */
export const marksOf = loadOnce(MOST_CLIPS, async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`);
  return answer.json();
});

/** @param {Marks} marks */
export const sentences = ({ marks, more }) => [...marks.map(sentence), ...(more ? [`and ${more} more`] : [])];

/**
 * `{overlay, list, show(marks, duration), place()}`: the marks for the stage of a picture, and what a screen reader says.
 */
export function createMarks() {
  const columns = el("div", { class: "columns" });
  const bands = el("div", { class: "bands" });
  const tags = el("div", { class: "tags" });
  const overlay = el("div", { class: "marks", hidden: true }, columns, bands, tags);
  const list = el("ul", { class: "faults-named", "aria-label": "Faults marked in the picture", hidden: true });
  const canvas = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

  /** @type {Marks} */
  let shown = { marks: [], more: 0 };
  let duration = NaN;

  /** @param {number} seconds */
  const across = (seconds) => `${Math.min(100, Math.max(0, (seconds / duration) * 100))}%`;

  /** @param {Mark} mark */
  function shape({ start, end, top, bottom }) {
    const left = start === null ? "0%" : across(start);
    const width = start === null || end === null ? "100%" : `max(${THINNEST}px, ${((end - start) / duration) * 100}%)`;
    // The last sliver of a clip would lie beyond its edge.
    const sides = `left:min(${left}, 100% - ${THINNEST}px);width:${width};`;
    const isThin = start !== null && end !== null && (end - start) / duration < THIN;
    if (top === null || bottom === null) return el("i", { class: isThin ? "span thin" : "span", style: sides });
    if (top === bottom) return el("i", { class: "line", style: `${sides}top:${top * 100}%` });
    return el("i", { class: start === null ? "band" : "box", style: `${sides}top:${top * 100}%;bottom:${(1 - bottom) * 100}%` });
  }

  /** @param {string} text */
  const widthOf = (text) => canvas.measureText(text).width + PADDING;

  function placeLabels() {
    const style = getComputedStyle(tags);
    canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const [width, height] = [overlay.clientWidth, overlay.clientHeight];
    const room = { width, height, wave: height - bands.clientHeight, duration };
    const more = shown.more ? [{ label: "", text: `+${shown.more}`, start: null, end: null, top: null, bottom: null }] : [];
    const placed = width ? placeTags([...shown.marks, ...more], room, widthOf) : [];
    tags.replaceChildren(...placed.map(({ text, x, y }) => el("span", { style: `left:${x}px;top:${y}px` }, text)));
  }

  return {
    overlay,
    list,
    /** @param {Marks | null} marks null: none are shown @param {number} seconds */
    show(marks, seconds) {
      shown = marks ?? { marks: [], more: 0 };
      duration = seconds;
      overlay.hidden = list.hidden = !shown.marks.length || !(duration > 0);
      if (overlay.hidden) shown = { marks: [], more: 0 };
      const inTime = shown.marks.filter((mark) => mark.start !== null && mark.top === null);
      const inBand = shown.marks.filter((mark) => mark.top !== null);
      columns.replaceChildren(...inTime.map(shape));
      bands.replaceChildren(...inBand.map(shape));
      list.replaceChildren(...sentences(shown).map((each) => el("li", {}, each)));
      placeLabels();
    },
    place() {
      if (!overlay.hidden) placeLabels();
    },
  };
}
