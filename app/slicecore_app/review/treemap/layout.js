// Places of the tiles: squarified by d3-hierarchy (Bruls, Huizing and van Wijk 2000), larger clusters first.

import { hierarchy, treemap, treemapSquarify } from "../../web/vendor/d3-hierarchy.js";

const squares = treemapSquarify.ratio(1);

/**
 * The box in px of every cluster from `level` down, parents before their parts. What of a cluster is in none of its parts
 * stays free, so that area is clips everywhere.
 *
 * @param {import("./tree.js").Tree} tree
 * @param {string | null} level key of the cluster that fills the map
 * @param {number} width
 * @param {number} height
 * @returns {Map<string, Box>}
 */
export function tilePlaces(tree, level, width, height) {
  const open = tree.nodes.get(level ?? "");
  if (!open) return new Map();
  const root = hierarchy(open, (node) => node.children);
  root.each((node) => {
    node.value = node.data.support;
  });
  root.sort((first, second) => second.data.support - first.data.support);
  const nodes = treemap().tile(squares).size([width, height])(root).descendants();
  return new Map(
    nodes
      .filter(({ x0, x1, y0, y1 }) => x1 > x0 && y1 > y0)
      .map(({ data, x0, x1, y0, y1 }) => [data.key, { x: x0, y: y0, width: x1 - x0, height: y1 - y0 }]),
  );
}
