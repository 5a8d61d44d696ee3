// The place of the tour's card beside a panel.

const GAP = 12; // between the card and the panel or the window, in CSS pixels

/** @typedef {{width: number, height: number}} Size */

/**
 * Left and top of a card beside a panel: right of it, left, below, above, where there is room first; over its middle where there is
 * none, and at the foot of the window without a panel. It never leaves the window.
 * @param {{left: number, top: number, right: number, bottom: number} | null} panel
 * @param {Size} card
 * @param {Size} page
 */
export function place(panel, card, page) {
  /** @param {number} wanted @param {number} length @param {number} room */
  const within = (wanted, length, room) => Math.max(GAP, Math.min(wanted, room - length - GAP));
  const inside = (/** @type {number} */ left, /** @type {number} */ top) => ({
    left: within(left, card.width, page.width),
    top: within(top, card.height, page.height),
  });
  if (!panel) return inside((page.width - card.width) / 2, page.height);
  const sides = [
    { left: panel.right + GAP, top: panel.top, room: page.width - panel.right - card.width },
    { left: panel.left - card.width - GAP, top: panel.top, room: panel.left - card.width },
    { left: panel.left, top: panel.bottom + GAP, room: page.height - panel.bottom - card.height },
    { left: panel.left, top: panel.top - card.height - GAP, room: panel.top - card.height },
  ];
  const side = sides.find(({ room }) => room >= 2 * GAP);
  if (side) return inside(side.left, side.top);
  return inside((panel.left + panel.right - card.width) / 2, (panel.top + panel.bottom - card.height) / 2);
}
