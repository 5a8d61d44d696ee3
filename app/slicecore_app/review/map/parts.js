// The part of the map that is seen, where there are more clips than are drawn one by one: the server counts the clips of
// every pixel, or hands over those that are there where they are few.

import { rgb } from "../../web/colour.js";
import { apiUrl, el } from "../../web/dom.js";
import { clipCount } from "../../web/format.js";

const MARGIN = 0.2; // of the window that is asked for beyond each of its sides, so that a small move shows no edge
const REST = 120; // ms after a move before the next part is asked for
const MOST_SIDE = 4096; // pixels
const HEAD = 6; // numbers before the content of an answer; server/drawn_maps.py describes it
const PIXELS = 0;
const [FAINTEST, DEEPEST] = [0.75, 0.55]; // opacity of a pixel with one clip; how far one with most is mixed with ink
const BESIDE = 0.5; // opacity of a pixel without marked clips where others have some, as a share

export const PARTS_STYLE = `
.sc-colour-legend .sc-shade i { width: 90px; height: 8px; border-radius: 2px;
  background: linear-gradient(90deg, color-mix(in srgb, var(--sc-grey-dot) 60%, transparent), color-mix(in srgb, var(--sc-outline) 60%, var(--sc-grey-dot))); }
.sc-shade b { font-weight: 400; }
`;

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {ReturnType<typeof import("./colours.js").mapTheme>} Theme
 */

/**
 * An answer: pixels (`shade`, `steps`, `marked`, a byte each, rows from the top down) or clips (`rows`, `xy`, `states`).
 * @typedef {object} Part
 * @property {string} token
 * @property {import("./geometry.js").Bounds} box
 * @property {Point} scale pixels per unit of data
 * @property {number} clips
 * @property {number} most clips of a pixel
 * @property {boolean} hasMarks
 * @property {{width: number, height: number, shade: Uint8Array, steps: Uint8Array, marked: Uint8Array} | null} pixels
 * @property {{rows: Uint32Array, xy: Float32Array, states: Uint8Array} | null} points
 */

/**
 * @param {ArrayBuffer} bytes
 * @returns {Pick<Part, "clips" | "most" | "hasMarks" | "pixels" | "points">}
 */
export function readPart(bytes) {
  const [kind, width, height, clips, most, hasMarks] = new Uint32Array(bytes, 0, HEAD);
  const from = 4 * HEAD;
  const known = { clips, most, hasMarks: hasMarks > 0 };
  if (kind === PIXELS) {
    const [shade, steps, marked] = [0, 1, 2].map((at) => new Uint8Array(bytes, from + at * width * height, width * height));
    return { ...known, pixels: { width, height, shade, steps, marked }, points: null };
  }
  const rows = new Uint32Array(bytes, from, clips);
  const xy = new Float32Array(bytes, from + 4 * clips, 2 * clips);
  return { ...known, pixels: null, points: { rows, xy, states: new Uint8Array(bytes, from + 12 * clips, clips) } };
}

/**
 * The part that is asked for: what the camera sees, and a margin.
 * @param {Camera} camera
 */
export function around(camera) {
  const [kx, ky] = camera.scale;
  const [width, height] = [camera.width, camera.height].map((side) => Math.min(MOST_SIDE, Math.ceil(side * (1 + 2 * MARGIN))));
  const [across, up] = [width / 2 / kx, height / 2 / ky];
  return { left: camera.x - across, right: camera.x + across, bottom: camera.y - up, top: camera.y + up, width, height };
}

/**
 * Whether a part shows all that the camera sees, as finely: pixels are of one zoom, clips serve closer ones too.
 * @param {Part} part
 * @param {Camera} camera
 */
export function serves({ box, scale, points }, camera) {
  const [left, top] = camera.toData([0, 0]);
  const [right, bottom] = camera.toData([camera.width, camera.height]);
  if (left < box.left || right > box.right || bottom < box.bottom || top > box.top) return false;
  return Boolean(points) || camera.scale.every((now, axis) => Math.abs(now / scale[axis] - 1) < 1e-6);
}

/**
 * Red, green, blue and opacity of every pixel: the colour of its clips, the more of them the closer to ink.
 * @param {NonNullable<Part["pixels"]>} pixels
 * @param {{steps: string[], grey: string, ink: string}} colours `grey` is that of what a lasso does not hold
 * @param {{hasMarks: boolean, lassoing: boolean}} marks
 */
export function paint({ shade, steps, marked }, { steps: colours, grey, ink }, { hasMarks, lassoing }) {
  const [channels, others, dark] = [colours.map(rgb), rgb(grey), rgb(ink)];
  const image = new Uint8ClampedArray(4 * shade.length);
  for (let i = 0; i < shade.length; i++) {
    if (!shade[i]) continue;
    const [isBeside, depth] = [hasMarks && !marked[i], shade[i] / 255];
    const colour = isBeside && lassoing ? others : channels[steps[i]];
    for (let channel = 0; channel < 3; channel++) image[4 * i + channel] = colour[channel] + (dark[channel] - colour[channel]) * DEEPEST * depth;
    image[4 * i + 3] = 255 * (FAINTEST + (1 - FAINTEST) * depth) * (isBeside ? BESIDE : 1);
  }
  return image;
}

