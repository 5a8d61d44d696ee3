// The part of the plane that is seen. The zoom is relative to "everything fits", so that it survives a resize.

const MARGIN = 24; // px around the outermost points when everything is seen: room for outlines and badges
const MAX_STRETCH = 2.5; // one axis may be drawn this much larger than the other, to use a wide panel
const ZOOM = [0.5, 400];
const EVERYTHING = "0.5,0.5,1";

/** @typedef {import("./geometry.js").Bounds} Bounds */

/** A view of a box in a window of `width` × `height` px. */
export class Camera {
  constructor() {
    /** @type {Bounds} */
    this.box = { left: 0, right: 0, bottom: 0, top: 0 };
    this.width = this.height = 0;
    this.x = this.y = 0; // middle of what is seen, in data
    this.zoom = 1;
    this.fit();
  }

  /** @param {Bounds} box */
  setBox(box) {
    this.box = box;
    this.fit();
  }

  /** @param {number} width @param {number} height */
  setSize(width, height) {
    this.width = width;
    this.height = height;
  }

  fit() {
    this.x = (this.box.left + this.box.right) / 2;
    this.y = (this.box.bottom + this.box.top) / 2;
    this.zoom = 1;
  }

  /** The part that is seen, as text: middle and zoom as "x,y,zoom", the middle as shares of the box; "" where everything is. */
  get text() {
    const { left, right, bottom, top } = this.box;
    /** @param {number} at @param {number} from @param {number} to */
    const share = (at, from, to) => Number(to > from ? ((at - from) / (to - from)).toFixed(5) : 0.5);
    const text = `${share(this.x, left, right)},${share(this.y, bottom, top)},${Number(this.zoom.toPrecision(5))}`;
    return text === EVERYTHING ? "" : text;
  }

  /**
   * Show the part that a text names.
   * @param {string} text
   */
  show(text) {
    const { left, right, bottom, top } = this.box;
    const [x, y, zoom] = (text || EVERYTHING).split(",").map(Number);
    this.x = left + x * (right - left);
    this.y = bottom + y * (top - bottom);
    this.zoom = Math.min(ZOOM[1], Math.max(ZOOM[0], zoom));
  }

  /**
   * Pixels per unit of data, [x, y].
   * @returns {Point}
   */
  get scale() {
    const across = (this.box.right - this.box.left) || 0;
    const up = (this.box.top - this.box.bottom) || 0;
    let kx = across ? Math.max(1, this.width - 2 * MARGIN) / across : Infinity;
    let ky = up ? Math.max(1, this.height - 2 * MARGIN) / up : Infinity;
    if (kx === Infinity && ky === Infinity) kx = ky = 1;
    kx = Math.min(kx, ky * MAX_STRETCH);
    ky = Math.min(ky, kx * MAX_STRETCH);
    return [kx * this.zoom, ky * this.zoom];
  }

  /** @param {Point} point in data @returns {Point} in px */
  toScreen([x, y]) {
    const [kx, ky] = this.scale;
    return [this.width / 2 + (x - this.x) * kx, this.height / 2 - (y - this.y) * ky];
  }

  /** @param {Point} pixel @returns {Point} in data */
  toData([px, py]) {
    const [kx, ky] = this.scale;
    return [this.x + (px - this.width / 2) / kx, this.y - (py - this.height / 2) / ky];
  }

  /**
   * Move the plane by (dx, dy) px.
   * @param {number} dx
   * @param {number} dy
   */
  pan(dx, dy) {
    const [kx, ky] = this.scale;
    this.x -= dx / kx;
    this.y += dy / ky;
  }

  /**
   * Zoom by a factor and keep what is under `pixel` there.
   * @param {number} factor
   * @param {Point} pixel
   */
  zoomBy(factor, pixel) {
    const before = this.toData(pixel);
    this.zoom = Math.min(ZOOM[1], Math.max(ZOOM[0], this.zoom * factor));
    const after = this.toData(pixel);
    this.x += before[0] - after[0];
    this.y += before[1] - after[1];
  }
}
