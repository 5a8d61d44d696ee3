// Words of the reviewer that Python has not confirmed: a page that is loaded anew in the same tab sends them once more.
// Each has the name of its press, by which Python writes it once however often it arrives.

const KEY = "slicecore unsent words";

/** @typedef {NumberedEvent & {press: string}} Word */

/**
 * Memory of unsent words in a tab. Where a browser has none, as with storage forbidden, nothing outlives the page.
 * @param {() => Pick<Storage, "getItem" | "setItem" | "removeItem">} storage
 */
export function createUnsent(storage) {
  let before = read(storage);
  let written = "";
  return {
    /**
     * Keep what waits, beside the words of the page before that nobody has taken yet.
     * @param {NumberedEvent[]} waiting
     */
    keep(waiting) {
      const text = JSON.stringify([...before, ...waiting.filter((event) => event.press)]);
      if (text === written) return;
      written = text;
      try {
        if (text === "[]") storage().removeItem(KEY);
        else storage().setItem(KEY, text);
      } catch (error) {
        console.warn("What is not saved does not outlive the page:", error);
      }
    },
    /**
     * The words of the page before, in their order, whose kind is among these. What only its picks could tell, nobody can
     * tell any more: such a word has no pick, and is refused visibly.
     * @param {string[]} kinds
     * @returns {PageEvent[]}
     */
    take(kinds) {
      const taken = before.filter((word) => kinds.includes(word.kind));
      before = before.filter((word) => !kinds.includes(word.kind));
      return taken.map(({ n: _, tab: __, ...word }) => ("pick" in word ? { ...word, pick: 0 } : word));
    },
  };
}

/**
 * @param {() => Pick<Storage, "getItem">} storage
 * @returns {Word[]}
 */
function read(storage) {
  try {
    return JSON.parse(storage().getItem(KEY) ?? "[]");
  } catch (error) {
    console.warn("What the page before had not saved can't be read:", error);
    return [];
  }
}
