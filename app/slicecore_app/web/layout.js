// The layout of the page, which the browser changes without Python: which of clusters and map is seen, the cluster that is
// open, the part of the map, order and hidden columns of the clips. All of it is text as the address of the page has it, "" where it is as
// it would be anyway; the address and the workspace follow (review/saved_views/saved_views.js).
//
//   data-slicecore-view     attribute of the page: the panel that is seen alone, for the style sheet
//   data-slicecore-order    attribute of the page: the order of the clips, for the frame of their table
//   data-slicecore-hide     attribute of the page: the columns that are hidden there
//   "slicecore:sorted"      event on the page: the reader has put the clips into another order

import { el, keepFocus } from "./dom.js";

/** Pages that show one of clusters and map, others both or one of them; page.css has the same. */
export const ONE_PLACE = "(max-width: 1359px), (max-height: 839px)";
const NARROW = matchMedia(ONE_PLACE);
const html = document.documentElement;

/**
 * @typedef {object} Layout
 * @property {string} panels of clusters and map those that are seen: "clusters", "map" or "both"
 * @property {string} level key of the open cluster
 * @property {string} map the part of the map that is seen
 * @property {string} order of the clips
 * @property {string} hide columns of the clips that the reader has hidden, a JSON list; "" where the width decides
 */

/** @type {Set<(layout: Layout) => void>} */
const listeners = new Set();
/** @type {Layout} */
let now = { panels: "", level: "", map: "", order: "", hide: "" };

export const layout = () => now;

/**
 * Change some of it and tell all who follow.
 * @param {Partial<Layout>} part
 */
export function setLayout(part) {
  const names = /** @type {(keyof Layout)[]} */ (Object.keys(part));
  if (names.every((name) => now[name] === part[name])) return;
  now = { ...now, ...part };
  mirror("slicecoreView", now.panels);
  mirror("slicecoreOrder", now.order);
  mirror("slicecoreHide", now.hide);
  for (const listener of [...listeners]) listener(now);
}

/** @param {string} name @param {string} value */
function mirror(name, value) {
  if ((html.dataset[name] ?? "") === value) return;
  if (value) html.dataset[name] = value;
  else delete html.dataset[name];
}

/**
 * Call `listener` at each change; returns the function that stops it.
 * @param {(layout: Layout) => void} listener
 */
export function followLayout(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

document.addEventListener("slicecore:sorted", (event) => setLayout({ order: event.detail }));
NARROW.addEventListener("change", () => setLayout({ panels: "" }));

/** "clusters", "map" or "both". */
const seenPanels = () => now.panels || (NARROW.matches ? "clusters" : "both");

/** @param {string} panels */
const show = (panels) => setLayout({ panels: panels === (NARROW.matches ? "clusters" : "both") ? "" : panels });

/** The next of them: what key M does. */
export function nextLayout() {
  const order = NARROW.matches ? ["clusters", "map"] : ["both", "map", "clusters"];
  show(order[(order.indexOf(seenPanels()) + 1) % order.length]);
}

const TABS = { clusters: "Clusters", map: "Map", both: "Both" };

/**
 * `{element, stop()}`: tabs for the header of either panel, which stand in for its title where only one of them is seen.
 */
export function createTabs() {
  const buttons = Object.entries(TABS).map(([panels, name]) =>
    el("button", { type: "button", class: panels, title: "Clusters or map (M)", onclick: () => show(panels), onmousedown: keepFocus }, name),
  );
  const element = el("div", { class: "sc-tabs", role: "group", "aria-label": "Clusters or map" }, ...buttons);
  const mark = () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.className === seenPanels()));
    element.classList.toggle("alone", now.panels !== "");
  };
  const unfollow = followLayout(mark);
  NARROW.addEventListener("change", mark);
  mark();
  const stop = () => {
    unfollow();
    NARROW.removeEventListener("change", mark);
  };
  return { element, stop };
}

export const TABS_STYLE = `
.sc-tabs { display: none; gap: 2px; padding: 2px; margin-left: -4px; border-radius: 6px; background: var(--sc-sunken); }
.sc-tabs.alone { display: inline-flex; }
.sc-tabs.alone ~ .sc-title { display: none; }
.sc-tabs button {
  height: 22px; padding: 0 8px; font: inherit; font-size: 12.5px; color: var(--sc-ink2); background: none; border: 0;
  border-radius: 4px; cursor: pointer;
}
.sc-tabs button[aria-pressed="true"] {
  font-weight: 600; color: var(--sc-ink); background: var(--sc-panel); box-shadow: 0 0 0 1px var(--sc-line2);
}
@media ${ONE_PLACE} {
  .sc-tabs { display: inline-flex; }
  .sc-tabs .both { display: none; }
  .sc-tabs ~ .sc-title { display: none; }
}
`;
