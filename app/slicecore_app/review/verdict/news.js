// News from other tabs, or from others who have the same workspace: the page asks now and then whether anything was
// written that it does not show yet.

import { apiUrl } from "../../web/dom.js";
import { isAhead } from "../../web/instance.js";

const EVERY_MS = 2000;

/**
 * Address to ask at, and the newest numbers that the page shows.
 * @typedef {{at: string, newest: number[]}} News
 */

/**
 * Call `tell()` when there is something new. `{update(news), stop()}`.
 * @param {() => void} tell
 */
export function watchNews(tell) {
  /** @type {News | null} */
  let news = null;
  let reported = ""; // what Python knows of
  let isAsking = false;
  let couldRead = true;

  async function ask() {
    if (!news || isAsking || document.hidden || isAhead()) return;
    isAsking = true;
    try {
      const answer = await fetch(apiUrl(news.at), { cache: "no-store" });
      if (!answer.ok) {
        couldRead = false; // the server lives, but not its database
        return;
      }
      const newest = String(await answer.json());
      const isKnown = newest === String(news.newest) || newest === reported;
      if ((isKnown && couldRead) || isAhead()) return;
      couldRead = true;
      reported = newest;
      tell();
    } catch {
      // No server now: the page says so where something has to be saved, and this asks again.
    } finally {
      isAsking = false;
    }
  }

  const timer = setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
  return {
    /** @param {News} next */
    update(next) {
      news = next;
    },
    stop() {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    },
  };
}
