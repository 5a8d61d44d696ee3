// Events on their way to Python, one at a time. Streamlit keeps only one of two that come at once, and drops what is sent
// while the connection is down: so the next one waits until the page shows that the one before has been heard, and one
// that is not heard is sent again. Python ignores a number that it knows.

import { followConnection, isConnected } from "./connection.js";

const PATIENCE_MS = 5000; // an answer that takes longer is not waited for

/** `{add(event, post, {replaces, isAside}), hear(number), drawn(seq), isAhead(heard), watch(listener), sendAgain()}`. */
export function createQueue() {
  const waiting = [];
  const listeners = new Set();
  let count = 0;
  let sent = null; // {event, post, timer, seq}
  let newestHeard = 0; // number of the newest event that Python has heard
  let hears = false; // whether this page says which event it has heard
  let seq = ""; // of the newest drawing, for pages that don't
  let silent = false; // the server did not answer in time

  function tell() {
    const state = { waiting: [...(sent ? [sent.event] : []), ...waiting.map((one) => one.event)], isConnected: isConnected() && !silent };
    for (const listener of listeners) listener(state);
  }

  function sendNext() {
    const isBusy = Boolean(sent || waiting.length);
    document.documentElement.toggleAttribute("data-slicecore-busy", isBusy); // for tests: nothing is on its way
    if (sent || !waiting.length) return;
    if (!isConnected()) return tell();
    sent = { ...waiting.shift(), seq };
    post();
  }

  function post() {
    clearTimeout(sent.timer);
    sent.timer = setTimeout(giveUpWaiting, PATIENCE_MS);
    sent.post(sent.event);
  }

  function giveUpWaiting() {
    if (!sent) return;
    silent = true;
    tell();
    if (isConnected()) post();
    else sent.timer = setTimeout(giveUpWaiting, PATIENCE_MS);
  }

  function release() {
    clearTimeout(sent.timer);
    sent = null;
    if (silent || listeners.size) {
      silent = false;
      tell();
    }
    sendNext();
  }

  function reconnected() {
    if (!isConnected()) {
      newestHeard = 0; // another server may come, which has heard nothing
      return tell();
    }
    if (sent) post();
    else sendNext();
    tell();
  }

  followConnection(reconnected);

  return {
    /** @param {object} event @param {(event: object) => void} postIt @param {{replaces?: string, isAside?: boolean}} [options] */
    add(event, postIt, { replaces, isAside } = {}) {
      const at = replaces ? waiting.findIndex((one) => one.replaces === replaces) : -1;
      if (at >= 0) waiting.splice(at, 1);
      waiting.push({ event: { ...event, n: ++count }, post: postIt, replaces, isAside });
      sendNext();
      return count;
    },
    hear(number) {
      if (number === undefined) return;
      hears = true;
      newestHeard = Math.max(newestHeard, number);
      if (sent && number >= sent.event.n) release();
    },
    drawn(newSeq) {
      seq = newSeq;
      if (!hears && sent && sent.seq !== seq) release();
    },
    // Parts of one run come one after the other, and those of a run before it may be drawn in between.
    isAhead: (heard) => heard < newestHeard || [sent, ...waiting].some((one) => one && !one.isAside),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sendAgain: reconnected,
  };
}
