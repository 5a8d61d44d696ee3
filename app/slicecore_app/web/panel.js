// The frame of a panel as the page shows it: a header of 36 px with title, caption and room for tools, and a body that
// takes the rest of the height.

import { el } from "./dom.js";
import { createTabs, TABS_STYLE } from "./layout.js";

const STYLE = `
.sc-panel {
  display: flex; flex-direction: column; box-sizing: border-box; width: 100%; height: 100%; min-height: 150px;
  overflow: hidden; position: relative; color: var(--sc-ink); background: var(--sc-panel);
  font: 400 14px/20px var(--st-font, "Source Sans", system-ui, sans-serif); font-feature-settings: "tnum";
}
.sc-panel *, .sc-panel *::before { box-sizing: border-box; }
.sc-head {
  display: flex; align-items: center; gap: 10px; flex: none; height: 36px; padding: 0 12px; white-space: nowrap;
  border-bottom: 1px solid var(--sc-line);
}
.sc-title { font-size: 13px; line-height: 18px; font-weight: 600; }
.sc-caption {
  flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis;
  font-size: 12.5px; line-height: 16px; color: var(--sc-ink3);
}
.sc-tools { display: flex; align-items: center; gap: 2px; flex: none; margin-right: -4px; }
.sc-panel:has(.sc-tabs) { container-type: inline-size; }
@container (max-width: 399px) { /* no room for tabs and tools beside each other */
  .sc-head:has(.sc-tabs) { flex-wrap: wrap; height: auto; padding-block: 4px; gap: 2px 10px; }
  .sc-head:has(.sc-tabs) .sc-tools { flex: 1 0 100%; }
  .sc-head:has(.sc-tabs) .sc-caption:not(:has(nav)) { display: none; }
}
.sc-body { flex: 1; min-height: 0; position: relative; overflow: hidden; }
.sc-icon, .sc-text-button {
  font: inherit; color: var(--sc-ink2); background: none; border: 0; padding: 0; cursor: pointer;
  border-radius: 6px;
}
.sc-icon { width: 28px; height: 28px; display: inline-grid; place-items: center; }
.sc-icon[hidden] { display: none; }
.sc-icon svg { display: block; }
.sc-icon:hover, .sc-icon[aria-pressed="true"] { background: var(--sc-sunken); color: var(--sc-ink); }
.sc-text-button {
  height: 24px; padding: 0 8px; font-size: 12.5px; font-weight: 500; color: var(--sc-ink);
  border: 1px solid var(--sc-line2);
}
.sc-text-button:hover { background: var(--sc-sunken); }
.sc-panel :focus-visible { outline: 2px solid var(--sc-accent); outline-offset: -2px; }
.sc-message {
  position: absolute; inset: 0; display: grid; place-items: center; padding: 16px; text-align: center;
  font-size: 13px; line-height: 18px; color: var(--sc-ink2);
}
.sc-message[hidden] { display: none; }
${TABS_STYLE}`;

/**
 * A panel inside `parentElement`: `{root, title, caption, tools, body, say(text), remove()}`.
 *
 * `say(text)` shows a sentence in the middle of the body, an empty text takes it away. `style` is the component's own sheet.
 * `hasTabs`: it is one of clusters and map, which share a place on narrow pages.
 * @param {Host} parentElement
 * @param {string} name
 */
export function createPanel(parentElement, name, style = "", { hasTabs = false } = {}) {
  const title = el("div", { class: "sc-title", role: "heading", "aria-level": "2" });
  const caption = el("div", { class: "sc-caption" });
  const tools = el("div", { class: "sc-tools" });
  const message = el("div", { class: "sc-message", role: "status", hidden: true });
  const body = el("div", { class: "sc-body" }, message);
  const tabs = hasTabs ? createTabs() : null;
  const root = el(
    "section",
    { class: `sc-panel sc-${name}`, "data-testid": name },
    el("style", {}, STYLE + style),
    el("div", { class: "sc-head" }, ...(tabs ? [tabs.element] : []), title, caption, tools),
    body,
  );
  parentElement.append(root);
  const remove = () => {
    tabs?.stop();
    root.remove();
  };
  /** @param {string} text */
  const say = (text) => {
    message.textContent = text;
    message.hidden = !text;
  };
  return { root, title, caption, tools, body, say, remove };
}
