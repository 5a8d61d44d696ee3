// The clusters as a tree, made of the columns that Python sends.

/**
 * @typedef {object} Cluster
 * @property {string} key
 * @property {string} parent key of the cluster that it is part of, "" of the whole
 * @property {number} support clips in it
 * @property {number | null} points drop on the colour scale
 * @property {string} value for people
 * @property {string} drop for people
 * @property {string} slice id of the flagged slice that it is, else ""
 * @property {number} number of that slice in the list, else 0
 * @property {string} label short name of that slice
 * @property {boolean} possible whether chance may explain that slice
 * @property {boolean} holdsFlagged whether a flagged slice lies below it
 * @property {Cluster[]} children
 *
 * @typedef {object} Packed columns as `_packed` in component.py sends them
 * @property {string[]} key
 * @property {number[]} parent positions, -1 for none
 * @property {number[]} support
 * @property {(number | null)[]} points
 * @property {string[]} value
 * @property {string[]} drop
 * @property {[at: number, slice: string, number: number, label: string, possible: boolean][]} flagged
 *
 * @typedef {ReturnType<typeof makeTree>} Tree
 */

/** @type {Packed} */
export const NOTHING = { key: [], parent: [], support: [], points: [], value: [], drop: [], flagged: [] };

/** @param {Packed} columns */
export function makeTree({ key, parent, flagged, ...columns }) {
  /** @type {Map<string, Cluster>} */
  const nodes = new Map(
    key.map((name, i) => [
      name,
      {
        key: name,
        parent: key[parent[i]] ?? "",
        support: columns.support[i],
        points: columns.points[i],
        value: columns.value[i],
        drop: columns.drop[i],
        slice: "",
        number: 0,
        label: "",
        possible: false,
        holdsFlagged: false,
        children: [],
      },
    ]),
  );
  for (const [at, slice, number, label, possible] of flagged) {
    Object.assign(/** @type {Cluster} */ (nodes.get(key[at])), { slice, number, label, possible });
  }
  /** @type {Cluster[]} */
  const roots = [];
  for (const node of nodes.values()) (nodes.get(node.parent)?.children ?? roots).push(node);
  for (const root of roots) noteFlagged(root);

  /** @param {Cluster} node @returns {boolean} */
  function noteFlagged(node) {
    const below = node.children.map(noteFlagged); // all of them: each remembers its own answer
    node.holdsFlagged = below.some(Boolean);
    return node.holdsFlagged || Boolean(node.slice);
  }

  /**
   * Clusters from the root down to one.
   * @param {string | null} key
   */
  function path(key) {
    /** @type {Cluster[]} */
    const nodesUp = [];
    for (let node = nodes.get(key ?? ""); node; node = nodes.get(node.parent)) nodesUp.unshift(node);
    return nodesUp;
  }

  /**
   * The flagged slice that a cluster is or lies in, null if there is none.
   * @param {string} key
   */
  const sliceOf = (key) => path(key).find((node) => node.slice)?.slice ?? null;

  /**
   * The largest clusters below one that have no flagged slice in them.
   * @param {string} key
   */
  function unflaggedBelow(key) {
    /** @type {Cluster[]} */
    const clear = [];
    /** @param {Cluster} node */
    const visit = (node) => {
      if (node.slice) return;
      if (node.holdsFlagged) node.children.forEach(visit);
      else clear.push(node);
    };
    nodes.get(key)?.children.forEach(visit);
    return clear;
  }

  return {
    root: roots[0]?.key ?? null,
    nodes,
    path,
    sliceOf,
    unflaggedBelow,
    flagged: [...nodes.values()].filter((node) => node.slice),
  };
}
