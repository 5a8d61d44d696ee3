// Drawings of a clip's sound. The newest are remembered, so that going back and forth waits for nothing.

import { loadOnce } from "../../web/memory.js";

const MOST_CLIPS = 12;

/**
 * Facts about a clip's sound from the server; `_draw` in server/media.py.
 * @typedef {object} SoundNumbers
 * @property {number} duration in seconds
 * @property {[low: number, high: number][]} peaks of the waveform, -1 to 1
 * @property {[frequency: number, place: number][]} ticks of the spectrogram: Hz, and 0 to 1 from above
 * @property {number | null} loudness in LUFS
 */

/** @param {string} url */
async function answerOf(url) {
  const answer = await fetch(url);
  if (answer.ok) return answer;
  const { reason } = await answer.json().catch(() => ({}));
  throw new Error(reason ?? `The server answered ${answer.status}`);
}

/**
 * The error's message is the reason why there is none.
 * @type {(url: string) => Promise<SoundNumbers>}
 */
export const soundOf = loadOnce(MOST_CLIPS, async (url) => (await answerOf(url)).json());

/** The grey spectrogram as ImageData. */
export const spectrogramOf = loadOnce(MOST_CLIPS, async (url) => {
  const bitmap = await createImageBitmap(await (await answerOf(url)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
});
