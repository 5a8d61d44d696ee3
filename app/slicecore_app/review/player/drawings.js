// Drawings of a clip's sound. The newest are remembered, so that going back and forth waits for nothing.

import { loadOnce } from "../../web/memory.js";

const MOST_CLIPS = 12;

async function answerOf(url) {
  const answer = await fetch(url);
  if (answer.ok) return answer;
  const { reason } = await answer.json().catch(() => ({}));
  throw new Error(reason ?? `The server answered ${answer.status}`);
}

/** `{duration, sampling_rate, channels, peaks, ticks}`; the error's message is the reason why there is none. */
export const soundOf = loadOnce(MOST_CLIPS, async (url) => (await answerOf(url)).json());

/** The grey spectrogram as ImageData. */
export const spectrogramOf = loadOnce(MOST_CLIPS, async (url) => {
  const bitmap = await createImageBitmap(await (await answerOf(url)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
});
