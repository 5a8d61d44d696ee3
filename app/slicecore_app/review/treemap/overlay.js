// The layer above the tiles: gaps between groups, outlines and badges of flagged slices, labels on plates.

import { keepFocus, svg } from "../../web/dom.js";
import { clipCount } from "../../web/format.js";
import { clusterLabel, flaggedLabel } from "./labels.js";

const FONT_SIZE = 12.5;

export const OVERLAY_STYLE = `
.sc-treemap .sc-layer { position: absolute; inset: 0; width: 100%; height: 100%; display: block; pointer-events: none; }
.sc-treemap .sc-gap { fill: none; stroke: var(--sc-panel); stroke-width: 3; }
.sc-treemap .sc-halo { fill: none; stroke: var(--sc-panel); stroke-width: 4.5; }
.sc-treemap .sc-outline { fill: none; stroke: var(--sc-outline); stroke-width: 2; transition: stroke 120ms ease-out; }
.sc-treemap .sc-possible { stroke-dasharray: 5 3; }
.sc-treemap [data-picked] > .sc-halo { stroke-width: 6; }
.sc-treemap [data-picked] > .sc-outline { stroke: var(--sc-accent); stroke-width: 3; }
.sc-treemap .sc-badge rect { fill: var(--sc-outline); }
.sc-treemap .sc-layer text { font-size: ${FONT_SIZE}px; fill: var(--sc-ink); }
.sc-treemap .sc-layer .sc-badge text { fill: var(--sc-panel); font-weight: 700; text-anchor: middle; }
.sc-treemap [data-picked] > .sc-badge rect { fill: var(--sc-accent); }
.sc-treemap .sc-layer [data-picked] > .sc-badge text { fill: var(--sc-accent-ink); }
.sc-treemap .sc-plate rect { fill: var(--sc-panel); fill-opacity: .92; }
@media (prefers-reduced-motion: reduce) { .sc-treemap .sc-outline { transition: none; } }
`;

/**
 * @typedef {import("./labels.js").Plate} Plate
 * @typedef {import("./tree.js").Cluster} Cluster
 * @typedef {import("./tree.js").Tree} Tree
 * @typedef {{slice: string | null, cluster: string | null}} Picked
 */

/** @param {Plate} plate */
const drawPlate = (plate) =>
  svg(
    "g",
    { class: "sc-plate" },
    svg("rect", { x: plate.x, y: plate.y, width: plate.width, height: plate.height, rx: 2 }),
    ...plate.lines.map((line) => svg("text", { x: line.x, y: line.y, "font-weight": line.bold ? 600 : 400 }, line.text)),
  );

/**
 * A frame just inside a tile.
 * @param {Box} tile
 * @param {Attributes} attributes
 */
const frame = (tile, attributes) => {
  const size = { width: Math.max(0, tile.width - 4), height: Math.max(0, tile.height - 4) };
  return svg("rect", { x: tile.x + 2, y: tile.y + 2, ...size, rx: 3, ...attributes });
};

/**
 * `onPick` is called when a flagged slice is pressed by key or by assistive technology.
 * @param {(slice: string) => void} onPick
 */
export function createOverlay(onPick) {
  const layer = svg("svg", { class: "sc-layer" });
  const canvas = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  /** @type {(Plate & {key: string})[]} */
  let plates = []; // labels of unflagged clusters with their key: a click on one means the whole cluster

  /** @type {import("./labels.js").Measure} */
  function measure(text, bold) {
    canvas.font = `${bold ? 600 : 400} ${FONT_SIZE}px ${getComputedStyle(layer).fontFamily}`;
    return canvas.measureText(text).width;
  }

  /**
   * Draw everything for the tiles at `places` (box by key), seen from the cluster `level`.
   * @param {Tree} tree
   * @param {string} level
   * @param {Map<string, Box>} places
   * @param {Picked} picked
   * @param {Size} bounds
   */
  function draw(tree, level, places, picked, bounds) {
    /** @param {Cluster} node */
    const placeOf = (node) => places.get(node.key);
    const gaps = (tree.nodes.get(level)?.children ?? [])
      .filter(placeOf)
      .map((node) => svg("rect", { class: "sc-gap", ...placeOf(node) }));
    const levelPath = new Set(tree.path(level).map((node) => node.key));

    /** @type {Box[]} */
    const badges = [];
    const laid = tree.flagged.flatMap((node) => {
      const tile = placeOf(node);
      if (!tile || levelPath.has(node.key)) return [];
      const label = flaggedLabel(tile, node, measure, badges, bounds);
      badges.push(label.badge);
      return [{ node, tile, ...label }];
    });
    const taken = [...badges, ...laid.flatMap((label) => label.plates)];
    const pickedNode = picked.cluster === null || picked.cluster === level ? undefined : tree.nodes.get(picked.cluster);
    const cluster = pickedNode && placeOf(pickedNode);
    plates = [];
    /** @param {Cluster} node */
    const addLabel = (node) => {
      const tile = placeOf(node);
      const plate = tile && clusterLabel(tile, [`${clipCount(node.support)} · ${node.value}`, node.value], measure, taken);
      if (plate) plates.push({ ...plate, key: node.key });
    };
    if (cluster) {
      addLabel(pickedNode); // a label of a cluster around it would seem to be its own
      taken.push(cluster);
    }
    for (const node of tree.unflaggedBelow(level)) if (node.key !== picked.cluster) addLabel(node);
    const groups = laid.map(drawFlagged);
    const frames = cluster ? ["sc-halo", "sc-outline"].map((name) => frame(cluster, { class: name })) : [];
    layer.replaceChildren(
      ...gaps,
      ...plates.map(drawPlate),
      ...groups,
      svg("g", { "data-picked": true }, ...frames),
    );
    setPicked(picked.slice);
  }

  /** @param {{node: Cluster, tile: Box, badge: Box, plates: Plate[]}} label */
  function drawFlagged({ node, tile, badge, plates: ownPlates }) {
    const press = () => onPick(node.slice);
    const name = `Slice ${node.number}${node.label ? `, ${node.label}` : ""}`;
    return svg(
      "g",
      {
        role: "button",
        tabindex: 0,
        "aria-label": `${name}: ${clipCount(node.support)}, ${node.value}, ${node.drop}`,
        "data-slice": node.slice,
        onmousedown: keepFocus,
        onclick: press,
        onkeydown: (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          press();
        },
      },
      frame(tile, { class: "sc-halo" }),
      frame(tile, { class: node.possible ? "sc-outline sc-possible" : "sc-outline" }),
      ...ownPlates.map(drawPlate),
      svg(
        "g",
        { class: "sc-badge" },
        svg("rect", { x: badge.x, y: badge.y, width: badge.width, height: badge.height, rx: 4 }),
        svg("text", { x: badge.x + badge.width / 2, y: badge.y + 13.3 }, String(node.number)),
      ),
    );
  }

  /** @param {string | null} slice */
  function setPicked(slice) {
    for (const group of layer.querySelectorAll("[data-slice]")) {
      const picked = group.getAttribute("data-slice") === slice;
      group.toggleAttribute("data-picked", picked);
      group.setAttribute("aria-pressed", String(picked));
      if (picked) layer.append(group); // its outline lies over its neighbours'
    }
  }

  /**
   * Key of the unflagged cluster whose label lies at (x, y), null if none does.
   * @param {number} x
   * @param {number} y
   */
  const labelAt = (x, y) =>
    plates.find((p) => x >= p.x && x <= p.x + p.width && y >= p.y && y <= p.y + p.height)?.key ?? null;

  return { layer, draw, setPicked, labelAt };
}
