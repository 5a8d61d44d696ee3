// Long runs of inserted words, of which an alignment shows the beginning only: a hallucination would push everything else
// out of sight.

const LONGEST_RUN = 6; // inserted words in a row that are all shown
const FIRST_OF_RUN = 3; // those that are shown of a longer run

/**
 * Places that are not shown, from `start` up to and without `end`.
 * @param {boolean[]} isInserted for every place of an alignment
 * @returns {{start: number, end: number}[]}
 */
export function foldedRuns(isInserted) {
  const folded = [];
  for (let start = 0; start < isInserted.length; ) {
    let end = start;
    while (end < isInserted.length && isInserted[end]) end += 1;
    if (end - start > LONGEST_RUN) folded.push({ start: start + FIRST_OF_RUN, end });
    start = Math.max(end, start + 1);
  }
  return folded;
}

/**
 * What stands in the place of a fold.
 * @param {{start: number, end: number}} run
 */
export const foldLabel = ({ start, end }) => `+ ${end - start} more`;
