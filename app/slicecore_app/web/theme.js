// Colours and numbers as the whole page shows them. The page defines the colours as `--sc-*` variables; the light
// values stand in where it does not, so that a component also works alone.

import { el } from "./dom.js";

const LIGHT = {
  bg: "#F5F6F8",
  panel: "#FFFFFF",
  sunken: "#F0F2F5",
  line: "#E2E5EB",
  line2: "#C8CDD7",
  ink: "#1A1E26",
  ink2: "#4A5261",
  ink3: "#656D7D",
  accent: "#3A4CC8",
  "accent-soft": "#EBEEFC",
  "accent-ink": "#FFFFFF",
  sub: "#8A4300",
  "sub-bg": "#FDF0DF",
  del: "#8A2466",
  "del-bg": "#FBEAF4",
  ins: "#0B5C84",
  "ins-bg": "#E4F2F9",
  ctl: "#858D9C",
  wave0: "#8F97A6",
  wave1: "#5B6AD6",
  "grey-dot": "#B4BAC6",
  outline: "#1A1E26",
};
const DROP_LIGHT = ["#9DBDD3", "#CEDCE6", "#EDECE8", "#F8D6AE", "#F0A95F", "#DB762E", "#AD4710", "#702708"];
// Seven groups that people with any colour vision can tell apart (Okabe and Ito 2008), and a scale for numbers (viridis).
const GROUPS = ["#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"];
const NUMBERS = ["#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30", "#FDE725"];
const DROP_POINTS = [-35, -15, 0, 15, 30, 45, 60, 90]; // where the eight colours stand, in points

const DARK_TEXT = "#14171E";
const LIGHT_TEXT = "#FFFFFF";
const NARROW_GAP = "\u202f";
const MINUS = "\u2212";
const formats = {}; // of numbers, by decimals: making one takes longer than using it a hundred times

const camelCase = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** The page's colours as seen from `node` (an element or a shadow root): `{panel, accentSoft, …, drop: [8 colours], groups: [7], numbers: [7 or 8]}`. */
export function readTheme(node) {
  const style = getComputedStyle(node.host ?? node);
  const read = (name, fallback) => style.getPropertyValue(`--sc-${name}`).trim() || fallback;
  const colours = Object.entries(LIGHT).map(([name, fallback]) => [camelCase(name), read(name, fallback)]);
  const drop = DROP_LIGHT.map((colour, i) => read(`drop-${i}`, colour));
  const isDark = luminance(read("panel", LIGHT.panel)) < 0.5; // the end that would be lost on the panel is left out
  return { ...Object.fromEntries(colours), drop, groups: GROUPS, numbers: isDark ? NUMBERS.slice(2) : NUMBERS.slice(0, 8) };
}

/**
 * Call `onChange` when the page's colours change below `root` without an update of the component: a hidden element takes
 * one of them by a transition, whose end is the message. Returns a function that ends it.
 */
export function watchTheme(root, onChange) {
  const probe = el("span", {
    "aria-hidden": "true",
    style: "position: absolute; width: 0; height: 0; color: var(--sc-ink); transition: color 1ms !important",
  });
  probe.addEventListener("transitionend", onChange);
  root.append(probe);
  return () => probe.remove();
}

/** `[red, green, blue]`, each 0 to 255, of "#rgb", "#rrggbb" or "rgb(…)". */
export function rgb(colour) {
  const numbers = colour.match(/^rgba?\(([^)]+)\)/);
  if (numbers) return numbers[1].split(/[\s,/]+/).slice(0, 3).map(Number);
  const digits = colour.length === 4 ? colour.slice(1).replace(/./g, "$&$&") : colour.slice(1);
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

/** A function from drop in points to "#rrggbb": linear between the stops, clamped at both ends. */
export function dropScale(theme) {
  const stops = theme.drop.map(rgb);
  return (points) => {
    const clamped = Math.min(DROP_RANGE[1], Math.max(DROP_RANGE[0], points));
    const right = Math.max(1, DROP_POINTS.findIndex((stop) => stop >= clamped));
    const share = (clamped - DROP_POINTS[right - 1]) / (DROP_POINTS[right] - DROP_POINTS[right - 1]);
    const mixed = stops[right].map((to, i) => Math.round(stops[right - 1][i] + share * (to - stops[right - 1][i])));
    return `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  };
}

/** Ends of the drop scale in points. */
export const DROP_RANGE = [DROP_POINTS[0], DROP_POINTS[DROP_POINTS.length - 1]];

/** Relative luminance by WCAG 2, 0 to 1. */
function luminance(colour) {
  const [red, green, blue] = rgb(colour).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Whether a ground is one for light text. */
export const isDark = (ground) => luminance(ground) < 0.18;

/** Near-black or white, whichever contrasts more with `ground`. */
export const textOn = (ground) =>
  contrast(DARK_TEXT, ground) >= contrast(LIGHT_TEXT, ground) ? DARK_TEXT : LIGHT_TEXT;

/** 0.676 → "67.6 %". */
export const formatRate = (share, digits = 1) => `${formatNumber(share * 100, digits)}${NARROW_GAP}%`;

/** 34.7 → "+34.7 pts". */
export const formatPoints = (points, digits = 1) => `${formatSigned(points, digits)}${NARROW_GAP}pts`;

/** 34.7 → "+34.7", −8.8 → "−8.8", with a real minus; zero has no sign. */
export function formatSigned(value, digits = 1) {
  const text = formatNumber(value, digits);
  return Number(value.toFixed(digits)) > 0 ? `+${text}` : text;
}

/** A number with a fixed count of decimals, thousands separated, a real minus; "–" for what is not known. */
export function formatNumber(value, digits = 0) {
  if (value === null || !Number.isFinite(value)) return "–";
  const rounded = Number(value.toFixed(digits));
  formats[digits] ??= new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const text = formats[digits].format(Math.abs(rounded));
  return rounded < 0 ? MINUS + text : text;
}
