// Texts for the notes of several slices that the server refused, and that come back into their field. Pure.

/**
 * Tags and a text as the reader wrote them, and why they were refused; component.py describes it.
 * @typedef {import("../../web/review.js").Noted & {slices: string[], reason: string, room: number, is_long: boolean, left: string[], is_here: boolean}} Refused
 */

/**
 * The latest that was refused for slices: for all of them and perhaps more, or for some of them and no others that are left;
 * else one of whose slices none is left. Null for none.
 * @param {Refused[]} texts
 * @param {string[]} slices
 */
export function refusedFor(texts, slices) {
  if (!slices.length) return null;
  const here = texts.filter(({ is_here }) => is_here);
  const isFor = (/** @type {Refused} */ { left }) => left.length > 0 && (isWithin(slices, left) || isWithin(left, slices));
  return here.findLast(isFor) ?? here.findLast(({ left }) => !left.length) ?? null;
}

/** @param {string[]} some @param {string[]} all */
const isWithin = (some, all) => some.every((id) => all.includes(id));

/**
 * True for the change that was refused: the tags may be in another order.
 * @param {import("../../web/review.js").Noted} change
 * @param {Refused} refused
 */
export const isSameAs = (change, refused) => sorted(change) === sorted(refused);

/** @param {import("../../web/review.js").Noted} change */
const sorted = ({ added, removed, line }) => JSON.stringify([[...added].sort(), [...removed].sort(), line]);
