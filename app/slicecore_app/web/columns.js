// The columns of the open table, as the server describes them.

import { apiUrl } from "./dom.js";
import { loadOnce } from "./memory.js";

const MOST_TABLES = 4;

/**
 * Kind of conditions, see `review/column_kinds.py`.
 * @typedef {object} Kind
 * @property {string} label
 * @property {string} operator
 * @property {string} part of a time
 * @property {"text" | "number" | "numbers" | "ticks" | "date" | "dates" | "hours"} fields
 * @property {string[]} values that can be ticked; those of the column where there are none
 *
 * @typedef {object} Column
 * @property {string} name
 * @property {string} origin
 * @property {string} unit
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
