// Wrong words, or characters, as alignments write them.

/**
 * A space that is wrong by itself, where characters are aligned, can be seen.
 * @param {string} text
 */
export const visible = (text) => (text.trim() ? text : "␣".repeat(text.length));

/** @param {string} text */
export const inserted = (text) => `+${visible(text)}`;
