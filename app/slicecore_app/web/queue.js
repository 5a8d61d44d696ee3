// Events on their way to Python, one at a time. Streamlit keeps only one of two that come at once, and drops what is sent
// while the connection is down: the next one waits until the page has heard that the one before was taken, and one that
// is not taken is sent again. Python ignores a number that it knows.
//
// This is also the one rule about late data: whatever Python sends carries `heard`, the number of the newest event that it
// had taken, and its session. Data about a topic ("pick", "verdict", "clip", "reference") counts unless the browser has
// made a newer event on that topic, or the session is lost: Streamlit may hand such data over once more.

// Nothing is waited for without end: whatever has come to nothing is asked for again, while anything is on its way.
const PATIENCE_MS = 5000; // an answer that takes longer, though the server computes nothing, is not waited for
const LONGEST_PATIENCE_MS = 60_000; // with a part that is not drawn: it may belong to another page
const RUN_PATIENCE_MS = 30_000; // with a page that says its script runs: it may never hear of the end
const LONGEST_RUN_PATIENCE_MS = 240_000; // with one that was asked for the page in the middle of a run, which ends that
const REST_MS = 300; // after a reconnection: so long until the new run has begun
const MOST_SENDINGS = 2; // without an answer: then the server may lack the part, and is asked for the whole page
const MOST_GREETINGS = 3; // without an answer: then the event is sent all the same

/**
 * @typedef {object} Part A part of the page; `post` hands an event to Streamlit, null while the part is not on the page.
 * @property {((event: NumberedEvent) => void) | null} post
 *
 * @typedef {{event: NumberedEvent, part: Part, options: EventOptions}} Entry
 *
 * @typedef {{waiting: NumberedEvent[], isConnected: boolean}} State
 *
 * @typedef {object} Connection
 * @property {() => boolean} isConnected
 * @property {() => boolean} isRunning whether the server computes
 * @property {(listener: () => void) => void} follow call `listener` when the connection goes or comes
 */

/**
 * `tab` is the name of this page load, which makes the number of an event unique.
 * @param {Connection} connection
 */
