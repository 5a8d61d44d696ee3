// Words of the reviewer that Python has not written: a page that is loaded anew in the same tab sends them once more. Each
// has the name of its press, by which Python writes it once however often it arrives.

const KEY = "slicecore unsent words";

/** @typedef {NumberedEvent & {press: string}} Word */

/**
 * Memory of unsent words in a tab. Where a browser has none, as with storage forbidden, nothing outlives the page.
 * @param {() => Pick<Storage, "getItem" | "setItem" | "removeItem">} storage
 */
export function createUnsent(storage) {
  let before = read(storage);
  /** @type {Word[]} */
  let waiting = [];
  /** @type {Word[]} */
  let taken = []; // of which it is not known yet whether they are held
  /** @type {PageEvent[]} */
  let held = [];
  /** @type {Set<string>} */
  const sessions = new Set(); // that have said what they hold
  let written = "";

  function store() {
    const text = JSON.stringify([...before, ...held, ...taken, ...waiting]);
    if (text === written) return;
    written = text;
    try {
      if (text === "[]") storage().removeItem(KEY);
      else storage().setItem(KEY, text);
    } catch (error) {
      console.warn("What is not saved does not outlive the page:", error);
    }
  }

  return {
    /**
     * Keep what waits, beside the words of the page before that nobody has taken yet.
     * @param {NumberedEvent[]} events
     */
    keep(events) {
      const words = /** @type {Word[]} */ (events.filter(({ press }) => press));
      const isThere = new Set(words.map(({ press }) => press));
      taken = [...taken, ...waiting.filter((word) => mayBeHeld(word) && !isThere.has(word.press))];
      waiting = words;
      store();
    },
    /**
     * Keep the words that a session of the server has heard and not written, as events; it has heard of all up to a number.
     * Returns those of the session before, where this is another one, which does not know of them.
     * @param {PageEvent[]} events
     * @param {number} heard
     * @param {string} [session]
     */
    hold(events, heard, session = "") {
      const lost = sessions.size && !sessions.has(session) ? held : [];
      sessions.add(session);
      held = events;
      taken = taken.filter(({ n }) => n > heard);
      store();
      return lost;
    },
    /**
     * The words of the page before, in their order, whose kind is among these and that may go; the others stay. What only its
     * picks could tell by their numbers, nobody can tell any more: such a word has no number of a pick, but what was picked.
     * @param {string[]} kinds
     * @param {(word: PageEvent) => boolean} mayGo
     * @returns {PageEvent[]}
     */
    take(kinds, mayGo = () => true) {
      /** @param {Word} word */
      const goes = (word) => kinds.includes(word.kind) && mayGo(word);
      const going = before.filter(goes);
      before = before.filter((word) => !goes(word));
      return going.map(({ n: _, tab: __, ...word }) => ("pick" in word ? { ...word, pick: 0 } : word));
    },
  };
}

const MAY_BE_HELD = ["verdict", "notes", "confirm", "decline", "assign", "rename", "correct", "kept"];

/** True for what Python may not be able to write, and tell so later than that it has heard it. @param {Word} word */
const mayBeHeld = ({ kind }) => MAY_BE_HELD.includes(kind);

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
