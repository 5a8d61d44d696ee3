// The initials of a reviewer, as lists show them.

/**
 * "AB" of "Anna Berg" and of "anna.berg@example.org", "An" of "Anna"; "" of nobody.
 * @param {string} name
 */
export function initials(name) {
  const words = name.trim().split("@")[0].split(/[\s._-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]].map((word) => [...word][0]) : [...(words[0] ?? "")].slice(0, 2);
  return words.length > 1 ? letters.join("").toLocaleUpperCase() : letters.join("");
}
