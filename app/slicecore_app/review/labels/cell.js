// A cell of a confusion matrix: its text, colour and hint.

import { fixed, signed } from "../../web/format.js";

const RIGHT_POINTS = -35; // where all of a row is right: the end of the scale for what is better
const WRONG_POINTS = 90; // where all of a row is taken for one other label

/**
 * @typedef {{isFilled: boolean, shown: string, points: number | null, hint: string}} Drawn `points` on the drop scale
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
      points: count && !isRest ? (count / total) * (isRight ? RIGHT_POINTS : WRONG_POINTS) : null,
      hint: `${what}: ${fixed(count)} of ${fixed(total)} clips`,
    };
  }
  const [more, fewer] = [gained[row][column], lost[row][column]];
  const change = more - fewer;
  const only = more + fewer ? `; only by one of them: ${fixed(more)} and ${fixed(fewer)}` : "";
  return {
    isFilled: more + fewer > 0,
    shown: more + fewer ? signed(change) : "",
    points: change && !isRest ? ((isRight ? -100 : 100) * change) / total : null,
    hint: `${what}: ${fixed(count)} of ${fixed(total)} clips by ${names[0]}, ${fixed(count - change)} by ${names[1]}${only}`,
  };
}