export function createQueue(connection, tab = "") {
  /** @type {Entry[]} */
  const waiting = [];
  /** @type {Set<(state: State) => void>} */
  const listeners = new Set();
  /** @type {Map<string, number>} */
  const newest = new Map(); // topic -> number of the newest event about it that the page has to hear of
  let count = 0;
  /** @type {Entry | null} */
  let sent = null; // the entry that Python has been sent
  let timer = 0; // until it is looked after what waits; 0 where nothing does
  let isResting = false; // after a reconnection or a greeting, until the page is there
  let wasConnected = true;
  let sendings = 0; // of the entry that was sent, since the whole page was drawn
  let greetings = 0; // since the connection was lost, or since there was need of one
  let requests = 0; // for the part of the next event
  let runPatience = RUN_PATIENCE_MS;
  let timeRunning = 0; // ms for which the page was seen running, without news
  let newestHeard = 0;
  /** @type {string | null} */
  let session = null; // the session of the server that draws the page
  /** @type {Set<string>} */
  const lost = new Set(); // the sessions before it
  /** @type {Entry | null} */
  let replayed = null; // the newest entry with `isReplayed` that was heard
  /** @type {{event: PageEvent, part: Part} | null} */
  let view = null; // what a new server is told before all else
  let viewNumber = 0; // number of that event: what waits refers to the page that is drawn after it
  /** @type {WeakMap<Part, number>} */
  let drawn = new WeakMap(); // number of the newest event that a part's data of this server had heard of
  /** @type {Part | null} */
  let greeter = null; // the part that makes the server draw the whole page
  let mustGreet = false; // the whole page is wanted, as after a lost connection, and was not drawn since
  /** @type {number | undefined} */
  let drawing; // number of the newest drawing of the whole page
  let isSilent = false; // the server did not answer in time

  function tell() {
    const events = [...(sent ? [sent] : []), ...waiting].map((entry) => entry.event);
    for (const listener of [...listeners]) listener({ waiting: events, isConnected: connection.isConnected() && !isSilent });
  }

  function sendNext() {
    while (!sent && waiting.length && !waiting[0].part.post && !waiting[0].options.topic) waiting.shift(); // its part is gone
    if (!sent && waiting.length && isAddressed(waiting[0]) && connection.isConnected() && !isResting) {
      sent = waiting.shift() ?? null;
      sendings = requests = 0;
      post();
    }
    watchOver();
    tell();
  }

  /**
   * True if the part of an event is on the page, and Python has drawn it in the view in which the event was made.
   * @param {Entry} entry
   */
  function isAddressed({ part, options }) {
    return part.post && (options.topic === "view" || (drawn.get(part) ?? 0) >= viewNumber);
  }

  function post() {
    sendings++;
    lookIn(PATIENCE_MS);
    sent?.part.post?.(sent.event);
  }

  /** @param {number} time */
  function lookIn(time) {
    clearTimeout(timer);
    timer = setTimeout(look, time, time);
  }

  const isPending = () => sent !== null || waiting.length > 0;

  function stopTimer() {
    clearTimeout(timer);
    timer = 0;
  }

  /** Let nothing wait without a timer. */
  function watchOver() {
    if (!isPending() && !mustGreet) stopTimer();
    else if (!timer) lookIn(Math.min(PATIENCE_MS * 2 ** requests, LONGEST_PATIENCE_MS));
  }

  /**
   * Go on with what waits, after a time in which it was not answered.
   * @param {number} time
   */
  function look(time) {
    timer = 0;
    if (!connection.isConnected()) wasConnected = false;
    else if (!wasConnected) reconnected(); // nobody has said so
    else if (isBusy(time)) lookIn(time);
    else if (mustGreet && greeter?.post && (greetings < MOST_GREETINGS || !isPending())) greet(greeter.post);
    else if (isResting) endRest();
    else if (sent) repeat();
    else if (waiting.length) askForPart();
    watchOver();
  }

  /**
   * True while the server computes, as the page says: a long run is no silence.
   * @param {number} time
   */
  function isBusy(time) {
    timeRunning = connection.isRunning() ? timeRunning + time : 0;
    return timeRunning > 0 && timeRunning < (isResting && !mustGreet ? RUN_PATIENCE_MS : runPatience);
  }

  /**
   * Ask for the whole page. That ends a run that goes on, if one does: the next one has more time.
   * @param {NonNullable<Part["post"]>} hand
   */
  function greet(hand) {
    greetings++;
    if (connection.isRunning()) runPatience = Math.min(2 * runPatience, LONGEST_RUN_PATIENCE_MS);
    timeRunning = 0;
    lookIn(PATIENCE_MS);
    hand({ kind: "hello", n: 0 });
  }

  function endRest() {
    isResting = mustGreet = false;
    sendings = 0;
    if (sent?.part.post) post();
    else if (sent) putBack();
    else sendNext();
  }

  function repeat() {
    if (!sent?.part.post) return putBack();
    isSilent ||= !connection.isRunning();
    tell();
    timeRunning = 0;
    if ((sendings < MOST_SENDINGS && !connection.isRunning()) || !wantPage()) post();
  }

  /** The part of the event that was sent has left the page. */
  function putBack() {
    if (sent) waiting.unshift(sent);
    sent = null;
    isSilent = false;
    sendNext();
  }

  /** The part of the next event is not on the page, or was not drawn in the view of now. */
  function askForPart() {
    sendNext();
    if (sent || !waiting.length) return;
    requests++;
    wantPage();
  }

  /** Ask for the whole page, where that can be; nothing else is sent meanwhile. */
  function wantPage() {
    if (!greeter?.post) return false;
    mustGreet = isResting = true;
    greetings = 0;
    greet(greeter.post);
    return true;
  }

  function connectionChanged() {
    if (connection.isConnected()) reconnected();
    else wasConnected = false;
    tell();
  }

  function reconnected() {
    wasConnected = true;
    mustGreet = greeter !== null;
    greetings = 0;
    runPatience = RUN_PATIENCE_MS;
    rest();
  }

  /**
   * Wait until the page of the new connection is there: what is sent before, nobody takes. A new server knows no fragment:
   * an event of one would be answered by nothing at all, so it has to draw the whole page first.
   */
  function rest() {
    isResting = true;
    timeRunning = 0;
    lookIn(REST_MS);
  }

  /** Another server than before draws the page: it has heard nothing, and does not know what is picked. */
  function beginAgain() {
    if (sent) waiting.unshift(sent);
    sent = null;
    if (waiting[0]?.options.topic === "view") waiting.shift(); // that server, too, has gone before it drew the view
    const last = replayed;
    if (last && !waiting.some(({ event }) => event.n === last.event.n)) waiting.unshift(last);
    if (view) {
      viewNumber = waiting.length ? waiting[0].event.n - 0.5 : ++count; // before what waits, which keeps its numbers
      waiting.unshift({ event: { ...view.event, n: viewNumber, tab }, part: view.part, options: { topic: "view" } });
    }
    drawn = new WeakMap();
    replayed = null;
    requests = 0;
    newestHeard = 0;
    newest.clear();
    for (const { event, options } of waiting) if (options.topic) newest.set(options.topic, event.n);
  }

  connection.follow(connectionChanged);

  return {
    /**
     * Queue an event of a part; returns its number.
     * @param {PageEvent} event
     * @param {Part} part
     * @param {EventOptions} options
     */
    add(event, part, options = {}) {
      const last = waiting.at(-1);
      if (last && options.replaces && last.options.replaces === options.replaces) waiting.pop();
      const numbered = { ...event, n: ++count, tab };
      waiting.push({ event: options.isWord ? { press: `${tab}:${count}`, ...numbered } : numbered, part, options });
      if (options.topic) newest.set(options.topic, count);
      sendNext();
      return count;
    },
    /**
     * Tell a new server of this event before all else: it opens the view that the page has.
     * @param {PageEvent} event
     * @param {Part} part
     */
    standBy(event, part) {
      view = { event, part };
    },
    /**
     * Let this part make the server draw the whole page after a lost connection.
     * @param {Part} part
     */
    greetBy(part) {
      greeter = part;
    },
    /**
     * A part shows, in some drawing of the whole page, that Python has taken all events of a session up to this number.
     * @param {number | undefined} number
     * @param {string} [newSession]
     * @param {number} [newDrawing]
     * @param {Part} [part]
     */
    hear(number, newSession, newDrawing, part) {
      if (number === undefined || lost.has(newSession ?? "")) return;
      if (newSession && (newSession !== session || (newDrawing ?? 0) > (drawing ?? 0))) {
        drawing = newDrawing;
        if (mustGreet) {
          mustGreet = false;
          rest();
        }
      }
      if (newSession && newSession !== session) {
        if (session) {
          lost.add(session);
          beginAgain();
        }
        session = newSession;
        sendNext();
      }
      newestHeard = Math.max(newestHeard, number);
      if (part) drawn.set(part, number);
      if (!sent && waiting.length) return sendNext();
      if (!sent || number < sent.event.n) return;
      if (sent.options.isReplayed) replayed = sent;
      sent = null;
      isSilent = false;
      stopTimer();
      timeRunning = 0;
      runPatience = RUN_PATIENCE_MS;
      sendNext();
    },
    /**
     * True if data of a session that had heard of events up to a number are out of date on any of these topics; without
     * topics, on anything.
     * @param {number} [number]
     * @param {string[]} topics
     * @param {string} [ofSession]
     */
    isAhead(number = Infinity, topics = [], ofSession = "") {
      if (lost.has(ofSession)) return true;
      if (topics.length) return topics.some((topic) => number < (newest.get(topic) ?? 0));
      return number < newestHeard || [sent, ...waiting].some((entry) => entry && !entry.options.isAside);
    },
    /** A part has come to the page. */
    partIsThere: sendNext,
    /**
     * Call `listener` at each change; returns the function that stops it.
     * @param {(state: State) => void} listener
     */
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** State of the queue, for whoever looks for what an event waits for. */
    describe() {
      /** @param {Entry} entry */
      const entryAsData = ({ event, part, options }) => ({
        kind: event.kind, n: event.n, topic: options.topic, isThere: Boolean(part.post), drawn: drawn.get(part),
      });
      return {
        sent: sent && entryAsData(sent), waiting: waiting.map(entryAsData), viewNumber, newestHeard, session, drawing,
        isConnected: connection.isConnected(), isRunning: connection.isRunning(), timeRunning, runPatience,
        isResting, mustGreet, hasGreeter: Boolean(greeter?.post), sendings, greetings, requests, hasTimer: timer !== 0,
      };
    },
    sendAgain() {
      if (sent?.part.post && connection.isConnected()) post();
      else sendNext();
    },
  };
}
