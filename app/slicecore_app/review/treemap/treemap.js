// The clusters as a treemap. A click picks, a double click goes into a cluster, the path in the header leads back.

import { el, keepFocus } from "../../web/dom.js";
import { clipCount } from "../../web/format.js";
import { isAhead, liveComponent } from "../../web/instance.js";
import { ONE_PLACE, setLayout } from "../../web/layout.js";
import { keep } from "../../web/memory.js";
import { createPanel } from "../../web/panel.js";
import { followReview, pick, review } from "../../web/review.js";
import { dropScale, readTheme, watchTheme } from "../../web/theme.js";
import { tilePlaces } from "./layout.js";
import { createOverlay, OVERLAY_STYLE } from "./overlay.js";
import { createTiles, TILES_STYLE } from "./tiles.js";
import { makeTree, NOTHING } from "./tree.js";

const CRUMBS = 3; // clusters named in the header, the whole included
const MARGIN = 6; // px around the tiles
const MOST_LEVELS = 12; // trees whose open cluster is remembered

const STYLE = `
.sc-treemap .sc-stage { position: absolute; inset: ${MARGIN}px; cursor: pointer; user-select: none; }
.sc-treemap .sc-crumbs { display: flex; align-items: center; gap: 4px; min-width: 0; color: var(--sc-ink3); }
.sc-treemap .sc-crumbs button {
  font: inherit; color: var(--sc-accent); background: none; border: 0; border-radius: 4px; padding: 1px 3px;
  cursor: pointer; white-space: nowrap;
}
.sc-treemap .sc-crumbs button:hover { background: var(--sc-sunken); }
.sc-treemap .sc-crumbs b { font-weight: 500; color: var(--sc-ink); overflow: hidden; text-overflow: ellipsis; }
.sc-treemap .sc-legend {
  display: flex; align-items: center; gap: 6px; margin-right: 4px; font-size: 12px; line-height: 14px;
  color: var(--sc-ink2);
}
.sc-treemap .sc-legend i { position: relative; width: 92px; height: 8px; border-radius: 2px; }
.sc-treemap .sc-legend i::before {
  content: ""; position: absolute; left: var(--zero); top: 0; bottom: 0; width: 1px; background: var(--sc-ink);
}
.sc-treemap .sc-tip {
  position: absolute; z-index: 2; pointer-events: none; padding: 4px 8px; border-radius: 6px; white-space: nowrap;
  font-size: 12.5px; line-height: 17px; color: var(--sc-ink); background: var(--sc-panel);
  border: 1px solid var(--sc-line2); box-shadow: 0 2px 8px rgb(20 26 40 / .14);
}
.sc-treemap .sc-tip[hidden] { display: none; }
.sc-treemap .sc-tip b { font-weight: 600; }
@media ${ONE_PLACE} { .sc-treemap .sc-caption:not(:has(.sc-crumbs)) { visibility: hidden; } }
${TILES_STYLE}${OVERLAY_STYLE}`;

/**
 * @typedef {import("./overlay.js").Picked} Picked
 * @typedef {import("./tree.js").Cluster} Cluster
 */

/**
 * Data that component.py sends.
 * @typedef {Drawing & {
 *   tiles: import("./tree.js").Packed,
 *   pickedSlice: string | null,
 *   pickedCluster: string | null,
 *   caption: string,
 *   embedding: string,
 *   basis: string[],
 *   legend: [string, string],
 *   opened: {turn: number, level: string},
 * }} Data
 */

/** @type {Map<string | null, string | null>} */
const levels = new Map(); // key of the whole -> the open cluster, so that it stays when the treemap goes and comes back
let taken = 0; // number of the newest view that was opened and whose open cluster is taken over

class TreemapView {
  /** @param {Host} parentElement @param {Send} send */
  constructor(parentElement, send) {
    this.send = send;
    this.panel = createPanel(parentElement, "treemap", STYLE, { hasTabs: true });
    this.root = this.panel.root;
    this.panel.title.textContent = "Clusters";
    this.tree = makeTree(NOTHING);
    /** @type {Picked} */
    this.picked = { slice: null, cluster: null };
    /** @type {string | null} */
    this.shownPick = null; // slice that was brought into sight when it was picked
    /** @type {string | null} */
    this.level = null; // key of the cluster that fills the map
    /** @type {Map<string, Box>} */
    this.places = new Map();
    this.caption = "";
    this.embedding = "";
    this.basis = /** @type {string[]} */ ([]); // of the page as it is drawn
    this.tiles = createTiles();
    this.overlay = createOverlay((slice) => this.pickSlice(slice));
    this.tip = el("div", { class: "sc-tip", hidden: true });
    this.stage = el("div", { class: "sc-stage", role: "group" }, this.tiles.element, this.overlay.layer);
    this.panel.body.prepend(this.stage, this.tip);
    this.ramp = el("i");
    this.ends = [el("span"), el("span")];
    this.panel.tools.append(el("div", { class: "sc-legend" }, this.ends[0], this.ramp, this.ends[1]));
    this.listen();
    this.unfollow = followReview((now) => this.mark(this.inTree(now)));
  }

