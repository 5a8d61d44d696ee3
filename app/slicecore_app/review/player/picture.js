// Waveform and spectrogram of a clip with playhead and loop. Times go in and out as shares of the duration, 0 to 1.

import { rgb } from "../../web/colour.js";
import { el, svg } from "../../web/dom.js";
import { createMarks } from "./marks.js";

// Loudness of a spectrogram pixel, 0 to 1, and its colour.
/** @typedef {[loudness: number, colour: string][]} Ramp */

/** @type {Ramp} */
const RAMP_LIGHT = [[0, "#FFFFFF"], [0.3, "#EEF0FA"], [0.6, "#A9B2E6"], [0.82, "#4350B5"], [1, "#12153F"]];
/** @type {Ramp} */
const RAMP_DARK = [[0, "#12141A"], [0.35, "#22264A"], [0.65, "#5563C8"], [0.85, "#A9B3FF"], [1, "#FFFFFF"]];
const CLICK_TOLERANCE = 4; // px a hand may move between press and release
const THINNEST_LINE = 0.04; // of the waveform's height, so that silence is a line
const TICK_STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600];
const TICK_WIDTH = 52; // px that a time label needs
const TICK_HEIGHT = 11; // px that a frequency label needs

/**
 * @typedef {import("./drawings.js").SoundNumbers} SoundNumbers
 */

/**
 * Part of the sound.
 * @typedef {{start: number, end: number}} Region
 */

/**
 * Actions of the hand; `loop` is called while a loop is being marked.
 * @typedef {object} Hand
 * @property {(share: number) => void} seek
 * @property {(region: Region) => void} loop
 * @property {() => void} loopDone
 * @property {() => void} clearLoop
 */

/**
 * `{element, showSound(sound), showSpectrogram(grey), showMarks(marks), recolour(isDark), showTime(share), showLoop(region, isOn),
 * say(text), clear()}`.
 * @param {Hand} on
 */
export function createPicture(on) {
  const waveform = svg("path");
  const waveformPlayed = svg("path");
  /** @param {SVGPathElement} path @param {string} className */
  const wave = (path, className) =>
    svg("svg", { class: className, viewBox: "0 -1 1 2", preserveAspectRatio: "none" }, path);
  const canvas = el("canvas", { class: "spectrogram", width: 1, height: 1 });
  const edges = ["start", "end"].map((edge) => el("i", { class: `edge ${edge}`, "data-edge": edge, title: "Drag to change the loop" }));
  const loop = el("div", { class: "loop", hidden: true }, ...edges);
  const playhead = el("div", { class: "playhead" }, el("i", { "data-edge": "time" }));
  const marks = createMarks();
  const stage = el(
    "div",
    { class: "stage", "data-testid": "picture", role: "img", "aria-label": "Waveform and spectrogram" },
    el("div", { class: "wave" }, wave(waveform, "waveform"), wave(waveformPlayed, "waveform played")),
    canvas,
    marks.overlay,
    loop,
    playhead,
  );
  const hertz = el("div", { class: "hertz", "aria-hidden": "true" });
  const seconds = el("div", { class: "seconds", "aria-hidden": "true" });
  const note = el("div", { class: "note", role: "status" });
  const waiting = el("div", { class: "waiting", hidden: true }, "The spectrogram follows");
  const element = el("div", { class: "picture" }, hertz, stage, seconds, waiting, note, marks.list);

  /** @type {ImageData | null} */
  let grey = null;
  let dark = false;
  let duration = NaN;
  /** @type {Region | null} */
  let region = null;
  /** @type {SoundNumbers["ticks"]} */
  let ticks = [];

  function drawSeconds() {
    const width = stage.clientWidth;
    if (!width || !(duration > 0)) return seconds.replaceChildren();
    const step = TICK_STEPS.find((each) => (each / duration) * width >= TICK_WIDTH) ?? TICK_STEPS[TICK_STEPS.length - 1];
    const count = Math.floor((duration - step * 0.3) / step) + 1;
    const labels = Array.from({ length: Math.max(1, count) }, (_, i) => {
      const place = `left:${((i * step) / duration) * 100}%`;
      return el("span", { style: place }, i === 0 ? "0 s" : timeLabel(i * step, step));
    });
    seconds.replaceChildren(...labels);
  }

  function drawSpectrogram() {
    if (!grey) return;
    canvas.width = grey.width;
    canvas.height = grey.height;
    canvas.getContext("2d")?.putImageData(coloured(grey, dark ? RAMP_DARK : RAMP_LIGHT), 0, 0);
  }

  function drawHertz() {
    let lowest = -Infinity;
    const labels = [];
    for (const [frequency, place] of [...ticks].sort((first, second) => first[1] - second[1])) {
      const top = place * hertz.clientHeight;
      if (top - lowest < TICK_HEIGHT) continue;
      lowest = top;
      labels.push(el("span", { style: `top:${top}px` }, frequency < 1000 ? String(frequency) : `${frequency / 1000} k`));
    }
    hertz.replaceChildren(...labels);
  }

  function drawAxes() {
    drawHertz();
    drawSeconds();
    marks.place();
  }

  const resized = new ResizeObserver(drawAxes);
  resized.observe(stage);
  followHand(stage, on, () => region);

  return {
    element,
    /** @param {SoundNumbers} sound */
    showSound(sound) {
      duration = sound.duration;
      waveform.setAttribute("d", outline(sound.peaks));
      waveformPlayed.setAttribute("d", outline(sound.peaks));
      ticks = sound.ticks;
      drawAxes();
    },
    /** @param {ImageData} image */
    showSpectrogram(image) {
      grey = image;
      waiting.hidden = true;
      drawSpectrogram();
    },
    /** @param {boolean} isDark */
    recolour(isDark) {
      if (dark === isDark) return;
      dark = isDark;
      drawSpectrogram();
    },
    /** @param {number} share */
    showTime(share) {
      stage.style.setProperty("--at", `${share * 100}%`);
    },
    /** @param {Region | null} newRegion @param {boolean} isOn */
    showLoop(newRegion, isOn) {
      region = newRegion;
      loop.hidden = region === null;
      loop.classList.toggle("off", !isOn);
      if (region) Object.assign(loop.style, { left: `${region.start * 100}%`, right: `${(1 - region.end) * 100}%` });
    },
    /** @param {import("./marks.js").Marks | null} found */
    showMarks(found) {
      marks.show(found, duration);
    },
    wait() {
      waiting.hidden = false;
    },
    /** @param {string} text */
    say(text) {
      note.textContent = text;
      if (text) waiting.hidden = true;
    },
    clear() {
      grey = null;
      waiting.hidden = true;
      duration = NaN;
      marks.show(null, duration);
      ticks = [];
      canvas.width = canvas.height = 1;
      for (const path of [waveform, waveformPlayed]) path.removeAttribute("d");
      drawAxes();
    },
    destroy: () => resized.disconnect(),
  };
}

