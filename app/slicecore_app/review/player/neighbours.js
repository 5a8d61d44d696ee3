// The clips before and after. The table knows best, because the reader may have sorted or filtered it there;
// without a table the list that Python sent decides. What both share with the player is described in clips/bridge.js.

/**
 * Tell the page which clip is being played; the table marks it.
 * @param {number | null} row
 */
export function showAsCurrent(row) {
  if (row === null) delete document.documentElement.dataset.slicecoreClip;
  else document.documentElement.dataset.slicecoreClip = String(row);
}

/**
 * `set(clip, following)`, `at(clip, by)` → the clip, `null` if there is none, `undefined` if that isn't
 * known yet; `position(clip)` → "3 of 35".
 */
export function createNeighbours() {
  /** @type {Clip[]} */
  let list = []; // in the order of the page
  /** @type {Clip | null} */
  let centre = null; // around which Python sent it

  /** @param {Clip} clip @param {number} by */
  const fromTable = (clip, by) => window.slicecoreClips?.beside(clip.row, by);
  /** @param {Clip} clip @param {number} by */
  const fromList = (clip, by) => {
    const index = list.findIndex((each) => each.row === clip.row);
    return list[index + by] ?? (clip.row === centre?.row && Math.abs(by) === 1 ? null : undefined);
  };

  return {
    /**
     * `following` are the clips around `clip`; their `step` says how far each is from it, before it is negative.
     * @param {Clip | null} clip
     * @param {Clip[]} following
     */
    set(clip, following) {
      centre = clip;
      list = clip ? [{ ...clip, step: 0 }, ...following].sort((first, second) => (first.step ?? 0) - (second.step ?? 0)) : [];
    },
    /** @param {Clip} clip */
    position: (clip) => window.slicecoreClips?.position(clip.row) ?? clip.position,
    /** @param {Clip} clip @param {number} by */
    at(clip, by) {
      const beside = fromTable(clip, by);
      return beside === undefined ? fromList(clip, by) : beside;
    },
  };
}
