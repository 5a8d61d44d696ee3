// Tags as they are typed.

/**
 * Tags of a text: several are separated by commas or semicolons.
 * @param {string} text
 */
export const tagsIn = (text) => text.split(/[,;]/).map((tag) => tag.trim()).filter(Boolean);
