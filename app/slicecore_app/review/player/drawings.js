// Fetches what is drawn of a clip's sound. The newest ones are kept, so that going back and forth waits for nothing.

const KEPT = 12;
const waiting = new Map(); // by address, the newest last

function keep(url, make) {
  const found = waiting.get(url) ?? make();
  waiting.delete(url);
  waiting.set(url, found);
  found.catch(() => waiting.delete(url)); // a failure may be gone the next time
  if (waiting.size > KEPT) waiting.delete(waiting.keys().next().value);
  return found;
}

async function answerOf(url) {
  const answer = await fetch(url);
  if (answer.ok) return answer;
  const { reason } = await answer.json().catch(() => ({}));
  throw new Error(reason ?? `The server answered ${answer.status}`);
}

/** `{duration, sampling_rate, channels, peaks, ticks}`; the error's message is the reason why there is none. */
export const soundOf = (url) => keep(url, async () => (await answerOf(url)).json());

/** The grey spectrogram as ImageData. */
export const spectrogramOf = (url) =>
  keep(url, async () => {
    const bitmap = await createImageBitmap(await (await answerOf(url)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  });
