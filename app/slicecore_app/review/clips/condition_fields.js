// What is filled in for a condition as the value that Python takes, and back.

const DAY = 86400; // s
const SEVERAL = ["≠", "contains", "does not contain"]; // of which a column may have more than one

/**
 * @typedef {{column: string, operator: string, part: string, value: string | number | (string | number)[], text?: string}} Condition
 */

/**
 * True if two conditions are of the same kind on the same column, so that one takes the place of the other.
 * @param {Condition} a
 * @param {Condition} b
 */
export const isSameKind = (a, b) =>
  a.column === b.column &&
  a.part === b.part &&
  kindOf(a.operator) === kindOf(b.operator) &&
  (!SEVERAL.includes(a.operator) || a.value === b.value);

/** One ticked value comes back as "=". @param {string} operator */
const kindOf = (operator) => (operator === "is one of" ? "=" : operator);

/** @param {number} a @param {number} b */
const ascending = (a, b) => a - b;

/** Midnight of a day in seconds since 1970, UTC. @param {string} day */
const midnight = (day) => Date.parse(`${day}T00:00:00Z`) / 1000;

/** @param {number} seconds */
const dayOf = (seconds) => {
  const date = new Date(1000 * seconds);
  return Number.isFinite(date.getTime()) ? date.toISOString().slice(0, 10) : "";
};

/**
 * Value of a condition. An interval has its smaller end first, hours go round the clock, and the last of several days counts.
 * @param {import("../../web/columns.js").Kind["fields"]} fields
 * @param {string[]} texts of the fields
 * @returns {string | number | number[]}
 */
export function valueFrom(fields, texts) {
  if (fields === "number") return Number(texts[0]);
  if (fields === "numbers") return texts.map(Number).sort(ascending);
  if (fields === "hours") return texts.map(Number);
  if (fields === "date") return midnight(texts[0]);
  if (fields === "dates") {
    const [first, last] = texts.map(midnight).sort(ascending);
    return [first, last + DAY];
  }
  return texts[0];
}

/**
 * Texts of the fields that make a value; none where it was not made with these fields.
 * @param {import("../../web/columns.js").Kind["fields"]} fields
 * @param {string | number | (string | number)[]} value
 * @returns {string[]}
 */
export function textsOf(fields, value) {
  if (fields === "numbers" || fields === "hours") return Array.isArray(value) ? value.map(String) : [];
  if (fields === "date") return [dayOf(Number(value))];
  if (fields === "dates") return Array.isArray(value) ? [dayOf(Number(value[0])), dayOf(Number(value[1]) - 1)] : [];
  return [String(value)];
}
