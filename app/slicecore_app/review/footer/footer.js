// The foot of the page.

import { followConnection, isConnected } from "../../web/connection.js";
import { el } from "../../web/dom.js";
import { liveComponent } from "../../web/instance.js";
import { followReview, review } from "../../web/review.js";

const STYLE = `
.foot { display: flex; align-items: center; gap: 16px; height: 28px; padding: 0 16px; overflow: hidden; white-space: nowrap;
  border-top: 1px solid var(--sc-line); background: var(--sc-panel); color: var(--sc-ink3);
  font: 400 12.5px/16px var(--st-font, sans-serif); box-sizing: border-box; }
.keys { display: flex; gap: 4px 16px; flex: 1; flex-wrap: wrap; height: 16px; overflow: hidden; }
.keys span { display: inline-flex; gap: 5px; align-items: center; }
kbd { font: 500 11px/14px var(--st-code-font, monospace); color: var(--sc-ink2); border: 1px solid var(--sc-line2);
  border-radius: 3px; padding: 0 4px; min-width: 16px; text-align: center; box-sizing: border-box; }
.away { flex: 1; overflow: hidden; text-overflow: ellipsis; color: var(--sc-warn); }
.away b { font-weight: 600; }
.is-away { background: var(--sc-warn-bg); border-top-color: var(--sc-warn-line); }
[hidden] { display: none; }
.failed { color: var(--sc-warn); font-weight: 600; }
@media (min-width: 1700px) { .foot { padding: 0 20px; } }
@media (max-width: 1239px) { .keys span:nth-child(n + 8):not(:last-child) { display: none; } }
@media (max-width: 999px) { .keys span:nth-child(n + 4):not(:last-child) { display: none; } }
@media (max-width: 599px) { .keys span:not(:last-child) { display: none; } }
`;

/** @typedef {Drawing & {keys: [names: string[], action: string][], reviewer: string}} Data */

export default liveComponent((parentElement) => {
  const hints = el("div", { class: "keys" });
  const away = el(
    "div",
    { class: "away", role: "alert", hidden: true },
    el("b", {}, "The server doesn’t answer."),
    " Verdicts and notes are kept here and saved when it is back. The page tries again every few seconds.",
  );
  const saved = el("span", { role: "status" });
  const row = el("footer", { class: "foot", "data-testid": "footer" }, hints, away, saved);
  parentElement.append(el("style", {}, STYLE), row);
  let reviewer = "";

  /** @param {import("../../web/review.js").Review} review */
  function show({ saved: { text, problem } }) {
    const name = reviewer && `reviewer ${reviewer}`;
    saved.textContent = [problem || text, name].filter(Boolean).join(" · ");
    saved.classList.toggle("failed", Boolean(problem));
  }
  function showConnection() {
    away.hidden = isConnected();
    hints.hidden = !away.hidden;
    row.classList.toggle("is-away", !away.hidden);
  }
  const unfollow = followReview(show);
  const unwatch = followConnection(showConnection);

  return {
    root: row,
    update(/** @type {Data} */ data) {
      reviewer = data.reviewer;
      hints.replaceChildren(...data.keys.map(([names, action]) => el("span", {}, ...names.map((name) => el("kbd", {}, name)), action)));
      show(review());
      showConnection();
      return data.seq;
    },
    destroy() {
      unfollow();
      unwatch();
      row.remove();
    },
  };
});