  listen() {
    const { element, keyAt } = this.tiles;
    element.addEventListener("click", (event) => this.click(keyAt(event), event));
    element.addEventListener("dblclick", (event) => this.goInto(keyAt(event)));
    element.addEventListener("pointermove", (event) => this.hover(keyAt(event), event));
    element.addEventListener("pointerleave", () => this.leave());
    this.resizing = new ResizeObserver(() => this.draw());
    this.resizing.observe(this.stage);
    this.stopTheme = watchTheme(this.root, () => this.draw());
    document.fonts.ready.then(() => this.drawOverlay()); // labels are measured in the page's font
  }

  /** @param {Data} data */
  update(data) {
    this.caption = data.caption;
    this.embedding = data.embedding;
    this.basis = data.basis;
    [this.ends[0].textContent, this.ends[1].textContent] = data.legend;
    this.tree = makeTree(data.tiles);
    const [all, flagged] = [this.tree.nodes.size, this.tree.flagged.length];
    this.stage.setAttribute("aria-label", `Treemap of ${all} clusters; ${flagged} are flagged`);
    const sent = { slice: data.pickedSlice, cluster: data.pickedCluster };
    this.picked = isAhead(data, "pick") ? this.inTree(review()) : sent;
    this.root.dataset.picked = this.picked.slice ?? this.picked.cluster ?? "";
    if (data.opened.turn !== taken) this.take(data);
    this.level = this.levelFor(this.picked.slice);
    this.panel.say(this.tree.root === null ? "There are no clusters to show." : "");
    this.stage.hidden = this.tree.root === null;
    this.draw();
    return data.seq;
  }

  /**
   * Open the cluster that a view has open; its picked slice need not be in it.
   * @param {Data} data
   */
  take({ opened, pickedSlice }) {
    taken = opened.turn;
    this.level = opened.level || this.tree.root;
    this.shownPick = pickedSlice;
  }

  /**
   * The cluster to stay in after an update: the open one if it still is there and a newly picked slice can be seen in it.
   * @param {string | null} pickedSlice
   */
  levelFor(pickedSlice) {
    const { tree } = this;
    const open = this.level ?? levels.get(tree.root) ?? "";
    const stays = tree.nodes.has(open) ? open : tree.root;
    const isNew = pickedSlice !== this.shownPick;
    this.shownPick = pickedSlice;
    const tiles = isNew ? tree.flagged.filter(({ slice }) => slice === pickedSlice) : []; // one per part
    if (!tiles.length || stays === null) return stays;
    const waysToSlice = new Set(tiles.flatMap((tile) => tree.path(tile.key)).map(({ key }) => key));
    if (waysToSlice.has(stays) || tiles.some((tile) => tree.path(stays).includes(tile))) return stays;
    return tree.path(stays).findLast(({ key }) => waysToSlice.has(key))?.key ?? tree.root;
  }

  draw() {
    const { tree, level, stage } = this;
    keep(levels, tree.root, level, MOST_LEVELS);
    this.root.dataset.level = level === tree.root || level === null ? "" : level;
    setLayout({ level: this.root.dataset.level });
    this.drawHeader();
    if (tree.root === null || !stage.clientWidth || !stage.clientHeight) return;
    const theme = readTheme(this.root);
    const colour = dropScale(theme);
    this.drawRamp(colour, theme.dropPoints);
    this.places = tilePlaces(tree, level, stage.clientWidth, stage.clientHeight);
    this.tiles.draw(this.places, (key) => {
      if (key === tree.root) return "transparent";
      const points = tree.nodes.get(key)?.points ?? null;
      return points === null ? theme.greyDot : colour(points);
    });
    this.drawOverlay();
  }

  drawOverlay() {
    if (this.level === null || !this.places.size) return;
    const bounds = { width: this.stage.clientWidth, height: this.stage.clientHeight };
    this.overlay.draw(this.tree, this.level, this.places, this.picked, bounds);
  }

