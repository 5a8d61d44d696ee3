// What lies under the pointer: the clip, which a tip describes after a moment, or a slice.

const DWELL = 70; // ms over a point before what it is is fetched

/**
 * @typedef {import("./points.js").ClipPlace} ClipPlace
 */

/**
 * Follow the pointer over the map: `{clip, hover(pixel), point(clip), leave(), destroy()}`.
 * @param {object} options
 * @param {() => boolean} options.isOfPixels true where clips are no points, so that the server is asked
 * @param {(pixel: Point) => ClipPlace | null} options.nearest
 * @param {(pixel: Point) => Promise<ClipPlace | null>} options.ask
 * @param {(clip: ClipPlace | null, pixel: Point, delay: number) => void} options.onClip called with what lies there now, and with
 *   ms before it is to be described
 */
export function underPointer({ isOfPixels, nearest, ask, onClip }) {
  /** @type {Point} */
  let at = [NaN, NaN];
  let timer = 0; // after which the server is asked
  let frame = 0; // number of the next frame, in which it is looked up

  function stop() {
    if (frame) cancelAnimationFrame(frame);
    frame = 0;
    clearTimeout(timer);
  }

  const follow = {
    clip: /** @type {ClipPlace | null} */ (null),

    /** @param {ClipPlace | null} clip */
    point(clip, delay = 0) {
      follow.clip = clip;
      onClip(clip, at, delay);
    },

    /** @param {Point} pixel */
    hover(pixel) {
      at = pixel;
      clearTimeout(timer);
      if (isOfPixels()) {
        follow.point(null);
        timer = setTimeout(() => ask(pixel).then((clip) => pixel === at && follow.point(clip)), DWELL);
        return;
      }
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        follow.point(nearest(at), DWELL);
      });
    },

    leave() {
      stop();
      at = [NaN, NaN];
    },

    destroy: stop,
  };
  return follow;
}
