// Marks around the points, as SVG: outlines of the slices below them, numbered badges, the lasso and the mark of the
// clip that plays above.

import { keepFocus, svg } from "../../web/dom.js";
import { distanceTo, paddedPath, smoothPath } from "./geometry.js";

const PAD = 8; // px between the outermost points and their outline
const BADGE = 18;

const STEPS = [-4, -3, -2, -1, 0, 1, 2, 3, 4];
/** @type {Point[]} */
const NEAR = STEPS.flatMap((x) => STEPS.map((y) => /** @type {Point} */ ([14 * x, 10 * y]))).sort((a, b) => Math.hypot(...a) - Math.hypot(...b)); // px

export const OVERLAY_STYLE = `
.sc-layer { position: absolute; inset: 0; width: 100%; height: 100%; display: block; pointer-events: none; }
.sc-hull { fill: none; stroke: var(--sc-ink2); stroke-width: 1.2; transition: stroke 120ms ease-out; }
.sc-possible { stroke-dasharray: 5 3; }
.sc-hull[data-picked] {
  fill: var(--sc-accent); fill-opacity: .08; stroke: var(--sc-accent); stroke-width: 2;
}
.sc-badge { pointer-events: auto; cursor: pointer; }
.sc-badge rect { fill: var(--sc-outline); stroke: var(--sc-panel); stroke-width: 1.5; }
.sc-badge text { fill: var(--sc-panel); font-size: 12.5px; font-weight: 700; text-anchor: middle; }
.sc-badge[data-picked] rect { fill: var(--sc-accent); }
.sc-badge[data-picked] text { fill: var(--sc-accent-ink); }
.sc-lasso {
  fill: var(--sc-accent); fill-opacity: .07; stroke: var(--sc-accent); stroke-width: 1.75;
  stroke-dasharray: 1 4; stroke-linecap: round;
}
.sc-playing { fill: none; stroke: var(--sc-panel); stroke-width: 5; }
.sc-playing + .sc-playing { stroke: var(--sc-ink); stroke-width: 1.75; }
@media (prefers-reduced-motion: reduce) { .sc-hull { transition: none; } }
`;

const CROSSHAIR = "M6.5,0A6.5,6.5 0 1 1 -6.5,0A6.5,6.5 0 1 1 6.5,0ZM0,-11V-6.5M0,11V6.5M-11,0H-6.5M11,0H6.5";

/**
 * @typedef {import("./camera.js").Camera} Camera
 */

/**
 * The outline of a slice as component.py sends it.
 * @typedef {{slice: string, number: number, label: string, hull: Point[], possible: boolean}} Outline
 */

/**
 * The same as it is drawn: corners in data and in px, and half the width of the badge in px.
 * @typedef {object} Group
 * @property {string} slice
 * @property {Point[]} corners
 * @property {Point[]} screen
 * @property {SVGElement} hull
 * @property {SVGElement} badge
 * @property {number} halfWidth
 */

/**
 * The place of a badge.
 * @typedef {{x: number, y: number, halfWidth: number}} Taken
 */

/**
 * The two layers; `onPick` is called when a badge is pressed by key or by assistive technology.
 * @param {(slice: string) => void} onPick
 */
