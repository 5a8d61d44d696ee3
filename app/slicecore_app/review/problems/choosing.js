// Several problems of the list chosen together: which a click, a key or the menu chooses. Pure; `choice.js` draws.

/**
 * `chosen` are ids of slices in the order of the list. A range goes from `anchor`, and its other end, `lead`, is what the keys
 * move; null where the choice has none.
 * @typedef {{chosen: string[], anchor: string | null, lead: string | null}} Choice
 */

/** @type {Choice} */
export const NOTHING = { chosen: [], anchor: null, lead: null };

/**
 * The choice with a slice put in or left out. The first one comes to the slice that is picked.
 * @param {Choice} choice
 * @param {string} slice
 * @param {string | null} picked
 * @param {string[]} listed all that can be chosen
 * @returns {Choice}
 */
export function toggled({ chosen }, slice, picked, listed) {
  const before = new Set(chosen.length || picked === null || picked === slice ? chosen : [picked]);
  if (!before.delete(slice)) before.add(slice);
  return { chosen: listed.filter((id) => before.has(id)), anchor: slice, lead: slice };
}

/**
 * All slices between where the choice began, or the slice that is picked, and another one.
 * @param {Choice} choice
 * @param {string} slice
 * @param {string | null} picked
 * @param {string[]} listed
 * @returns {Choice}
 */
export function rangeTo({ anchor }, slice, picked, listed) {
  const start = [anchor, picked, slice].find((id) => id !== null && listed.includes(id)) ?? slice;
  const [from, to] = [listed.indexOf(start), listed.indexOf(slice)].sort((a, b) => a - b);
  return { chosen: listed.slice(from, to + 1), anchor: start, lead: slice };
}

/**
 * The slice some steps from where the keys are; the first of all where they are nowhere.
 * @param {Choice} choice
 * @param {number} by
 * @param {string | null} picked
 * @param {string[]} listed
 * @returns {string | undefined}
 */
export function stepped({ lead }, by, picked, listed) {
  const at = [lead, picked].map((id) => (id === null ? -1 : listed.indexOf(id))).find((i) => i >= 0);
  return at === undefined ? listed[0] : listed[Math.min(listed.length - 1, Math.max(0, at + by))];
}
