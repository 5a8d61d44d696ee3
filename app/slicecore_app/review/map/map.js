// The map: every clip a point, every flagged slice an outline with its number. What a pointer does is in
// gestures.js; a double click shows everything.

import { el } from "../../web/dom.js";
import { clipCount } from "../../web/format.js";
import { isAhead, liveComponent } from "../../web/instance.js";
import { onKeys } from "../../web/keys.js";
import { createPanel } from "../../web/panel.js";
import { followReview, pick, review } from "../../web/review.js";
import { watchTheme } from "../../web/theme.js";
import { afterClips } from "../../web/after_clips.js";
import { Camera } from "./camera.js";
import { createColours, COLOURS_STYLE, mapTheme } from "./colours.js";
import { createLayouts } from "./layouts.js";
import { boundsOf } from "./geometry.js";
import { followGestures } from "./gestures.js";
import { createTip, TIP_STYLE } from "./tip.js";
import { createOverlay, OVERLAY_STYLE } from "./overlay.js";
import { createParts, PARTS_STYLE } from "./parts.js";
import { bytesOf, clipAt, Points, unpack } from "./points.js";
import { createRenderer } from "./renderer.js";
import { remember, showAsBefore, showOpened } from "./seen_part.js";
import { createTools, TOOLS_STYLE } from "./tools.js";
import { underPointer } from "./under_pointer.js";

const STYLE = `
${TOOLS_STYLE}
@container (max-width: 399px) {
  .sc-tools .sc-colour { flex: 0 1 auto; min-width: 0; }
  .sc-tools .sc-colour:last-of-type { margin-right: auto; }
}
.sc-scatter .sc-body { display: flex; flex-direction: column; }
.sc-stage { position: relative; flex: 1; min-height: 0; overflow: hidden; touch-action: none; user-select: none; cursor: grab; }
.sc-stage[data-over] { cursor: pointer; }
.sc-stage[data-dragging] { cursor: grabbing; }
.sc-stage canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
${OVERLAY_STYLE}${COLOURS_STYLE}${PARTS_STYLE}${TIP_STYLE}`;

/**
 * @typedef {import("./colours.js").Palette} Palette
 */

/**
 * Data that component.py sends.
 * @typedef {Drawing & import("./colours.js").Header & {
 *   points: string,
 *   steps: string,
 *   count: number,
 *   clips: string,
 *   outlines: import("./overlay.js").Outline[],
 *   pickedSlice: string | null,
 *   playing: number | null,
 *   lassoing: boolean,
 *   opened: {turn: number, map: string},
 *   caption: string,
 *   isComing: boolean,
 *   layouts: import("./layouts.js").Layout[],
 *   layout: string,
 *   marks: [flagged: string, picked: string, lassoed: string] | [],
 *   basis: string[],
 *   parts: {token: string, box: number[], flagged: number, playing_at: Point | null} | null,
 * }} Data
 */

/** @typedef {import("./points.js").ClipPlace} ClipPlace */

/** @param {number[]} box left, right, bottom and top; empty without any clip */
const boxOf = ([left, right, bottom, top]) => (left === undefined ? null : { left, right, bottom, top });

