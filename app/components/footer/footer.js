// The foot of the page.

import { el } from "../shared/dom.js";
import { liveComponent } from "../shared/instance.js";

const STYLE = `
.foot { display: flex; align-items: center; gap: 16px; height: 28px; padding: 0 16px; overflow: hidden; white-space: nowrap;
  border-top: 1px solid var(--sc-line, #E2E5EB); background: var(--sc-panel, #FFFFFF); color: var(--sc-ink3, #656D7D);
  font: 400 12.5px/16px var(--st-font, sans-serif); box-sizing: border-box; }
.foot span { display: inline-flex; gap: 5px; align-items: center; }
kbd { font: 500 11px/14px var(--st-code-font, monospace); color: var(--sc-ink2, #4A5261); border: 1px solid var(--sc-line2, #C8CDD7);
  border-radius: 3px; padding: 0 4px; min-width: 16px; text-align: center; box-sizing: border-box; }
.saved { margin-left: auto; } .failed { color: var(--sc-warn, #7A4B00); font-weight: 600; }
`;

export default liveComponent((parentElement) => {
  const row = el("div", { class: "foot", "data-testid": "footer" });
  parentElement.append(el("style", {}, STYLE), row);
  return {
    root: row,
    update(data) {
      const hints = data.keys.map(([keys, what]) => el("span", {}, ...keys.map((key) => el("kbd", {}, key)), what));
      const saved = el("span", { class: `saved ${data.failed ? "failed" : ""}`, role: "status" }, data.saved);
      row.replaceChildren(...hints, saved);
      return data.seq;
    },
    destroy: () => row.remove(),
  };
});
