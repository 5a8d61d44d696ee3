// The part of the map that is seen: it stays when the map goes and comes back, and is part of the page's layout.

import { setLayout } from "../../web/layout.js";
import { keep } from "../../web/memory.js";
import { MOST_ARRAYS } from "./points.js";

/** @typedef {import("./camera.js").Camera} Camera */

/** @type {Map<string, {x: number, y: number, zoom: number}>} */
const views = new Map(); // by the token of the positions
let taken = 0; // number of the newest view that was opened and whose part of the map is taken over

/** @param {string} token of the positions @param {Camera} camera */
export function showAsBefore(token, camera) {
  if (views.has(token)) Object.assign(camera, views.get(token));
}

/** The part of a view that was opened, once. @param {{turn: number, map: string}} opened @param {Camera} camera */
export function showOpened({ turn, map }, camera) {
  if (turn === taken) return;
  taken = turn;
  camera.show(map);
}

/** @param {string} token @param {Camera} camera */
export function remember(token, camera) {
  const { x, y, zoom } = camera;
  keep(views, token, { x, y, zoom }, MOST_ARRAYS);
  setLayout({ map: camera.text });
}
