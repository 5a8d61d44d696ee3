// Writes the view into the address of the page, in place: Back leaves the page rather than undoing slider moves.

import { el } from "../shared/dom.js";
import { liveComponent } from "../shared/instance.js";

export default liveComponent((parentElement) => {
  const root = el("div", { hidden: true, "data-testid": "address" });
  parentElement.append(root);
  return {
    root,
    update({ wanted, names, seq }) {
      const parameters = new URLSearchParams(location.search);
      for (const name of names) parameters.delete(name);
      for (const [name, value] of Object.entries(wanted)) parameters.set(name, value);
      const search = `?${parameters}`;
      if (search !== location.search) history.replaceState(history.state, "", search);
      return seq;
    },
    destroy() {
      root.remove();
    },
  };
});
