// Arithmetic on colours. Pure: nothing here touches the page.

const DARK_TEXT = "#14171E";
const LEAST_CONTRAST = 4.5; // WCAG 2, of text
const LIGHT_TEXT = "#FFFFFF";
const NO_COLOUR = "#808080"; // until the page's style sheet is there, after which all is drawn again (watchTheme)

/**
 * Red, green and blue, each 0 to 255, of "#rgb", "#rrggbb" or "rgb(…)".
 * @param {string} colour
 */
export function rgb(colour) {
  const numbers = colour.match(/^rgba?\(([^)]+)\)/);
  if (numbers) return numbers[1].split(/[\s,/]+/).slice(0, 3).map(Number);
  const digits = colour.length === 4 ? colour.slice(1).replace(/./g, "$&$&") : colour.slice(1);
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

/** @param {number[]} channels 0 to 255 */
const hex = (channels) => `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;

/**
 * A function from a number to "#rrggbb": linear between the `colours` that stand at `stops`, clamped at both ends; grey
 * where there are fewer than two colours.
 * @param {number[]} stops ascending
 * @param {string[]} colours one for each stop
 */
export function colourScale(stops, colours) {
  if (colours.length < 2) return () => NO_COLOUR;
  const channels = colours.map(rgb);
  const last = stops.length - 1;
  /** @param {number} value */
  return (value) => {
    const clamped = Math.min(stops[last], Math.max(stops[0], value));
    const right = Math.max(1, stops.findIndex((stop) => stop >= clamped));
    const share = (clamped - stops[right - 1]) / (stops[right] - stops[right - 1]);
    return hex(channels[right].map((to, i) => channels[right - 1][i] + share * (to - channels[right - 1][i])));
  };
}

/**
 * The same for colours at equal distances on a scale from 0 to 1.
 * @param {string[]} colours
 */
export const evenScale = (colours) => colourScale(colours.map((_, i) => i / (colours.length - 1)), colours);

/**
 * Relative luminance by WCAG 2, 0 to 1.
 * @param {string} colour
 */
function luminance(colour) {
  const [red, green, blue] = rgb(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * Contrast of two colours by WCAG 2, 1 to 21.
 * @param {string} colour
 * @param {string} other
 */
export function contrast(colour, other) {
  const [dark, light] = [luminance(colour), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * True if a ground is one for light text.
 * @param {string} ground
 */
export const isDark = (ground) => luminance(ground) < 0.18;

/**
 * Near-black or white, whichever contrasts more with `ground`; black where neither contrasts enough.
 * @param {string} ground
 */
export function textOn(ground) {
  const best = contrast(DARK_TEXT, ground) >= contrast(LIGHT_TEXT, ground) ? DARK_TEXT : LIGHT_TEXT;
  return contrast(best, ground) >= LEAST_CONTRAST ? best : "#000000";
}