export function createOverlay(onPick) {
  const below = svg("svg", { class: "sc-layer", "aria-hidden": "true" });
  const badges = svg("g");
  const lasso = svg("path", { class: "sc-lasso" });
  const crosshair = () => svg("path", { class: "sc-playing", d: CROSSHAIR });
  const playing = svg("g", {}, crosshair(), crosshair()); // the first is a halo
  const above = svg("svg", { class: "sc-layer" }, lasso, playing, badges);
  /** @type {Group[]} */
  let groups = []; // one per outline

  /** @param {Outline[]} outlines */
  function setOutlines(outlines) {
    groups = outlines.map(({ slice, number, label, hull, possible }) => {
      const halfWidth = number > 9 ? 12 : BADGE / 2;
      const badge = svg(
        "g",
        {
          class: "sc-badge",
          role: "button",
          tabindex: 0,
          "aria-label": `Slice ${number}${label ? `, ${label}` : ""}`,
          "data-slice": slice,
          onmousedown: keepFocus,
          onclick: (event) => event.detail === 0 && onPick(slice), // presses of the mouse are the stage's
          onkeydown: (event) => {
            if (event.key !== "Enter" && event.key !== " ") return;
            event.preventDefault();
            onPick(slice);
          },
        },
        svg("rect", { x: -halfWidth, y: -BADGE / 2, width: 2 * halfWidth, height: BADGE, rx: 4 }),
        svg("text", { y: 4.3 }, String(number)),
      );
      const line = svg("path", { class: possible ? "sc-hull sc-possible" : "sc-hull", "data-slice": slice });
      return { slice, corners: hull.toReversed(), screen: [], hull: line, badge, halfWidth };
    });
    below.replaceChildren(...groups.map((group) => group.hull));
    badges.replaceChildren(...groups.map((group) => group.badge));
  }

  /** @param {string | null} slice */
  function setPicked(slice) {
    for (const group of groups) {
      const picked = group.slice === slice;
      group.hull.toggleAttribute("data-picked", picked);
      group.badge.toggleAttribute("data-picked", picked);
      group.badge.setAttribute("aria-pressed", String(picked));
      if (picked) badges.append(group.badge); // on top
    }
  }

  /**
   * Place everything; `lassoPath` and `playingAt` in px, each null where there is none.
   * @param {Camera} camera
   * @param {Point[] | null} lassoPath
   * @param {Point | null} playingAt
   */
  function draw(camera, lassoPath, playingAt) {
    /** @type {Taken[]} */
    const taken = [];
    for (const group of groups) {
      group.screen = group.corners.map((corner) => camera.toScreen(corner));
      group.hull.setAttribute("d", paddedPath(group.screen, PAD));
      const place = badgePlace(group, camera, taken);
      group.badge.style.display = place ? "" : "none";
      if (!place) continue;
      taken.push({ x: place[0], y: place[1], halfWidth: group.halfWidth });
      group.badge.setAttribute("transform", `translate(${place[0].toFixed(1)},${place[1].toFixed(1)})`);
    }
    lasso.setAttribute("d", lassoPath ? smoothPath(lassoPath) : "");
    playing.style.display = playingAt ? "" : "none";
    if (playingAt) playing.setAttribute("transform", `translate(${playingAt[0].toFixed(1)},${playingAt[1].toFixed(1)})`);
  }

  /**
   * Slice whose outline holds a pixel; of several the smallest, which the others would otherwise hide.
   * @param {Point} pixel
   */
  function sliceAt([x, y]) {
    /** @param {Group} group */
    const size = ({ screen }) => {
      const xs = screen.map((p) => p[0]);
      const ys = screen.map((p) => p[1]);
      return (Math.max(...xs) - Math.min(...xs) + PAD) * (Math.max(...ys) - Math.min(...ys) + PAD);
    };
    const hit = groups.filter((group) => group.screen.length && distanceTo(group.screen, x, y) <= PAD);
    return hit.sort((a, b) => size(a) - size(b))[0]?.slice ?? null;
  }

  return { below, above, setOutlines, setPicked, draw, sliceAt };
}

/**
 * Place of a badge: on top of its outline, or on another side or near by where no badge is yet. Null if out of sight.
 * @param {Group} group
 * @param {Camera} camera
 * @param {Taken[]} taken
 */
function badgePlace({ screen, halfWidth }, camera, taken) {
  /** @param {(point: Point, best: Point) => boolean} better */
  const extreme = (better) => screen.reduce((best, point) => (better(point, best) ? point : best), screen[0]);
  if (!screen.length) return null;
  const [top, bottom] = [extreme((a, b) => a[1] < b[1]), extreme((a, b) => a[1] > b[1])];
  const [left, right] = [extreme((a, b) => a[0] < b[0]), extreme((a, b) => a[0] > b[0])];
  if (right[0] < -PAD || left[0] > camera.width + PAD || bottom[1] < -PAD || top[1] > camera.height + PAD) return null;
  /** @param {Point} place @returns {Point} */
  const inside = ([x, y]) => [
    Math.min(camera.width - halfWidth - 1, Math.max(halfWidth + 1, x)),
    Math.min(camera.height - BADGE / 2 - 1, Math.max(BADGE / 2 + 1, y)),
  ];
  /** @param {Point} place */
  const free = ([x, y]) =>
    taken.every((other) => Math.abs(other.x - x) > other.halfWidth + halfWidth || Math.abs(other.y - y) > BADGE);
  /** @type {Point[]} */
  const places = [
    [top[0], top[1] - PAD - 4],
    [right[0] + PAD, right[1]],
    [left[0] - PAD, left[1]],
    [bottom[0], bottom[1] + PAD + 4],
  ];
  /** @type {Point[]} */
  const further = NEAR.map(([x, y]) => [places[0][0] + x, places[0][1] + y]);
  return [...places, ...further].map(inside).find(free) ?? inside(places[0]);
}
