// The room that is left in a note, of one slice or of several.

/**
 * Characters that the field of a note takes. A note that is longer already can be changed, but not become longer.
 * @param {string} note as it is
 * @param {number} longest characters of a note
 */
export const roomIn = (note, longest) => Math.max(longest, note.length);

/**
 * The part of a sentence that says by how much a text is too long, in characters as the server counts them; "" where it fits.
 * @param {string} text
 * @param {number} longest
 */
export function tooMany(text, longest) {
  const count = [...text].length - longest;
  return count > 0 ? `${count === 1 ? "1 character" : characters(count)} too many.` : "";
}

/** @param {number} count */
export const characters = (count) => `${count.toLocaleString("en")} characters`;

/**
 * What a full field says; "" while there is room in it.
 * @param {number} length of what stands in it
 * @param {number} longest characters of a note
 */
export function limitText(length, longest) {
  if (length < longest) return "";
  if (length === longest) return `At most ${characters(longest)}.`;
  return `${characters(length)}: notes have at most ${longest.toLocaleString("en")}, so this one can only become shorter.`;
}
