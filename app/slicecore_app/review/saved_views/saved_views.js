// Writes the view into the address of the page, in place: Back leaves the page rather than undoing slider moves. The
// layout, which changes in the browser, is written from here and told to Python, which keeps it with the workspace.

import { el } from "../../web/dom.js";
import { liveComponent } from "../../web/instance.js";
import { followLayout, layout, setLayout } from "../../web/layout.js";

const REST_MS = 400; // browsers take only so many addresses at a time, and nobody needs those on the way
let turn = 0; // number of the newest view that was opened
let knownLayout = ""; // the one that Python has

/**
 * Data that component.py sends.
 * @typedef {Drawing & {
 *   wanted: Record<string, string>,
 *   waits: boolean,
 *   names: string[],
 *   opened: {turn: number} & Partial<import("../../web/layout.js").Layout>,
 * }} Data
 */

export default liveComponent((parentElement, send, standBy) => {
  const root = el("div", { hidden: true, "data-testid": "address" });
  parentElement.append(root);
  /** @type {Pick<Data, "wanted" | "names"> & {waits?: boolean}} */
  let data = { wanted: {}, names: [] };
  let timer = 0;

  function write() {
    const parameters = new URLSearchParams(location.search);
    for (const name of data.names) parameters.delete(name);
    for (const [name, value] of Object.entries({ ...data.wanted, ...(data.waits ? {} : layout()) })) {
      if (value) parameters.set(name, value);
      else parameters.delete(name);
    }
    const search = `?${parameters}`;
    if (search !== location.search) history.replaceState(history.state, "", search);
    standBy({ kind: "view", view: { ...data.wanted, ...layout() } });
  }

  function tell() {
    const now = JSON.stringify(layout());
    if (now === knownLayout) return;
    knownLayout = now;
    send({ kind: "layout", turn, ...layout() }, { replaces: "layout", isAside: true });
  }

  const unfollow = followLayout(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      write();
      tell();
    }, REST_MS);
  });

  return {
    root,
    update(/** @type {Data} */ next) {
      data = next;
      if (next.opened.turn !== turn) {
        const { turn: newest, ...opened } = next.opened;
        turn = newest;
        knownLayout = JSON.stringify({ ...layout(), ...opened });
        setLayout(opened);
      }
      write();
      return next.seq;
    },
    destroy() {
      clearTimeout(timer);
      unfollow();
      root.remove();
    },
  };
});
