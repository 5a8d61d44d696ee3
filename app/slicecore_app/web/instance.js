// What every component needs around its drawing. Streamlit calls a module's default export at each change of data or
// theme, always with the same parent element, and calls the last cleanup when the element goes. It also calls that of a call
// which a newer one has overtaken, as happens on a busy machine: the part stays then.

import { createQueue } from "./queue.js";

const queue = createQueue();

/** Whether the reader has done something that the page from Python, or what it has sent as `data`, does not show yet. */
export const isAhead = (data) => queue.isAhead(data?.heard);

/** Call `listener({waiting, isConnected})` when events have to wait for a server that does not answer, and when that is over. */
export const watchConnection = (listener) => queue.watch(listener);

/** Send what waits now, without patience. */
export const sendAgain = () => queue.sendAgain();

/**
 * The default export of a component.
 *
 * `create(parentElement, send)` is called once per place on the page and returns `{root, update(data), destroy()}`.
 * `update` may be asynchronous: calls never overlap, and of several waiting ones only the newest runs. What it returns
 * (the caller's running number) is written to `root` as `data-seq`: the mark that this update has been drawn.
 * `send(event, {replaces, isAside})` hands an object to Python, after those before it, from whichever component; a running number
 * in it is returned. Of waiting events with the same `replaces` only the newest is sent. `isAside`: no part of the page will
 * look otherwise for it.
 */
export function liveComponent(create) {
  const instances = new WeakMap();
  return ({ data, parentElement, setTriggerValue }) => {
    let instance = instances.get(parentElement);
    if (!instance) {
      instance = { updates: Promise.resolve() };
      const post = (event) => instance.post(event);
      instance.view = create(parentElement, (event, options) => queue.add(event, post, options));
      instances.set(parentElement, instance);
    }
    const { view } = instance;
    const job = {};
    instance.newest = job;
    instance.post = (event) => setTriggerValue("event", event);
    instance.updates = instance.updates
      .then(async () => {
        queue.hear(data?.heard);
        if (instance.newest !== job) return;
        view.root.dataset.seq = await view.update(data);
        queue.drawn(view.root.dataset.seq);
      })
      .catch((error) => console.error(error));
    return () => {
      if (parentElement.isConnected) return;
      instance.newest = null;
      instances.delete(parentElement);
      view.destroy();
    };
  };
}