class MapView {
  /** @param {Host} parentElement @param {Send} send */
  constructor(parentElement, send) {
    this.send = send;
    this.panel = createPanel(parentElement, "scatter", STYLE, { hasTabs: true });
    this.root = this.panel.root;
    this.panel.title.textContent = "Map";
    this.camera = new Camera();
    this.points = new Points();
    this.count = this.flagged = 0; // clips of the table, and flagged ones
    this.lassoing = false;
    this.token = "";
    this.basis = /** @type {string[]} */ ([]); // of the page as it is drawn
    this.by = ""; // by what it is coloured
    this.outlines = ""; // as JSON
    this.clips = "";
    this.palette = /** @type {Palette} */ ("drop");
    this.playing = /** @type {number | null} */ (null);
    this.playingAt = /** @type {Point | null} */ (null); // in data
    this.lasso = /** @type {Point[] | null} */ (null); // corners in data coordinates
    this.box = /** @type {import("./geometry.js").Bounds | null} */ (null);
    this.frame = 0; // number of the next frame, in which everything is drawn
    this.canvas = el("canvas", { role: "img" });
    this.parts = createParts({ onPart: (part) => this.takePart(part), onProblem: (error) => this.fail(error) });
    this.overlay = createOverlay((slice) => this.pickSlice(slice));
    this.tip = createTip((clip) => this.play(clip));
    this.under = underPointer({
      isOfPixels: () => this.parts.isOfPixels,
      nearest: (pixel) => this.points.nearest(pixel, this.camera),
      ask: (pixel) => clipAt(this.parts, pixel, this.camera),
      onClip: (clip, pixel, delay) => this.pointAt(clip, pixel, delay),
    });
    this.stage = el("div", { class: "sc-stage" }, this.overlay.below, this.parts.layer, this.canvas, this.overlay.above, this.tip.element);
    this.colours = createColours({
      shade: this.parts.shade,
      colour: (by) => this.send({ kind: "colour", by }, { replaces: "colour" }),
      pickGroup: (index) => pick({}, { kind: "group", index, by: this.by, basis: this.basis }, this.send),
    });
    this.layouts = createLayouts((by) => this.send({ kind: "layout", by }, { replaces: "layout" }));
    this.panel.body.prepend(this.stage, this.colours.legend);
    this.tools = createTools(this.stage, { endLasso: () => this.endLasso(), fit: () => this.fit() });
    /** @type {ReturnType<typeof createRenderer>} */
    this.renderer = null; // there once `starting` is done; nothing is drawn before
    this.isGone = false;
    this.unfollow = followReview(({ slice }) => this.mark(slice));
    this.starting = this.start();
  }

  /** WebGL, and all that needs it. */
  async start() {
    await afterClips();
    if (this.isGone) return;
    const renderer = createRenderer(this.canvas, () => this.draw());
    if (!renderer) {
      this.stage.hidden = true;
      this.panel.say("The map needs WebGL 2, which this browser does not offer. Everything else works without it.");
      return;
    }
    this.renderer = renderer;
    this.panel.tools.append(this.layouts.choice, this.colours.choice, ...this.tools.buttons);
    this.tools.choose("pan");
    this.listen();
    watchTheme(this.root, () => {
      this.recolour();
      this.draw();
    });
  }

  recolour() {
    const theme = mapTheme(this.root, this.palette);
    this.renderer?.setTheme(theme);
    this.parts.paint(theme, this.lassoing);
  }

  listen() {
    this.gestures = followGestures(this.stage, {
      isLasso: (event) => event.shiftKey !== (this.tools.tool() === "lasso"),
      begin: () => this.tip.point(null),
      click: (pixel, badge) => this.click(pixel, badge),
      pan: (dx, dy) => this.camera.pan(dx, dy),
      zoom: (factor, pixel) => this.camera.zoomBy(factor, pixel),
      lasso: (path) => this.select(path.map((corner) => this.camera.toData(corner))),
      hover: (pixel) => this.under.hover(pixel),
      leave: () => this.leave(),
      draw: () => this.requestDraw(),
    });
    this.stage.addEventListener("dblclick", () => this.fit());
    // Out of sight, while the clusters are shown alone, nothing is cleared.
    this.stopKeys = onKeys({ Escape: () => this.lasso && this.tools.clear.checkVisibility() && this.endLasso() });
    this.resizing = new ResizeObserver(() => {
      this.camera.setSize(this.stage.clientWidth, this.stage.clientHeight);
      this.draw(); // at once: a resized canvas is empty
    });
    this.resizing.observe(this.stage);
  }

