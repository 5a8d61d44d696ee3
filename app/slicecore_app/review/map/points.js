// The clips of the map that are drawn as points: where each is, how it is marked, and which is near.

import { apiUrl } from "../../web/dom.js";
import { loadOnce } from "../../web/memory.js";
import { rowsInside } from "./geometry.js";
import { FLAGGED, LASSOED, PICKED } from "./renderer.js";

const REACH = 8; // px from a point that still hit it
export const MOST_ARRAYS = 12; // of positions and colours that are remembered, so that a map which comes back is there at once

/**
 * A clip of the map, its place in data, and whether it is picked or in the lasso.
 * @typedef {{row: number, at: Point, isMarked: boolean}} ClipPlace
 */

/** Bytes behind a token. */
export const bytesOf = loadOnce(MOST_ARRAYS, async (token) => {
  const response = await fetch(apiUrl(`published/${token}`));
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.arrayBuffer();
});

/**
 * A byte a point from a bit a point for each mark, which come as base64, "" where no point has the mark.
 * @param {string[]} bits
 * @param {number} count
 */
export function unpack(bits, count) {
  const marks = new Uint8Array(count);
  [FLAGGED, PICKED, LASSOED].forEach((mark, i) => {
    const bytes = atob(bits[i] ?? "");
    if (!bytes) return;
    for (let row = 0; row < count; row++) if (bytes.charCodeAt(row >> 3) & (128 >> (row & 7))) marks[row] |= mark;
  });
  return marks;
}

export class Points {
  xy = /** @type {Float32Array} */ (new Float32Array());
  states = /** @type {Uint8Array} */ (new Uint8Array());
  rows = /** @type {Uint32Array | null} */ (null); // null: all clips of the table, in their order

  /** Number of flagged ones. */
  get flagged() {
    return this.states.reduce((count, state) => count + (state & FLAGGED ? 1 : 0), 0);
  }

  /**
   * Place of a clip; null where it has none.
   * @param {number} row
   * @returns {Point | null}
   */
  placeOf(row) {
    return Number.isFinite(this.xy[2 * row]) ? [this.xy[2 * row], this.xy[2 * row + 1]] : null;
  }

  /**
   * The clip nearest to a pixel and within reach; null if there is none.
   * @param {Point} pixel
   * @param {import("./camera.js").Camera} camera
   * @returns {ClipPlace | null}
   */
  nearest(pixel, camera) {
    const [x, y] = camera.toData(pixel);
    const [kx, ky] = camera.scale;
    let [near, best] = [-1, REACH * REACH];
    for (let i = 0; i < this.states.length; i++) {
      const [dx, dy] = [(this.xy[2 * i] - x) * kx, (this.xy[2 * i + 1] - y) * ky];
      const distance = dx * dx + dy * dy; // NaN, never smaller, for clips without a position
      if (distance <= best) [near, best] = [i, distance];
    }
    if (near < 0) return null;
    const at = /** @type {Point} */ ([this.xy[2 * near], this.xy[2 * near + 1]]);
    return { row: this.rows ? this.rows[near] : near, at, isMarked: (this.states[near] & (PICKED | LASSOED)) > 0 };
  }

  /**
   * Places in `states` of the clips inside a polygon.
   * @param {Point[]} polygon
   */
  inside(polygon) {
    return rowsInside(polygon, this.xy);
  }

  /**
   * The states with these clips, and no others, in the lasso.
   * @param {number[]} held places in `states`
   */
  lassoed(held) {
    const states = this.states.map((state) => state & ~LASSOED);
    for (const at of held) states[at] |= LASSOED;
    return states;
  }
}

/**
 * The clip nearest to a pixel, where clips are no points, by the server; null where there is none, or no server.
 * @param {ReturnType<typeof import("./parts.js").createParts>} parts
 * @param {Point} pixel
 * @param {import("./camera.js").Camera} camera
 * @returns {Promise<ClipPlace | null>}
 */
export function clipAt(parts, pixel, camera) {
  return parts.clipAt(pixel, REACH, camera).catch(() => null);
}
