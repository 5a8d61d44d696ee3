// Plays every clip equally loud, if the reader wants that. Off by default: how loud a recording is, is evidence.

const TARGET = -23; // LUFS
const MOST_GAIN = 40; // dB
const LIMIT = -3; // dB below full scale, where the limiter sets in

let context = null;
let limiter = null;
const gains = new WeakMap(); // of the elements that go through the context

const routeFor = (element) => {
  if (!context) {
    context = new AudioContext();
    limiter = new DynamicsCompressorNode(context, { threshold: LIMIT, knee: 0, ratio: 20, attack: 0.002, release: 0.1 });
    limiter.connect(context.destination);
  }
  if (!gains.has(element)) {
    const gain = context.createGain();
    context.createMediaElementSource(element).connect(gain);
    gains.set(element, gain);
  }
  return gains.get(element);
};

/** Bring an audio element whose recording has `loudness` (LUFS) to the common level; null: leave it as it is. */
export function level(element, loudness) {
  // An element that was never changed stays out of the context, and so exactly as the browser plays it.
  if (loudness === null && !gains.has(element)) return;
  const gain = routeFor(element);
  context.resume();
  gain.disconnect();
  gain.connect(loudness === null ? context.destination : limiter);
  gain.gain.value = loudness === null ? 1 : 10 ** (Math.min(MOST_GAIN, TARGET - loudness) / 20);
}