  /** @param {Data} header */
  async update(header) {
    const marks = unpack(header.marks, header.parts ? 0 : header.count);
    this.panel.caption.textContent = this.panel.caption.title = header.caption;
    await this.starting;
    if (!this.renderer) return header.seq;
    let states = new Uint8Array();
    try {
      if (header.parts) this.takeBox(header.points, boxOf(header.parts.box));
      else {
        const [steps] = await Promise.all([bytesOf(header.steps), this.takePoints(header.points, header.count)]);
        states = new Uint8Array(steps).map((step, row) => step | marks[row]);
      }
    } catch (error) {
      this.fail(/** @type {Error} */ (error));
      return header.seq;
    }
    showOpened(header.opened, this.camera);
    this.palette = header.palette;
    this.lassoing = header.lassoing;
    await this.parts.show(header.parts?.token ?? "", this.camera);
    this.colours.show(header);
    this.layouts.show(header.layouts, header.layout);
    this.clips = header.clips;
    this.basis = header.basis;
    this.by = header.colour;
    if (!header.parts) this.setStates(states);
    this.recolour();
    this.count = header.count;
    this.flagged = header.parts?.flagged ?? this.points.flagged;
    this.playing = header.playing;
    this.playingAt = header.parts?.playing_at ?? null;
    this.setLasso(header.lassoing ? (this.lasso ?? []) : null);
    const outlines = JSON.stringify(header.outlines);
    if (outlines !== this.outlines) this.overlay.setOutlines(header.outlines);
    this.outlines = outlines;
    this.mark(isAhead(header, "pick") ? review().slice : header.pickedSlice);
    this.describe(new Set(header.outlines.map(({ slice }) => slice)).size, header.isComing);
    this.draw();
    return header.seq;
  }

  /** @param {Error} error */
  fail(error) {
    this.panel.say(`The positions of the clips could not be loaded (${error.message}). Reload the page.`);
  }

  /** @param {string} token @param {number} count */
  async takePoints(token, count) {
    const xy = new Float32Array(await bytesOf(token));
    if (xy.length !== 2 * count) throw new Error(`${xy.length / 2} positions for ${count} clips`);
    this.takeBox(token, boundsOf(xy), () => this.setPoints(xy, null));
  }

  /**
   * Show these places, from the first view of them on; `onNew` is called where they are others than before.
   * @param {string} token
   * @param {import("./geometry.js").Bounds | null} box
   */
  takeBox(token, box, onNew = () => this.setPoints(new Float32Array(), new Uint32Array())) {
    this.panel.say("");
    if (token === this.token) return;
    this.token = token;
    this.lasso = null;
    this.tip.point(null); // other clips lie under the pointer now
    onNew();
    this.box = box;
    if (this.box) this.camera.setBox(this.box);
    showAsBefore(token, this.camera);
  }

  /** @param {import("./parts.js").Part} part */
  takePart({ points }) {
    this.setPoints(points?.xy ?? new Float32Array(), points?.rows ?? new Uint32Array());
    this.setStates(points?.states ?? new Uint8Array());
    this.recolour();
    this.root.dataset.drawn = points ? "points" : "pixels";
    this.panel.say("");
    this.requestDraw();
  }

  /** @param {Float32Array} xy @param {Uint32Array | null} rows */
  setPoints(xy, rows) {
    Object.assign(this.points, { xy, rows });
    this.renderer?.setPoints(xy);
  }

  /** @param {Uint8Array} states */
  setStates(states) {
    this.points.states = states;
    this.renderer?.setStates(states);
  }

  /** @param {number} slices @param {boolean} isComing */
  describe(slices, isComing) {
    if (!this.box) this.panel.say(isComing ? "The map is being laid out …" : "No clip has a position on the map.");
    this.canvas.setAttribute("aria-label", `Map of ${this.count} clips; ${this.flagged} of them are flagged, in ${slices} slices`);
  }

  /** @param {string | null} slice */
  mark(slice) {
    this.overlay.setPicked(slice);
    this.root.dataset.picked = slice ?? "";
  }

  // --- picking ---

  /** @param {string} slice */
  pickSlice(slice) {
    pick({ slice }, { kind: "slice", slice }, this.send);
  }

  /**
   * A clip of what is picked only plays.
   * @param {ClipPlace} clip
   */
  pickClip({ row, isMarked }) {
    if (isMarked) this.send({ kind: "clip", row }, { topic: "clip", replaces: "clip" });
    else pick({}, { kind: "clip", row, basis: this.basis }, this.send);
  }

