// The acknowledgement of events, on every page and at the very beginning of a run: without it an event that leads to another
// page, or to a long run, would be sent again and again. It asks for the whole page after a lost connection, and where the
// page has become dark, or light, since Python gave it its colours.

import { el } from "./dom.js";
import { liveComponent } from "./instance.js";

export default liveComponent((parentElement, send) => {
  const root = el("div", { hidden: true, "data-testid": "heard" });
  parentElement.append(root);
  /** @type {boolean | null} */
  let asked = null; // once for each of the two: a page in whose theme Python has no say would be drawn for ever

  /** @param {{seq: number, dark: boolean}} data */
  function update({ seq, dark }) {
    const isDark = getComputedStyle(root).colorScheme === "dark"; // of Streamlit's page, which follows the system
    if (isDark === dark) asked = null;
    else if (asked !== isDark) {
      asked = isDark;
      send({ kind: "theme" });
    }
    return seq;
  }

  return { root, update, destroy: () => root.remove() };
}, { greets: true });
