// What the reviewer says about the picked slice. A verdict shows everywhere at once; Python saves it and answers.

import { el, keepFocus } from "../../web/dom.js";
import { isAhead, liveComponent, sendAgain, watchConnection } from "../../web/instance.js";
import { onKeys } from "../../web/keys.js";
import { followReview, nextUnreviewed, review, setReview } from "../../web/review.js";
import { watchNews } from "./news.js";
import { createNotes } from "./notes.js";
import { STYLE } from "./style.js";

export default liveComponent((parentElement, send) => {
  /** @type {any} */
  let data = { verdicts: [], slice: null };
  const verdicts = el("div", { class: "verdicts", role: "group", "aria-label": "Verdict" });
  const notes = createNotes((said) => data.slice && send({ kind: "notes", slice: data.slice, newest: data.news.newest, ...said }));
  const nextKey = el("kbd", {}, "N");
  const next = el("button", { type: "button", class: "next", onclick: () => goOn(), onmousedown: keepFocus }, "Next unreviewed", nextKey);
  const retry = el("button", { type: "button", onclick: tryAgain }, "Try now");
  const problem = el("div", { class: "problem", role: "alert", hidden: true }, el("b", {}, "Not saved"), el("p"), retry);
  const root = el("section", { class: "judging", "data-testid": "judging", "aria-label": "Verdict" }, verdicts, problem, notes.element, next);
  parentElement.append(el("style", {}, STYLE), root);
  /** @type {{waiting: any[], isConnected: boolean}} */
  let connection = { waiting: [], isConnected: true };

  /** The slice that the page shows as picked, also before Python knows. */
  const picked = () => review().slice;

  function say(verdict) {
    const slice = picked();
    if (!slice) return;
    const said = review().verdicts[slice] === verdict ? null : verdict; // the same again takes it back
    setReview({ verdicts: { ...review().verdicts, [slice]: said }, saved: { text: "Saving …", problem: "" } });
    send({ kind: "verdict", slice, verdict: said, newest: data.news.newest });
  }

  const goOn = () => document.dispatchEvent(new CustomEvent("slicecore:next")); // the list does it

  function tryAgain() {
    if (data.failed) send({ kind: "again" });
    else sendAgain();
  }

  const stopKeys = onKeys({
    ...Object.fromEntries([1, 2, 3, 4].map((digit) => [String(digit), () => data.verdicts[digit - 1] && say(data.verdicts[digit - 1].name)])),
    z: () => send({ kind: "undo" }),
    t: () => notes.open(),
  }, { waits: true });

  function button({ name, sign, label, hint }, digit) {
    return el(
      "button",
      { type: "button", "data-verdict": name, title: hint, onclick: () => say(name), onmousedown: keepFocus },
      el("b", { "aria-hidden": "true" }, sign),
      label,
      el("kbd", {}, String(digit)),
    );
  }

  function show() {
    const { slice, verdicts: said } = review();
    for (const each of verdicts.children) {
      each.disabled = !slice;
      each.setAttribute("aria-pressed", String(slice !== null && said[slice] === each.dataset.verdict));
    }
    next.disabled = nextUnreviewed(review()) === null;
    notes.setEnabled(Boolean(slice) && slice === data.slice);
    showProblem();
  }

  /** Why the last verdict is not on disk: the server did not answer, or could not write. */
  function showProblem() {
    const unheard = connection.waiting.filter((event) => ["verdict", "notes", "reference"].includes(event.kind)).at(-1);
    const offline = !connection.isConnected && unheard;
    problem.hidden = !offline && !data.failed;
    root.classList.toggle("unsaved", !problem.hidden);
    if (offline) {
      const name = data.verdicts.find((one) => one.name === unheard.verdict)?.label;
      const taken = unheard.kind === "reference" ? "Taking back the mark" : "Taking back the verdict";
      const mark = unheard.wrong ? "Wrong reference" : "";
      const what = unheard.kind === "notes" ? "The note" : name || mark ? `“${name || mark}”` : taken;
      problem.querySelector("p").textContent = `The server doesn’t answer. ${what} is kept here and saved when it is back.`;
      setReview({ saved: { text: "Not saved", problem: "offline" } });
    } else if (data.failed) problem.querySelector("p").textContent = data.failed;
  }

  const news = watchNews(() => send({ kind: "look" }, { replaces: "look", isAside: true }));
  const unfollow = followReview(show);
  const unwatch = watchConnection((state) => {
    connection = state;
    show();
  });

  return {
    root,
    update(next) {
      data = next;
      if (!verdicts.children.length) verdicts.append(...data.verdicts.map((one, i) => button(one, i + 1)));
      if (!isAhead(data)) setReview({ verdicts: { ...Object.fromEntries(Object.keys(review().verdicts).map((slice) => [slice, null])), ...data.said } });
      if (!isAhead(data)) setReview({ saved: { text: data.saved, problem: data.failed } });
      notes.update(data);
      news.update(data.news);
      show();
      stopKeys.ready();
      return data.seq;
    },
    destroy() {
      unfollow();
      unwatch();
      news.stop();
      stopKeys();
      root.remove();
    },
  };
});
