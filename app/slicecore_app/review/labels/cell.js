// A cell of a confusion matrix: its text and hint.

import { fixed, signed } from "../../web/format.js";

/**
 * @typedef {{isFilled: boolean, shown: string, hint: string}} Drawn
 *
 * @typedef {Pick<import("./confusion.js").Matrix, "labels" | "counts" | "others" | "gained" | "lost">} Cells
 */

/**
 * What a cell shows: clips, or in a difference how many more the first of two models has in it.
 * @param {Cells} matrix
 * @param {number} row
 * @param {number} column
 * @param {string[]} names of the models of a difference
 * @returns {Drawn}
 */
export function drawnCell({ labels, counts, others, gained, lost }, row, column, names) {
  const isRest = others > 0 && row === column && row === labels.length - 1;
  const isRight = row === column && !isRest;
  const what = isRight ? `${labels[row]} recognised` : `${labels[row]} taken for ${labels[column]}`;
  const count = counts[row][column];
  const total = counts[row].reduce((sum, each) => sum + each, 0);
  if (!gained || !lost) {
    return {
      isFilled: count > 0,
      shown: count ? fixed(count) : "",
      hint: `${what}: ${fixed(count)} of ${fixed(total)} clips`,
    };
  }
  const [more, fewer] = [gained[row][column], lost[row][column]];
  const change = more - fewer;
  const only = more + fewer ? `; only by one of them: ${fixed(more)} and ${fixed(fewer)}` : "";
  return {
    isFilled: more + fewer > 0,
    shown: more + fewer ? signed(change) : "",
    hint: `${what}: ${fixed(count)} of ${fixed(total)} clips by ${names[0]}, ${fixed(count - change)} by ${names[1]}${only}`,
  };
}
