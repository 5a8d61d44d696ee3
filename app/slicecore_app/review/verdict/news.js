// What is said in other tabs, or by others who have the same workspace: the page asks now and then whether there is
// anything that it does not show yet.

import { apiUrl } from "../../web/dom.js";
import { isAhead } from "../../web/instance.js";

const EVERY_MS = 2000;

/** Call `tell()` when there is something new. `{update({at, newest}), stop()}`: where to ask, and the newest that the page shows. */
export function watchNews(tell) {
  let known = null;
  let told = ""; // what Python has been told of
  let asking = false;

  async function ask() {
    if (!known || asking || document.hidden || isAhead()) return;
    asking = true;
    try {
      const answer = await fetch(apiUrl(known.at), { cache: "no-store" });
      if (!answer.ok) return; // a server that can't read the file now
      const newest = String(await answer.json());
      if (newest === String(known.newest) || newest === told || isAhead()) return;
      told = newest;
      tell();
    } catch {
      // No server now: the page says so where something has to be saved, and this asks again.
    } finally {
      asking = false;
    }
  }

  const timer = setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
  return {
    update(next) {
      known = next;
    },
    stop() {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    },
  };
}
