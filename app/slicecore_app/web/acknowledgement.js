// The acknowledgement of events, on every page and at the very beginning of a run: without it an event that leads to another
// page, or to a long run, would be sent again and again. After a lost connection it asks for the whole page.

import { el } from "./dom.js";
import { liveComponent } from "./instance.js";

export default liveComponent((parentElement) => {
  const root = el("div", { hidden: true, "data-testid": "heard" });
  parentElement.append(root);
  return { root, update: ({ seq }) => seq, destroy: () => root.remove() };
}, { greets: true });
