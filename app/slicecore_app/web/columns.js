// The columns of the open table, as the server describes them.

import { apiUrl, el } from "./dom.js";
import { loadOnce } from "./memory.js";

const MOST_TABLES = 4;

/**
 * Kind of conditions, see `review/column_kinds.py`.
 * @typedef {object} Kind
 * @property {string} label
 * @property {string} operator
 * @property {string} part of a time
 * @property {"none" | "text" | "number" | "numbers" | "ticks" | "date" | "dates" | "hours"} fields
 * @property {string[]} values that can be ticked; those of the column where there are none. Where nothing is filled in, the value
 *
 * @typedef {object} Column
 * @property {string} name
 * @property {string} heading in menus
 * @property {string} unit
 * @property {string} measurement name by which its measurement can be added to the clips; "" where it can't
 * @property {Kind[]} kinds
 * @property {(string | number)[]} [values] of text, or where there are few numbers
 * @property {string[]} [texts] of the values, where these are numbers
 */

/**
 * Columns behind a token, fetched once.
 * @type {(token: string) => Promise<Column[]>}
 */
export const columnsOf = loadOnce(MOST_TABLES, async (token) => {
  const response = await fetch(apiUrl(`published/${token}`));
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
});

/**
 * Options of a menu of columns, under their headings; `value(name)` is what an option stands for.
 * @param {Column[]} columns
 * @param {(name: string) => string} value
 */
export function menuOf(columns, value = (name) => name) {
  return [...new Set(columns.map(({ heading }) => heading))].map((label) => {
    const names = columns.filter(({ heading }) => heading === label).map(({ name }) => name);
    return el("optgroup", { label }, ...names.map((name) => el("option", { value: value(name) }, name)));
  });
}
