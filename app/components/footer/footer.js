// The foot of the page.

import { el } from "../shared/dom.js";
import { liveComponent } from "../shared/instance.js";
import { followReview, review } from "../shared/review.js";

const STYLE = `
.foot { display: flex; align-items: center; gap: 16px; height: 28px; padding: 0 16px; overflow: hidden; white-space: nowrap;
  border-top: 1px solid var(--sc-line, #E2E5EB); background: var(--sc-panel, #FFFFFF); color: var(--sc-ink3, #656D7D);
  font: 400 12.5px/16px var(--st-font, sans-serif); box-sizing: border-box; }
.keys { display: flex; gap: 4px 16px; flex: 1; flex-wrap: wrap; height: 16px; overflow: hidden; }
.keys span { display: inline-flex; gap: 5px; align-items: center; }
kbd { font: 500 11px/14px var(--st-code-font, monospace); color: var(--sc-ink2, #4A5261); border: 1px solid var(--sc-line2, #C8CDD7);
  border-radius: 3px; padding: 0 4px; min-width: 16px; text-align: center; box-sizing: border-box; }
.failed { color: var(--sc-warn, #7A4B00); font-weight: 600; }
@media (min-width: 1700px) { .foot { padding: 0 20px; } }
`;

export default liveComponent((parentElement) => {
  const hints = el("div", { class: "keys" });
  const saved = el("span", { role: "status" });
  const row = el("footer", { class: "foot", "data-testid": "footer" }, hints, saved);
  parentElement.append(el("style", {}, STYLE), row);
  let reviewer = "";

  function show({ saved: { text, problem } }) {
    const name = reviewer && `reviewer ${reviewer}`;
    saved.textContent = [problem ? "Not saved" : text, name].filter(Boolean).join(" · ");
    saved.classList.toggle("failed", Boolean(problem));
  }
  const unfollow = followReview(show);

  return {
    root: row,
    update(data) {
      reviewer = data.reviewer;
      hints.replaceChildren(...data.keys.map(([keys, what]) => el("span", {}, ...keys.map((key) => el("kbd", {}, key)), what)));
      show(review());
      return data.seq;
    },
    destroy() {
      unfollow();
      row.remove();
    },
  };
});
