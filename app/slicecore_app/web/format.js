// Numbers as the page writes them, by the same rules as slicecore/wording.py: rounded half up in their decimal form, thousands
// separated, a real minus, no sign on a zero. `tests/number_cases.json` holds both to them.

const UNKNOWN = "–";
const NARROW_GAP = "\u202f";
const MINUS = "\u2212";
const SIGNIFICANT = 3; // digits of a number without a natural scale

/** @type {Map<number, Intl.NumberFormat>} */
const formats = new Map(); // by decimals: making one takes longer than writing a hundred numbers

/** @param {number} decimals */
function formatOf(decimals) {
  const known = formats.get(decimals);
  if (known) return known;
  const made = new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  formats.set(decimals, made);
  return made;
}

/** @param {number | null | undefined} value @returns {value is number} */
const isKnown = (value) => typeof value === "number" && Number.isFinite(value);

/** @param {string} text */
const withSign = (text) => (!text.startsWith(MINUS) && /[1-9]/.test(text) ? `+${text}` : text);

/**
 * A number with so many decimals: "1,234.5", "−8.8".
 * @param {number | null | undefined} value
 */
export function fixed(value, decimals = 0) {
  if (!isKnown(value)) return UNKNOWN;
  const text = formatOf(decimals).format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

/**
 * A number of any size with three significant digits, but never less than whole: "3.21", "0.000124", "1,235".
 * @param {number | null | undefined} value
 */
export function significant(value) {
  if (!isKnown(value)) return UNKNOWN;
  if (value === 0) return "0";
  const magnitude = Number(Math.abs(value).toExponential().split("e")[1]);
  const decimals = Math.max(0, SIGNIFICANT - 1 - magnitude);
  const text = fixed(value, decimals);
  return decimals ? text.replace(/\.?0+$/, "") : text;
}

/**
 * A share in percent: 0.676 → "67.6 %".
 * @param {number | null | undefined} share
 */
export const rate = (share, decimals = 1) => (isKnown(share) ? `${fixed(100 * share, decimals)}${NARROW_GAP}%` : UNKNOWN);

/**
 * A difference of two shares in percentage points: 0.347 → "+34.7 pts".
 * @param {number | null | undefined} difference
 */
export const points = (difference, decimals = 1) =>
  isKnown(difference) ? `${withSign(fixed(100 * difference, decimals))}${NARROW_GAP}pts` : UNKNOWN;

/**
 * A difference of two numbers of any size: "+3.21", "−0.5", "0".
 * @param {number | null | undefined} difference
 */
export const signed = (difference) => withSign(significant(difference));

/**
 * "35 clips", "1 clip".
 * @param {number} count
 */
export const clipCount = (count) => `${fixed(count)} ${count === 1 ? "clip" : "clips"}`;

const BEFORE_UNIT = /(\d) (?=(?:%|(?:pts|dB|dBFS|LUFS|k?Hz|k?bit\/s|m?s)(?![\w/])))/g;

/**
 * A text whose numbers stay on one line with their units: "64 %", "3.2 dB".
 * @param {string} text
 */
export const unbroken = (text) => text.replace(BEFORE_UNIT, "$1\u00a0");
