// The loop: a part of the clip, or the whole, that plays again and again. It is marked in the picture.

const SHORTEST = 0.05; // seconds; less is a slip of the hand

/** @typedef {import("./picture.js").Region} Region */

/**
 * `{region(), isOn(), set(region, isOn), mark(shares), finish(), toggle()}`; `mark` while a region is drawn, `finish` after it.
 * @param {import("./sound.js").Sound} sound
 * @param {{showLoop: (shares: Region | null, isOn: boolean) => void}} picture
 * @param {() => number} duration of the clip in seconds, NaN while it is not known
 * @param {() => void} changed
 */
export function createLoop(sound, picture, duration, changed) {
  /** @type {Region | null} */
  let region = null; // in seconds
  let isOn = false;

  /** @param {Region | null} newRegion @param {boolean} isOnNow */
  function set(newRegion, isOnNow) {
    region = newRegion;
    isOn = isOnNow;
    sound.loop = isOn ? (region ?? { start: 0, end: Infinity }) : null;
    const total = duration();
    picture.showLoop(region && { start: region.start / total, end: region.end / total }, isOn);
    changed();
  }

  /** @param {Region} shares of the clip */
  function mark({ start, end }) {
    const total = duration();
    if (total > 0) set({ start: start * total, end: end * total }, true);
  }

  function finish() {
    if (!region) return;
    if (region.end - region.start < SHORTEST) set(null, false);
    else sound.seek(region.start);
  }

  return { region: () => region, isOn: () => isOn, set, mark, finish, toggle: () => set(region, !isOn) };
}
