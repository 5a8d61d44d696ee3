// Layout of the points: the choice in the header.

import { el } from "../../web/dom.js";

/**
 * @typedef {[key: string, name: string, hint: string]} Layout
 */

/**
 * `{choice, show(layouts, chosen)}`: the select for the header and the way to fill it.
 * @param {(by: string) => void} choose called when another layout is chosen
 */
export function createLayouts(choose) {
  const choice = el("select", {
    class: "sc-colour",
    "aria-label": "Layout of the points",
    onchange: () => {
      choose(choice.value);
      choice.blur();
    },
  });
  let offered = "";
  return {
    choice,
    /** @param {Layout[]} layouts @param {string} chosen */
    show(layouts, chosen) {
      const keys = layouts.map(([key]) => key).join(" ");
      if (keys !== offered) {
        offered = keys;
        choice.replaceChildren(...layouts.map(([key, name, hint]) => el("option", { value: key, title: hint }, name)));
        choice.hidden = layouts.length < 2;
      }
      choice.value = chosen;
      choice.title = `Where the points lie: ${layouts.find(([key]) => key === chosen)?.[2] ?? ""}`;
    },
  };
}