/**
 * The parts of a map. `onPart` is called when another one is there, which `draw` shows where it is one of pixels.
 * @param {{onPart: (part: Part) => void, onProblem: (error: Error) => void}} on
 */
export function createParts({ onPart, onProblem }) {
  const canvas = el("canvas", { "aria-hidden": "true" });
  const layer = el("div"); // holds the canvas where there is something to draw on it
  const image = el("canvas");
  const shade = el("span", { class: "sc-shade", hidden: true });
  let token = "";
  /** @type {Part | null} */
  let part = null;
  let asked = ""; // address of the newest answer or question
  let timer = 0;

  /** @param {Camera} camera */
  function question(camera) {
    const box = around(camera);
    const query = new URLSearchParams(Object.entries(box).map(([name, value]) => [name, String(value)]));
    return { address: `map/${token}/part?${query}`, of: token, box, scale: camera.scale };
  }

  /** @param {ReturnType<typeof question>} question */
  async function ask({ address, of, box, scale }) {
    asked = address;
    try {
      const response = await fetch(apiUrl(address));
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const answer = readPart(await response.arrayBuffer());
      if (address !== asked) return; // another one is asked for by now
      part = { ...answer, token: of, box, scale };
      tell(part);
      onPart(part);
    } catch (error) {
      if (address === asked) onProblem(/** @type {Error} */ (error));
    }
  }

  /** @param {Part} part */
  function tell({ pixels, most }) {
    const ramp = el("i");
    shade.replaceChildren(...(pixels ? [el("b", {}, "1"), ramp, el("b", {}, `${clipCount(most)} per pixel`)] : [el("b", {}, "a point per clip")]));
    shade.title = pixels ? "Shade: clips per pixel, on a logarithmic scale. Closer up, clips are points." : "";
  }

  return {
    layer,
    shade,
    /**
     * Another map, "" for one whose clips are all drawn one by one. Resolves when what the camera sees of it is there.
     * @param {string} wanted
     * @param {Camera} camera
     */
    async show(wanted, camera) {
      const isNew = wanted !== token;
      token = wanted;
      shade.hidden = !token;
      layer.replaceChildren(...(token ? [canvas] : []));
      if (!token) part = null;
      else if (camera.width && camera.height && (isNew || !part)) await ask(question(camera));
    },
    /**
     * Ask for another part, soon, where the newest one does not show what is seen.
     * @param {Camera} camera
     */
    follow(camera) {
      clearTimeout(timer);
      if (!token || (part && part.token === token && serves(part, camera))) return;
      const next = question(camera);
      if (next.address !== asked) timer = setTimeout(() => ask(next), part ? REST : 0);
    },
    /**
     * @param {Theme} theme
     * @param {boolean} lassoing
     */
    paint(theme, lassoing) {
      if (!part?.pixels) return;
      const { width, height } = part.pixels;
      Object.assign(image, { width, height });
      const painted = paint(part.pixels, { steps: theme.steps, grey: theme.greyDot, ink: theme.outline }, { hasMarks: part.hasMarks, lassoing });
      image.getContext("2d")?.putImageData(new ImageData(painted, width, height), 0, 0);
    },
    /** @param {Camera} camera */
    draw(camera) {
      if (!token) return;
      const ratio = window.devicePixelRatio || 1;
      const [width, height] = [Math.round(camera.width * ratio), Math.round(camera.height * ratio)];
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      const context = canvas.getContext("2d");
      context?.clearRect(0, 0, width, height);
      if (!context || !part?.pixels) return;
      const [left, top] = camera.toScreen([part.box.left, part.box.top]);
      const [right, bottom] = camera.toScreen([part.box.right, part.box.bottom]);
      context.drawImage(image, left * ratio, top * ratio, (right - left) * ratio, (bottom - top) * ratio);
    },
    /** True while clips that are seen have no points. */
    get isOfPixels() {
      return Boolean(part?.pixels);
    },
    /**
     * The clip within reach of a pixel, by the server; null without one.
     * @param {Point} pixel
     * @param {number} reach px
     * @param {Camera} camera
     * @returns {Promise<{row: number, at: Point, isMarked: boolean} | null>}
     */
    async clipAt(pixel, reach, camera) {
      const [x, y] = camera.toData(pixel);
      const [kx, ky] = camera.scale;
      const response = await fetch(apiUrl(`map/${token}/clip?x=${x}&y=${y}&across=${reach / kx}&up=${reach / ky}`));
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const clip = await response.json();
      return clip.row === null ? null : clip;
    },
    destroy() {
      clearTimeout(timer);
      asked = "";
    },
  };
}
