// Life of a component. Streamlit calls a module's default export at each change of data or theme, always with the same
// parent element, and calls the last cleanup when the element goes. It also calls that of a call which a newer one has
// overtaken, as happens on a busy machine: the part stays then.

import { browserMemory } from "./browser_memory.js";
import { followConnection, isConnected, isRunning } from "./connection.js";
import { createQueue } from "./queue.js";
import { createReviewer } from "./reviewer.js";
import { createUnsent } from "./unsent.js";

const newName = () => Array.from(crypto.getRandomValues(new Uint32Array(2)), (number) => number.toString(36)).join("");
const tab = newName();
const queue = createQueue({ isConnected, isRunning, follow: followConnection }, tab);

export const reviewer = createReviewer(() => browserMemory(document, () => window.localStorage), newName);

const unsent = createUnsent(() => window.sessionStorage);
queue.watch(({ waiting }) => unsent.keep(waiting));

// For tests: something is on its way, and what it waits for.
queue.watch(({ waiting }) => document.documentElement.toggleAttribute("data-slicecore-busy", waiting.length > 0));
window.slicecoreQueue = queue.describe;

/**
 * True if the reader has changed something on these topics that `data` from Python does not show yet. Without topics: anything.
 * @param {{heard?: number, session?: string}} [data]
 * @param {...string} topics
 */
export const isAhead = (data, ...topics) => queue.isAhead(data?.heard, topics, data?.session);

/**
 * Call `listener({waiting, isConnected})` when events have to wait for a server that does not answer, and when that is over.
 * @param {(state: import("./queue.js").State) => void} listener
 */
export const watchConnection = (listener) => queue.watch(listener);

/**
 * Words of these kinds that the page before, in this tab, could not hand over, and that may go; each is given once.
 * @param {string[]} kinds
 * @param {(word: PageEvent) => boolean} [mayGo]
 */
export const wordsOfPageBefore = (kinds, mayGo) => unsent.take(kinds, mayGo);

/**
 * Keep words that Python has heard, and has not written, for a page after this one. Returns those that another session
 * of the server, which has gone, had heard and not written.
 * @param {PageEvent[]} events
 * @param {{heard?: number, session?: string}} data that have them
 */
export const holdWords = (events, { heard = 0, session }) => unsent.hold(events, heard, session);

/** Send what waits now, without patience. */
export const sendAgain = () => queue.sendAgain();

/**
 * The default export of a component.
 *
 * `create(parentElement, send)` is called once per place on the page and returns `{root, update(data), destroy()}`.
 * `update` may be asynchronous: calls never overlap, and of several waiting ones only the newest runs. What it returns
 * (the caller's running number) is written to `root` as `data-seq`: the mark that this update has been drawn.
 * `send(event, options)` hands an object to Python, after those before it, from whichever component, and returns its number;
 * the options are those of the queue. The part that `greets` makes the server draw the whole page after a lost connection.
 * `standBy(event)` is sent only if another server than before draws the page, first of all.
 *
 * @template {Drawing} Data
 * @param {(parentElement: Host, send: Send, standBy: (event: PageEvent) => void) => View<Data>} create
 */
export function liveComponent(create, { greets = false } = {}) {
  /** @typedef {{view: View<Data>, updates: Promise<void>, newest: object | null, post: import("./queue.js").Part["post"]}} Instance */
  /** @type {WeakMap<Host, Instance>} */
  const instances = new WeakMap();
  /** @type {import("./queue.js").Part} */
  const part = { post: null }; // a module is on the page once; what waits goes to the one that is there
  if (greets) queue.greetBy(part);

  /** @param {Host} parentElement */
  function begin(parentElement) {
    const view = create(
      parentElement,
      (event, options) => queue.add(event, part, options),
      (event) => queue.standBy(event, part),
    );
    /** @type {Instance} */
    const instance = { view, updates: Promise.resolve(), newest: null, post: null };
    instances.set(parentElement, instance);
    return instance;
  }

  /** @param {{data: Data, parentElement: Host, setTriggerValue: (name: string, event: NumberedEvent) => void}} component */
  return ({ data, parentElement, setTriggerValue }) => {
    const instance = instances.get(parentElement) ?? begin(parentElement);
    const { view } = instance;
    const job = {};
    const isThere = Boolean(part.post);
    instance.newest = job;
    instance.post = part.post = (event) => setTriggerValue("event", event);
    if (!isThere) queue.partIsThere();
    // At once: the update before may still wait for a file from a server that has gone.
    queueMicrotask(() => queue.hear(data?.heard, data?.session, data?.seq, part));
    instance.updates = instance.updates
      .then(async () => {
        if (instance.newest !== job) return;
        view.root.dataset.seq = String(await view.update(data));
      })
      .catch((error) => console.error(error));
    return () => {
      if (parentElement.isConnected) return;
      instance.newest = null;
      instances.delete(parentElement);
      if (part.post === instance.post) part.post = null;
      view.destroy();
    };
  };
}
