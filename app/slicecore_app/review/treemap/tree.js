// The clusters as a tree, made of the columns that Python sends.

/** @returns {{root: string, get: (key) => object, path: (key) => object[], children: (key) => object[]}} */
export function makeTree(tiles) {
  const nodes = new Map();
  const root = { children: [] };
  tiles.key.forEach((key, i) => {
    const entry = Object.fromEntries(Object.entries(tiles).map(([name, column]) => [name, column[i]]));
    nodes.set(key, { ...entry, children: [] });
  });
  for (const node of nodes.values()) (nodes.get(node.parent) ?? root).children.push(node);
  for (const top of root.children) hasFlagged(top);

  function hasFlagged(node) {
    const below = node.children.map(hasFlagged); // all of them: each remembers its own answer
    node.holdsFlagged = below.some(Boolean);
    return node.holdsFlagged || Boolean(node.slice);
  }

  /** From the root down to a cluster. */
  function path(key) {
    const nodesUp = [];
    for (let node = nodes.get(key); node; node = nodes.get(node.parent)) nodesUp.unshift(node);
    return nodesUp;
  }

  /** The flagged slice that a cluster is or lies in, null if there is none. */
  const sliceOf = (key) => path(key).find((node) => node.slice)?.slice ?? null;

  /** The largest clusters below `key` that have no flagged slice in them. */
  function unflaggedBelow(key) {
    const clear = [];
    const visit = (node) => {
      if (node.slice) return;
      if (node.holdsFlagged) node.children.forEach(visit);
      else clear.push(node);
    };
    nodes.get(key)?.children.forEach(visit);
    return clear;
  }

  return {
    root: root.children[0]?.key ?? null,
    nodes,
    path,
    sliceOf,
    unflaggedBelow,
    flagged: [...nodes.values()].filter((node) => node.slice),
  };
}

/** The columns of all tiles from what Python sends of them: see `_packed` there. */
export function unpack({ flagged, parent, ...same }) {
  const { key } = same;
  const tiles = {
    ...same,
    parent: parent.map((at) => key[at] ?? ""),
    slice: key.map(() => ""),
    number: key.map(() => 0),
    label: key.map(() => ""),
    possible: key.map(() => false),
  };
  for (const [at, slice, number, label, possible] of flagged) {
    [tiles.slice[at], tiles.number[at], tiles.label[at], tiles.possible[at]] = [slice, number, label, possible];
  }
  return tiles;
}
