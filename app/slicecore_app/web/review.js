// What the browser knows before Python does: which slice is picked, what was said about each, and whether that is saved.
// The components of the page share it, so that a pick or a verdict shows everywhere at once.

const listeners = new Set();
/** @type {{slices: string[], own: string[], slice: string | null, verdicts: Record<string, any>, saved: {text: string, problem: string}}} */
let now = { slices: [], own: [], slice: null, verdicts: {}, saved: { text: "", problem: "" } };

/** `{slices: [id in list order], own: [ids of those that somebody made], slice: id or null, verdicts: {id: verdict}, saved: {text, problem}}`. */
export const review = () => now;

/** Change some of it and tell all who follow. */
export function setReview(part) {
  if (Object.entries(part).every(([name, value]) => JSON.stringify(now[name]) === JSON.stringify(value))) return;
  now = { ...now, ...part };
  for (const listener of [...listeners]) listener(now);
}

/** Call `listener(review)` now and at each change; returns the function that stops it. */
export function followReview(listener) {
  listeners.add(listener);
  listener(now);
  return () => listeners.delete(listener);
}

/** The next slice of the list without a verdict after one of it, from the top again at the end; null if there is none. */
export function nextUnreviewed({ slices, slice, verdicts }) {
  const at = slices.indexOf(slice) + 1;
  return [...slices.slice(at), ...slices.slice(0, at)].find((one) => !verdicts[one]) ?? null;
}