  /** @param {Point} pixel @param {string} [badge] */
  async click(pixel, badge) {
    if (badge) return this.pickSlice(badge);
    const clip = this.parts.isOfPixels ? await clipAt(this.parts, pixel, this.camera) : this.points.nearest(pixel, this.camera);
    if (clip) return this.pickClip(clip);
    const slice = this.overlay.sliceAt(pixel);
    if (slice) this.pickSlice(slice);
  }

  /**
   * @param {ClipPlace | null} clip under the pointer
   * @param {Point} pixel where that is
   * @param {number} delay ms before it is described
   */
  pointAt(clip, pixel, delay) {
    this.stage.toggleAttribute("data-over", clip !== null || this.overlay.sliceAt(pixel) !== null);
    const target = clip && this.clips ? { path: `clip/${this.clips}/${clip.row}`, at: this.camera.toScreen(clip.at), size: this.camera } : null;
    this.tip.point(target, delay);
  }

  leave() {
    this.under.leave();
    this.tip.point(null);
  }

  /**
   * Play a clip in the player of the page, which tells Python; the pick stays.
   * @param {Clip} clip
   */
  play(clip) {
    document.dispatchEvent(new CustomEvent("slicecore:pick", { detail: clip, cancelable: true }));
    this.playing = clip.row;
    if (this.under.clip?.row === clip.row) this.playingAt = this.under.clip.at;
    this.requestDraw();
  }

  // --- lasso ---

  /** @param {Point[]} polygon */
  select(polygon) {
    const held = this.points.inside(polygon);
    if (this.points.rows === null && held.length === 0) return;
    this.setLasso(polygon);
    if (!this.parts.isOfPixels) {
      this.panel.caption.textContent = clipCount(held.length);
      this.markLassoed(held);
    }
    const lasso = { kind: "lasso", corners: polygon, points: this.token };
    pick({}, this.points.rows === null ? { kind: "lasso", rows: held } : lasso, this.send, lasso);
  }

  endLasso() {
    this.setLasso(null);
    this.panel.caption.textContent = this.panel.caption.title;
    this.markLassoed([]);
    pick(null, { kind: "lasso", rows: [] }, this.send);
  }

  /** @param {Point[] | null} polygon */
  setLasso(polygon) {
    this.lasso = polygon;
    this.tools.clear.hidden = polygon === null;
  }

  /** @param {number[]} held places in `states` */
  markLassoed(held) {
    this.setStates(this.points.lassoed(held));
    this.requestDraw();
  }

  // --- drawing ---

  fit() {
    this.camera.fit();
    this.requestDraw();
  }

  requestDraw() {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    if (this.frame) cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.camera.width || !this.camera.height) return; // not shown now; a resize follows when it is
    this.parts.follow(this.camera);
    this.parts.draw(this.camera);
    this.renderer?.draw(this.camera);
    const drawn = this.gestures?.lassoSoFar() ?? null;
    const lassoPath = this.lasso?.length ? this.lasso.map((corner) => this.camera.toScreen(corner)) : null;
    const playingAt = this.placeOfPlaying();
    this.overlay.draw(this.camera, drawn ?? lassoPath, playingAt && this.camera.toScreen(playingAt));
    const { x, y, zoom } = this.camera;
    if (this.token) remember(this.token, this.camera);
    this.root.dataset.view = JSON.stringify({ x, y, zoom, scale: this.camera.scale });
  }

  /** Place of the clip that plays, in data; null where it has none. */
  placeOfPlaying() {
    const row = this.playing;
    return row === null || this.points.rows ? this.playingAt : this.points.placeOf(row);
  }

  destroy() {
    this.isGone = true;
    this.under.destroy();
    this.parts.destroy();
    if (this.frame) cancelAnimationFrame(this.frame);
    this.resizing?.disconnect();
    this.unfollow();
    this.stopKeys?.();
    this.renderer?.destroy();
    this.tip.destroy();
    this.panel.remove();
  }
}

export default liveComponent((parentElement, send) => new MapView(parentElement, send));
