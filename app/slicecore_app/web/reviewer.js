// The reviewer: the name under which somebody judges in this browser. The browser remembers it, with a name of its own by
// which two people who call themselves alike are told apart: who comes second judges under a name beside it ("Anna 2")
// until they say that both are one person. The server decides; what is decided here is what the page shows meanwhile.

const KEY = "slicecore reviewer";

/**
 * Who judges here. `name` is "" until somebody gives one; `confirmed` is the name that is theirs in other browsers as well;
 * `browser` is "" where it can't be remembered; `only_mine` leaves the verdicts of others out of list and progress; `listed`
 * says whose slices the list shows.
 * @typedef {{name: string, browser: string, confirmed: string, only_mine: boolean, listed: import("./review.js").Listed["of"]}} Remembered
 *
 * What a word of the reviewer carries; see `session/signature.py`.
 * @typedef {{reviewer: string, browser: string, is_same: boolean}} Signature
 *
 * What the server knows: the name of the account, or of a login, which nobody can change here, whether somebody may judge (false
 * until that is known), the browsers of every name, the first to use it first, and the name of a reviewer by others of the same person.
 * @typedef {{account: string, is_login?: boolean, may_judge?: boolean, reviewers?: Record<string, string[]>, other_names?: Record<string, string>}} Known
 *
 * @typedef {object} Reviewer
 * @property {() => string} name under which is judged
 * @property {() => string} wanted the name that was given, else that of the account
 * @property {() => boolean} isGiven
 * @property {() => boolean} isLogin the name is that of a login
 * @property {() => Signature} signature
 * @property {(word: PageEvent) => boolean} isMine whether words of the page before are those of whoever may judge here now: somebody else may have logged in since
 * @property {(name: string) => void} call
 * @property {() => void} confirm the name is theirs in other browsers, too
 * @property {(known: Partial<Known>) => void} learn
 * @property {() => string | null} only whose verdicts the list shows and the head counts: null for everybody's
 * @property {(mine: boolean) => void} showOnlyMine
 * @property {() => import("./review.js").Listed} listed whose slices the list shows, by those who are to judge them
 * @property {(of: import("./review.js").Listed["of"]) => void} list
 * @property {() => boolean} isTaken somebody in another browser has the name that is wanted
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
  /** @type {Required<Known>} */
  let known = { account: "", is_login: false, may_judge: false, reviewers: {}, other_names: {} };
  keep({ browser: remembered.browser || newName() });

  /** @param {Partial<Remembered>} change */
  function keep(change) {
    remembered = { ...remembered, ...change };
    try {
      storage().setItem(KEY, JSON.stringify(remembered));
    } catch (error) {
      console.warn("The name of the reviewer is not remembered:", error);
      remembered.browser = ""; // else whoever loads the page anew were somebody else each time
    }
    tell();
  }

  function tell() {
    for (const listener of [...listeners]) listener();
  }

  const wanted = () => (known.is_login ? known.account : remembered.name || known.account);
  const isSame = () => Boolean(remembered.confirmed) && remembered.confirmed === wanted();

  /** The first free name, or one that this browser used first. */
  function name() {
    const first = wanted();
    if (known.is_login) return known.other_names[first] ?? first;
    let taken = first;
    const { browser } = remembered;
    for (let number = 2; browser && !isSame() && ![undefined, browser].includes(known.reviewers[taken]?.[0]); number += 1)
      taken = `${first || "reviewer"} ${number}`;
    return known.other_names[taken] ?? taken;
  }

  return {
    name,
    wanted,
    isGiven: () => known.is_login || Boolean(remembered.name),
    isLogin: () => known.is_login,
    isMine: ({ reviewer }) => known.may_judge && (!known.is_login || reviewer === undefined || reviewer === known.account),
    signature: () => ({ reviewer: wanted(), browser: remembered.browser, is_same: isSame() }),
    call: (name) => name.trim() !== wanted() && keep({ name: name.trim() }),
    confirm: () => keep({ confirmed: wanted() }),
    only: () => (remembered.only_mine ? name() : null),
    showOnlyMine: (mine) => keep({ only_mine: mine }),
    listed: () => ({ of: remembered.listed, name: name() }),
    list: (of) => keep({ listed: of }),
    learn(more) {
      const now = { ...known, ...more };
      if (JSON.stringify(now) === JSON.stringify(known)) return;
      known = now;
      tell();
    },
    isTaken: () => name() !== (known.other_names[wanted()] ?? wanted()),
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
  /** @type {Remembered} */
  const nobody = { name: "", browser: "", confirmed: "", only_mine: false, listed: "all" };
  try {
    return { ...nobody, ...JSON.parse(storage().getItem(KEY) ?? "{}") };
  } catch (error) {
    console.warn("The name of the reviewer can't be read:", error);
    return nobody;
  }
}
