// Which of clusters and map is seen. A narrow page shows one of them, a wide one both, or one of them as wide as both.

import { el, keepFocus } from "./dom.js";

const NARROW = matchMedia("(max-width: 1359px)");
const html = document.documentElement;
const listeners = new Set();

/** "clusters", "map" or "both". */
const shown = () => html.dataset.slicecoreView ?? (NARROW.matches ? "clusters" : "both");

function show(view) {
  html.dataset.slicecoreView = view;
  for (const listener of listeners) listener();
}

/** The next of them: what key M does. */
export function nextLayout() {
  const order = NARROW.matches ? ["clusters", "map"] : ["both", "map", "clusters"];
  show(order[(order.indexOf(shown()) + 1) % order.length]);
}

/** Tabs for the header of either panel, which stand in for its title where only one of them is seen. */
export function createTabs() {
  const buttons = ["clusters", "map"].map((view) =>
    el("button", { type: "button", title: "Clusters or map (M)", onclick: () => show(view), onmousedown: keepFocus }, view === "map" ? "Map" : "Clusters"),
  );
  const element = el("div", { class: "sc-tabs", role: "group", "aria-label": "Clusters or map" }, ...buttons);
  const mark = () => {
    const view = shown();
    buttons[0].setAttribute("aria-pressed", String(view !== "map"));
    buttons[1].setAttribute("aria-pressed", String(view === "map"));
  };
  listeners.add(mark);
  NARROW.addEventListener("change", () => {
    delete html.dataset.slicecoreView;
    for (const listener of listeners) listener();
  });
  mark();
  return element;
}

export const TABS_STYLE = `
.sc-tabs { display: none; gap: 2px; padding: 2px; margin-left: -4px; border-radius: 6px; background: var(--sc-sunken, #F0F2F5); }
.sc-tabs button {
  height: 22px; padding: 0 8px; font: inherit; font-size: 12.5px; color: var(--sc-ink2, #4A5261); background: none; border: 0;
  border-radius: 4px; cursor: pointer;
}
.sc-tabs button[aria-pressed="true"] {
  font-weight: 600; color: var(--sc-ink, #1A1E26); background: var(--sc-panel, #FFFFFF); box-shadow: 0 0 0 1px var(--sc-line2, #C8CDD7);
}
@media (max-width: 1359px) {
  .sc-tabs { display: inline-flex; }
  .sc-tabs ~ .sc-title { display: none; }
}
`;