  /** @param {(points: number) => string} colour @param {number[]} dropPoints */
  drawRamp(colour, dropPoints) {
    const [from, to] = [dropPoints[0], dropPoints[dropPoints.length - 1]];
    const stops = Array.from({ length: 26 }, (_, i) => colour(from + (i / 25) * (to - from)));
    this.ramp.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
    this.ramp.style.setProperty("--zero", `${(-from / (to - from)) * 100}%`);
  }

  drawHeader() {
    const path = this.tree.path(this.level);
    if (path.length < 2) {
      this.panel.caption.textContent = this.panel.caption.title = this.caption;
      return;
    }
    /** @param {Cluster} node @param {number} i */
    const name = (node, i) => (i === 0 ? "All clips" : node.label ? `${node.number} ${node.label}` : clipCount(node.support));
    const crumbs = path.map((node, i) => {
      if (i === path.length - 1) return el("b", { "aria-current": "true" }, name(node, i));
      return el("button", { type: "button", onclick: () => this.goTo(node.key), onmousedown: keepFocus }, name(node, i));
    });
    const left = crumbs.length > CRUMBS ? [crumbs[0], "…", ...crumbs.slice(1 - CRUMBS)] : crumbs;
    const withArrows = left.flatMap((crumb, i) => (i ? ["›", crumb] : [crumb]));
    this.panel.caption.title = "";
    this.panel.caption.replaceChildren(el("nav", { class: "sc-crumbs", "aria-label": "Open cluster" }, ...withArrows));
  }

  // --- picking and going in ---

  /** @param {string} slice */
  pickSlice(slice) {
    this.shownPick = slice; // picked here, so it is in sight
    pick({ slice }, { kind: "slice", slice }, this.send);
  }

  /** @param {string | null} key @param {MouseEvent} event */
  click(key, event) {
    if (key === null || event.detail > 1) return; // the second press of a double click: the first has picked
    const box = this.stage.getBoundingClientRect();
    const labelled = this.overlay.labelAt(event.clientX - box.left, event.clientY - box.top);
    const slice = this.tree.sliceOf(labelled ?? key);
    if (slice) return this.pickSlice(slice);
    this.shownPick = null;
    pick({ cluster: labelled ?? key }, { kind: "cluster", key: labelled ?? key, embedding: this.embedding, basis: this.basis }, this.send);
  }

  /**
   * The part of a pick that the treemap has: another slice than a flagged one has no tile of its own.
   * @param {Picked} picked
   */
  inTree({ slice, cluster }) {
    return { slice: this.tree.flagged.some((node) => node.slice === slice) ? slice : null, cluster };
  }

  /**
   * Show a pick at once; Python follows.
   * @param {Picked} picked
   */
  mark(picked) {
    if (picked.slice === this.picked.slice && picked.cluster === this.picked.cluster) return;
    this.picked = picked;
    this.root.dataset.picked = picked.slice ?? picked.cluster ?? "";
    this.drawOverlay();
  }

  /**
   * One level down towards a tile.
   * @param {string | null} key
   */
  goInto(key) {
    const path = this.tree.path(key);
    const next = path[path.findIndex((node) => node.key === this.level) + 1];
    if (next?.children.length) this.goTo(next.key);
  }

  /** @param {string} key */
  goTo(key) {
    this.level = key;
    this.leave();
    this.draw();
  }

  // --- what lies under the pointer ---

  /** @param {string | null} key @param {MouseEvent} event */
  hover(key, event) {
    const box = this.stage.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const node = this.tree.nodes.get(this.overlay.labelAt(x, y) ?? key ?? "");
    if (!node) return this.leave();
    const flagged = this.tree.path(node.key).find(({ slice }) => slice);
    const lines = [`${clipCount(node.support)} · ${node.value} · ${node.drop}`];
    if (flagged && flagged !== node) lines.unshift(`in ${flagged.number} ${flagged.label}`);
    if (flagged === node) lines.unshift(`${node.number} ${node.label}`);
    this.tip.replaceChildren(...lines.map((line) => el("div", {}, line)));
    this.tip.hidden = false;
    const { width, height } = this.tip.getBoundingClientRect();
    this.tip.style.left = `${Math.max(2, Math.min(x + MARGIN + 12, box.width + MARGIN - width))}px`;
    this.tip.style.top = `${y + MARGIN + 18 + height > box.height + 2 * MARGIN ? y + MARGIN - height - 8 : y + MARGIN + 18}px`;
  }

  leave() {
    this.tip.hidden = true;
  }

  destroy() {
    this.resizing?.disconnect();
    this.stopTheme?.();
    this.unfollow();
    this.panel.remove();
  }
}

export default liveComponent((parentElement, send) => new TreemapView(parentElement, send));
