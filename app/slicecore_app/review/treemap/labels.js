// Places of the words on a tile. Pure geometry: nothing here touches the page.

export const BADGE = 18;
const INSET = 5; // px between a tile's edge and its badge or label
const LINE = 15; // px from line to line
const PLATE = 3; // px of plate around a text

/**
 * Width of a text in px.
 * @typedef {(text: string, bold: boolean) => number} Measure
 *
 * @typedef {{text: string, bold: boolean, x: number, y: number}} Line
 */

/**
 * A ground with lines of text.
 * @typedef {Box & {lines: Line[]}} Plate
 */

/**
 * A text that is to be placed.
 * @typedef {{text: string, bold: boolean, width: number}} Text
 */

/**
 * True if two boxes overlap.
 * @param {Box} a
 * @param {Box} b
 */
const overlaps = (a, b) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/**
 * Badge, and as much of name and value as fits, on the tile of a flagged slice: the name goes first, then the value,
 * never the badge.
 *
 * `taken` are boxes of other badges; `bounds` is the size of the whole treemap.
 * @param {Box} tile
 * @param {Pick<import("./tree.js").Cluster, "number" | "label" | "value">} slice
 * @param {Measure} measure
 * @param {Box[]} taken
 * @param {Size} bounds
 * @returns {{badge: Box, plates: Plate[]}}
 */
export function flaggedLabel(tile, { number, label, value }, measure, taken, bounds) {
  const badge = placeBadge(tile, number > 9 ? BADGE + 6 : BADGE, taken, bounds);
  const name = { text: label, bold: true, width: label ? measure(label, true) : Infinity };
  const amount = { text: value, bold: false, width: value ? measure(value, false) : Infinity };
  const beside = tile.x + tile.width - (badge.x + badge.width) - 2 * PLATE - INSET - 2;
  const below = tile.x + tile.width - badge.x - 2 * PLATE - INSET;
  const lines = Math.floor((tile.y + tile.height - (badge.y + badge.height + 3) - 3 - INSET) / LINE);
  const roomBeside = tile.height >= BADGE + 2 * INSET - 2;

  if (lines >= 2 && name.width <= below && amount.width <= below) {
    return { badge, plates: [plateBelow(badge, [name, amount])] };
  }
  if (lines >= 1 && name.width <= below && roomBeside && amount.width <= beside) {
    return { badge, plates: [plateBeside(badge, amount), plateBelow(badge, [name])] };
  }
  if (lines >= 1 && amount.width <= below) return { badge, plates: [plateBelow(badge, [amount])] };
  if (roomBeside && amount.width <= beside) return { badge, plates: [plateBeside(badge, amount)] };
  return { badge, plates: [] };
}

/**
 * The label of an unflagged cluster: the longest of `texts` that fits its tile and hits nothing in `taken`; null if none does.
 * @param {Box} tile
 * @param {string[]} texts
 * @param {Measure} measure
 * @param {Box[]} taken
 * @returns {Plate | null}
 */
export function clusterLabel(tile, texts, measure, taken) {
  for (const text of texts) {
    const width = measure(text, false) + 2 * PLATE;
    const box = { x: tile.x + INSET, y: tile.y + INSET, width, height: LINE + 2 };
    if (width > tile.width - 2 * INSET || box.height > tile.height - INSET) continue;
    if (taken.some((other) => overlaps(box, other))) continue;
    return { ...box, lines: [{ text, bold: false, x: box.x + PLATE, y: box.y + 12.5 }] };
  }
  return null;
}

/** @param {Box} tile @param {number} width @param {Box[]} taken @param {Size} bounds @returns {Box} */
function placeBadge(tile, width, taken, bounds) {
  /** @param {number} size @param {number} badge */
  const inset = (size, badge) => Math.max(0, Math.min(INSET, (size - badge) / 2));
  const wanted = { x: tile.x + inset(tile.width, width), y: tile.y + inset(tile.height, BADGE), width, height: BADGE };
  /** @param {Box} box */
  const inside = (box) => ({
    ...box,
    x: Math.max(1, Math.min(bounds.width - width - 1, box.x)),
    y: Math.max(1, Math.min(bounds.height - BADGE - 1, box.y)),
  });
  // Tiles narrower than a badge may lie side by side: look around the wanted place, near ones first.
  const steps = [0, 1, -1, 2, -2];
  const places = steps.flatMap((right) => steps.map((down) => ({ right, down })));
  places.sort((a, b) => Math.hypot(a.right, a.down) - Math.hypot(b.right, b.down));
  const boxes = places.map(({ right, down }) =>
    inside({ ...wanted, x: wanted.x + right * (width + 1), y: wanted.y + down * (BADGE + 1) }),
  );
  return boxes.find((box) => taken.every((other) => !overlaps(box, other))) ?? boxes[0];
}

/** @param {Box} badge @param {Text[]} texts @returns {Plate} */
function plateBelow(badge, texts) {
  const box = {
    x: badge.x,
    y: badge.y + badge.height + 3,
    width: Math.max(...texts.map((text) => text.width)) + 2 * PLATE,
    height: texts.length * LINE + 2,
  };
  const lines = texts.map(({ text, bold }, i) => ({ text, bold, x: box.x + PLATE, y: box.y + 12.5 + i * LINE }));
  return { ...box, lines };
}

/** @param {Box} badge @param {Text} text @returns {Plate} */
function plateBeside(badge, { text, bold, width }) {
  const box = { x: badge.x + badge.width + 2, y: badge.y + 1, width: width + 2 * PLATE, height: BADGE - 2 };
  return { ...box, lines: [{ text, bold, x: box.x + PLATE, y: box.y + 12.3 }] };
}
