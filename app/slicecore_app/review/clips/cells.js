// The cells of the clips table: the value with its bar, both values of two models, the aligned words.

import { colourScale } from "../../web/colour.js";
import { directionOf } from "../../web/direction.js";
import { points, rate, signed, significant } from "../../web/format.js";
import { foldedRuns, foldLabel } from "../../web/long_runs.js";
import { inserted, visible } from "../../web/wrong_words.js";

const WORDS_BEFORE = 3; // right words before the first error
const MOST_CHARACTERS = 400; // of an alignment: no cell is wider

/**
 * Data of the cells besides their row, from Python.
 * @typedef {object} Context
 * @property {string} media address below which the sound of the clips is served
 * @property {string} metric
 * @property {boolean} percent whether values are shares
 * @property {number} full value at which a bar is full
 * @property {number[]} dropPoints where the colours of the drop scale stand
 * @property {string[]} dropColours
 * @property {string} joint what stands between two words of an alignment; nothing between characters
 * @property {[string, string] | null} models names of two models that are compared
 * @property {[string, "asc" | "desc"]} first order of the clips as they are sent: a column and the direction
 * @property {string[]} measured columns of measurements, which stand before the metadata
 * @property {Record<string, string>} names of the columns of the user's table, by their id here
 */

/**
 * A row of the table; component.py describes its columns.
 * @typedef {object} Row
 * @property {number} row
 * @property {string} id
 * @property {string} clipName for people
 * @property {string} clipPath of its file, "" where there is none
 * @property {number | null} value
 * @property {number | null} points
 * @property {string} edits as JSON
 * @property {number | bigint | null} [words]
 * @property {number | null} [duration]
 * @property {string} [reason]
 * @property {string} [signs] of a wrong reference, as JSON; "" for none
 * @property {number | null} [modelValue] this and the others where two models are compared
 * @property {number | null} [otherValue]
 * @property {string} [otherEdits] as JSON
 */

/**
 * Arguments of AgGrid for a cell.
 * @typedef {{value: number | null, data: Row, context: Context}} Cell
 */

/** @type {WeakMap<Context, (points: number) => string>} */
const scales = new WeakMap();

/** @param {Context} context */
function scaleOf(context) {
  const scale = scales.get(context) ?? colourScale(context.dropPoints, context.dropColours);
  scales.set(context, scale);
  return scale;
}

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {string} [text]
 */
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/**
 * A value of one model.
 * @param {number | null | undefined} value
 * @param {Context} context
 */
export const valueText = (value, context) => (context.percent ? rate(value, 0) : significant(value));

/**
 * The number that a clip is sorted by: its value, or the difference of two models.
 * @param {number | null} value
 * @param {Context} context
 */
export function mainText(value, context) {
  if (!context.models) return valueText(value, context);
  return context.percent ? points(value, 0) : signed(value);
}

/** @param {string} [text] @returns {Edit[]} */
export const editsOf = (text) => (text ? JSON.parse(text) : []);

/** @param {Cell} cell */
export function valueCell({ value, data, context }) {
  const cell = element("div", "value");
  const track = cell.appendChild(element("u"));
  if (value !== null && Number.isFinite(value)) {
    const bar = track.appendChild(element("i"));
    bar.style.width = `${100 * Math.min(1, Math.max(0, value / context.full))}%`;
    bar.style.background = scaleOf(context)(data.points || 0);
  }
  cell.appendChild(element("span", "", mainText(value, context)));
  return cell;
}

/**
 * The value of one model in the upper line, of the other in the lower one.
 * @param {Cell} cell
 */
export function bothCell({ value, data, context }) {
  const cell = element("div", "both");
  cell.append(element("span", "", valueText(value, context)), element("span", "", valueText(data.otherValue, context)));
  return cell;
}

/** @param {Cell} cell */
export function editsCell({ data, context }) {
  const line = editsLine(editsOf(data.edits), context.joint);
  if (window.parent.slicecoreWrongReferences?.has(data.id)) line.prepend(sign("≠", "Wrong reference"));
  if (window.parent.slicecoreCorrected?.has(data.id)) line.prepend(sign("✎", "Corrected reference"));
  if (!context.models) return line;
  const cell = element("div", "both");
  cell.append(line, editsLine(editsOf(data.otherEdits), context.joint));
  return cell;
}

/** @param {string} text @param {string} label */
function sign(text, label) {
  const made = element("span", "wrong-reference", text);
  made.title = label;
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  return made;
}

/** @param {Edit[]} edits @param {1 | 2} side @param {string} joint */
const words = (edits, side, joint) => edits.map((edit) => edit[side]).filter(Boolean).join(joint);

/** @param {Edit} edit @param {string} direction */
function wrongWord([kind, reference, prediction], direction) {
  if (kind === "substitute") {
    const both = element("span", "wrong substitute");
    both.append(element("bdi", "", visible(reference)), direction === "rtl" ? "←" : "→", element("bdi", "", visible(prediction)));
    return both;
  }
  if (kind === "delete") return element("span", "wrong delete", visible(reference));
  const word = element("span", "wrong insert", inserted(prediction));
  word.dir = "auto";
  return word;
}

/** @param {Edit[]} edits @param {string} joint */
function editsLine(edits, joint) {
  const cell = element("div", "edits");
  const [reference, prediction] = [words(edits, 1, joint), words(edits, 2, joint)];
  cell.dir = directionOf(reference || prediction);
  cell.title = `${reference || "(empty)"}\n${prediction || "(empty)"}`;
  if (edits.length && !prediction) {
    cell.append(element("span", "empty", "(empty)"), " ", element("span", "wrong delete", reference));
    return cell;
  }
  if (edits.length && !reference) cell.append(element("span", "empty", "(empty)"), " ");
  const first = edits.findIndex(([kind]) => kind !== "equal");
  let at = Math.max(0, first - WORDS_BEFORE);
  let characters = 0;
  let equal = at > 0 ? ["…"] : [];
  const folds = new Map(foldedRuns(edits.map(([kind]) => kind === "insert")).map((run) => [run.start, run]));
  for (; at <= edits.length && characters < MOST_CHARACTERS; at += 1) {
    const fold = folds.get(at);
    if (fold) {
      const label = element("span", "wrong insert fold", foldLabel(fold));
      label.dir = "ltr";
      cell.append(label, joint);
      at = fold.end;
    }
    const edit = edits[at];
    if (edit?.[0] === "equal") {
      equal.push(edit[1] === edit[2] ? edit[1] : `${edit[1]} → ${edit[2]}`); // a score stands beside what it decides
    } else {
      if (equal.length) cell.append(element("span", "equal", equal.join(joint)), joint);
      equal = [];
      if (edit) cell.append(wrongWord(edit, cell.dir), joint);
    }
    characters += edit ? edit[1].length + edit[2].length : 0;
  }
  return cell;
}
