// Plays every clip equally loud, if the reader wants that. Off by default: how loud a recording is, is evidence.

const TARGET = -23; // LUFS
const MOST_GAIN = 40; // dB
const LIMIT = -3; // dB below full scale, where the limiter sets in

/** @type {{context: AudioContext, limiter: AudioNode} | null} */
let output = null; // once a clip has to be changed
/** @type {WeakMap<HTMLAudioElement, GainNode>} */
const gains = new WeakMap(); // of the elements that go through the context

function createOutput() {
  const context = new AudioContext();
  const limiter = new DynamicsCompressorNode(context, { threshold: LIMIT, knee: 0, ratio: 20, attack: 0.002, release: 0.1 });
  limiter.connect(context.destination);
  return { context, limiter };
}

/** @param {AudioContext} context @param {HTMLAudioElement} element */
function gainOf(context, element) {
  const gain = gains.get(element) ?? context.createGain();
  if (!gains.has(element)) context.createMediaElementSource(element).connect(gain);
  gains.set(element, gain);
  return gain;
}

/**
 * Bring an audio element whose recording has `loudness` (LUFS) to the common level; null: leave it as it is.
 * @param {HTMLAudioElement} element
 * @param {number | null} loudness
 */
export function level(element, loudness) {
  // An element that was never changed stays out of the context, and so exactly as the browser plays it.
  if (loudness === null && !gains.has(element)) return;
  output ??= createOutput();
  const { context, limiter } = output;
  const gain = gainOf(context, element);
  context.resume();
  gain.disconnect();
  gain.connect(loudness === null ? context.destination : limiter);
  gain.gain.value = loudness === null ? 1 : 10 ** (Math.min(MOST_GAIN, TARGET - loudness) / 20);
}
