// Labels of the marks on a picture: which of them have room, and where. Pure: nothing here touches the page.

/**
 * A fault with its place; `DrawnMark` in server/marks.py. Times are in seconds, `top` and `bottom` shares of the spectrogram.
 * @typedef {object} Mark
 * @property {string} label name of the cause
 * @property {string} text a few words
 * @property {number | null} start
 * @property {number | null} end
 * @property {number | null} top
 * @property {number | null} bottom
 *
 * A label on the picture: `x` and `y` in px from the left and from above.
 * @typedef {{text: string, x: number, y: number, width: number}} Tag
 *
 * Room for labels, in px: `wave` is the height of the waveform with the gap below it.
 * @typedef {{width: number, height: number, wave: number, duration: number}} Room
 */

export const TAG_HEIGHT = 15; // px
const APART = 3; // px between two labels
const FIRST_LINES = 3; // of many lines, how many are named

/**
 * Labels that have room; `measure` gives the width of a text in px.
 * @param {Mark[]} marks
 * @param {Room} room
 * @param {(text: string) => number} measure
 * @returns {Tag[]}
 */
export function placeTags(marks, room, measure) {
  /** @type {Tag[]} */
  const placed = [];
  /** @param {Tag} tag */
  const isFree = ({ x, y, width }) =>
    placed.every((other) => x >= other.x + other.width + APART || other.x >= x + width + APART || y >= other.y + TAG_HEIGHT + 1 || other.y >= y + TAG_HEIGHT + 1);
  /** Puts a text at the first of some places that is free. @param {string} text @param {[x: number, y: number][]} places */
  const put = (text, places) => {
    const width = measure(text);
    if (width > room.width) return;
    for (const [x, y] of places) {
      const tag = { text, x: Math.max(0, Math.min(x, room.width - width)), y: Math.max(0, Math.min(y, room.height - TAG_HEIGHT)), width };
      if (!isFree(tag)) continue;
      placed.push(tag);
      return;
    }
  };
  for (const { text, y } of bandTexts(marks, room)) put(text, near(y, room).map((at) => [APART, at]));
  for (const mark of marks.filter((each) => each.start === null && each.top === null)) put(mark.text, [[room.width, 0], [room.width, TAG_HEIGHT + 1]]);
  for (const { text, middle } of timeTexts(marks)) {
    const x = (middle / room.duration) * room.width - measure(text) / 2;
    put(text, [room.wave + 2, room.wave + TAG_HEIGHT + APART].map((y) => [x, y]));
  }
  return placed;
}

/**
 * Heights to try for a label: at `y`, then further and further up and down within the spectrogram.
 * @param {number} y
 * @param {Room} room
 */
function near(y, room) {
  const steps = Math.floor((room.height - room.wave) / TAG_HEIGHT);
  const heights = Array.from({ length: 2 * steps + 1 }, (_, i) => y + (i % 2 ? -1 : 1) * Math.ceil(i / 2) * (TAG_HEIGHT + 1));
  return heights.filter((each) => each >= room.wave && each <= room.height - TAG_HEIGHT);
}

/**
 * Texts of the marks in frequency, one for each cause, and where they belong: beside the middle of a band, above lines.
 * @param {Mark[]} marks
 * @param {Room} room
 */
function bandTexts(marks, room) {
  const bands = marks.filter((mark) => mark.start === null && mark.top !== null);
  const tall = room.height - room.wave;
  const labels = [...new Set(bands.map(({ label }) => label))];
  return labels.map((label) => {
    const same = bands.filter((mark) => mark.label === label);
    const [top, bottom] = [Math.min(...same.map((mark) => mark.top ?? 0)), Math.max(...same.map((mark) => mark.bottom ?? 1))];
    const y = same.length === 1 ? ((top + bottom) / 2) * tall - TAG_HEIGHT / 2 : top * tall - TAG_HEIGHT - 2;
    return { text: together(same.map((mark) => mark.text)), y: Math.max(room.wave + 1, Math.min(room.wave + y, room.height - TAG_HEIGHT - 1)) };
  });
}

/**
 * Texts of the marks in time, each once and at the first place that has it: "gap 20 ms ×7".
 * @param {Mark[]} marks
 */
function timeTexts(marks) {
  const timed = marks.filter((mark) => mark.start !== null && mark.end !== null);
  return [...new Set(timed.map(({ text }) => text))].map((text) => {
    const same = timed.filter((mark) => mark.text === text);
    const [{ start, end }] = same;
    return { text: same.length > 1 ? `${text} ×${same.length}` : text, middle: ((start ?? 0) + (end ?? 0)) / 2 };
  });
}

/**
 * "50 Hz, 100 Hz, 150 Hz … 400 Hz".
 * @param {string[]} texts
 */
function together(texts) {
  if (texts.length <= FIRST_LINES + 1) return texts.join(", ");
  return `${texts.slice(0, FIRST_LINES).join(", ")} … ${texts[texts.length - 1]}`;
}

/**
 * A mark as a sentence: "Cut off: ends in mid-sound, at 3.42 s"; "Overdriven: clipped, 1.15 to 1.62 s".
 * @param {Mark} mark
 */
export function sentence({ label, text, start, end }) {
  if (start === null || end === null) return `${label}: ${text}`;
  const [from, to] = [start.toFixed(2), end.toFixed(2)];
  return `${label}: ${text}, ${from === to ? `at ${from}` : `${from} to ${to}`} s`;
}
