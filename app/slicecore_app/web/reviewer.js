// The reviewer: the name under which somebody judges in this browser. The browser remembers it, with a name of its own by
// which two people who call themselves alike are told apart.

const KEY = "slicecore reviewer";

/**
 * Who judges here. `name` is "" until somebody gives one; `confirmed` is the name that is theirs in other browsers as well.
 * @typedef {{name: string, browser: string, confirmed: string}} Remembered
 *
 * @typedef {object} Reviewer
 * @property {() => string} name the one that was given, else that of the account
 * @property {() => boolean} isGiven
 * @property {() => {reviewer: string, browser: string}} signature what a word of the reviewer carries
 * @property {(name: string) => void} call
 * @property {() => void} confirm the name is theirs in other browsers, too
 * @property {(account: string, reviewers?: Record<string, string[]>) => void} learn what the server knows: the name of the account,
 *   and the browsers of every name
 * @property {() => string} namesake a name that would be free, where somebody in another browser has the same; else ""
 * @property {(listener: () => void) => () => void} follow
 */

/**
 * @param {() => Pick<Storage, "getItem" | "setItem">} storage
 * @param {() => string} newName of a browser
 * @returns {Reviewer}
 */
export function createReviewer(storage, newName) {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  let remembered = read(storage);
  let account = "";
  /** @type {Record<string, string[]>} */
  let known = {};
  if (!remembered.browser) keep({ browser: newName() });

  /** @param {Partial<Remembered>} change */
  function keep(change) {
    remembered = { ...remembered, ...change };
    try {
      storage().setItem(KEY, JSON.stringify(remembered));
    } catch (error) {
      console.warn("The name of the reviewer is not remembered:", error);
    }
    for (const listener of [...listeners]) listener();
  }

  const name = () => remembered.name || account;
  /**
   * Whether another browser had the name before this one.
   * @param {string} wanted
   */
  const isOfAnother = (wanted) => ![undefined, remembered.browser].includes(known[wanted]?.[0]);

  return {
    name,
    isGiven: () => Boolean(remembered.name),
    signature: () => ({ reviewer: name(), browser: remembered.browser }),
    call: (wanted) => wanted.trim() !== name() && keep({ name: wanted.trim() }),
    confirm: () => keep({ confirmed: name() }),
    learn(nameOfAccount, reviewers = known) {
      if (nameOfAccount === account && JSON.stringify(reviewers) === JSON.stringify(known)) return;
      account = nameOfAccount;
      known = reviewers;
      for (const listener of [...listeners]) listener();
    },
    namesake() {
      const mine = name();
      if (!mine || remembered.confirmed === mine || !isOfAnother(mine)) return "";
      let number = 2;
      while (`${mine} ${number}` in known) number += 1;
      return `${mine} ${number}`;
    },
    follow(listener) {
      listeners.add(listener);
      listener();
      return () => listeners.delete(listener);
    },
  };
}

/**
 * @param {() => Pick<Storage, "getItem">} storage
 * @returns {Remembered}
 */
function read(storage) {
  const nobody = { name: "", browser: "", confirmed: "" };
  try {
    return { ...nobody, ...JSON.parse(storage().getItem(KEY) ?? "{}") };
  } catch (error) {
    console.warn("The name of the reviewer can't be read:", error);
    return nobody;
  }
}
