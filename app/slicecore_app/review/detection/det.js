// DET curves: false accepts across, false rejects up, on axes of normal deviates; the threshold is marked on each.

import { el, svg } from "../../web/dom.js";

/**
 * @typedef {object} Curve
 * @property {string} name
 * @property {"whole" | "picked"} clips
 * @property {boolean} is_other
 * @property {Point[]} points
 * @property {Point | null} threshold
 * @property {[what: string, value: string, interval: string][]} rows
 *
 * @typedef {{curves: Curve[], ticks: [at: number, text: string][], title: string}} DetView
 */

const SIZE = 300;
const LEFT = 46;
const BOTTOM = 40;
const EDGE = 10;

/** Colour by the clips, dashes by the model. @param {Curve} curve */
const look = ({ clips, is_other }) => `${clips}${is_other ? " other" : ""}`;

/**
 * The curves, and their rates at the threshold as a table.
 * @param {DetView} view
 */
export function detCurves({ curves, ticks, title }) {
  const [low, high] = [ticks[0][0], ticks[ticks.length - 1][0]];
  const scale = (SIZE - LEFT - EDGE) / (high - low);
  /** @param {number} at */
  const across = (at) => LEFT + (at - low) * scale;
  /** @param {number} at */
  const up = (at) => SIZE - LEFT - EDGE + EDGE - (at - low) * scale;
  const foot = up(low);
  const lines = ticks.flatMap(([at, text]) => [
    svg("line", { x1: across(at), x2: across(at), y1: up(high), y2: foot, class: "grid" }),
    svg("line", { x1: across(low), x2: across(high), y1: up(at), y2: up(at), class: "grid" }),
    svg("text", { x: across(at), y: foot + 14, "text-anchor": "middle" }, text.replace(/\s*%$/, "")),
    svg("text", { x: LEFT - 6, y: up(at) + 4, "text-anchor": "end" }, text.replace(/\s*%$/, "")),
  ]);
  const drawn = curves.flatMap((curve) => [
    ...(curve.points.length ? [svg("polyline", { class: `curve ${look(curve)}`, points: curve.points.map(([x, y]) => `${across(x)},${up(y)}`).join(" ") })] : []),
    ...(curve.threshold ? [svg("circle", { class: `at ${look(curve)}`, cx: across(curve.threshold[0]), cy: up(curve.threshold[1]), r: 4.5 })] : []),
  ]);
  const isOfTwo = curves.some((curve) => curve.is_other);
  const name = `DET curve. ${curves.map((curve) => `${curve.name}: ${curve.rows.map(([what, value]) => `${what} ${value}`).join(", ")}`).join(". ")}`;
  const picture = svg(
    "svg",
    { class: "det-plot", width: SIZE, height: foot + BOTTOM - 4, viewBox: `0 0 ${SIZE} ${foot + BOTTOM - 4}`, role: "img", "aria-label": name },
    ...lines,
    svg("line", { x1: across(low), y1: up(low), x2: across(high), y2: up(high), class: "equal" }),
    ...drawn,
    svg("text", { x: (LEFT + SIZE - EDGE) / 2, y: foot + 31, "text-anchor": "middle", class: "axis" }, "false accepts, %"),
    svg("text", { x: -(foot + EDGE) / 2, y: 12, transform: "rotate(-90)", "text-anchor": "middle", class: "axis" }, "false rejects, %"),
  );
  return el(
    "div",
    { class: "det" },
    el("div", { class: "det-head" }, el("h3", {}, "DET curve"), el("span", { class: "key" }, `${title}; dots mark ${isOfTwo ? "them" : "it"}. Dotted: equal error rates`)),
    el("div", { class: "det-body" }, picture, el("div", { class: isOfTwo ? "of-two" : null }, ...curves.map(rates))),
  );
}

/** @param {Curve} curve */
function rates(curve) {
  const { name, rows } = curve;
  const lines = rows.map(([what, value, interval]) => el("tr", {}, el("th", { scope: "row" }, what), el("td", {}, value), el("td", { class: "interval" }, interval)));
  return el("table", { class: "rates" }, el("caption", {}, el("span", { class: `swatch ${look(curve)}`, "aria-hidden": "true" }), name), el("tbody", {}, ...lines));
}
