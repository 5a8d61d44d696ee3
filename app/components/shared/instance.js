// What every component needs around its drawing. Streamlit calls a module's default export at each change of data or
// theme, always with the same parent element, and calls only the last cleanup, when the element goes.

let eventCount = 0;

/**
 * The default export of a component.
 *
 * `create(parentElement, send)` is called once per place on the page and returns `{root, update(data), destroy()}`.
 * `update` may be asynchronous: calls never overlap, and of several waiting ones only the newest runs. What it returns
 * (the caller's running number) is written to `root` as `data-seq`: the mark that this update has been drawn.
 * `send(event)` hands an object to Python; a running number in it, which is returned, makes equal events distinct.
 */
export function liveComponent(create) {
  const instances = new WeakMap();
  return ({ data, parentElement, setTriggerValue }) => {
    let instance = instances.get(parentElement);
    if (!instance) {
      instance = { queue: Promise.resolve() };
      instance.view = create(parentElement, (event) => {
        instance.send({ ...event, n: ++eventCount });
        return eventCount;
      });
      instances.set(parentElement, instance);
    }
    const { view } = instance;
    const job = {};
    instance.newest = job;
    instance.send = (event) => setTriggerValue("event", event);
    instance.queue = instance.queue
      .then(async () => {
        if (instance.newest === job) view.root.dataset.seq = await view.update(data);
      })
      .catch((error) => console.error(error));
    return () => {
      instance.newest = null;
      instances.delete(parentElement);
      view.destroy();
    };
  };
}