/**
 * Outline of the waveform in a box of width 1 from −1 to 1, stretched so that the loudest moment fills it.
 * @param {SoundNumbers["peaks"]} peaks
 */
function outline(peaks) {
  if (!peaks.length) return "";
  const loudest = Math.max(...peaks.flat().map(Math.abs)) || 1;
  /** @param {number} i */
  const x = (i) => (i / Math.max(1, peaks.length - 1)).toFixed(5);
  const above = peaks.map(([, high], i) => `${x(i)} ${Math.min(-THINNEST_LINE, -high / loudest).toFixed(3)}`);
  const below = peaks.map(([low], i) => `${x(i)} ${Math.max(THINNEST_LINE, -low / loudest).toFixed(3)}`);
  return `M${above.join("L")}L${below.reverse().join("L")}Z`;
}

/**
 * A grey picture in colours: black is silence.
 * @param {ImageData} image
 * @param {Ramp} ramp
 */
function coloured(image, ramp) {
  const table = colourTable(ramp);
  const result = new ImageData(image.width, image.height);
  for (let at = 0; at < image.data.length; at += 4) {
    const [red, green, blue] = table[image.data[at]];
    result.data[at] = red;
    result.data[at + 1] = green;
    result.data[at + 2] = blue;
    result.data[at + 3] = 255;
  }
  return result;
}

/** @param {Ramp} ramp */
function colourTable(ramp) {
  return Array.from({ length: 256 }, (_, level) => {
    const value = level / 255;
    const right = Math.max(1, ramp.findIndex(([stop]) => stop >= value));
    const [[from, fromColour], [to, toColour]] = [ramp[right - 1], ramp[right]];
    const share = (value - from) / (to - from);
    const target = rgb(toColour);
    return rgb(fromColour).map((part, i) => part + share * (target[i] - part));
  });
}

/** @param {number} seconds @param {number} step */
function timeLabel(seconds, step) {
  if (step < 1) return seconds.toFixed(1);
  if (step < 60) return String(Math.round(seconds));
  return `${Math.round(seconds / 60)} min`;
}

/**
 * Click: seek. Drag: mark a loop; on one of its edges: move that; on the playhead's grip: scrub. Double click: unmark.
 * `markedLoop()` is the loop as it is drawn, or null.
 * @param {HTMLElement} stage
 * @param {Hand} on
 * @param {() => Region | null} markedLoop
 */
function followHand(stage, on, markedLoop) {
  /** @type {{x: number, anchor: number, edge: string | undefined, moved: boolean} | null} */
  let drag = null;

  /** @param {MouseEvent} event */
  const shareAt = (event) => {
    const box = stage.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  /** @param {string | undefined} edge @param {MouseEvent} event */
  const anchorOf = (edge, event) => {
    const marked = markedLoop();
    if (marked && edge === "start") return marked.end;
    if (marked && edge === "end") return marked.start;
    return shareAt(event);
  };

  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const { edge } = /** @type {HTMLElement} */ (event.target).dataset;
    drag = { x: event.clientX, anchor: anchorOf(edge, event), edge, moved: false };
    stage.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  stage.addEventListener("pointermove", (event) => {
    if (!drag) return;
    drag.moved ||= Math.abs(event.clientX - drag.x) > CLICK_TOLERANCE;
    if (!drag.moved) return;
    const here = shareAt(event);
    if (drag.edge === "time") on.seek(here);
    else on.loop({ start: Math.min(drag.anchor, here), end: Math.max(drag.anchor, here) });
  });
  stage.addEventListener("pointerup", (event) => {
    if (drag && !drag.moved && !drag.edge) on.seek(shareAt(event));
    if (drag?.moved && drag.edge !== "time") on.loopDone();
    drag = null;
  });
  stage.addEventListener("pointercancel", () => {
    drag = null;
  });
  stage.addEventListener("dblclick", () => on.clearLoop());
}
