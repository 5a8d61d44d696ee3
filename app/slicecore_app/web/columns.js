// The columns of the open table, as the server describes them.

import { apiUrl } from "./dom.js";
import { loadOnce } from "./memory.js";

const MOST_TABLES = 4;

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} origin
 * @property {string} unit
 * @property {string[]} operators
 * @property {string[] | null} values of a column of text
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
