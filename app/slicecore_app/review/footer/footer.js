// The foot of the page: keys, connection, whether everything is saved, and the name under which somebody judges here.

import { followConnection, isConnected } from "../../web/connection.js";
import { el, keepFocus } from "../../web/dom.js";
import { liveComponent, reviewer } from "../../web/instance.js";
import { followReview, review } from "../../web/review.js";
import { isSheetOpen } from "../../web/sheets.js";

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
.who { display: inline-flex; align-items: center; gap: 6px; flex: none; }
.who input {
  width: 12ch; min-width: 8ch; max-width: 20ch; field-sizing: content; height: 20px; box-sizing: border-box; padding: 0 5px; font: inherit;
  color: var(--sc-ink2); background: none; border: 1px solid transparent; border-radius: 4px; text-overflow: ellipsis;
}
.who input:read-only { width: auto; max-width: 28ch; }
.who input:hover, .who.asks input { border-color: var(--sc-ctl); background: var(--sc-panel); }
.who input:focus-visible { color: var(--sc-ink); background: var(--sc-panel); border-color: var(--sc-ctl); outline: 2px solid var(--sc-accent); outline-offset: -1px; }
.namesake { display: inline-flex; align-items: center; gap: 6px; flex: none; color: var(--sc-warn); }
.namesake[hidden] { display: none; }
.undo { display: inline-flex; align-items: center; gap: 6px; flex: none; margin-left: -8px; }
.undo[hidden] { display: none; }
.undo, .namesake button, .leave button { height: 20px; padding: 0 6px; font: inherit; font-size: 12px; line-height: 16px; color: var(--sc-ink2); background: var(--sc-panel); border: 1px solid var(--sc-line2); border-radius: 4px; cursor: pointer; }
.saved { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
.failed { color: var(--sc-warn); font-weight: 600; }
@media (min-width: 1700px) { .foot { padding: 0 20px; } }
.keys span[hidden] { display: none; }
`;

/** @typedef {Drawing & {keys: [names: string[], action: string][], account: string, is_login: boolean, logs_out: boolean}} Data */

export default liveComponent((parentElement) => {
  const hints = el("div", { class: "keys" });
  const away = el(
    "div",
    { class: "away", role: "alert", hidden: true },
    el("b", {}, "The server doesn’t answer."),
    " Verdicts and notes are kept here and saved when it is back. The page tries again every few seconds.",
  );
  const saved = el("span", { class: "saved", role: "status" });
  const undo = el("button", { type: "button", class: "undo", onclick: () => document.dispatchEvent(new CustomEvent("slicecore:undo")), onmousedown: keepFocus, hidden: true }, "Undo", el("kbd", {}, "Z"));
  const field = el("input", { type: "text", "aria-label": "Reviewer: your name", autocomplete: "off", spellcheck: "false", placeholder: "your name", maxlength: "60", onchange: take, onkeydown: onKey });
  const who = el("label", { class: "who" }, el("span", {}, "reviewer"), field);
  const warning = el("span");
  const same = el("button", { type: "button", onclick: confirm, onmousedown: keepFocus }, "That’s me");
  const other = el("button", { type: "button", onclick: () => reviewer.call(reviewer.name()), onmousedown: keepFocus });
  const namesake = el("span", { class: "namesake", role: "note", "aria-live": "polite", hidden: true }, warning, same, other);
  const leave = el("form", { class: "leave", method: "post", action: new URL("access/logout", document.baseURI).href, hidden: true }, el("button", {}, "Log out"));
  const row = el("footer", { class: "foot", "data-testid": "footer" }, hints, away, saved, undo, namesake, who, leave);
  parentElement.append(el("style", {}, STYLE), row);

  /** Of more keys than there is room for the last one stays, which leads to all. */
  function fit() {
    const spans = /** @type {HTMLElement[]} */ ([...hints.children]);
    for (const span of spans) span.hidden = false;
    for (const span of spans.slice(0, -1).reverse()) {
      if (hints.scrollHeight <= hints.clientHeight) break;
      span.hidden = true;
    }
  }
  const resizing = new ResizeObserver(fit);
  resizing.observe(hints);

  function confirm() {
    reviewer.confirm();
    document.dispatchEvent(new CustomEvent("slicecore:same-reviewer")); // the verdict's part tells Python
  }

  function take() {
    if (field.value.trim() && !reviewer.isLogin()) reviewer.call(field.value);
    showReviewer();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    if (event.key === "Escape" && isSheetOpen()) return; // one thing at a time
    if (event.key === "Escape") field.value = reviewer.name();
    field.blur(); // which takes the name
  }

  function showReviewer() {
    if (!field.matches(":focus")) field.value = reviewer.name();
    field.readOnly = reviewer.isLogin();
    who.title = reviewer.isLogin()
      ? `Verdicts are kept under ${reviewer.name()}, the name of the login.`
      : "Verdicts are kept under this name. The browser remembers it.";
    who.classList.toggle("asks", !reviewer.isGiven());
    namesake.hidden = !reviewer.isTaken();
    warning.textContent = namesake.hidden ? "" : `${reviewer.wanted() || "Somebody"} judges in another browser, too.`;
    other.textContent = `I am ${reviewer.name()}`;
  }

  /** @param {import("../../web/review.js").Review} review */
  function show({ saved: { text, problem, undoes } }) {
    saved.textContent = saved.title = problem || text;
    undo.hidden = Boolean(problem) || !undoes;
    saved.classList.toggle("failed", Boolean(problem));
  }
  function showConnection() {
    away.hidden = isConnected();
    hints.hidden = !away.hidden;
    row.classList.toggle("is-away", !away.hidden);
  }
  const unfollow = followReview(show);
  const unwatch = followConnection(showConnection);
  const unfollowReviewer = reviewer.follow(showReviewer);

  return {
    root: row,
    update(/** @type {Data} */ data) {
      reviewer.learn({ account: data.account, is_login: data.is_login });
      leave.hidden = !data.logs_out;
      hints.replaceChildren(...data.keys.map(([names, action]) => el("span", {}, ...names.map((name) => el("kbd", {}, name)), action)));
      show(review());
      showConnection();
      fit();
      return data.seq;
    },
    destroy() {
      unfollow();
      unwatch();
      resizing.disconnect();
      unfollowReviewer();
      row.remove();
    },
  };
});
