// The row under the picture: play, time, loop, faults, loudness, speed.

import { el, icon, keepFocus } from "../../web/dom.js";
import { fixed } from "../../web/format.js";

export const SPEEDS = [0.5, 0.75, 1, 1.5, 2];

const LOOP = "M13.5 6.500A5.600 5.600 0 0 0 3.500 4.700M2.500 9.500a5.600 5.600 0 0 0 10 1.800M3.200 1.800v3.200h3.200M12.800 14.200V11H9.600";
const PLAY = "M5 3v10l8-5z";
const PAUSE = "M5.500 3v10M10.500 3v10";

const LEVELS = "M2.500 6.500v3M5.250 4.500v7M8 2.500v11M10.750 4.500v7M13.500 6.500v3";

const COMPARE = "M5.500 3 2.500 6l3 3M2.500 6h9M10.500 7l3 3-3 3M13.500 10h-9";

const MARKS = "M2.500 5.500v-3h3M10.500 2.500h3v3M13.500 10.500v3h-3M5.500 13.500h-3v-3M8 5.500v3M8 10.700v.1";

const MOST_NAMED = 12; // faults in the tooltip

/** @param {number} speed */
const speedLabel = (speed) => (speed === 1 ? "1×" : String(speed));

/**
 * State of what plays; times in seconds.
 * @typedef {object} State
 * @property {boolean} playing
 * @property {number} time
 * @property {number} duration NaN until it is known
 * @property {import("./picture.js").Region | null} loop
 * @property {boolean} isLooping
 * @property {boolean} isEven
 * @property {number} speed
 * @property {boolean} isCompared
 * @property {boolean} canCompare
 * @property {boolean} isMarked
 * @property {string[] | null} marks sentences about the faults that are marked; null as long as they are not known
 */

/**
 * Actions of the buttons.
 * @typedef {object} Buttons
 * @property {() => void} toggle
 * @property {() => void} loop
 * @property {() => void} compare
 * @property {() => void} even
 * @property {() => void} mark
 * @property {(rate: number) => void} speed
 */

/**
 * `{element, show(state)}`.
 * @param {Buttons} on
 */
export function createTransport(on) {
  const play = el("button", { type: "button", class: "play", title: "Space", onclick: on.toggle, onmousedown: keepFocus });
  const time = el("span", { class: "time", "data-testid": "time" });
  const loopText = el("span");
  const loop = el(
    "button",
    { type: "button", class: "chip", title: "Loop (L); drag on the picture to mark a part", onclick: on.loop, onmousedown: keepFocus },
    icon(LOOP, 14),
    loopText,
  );
  const compare = el(
    "button",
    { type: "button", class: "chip", title: "To a well recognised clip like this and back, at the same place (B)", onclick: on.compare, onmousedown: keepFocus },
    icon(COMPARE, 14),
    el("span", { class: "long" }, "Good clip"),
  );
  compare.setAttribute("aria-label", "Compare with a good clip");
  const even = el(
    "button",
    { type: "button", class: "chip", title: "Same loudness for every clip (V)", "aria-label": "Same loudness", onclick: on.even, onmousedown: keepFocus },
    icon(LEVELS, 14),
    el("span", { class: "longest" }, "Same loudness"),
  );
  const mark = el(
    "button",
    { type: "button", class: "chip", "aria-label": "Mark faults", onclick: on.mark, onmousedown: keepFocus },
    icon(MARKS, 14),
    el("span", { class: "long" }, "Faults"),
  );
  const speeds = SPEEDS.map((speed) =>
    el("button", { type: "button", "aria-label": `Speed ${speed}`, onclick: () => on.speed(speed), onmousedown: keepFocus }, speedLabel(speed)),
  );
  const element = el(
    "div",
    { class: "transport" },
    play,
    time,
    loop,
    el("span", { class: "space" }),
    mark,
    compare,
    even,
    el("span", { class: "speeds", role: "group", "aria-label": "Speed", title: "[ slower, ] faster" }, ...speeds),
  );
  /** @type {boolean | null} */
  let shownPlaying = null;

  /** @param {State} state */
  function show({ playing, time: now, duration, loop: region, isLooping, isEven, speed, isCompared, canCompare, isMarked, marks }) {
    if (playing !== shownPlaying) {
      shownPlaying = playing;
      play.setAttribute("aria-label", playing ? "Pause" : "Play");
      play.replaceChildren(solid(playing ? PAUSE : PLAY, playing));
    }
    setText(time, `${clock(now, duration)} / ${clock(duration, duration)}${duration >= 60 ? "" : " s"}`);
    setText(loopText, region ? `${clock(region.start, duration)}–${clock(region.end, duration)}${duration >= 60 ? "" : " s"}` : "Loop");
    element.classList.toggle("marked", Boolean(region));
    loop.setAttribute("aria-pressed", String(isLooping));
    even.setAttribute("aria-pressed", String(isEven));
    compare.disabled = !canCompare;
    compare.setAttribute("aria-pressed", String(isCompared));
    mark.disabled = marks?.length === 0;
    mark.setAttribute("aria-pressed", String(isMarked && !mark.disabled));
    mark.title = marksTitle(marks);
    speeds.forEach((button, i) => {
      button.setAttribute("aria-pressed", String(SPEEDS[i] === speed));
    });
  }
  return { element, show };
}

/** @param {string[] | null} marks */
function marksTitle(marks) {
  if (marks?.length === 0) return "Nothing to mark in this clip (D)";
  const named = (marks ?? []).slice(0, MOST_NAMED);
  const rest = (marks ?? []).length > MOST_NAMED ? ["…"] : [];
  return ["Mark the faults in the picture (D)", ...named, ...rest].join("\n");
}

/** @param {string} path @param {boolean} isLine */
function solid(path, isLine) {
  const drawn = icon(path, 16);
  if (isLine) drawn.setAttribute("stroke-width", "3.2");
  else drawn.setAttribute("fill", "currentColor");
  if (isLine) drawn.setAttribute("stroke-linecap", "butt");
  return drawn;
}

/** @param {HTMLElement} node @param {string} text */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Seconds with two decimals; in minutes and seconds when the clip is long.
 * @param {number} seconds
 * @param {number} duration
 */
function clock(seconds, duration) {
  if (!Number.isFinite(seconds)) return "–";
  if (!(duration >= 60)) return fixed(seconds, 2);
  const tenths = Math.floor(seconds * 10);
  return `${Math.floor(tenths / 600)}:${((tenths % 600) / 10).toFixed(1).padStart(4, "0")}`;
}
