// The verdict on the picked slice, its tags and note. A verdict shows everywhere at once; Python saves it and answers.

import { el, keepFocus } from "../../web/dom.js";
import { holdWords, isAhead, liveComponent, reviewer, sendAgain, watchConnection, wordsOfPageBefore } from "../../web/instance.js";
import { onKeys } from "../../web/keys.js";
import { assigneeOf, carriedTo, chosenOf, followReview, judged, judgedTogether, nextUnreviewed, notedTogether, opinionOf, review, setReview, tagsOf, toldOf } from "../../web/review.js";
import { createAssign } from "./assign.js";
import { watchNews } from "./news.js";
import { createNotes } from "./notes.js";
import { refusedFor } from "./refused_texts.js";
import { createSharedNotes } from "./shared_notes.js";
import { STYLE } from "./style.js";
import { ALL_SAVED, createUnsavedNote } from "./unsaved_note.js";

const AGAIN_MS = 5000; // after which the page itself tries to save what could not be saved
const TOPIC = { topic: "verdict" };
const WORD = { topic: "verdict", isWord: true };
const KINDS = ["verdict", "notes", "confirm", "decline", "assign", "undo", "introduce", "kept"]; // of words that this part sends

/**
 * A verdict that can be given.
 * @typedef {{name: string, sign: string, label: string, hint: string}} Verdict
 */

/**
 * Data that component.py sends.
 * @typedef {Drawing & Omit<import("./notes.js").Data, "newest"> & {
 *   verdicts: Verdict[],
 *   about: string,
 *   judged: Record<string, string>,
 *   opinions: Record<string, Opinion[]>,
 *   account: string,
 *   is_login: boolean,
 *   reviewers: Record<string, string[]>,
 *   other_names: Record<string, string>,
 *   carried: Record<string, Carried>,
 *   assignees: Record<string, string>,
 *   people: string[],
 *   longest: {line: number, note: number},
 *   saved: string,
 *   undoes: string,
 *   unsaved: import("./unsaved_note.js").Unsaved,
 *   refused: import("./refused_texts.js").Refused[],
 *   kept: PageEvent[],
 *   may_judge: boolean,
 *   news: import("./news.js").News,
 * }} Data
 */

/** @type {Data} */
const NOTHING = {
  verdicts: [], slice: null, about: "", judged: {}, opinions: {}, account: "", is_login: false, reviewers: {}, other_names: {}, carried: {}, assignees: {}, people: [], tags: [], known_tags: [], note: "", longest: { line: 0, note: 0 }, saved: "", undoes: "",
  unsaved: ALL_SAVED, refused: [], kept: [], framed: null, may_judge: false, news: { at: "", newest: [] }, seq: 0,
};

export default liveComponent((parentElement, send) => {
  let data = NOTHING;
  let undo = 0; // number of an undo that Python has not heard of: until then nobody sees what a slice has
  /** @type {import("../../web/queue.js").State} */
  let connection = { waiting: [], isConnected: true };
  const verdicts = el("div", { class: "verdicts", role: "group", "aria-label": "Verdict" });
  const notes = createNotes((changed) => say({ kind: "notes", ...changed, ...(changed.framed?.clips || changed.slice !== review().slice ? {} : { picked: toldOf(review()) }) }));
  const sharedNotes = createSharedNotes(noteSeveral);
  const assign = createAssign(assignTo);
  const several = el("div", { class: "several", role: "note", hidden: true });
  const opinions = el("div", { class: "opinions", role: "note", "aria-label": "Verdicts of all reviewers", hidden: true });
  const carriedText = el("span");
  const confirm = el("button", { type: "button", title: "This holds for this slice too", onclick: () => settle("confirm"), onmousedown: keepFocus }, "Confirm", el("kbd", {}, "Y"));
  const decline = el("button", { type: "button", title: "Do not carry it over to this slice", onclick: () => settle("decline"), onmousedown: keepFocus }, "Drop", el("kbd", {}, "X"));
  const carried = el("div", { class: "carried", role: "note", hidden: true }, carriedText, el("span", { class: "choice" }, confirm, decline));
  const nextKey = el("kbd", {}, "N");
  const next = el("button", { type: "button", class: "next", onclick: goOn, onmousedown: keepFocus }, "Next unreviewed", nextKey);
  const problem = createUnsavedNote({ go: tryAgain, discard: () => send({ kind: "discard" }, TOPIC), rest: judgeRest });
  const root = el("section", { class: "judging", "data-testid": "judging", "aria-label": "Verdict" }, several, verdicts, opinions, carried, problem.element, el("div", { class: "beside" }, notes.element, sharedNotes.element, assign.element), next);
  parentElement.append(el("style", {}, STYLE), root);

  /** @param {PageEvent} word signed by whoever judges here */
  const say = (word) => send({ ...reviewer.signature(), ...word }, WORD);

  /**
   * The verdict goes to what is chosen in the list, or framed. Where only Python knows what that is, it goes with the number of
   * the pick. Only a verdict that the reader sees is taken back: a press before the page has followed gives it, and another
   * press of the same key gives it again.
   * @param {string} name
   */
  function judge(name) {
    const { slice, isKnown, pick } = review();
    const slices = chosenOf(review());
    if (slices.length) {
      judgeSeveral(slices, undo === 0 && haveAll(slices, name) ? null : name);
      return;
    }
    if (isKnown && !slice) return;
    const verdict = isKnown && slice && undo === 0 && ofMine(slice) === name ? null : name;
    setReview({ saved: { text: "Saving …", problem: "" }, ...(isKnown && slice ? judged(review(), slice, reviewer.name(), verdict) : {}) });
    say({ kind: "verdict", slice: isKnown ? slice : null, pick, verdict, ...clipsOf(slice), about: data.about, newest: data.news.newest });
  }

  /**
   * What says which clips a slice has, whatever becomes of the pick: the slice as Python has framed it, or else the pick as another
   * session is told of it.
   * @param {string | null} slice
   */
  function clipsOf(slice) {
    const framed = slice !== null && slice === data.slice ? data.framed : null;
    return { framed, ...(framed?.clips ? {} : { picked: toldOf(review()) }) };
  }

  /**
   * @param {string[]} slices
   * @param {string | null} verdict null: none
   */
  function judgeSeveral(slices, verdict) {
    setReview({ saved: { text: "Saving …", problem: "" }, ...judgedTogether(review(), slices, reviewer.name(), verdict) });
    say({ kind: "verdict", slices, verdict, about: data.about, newest: data.news.newest });
  }

  /** @param {string[]} slices @param {import("../../web/review.js").Noted} change @param {string} about as the sheet was opened */
  function noteSeveral(slices, change, about) {
    setReview({ saved: { text: "Saving …", problem: "" }, ...notedTogether(review(), slices, reviewer.name(), change) });
    say({ kind: "notes", slices, ...change, about, newest: data.news.newest });
  }

  /**
   * What is carried over to the framed slice becomes a verdict of its own, or goes.
   * @param {"confirm" | "decline"} kind
   */
  function settle(kind) {
    const { slice, isKnown, carried: others } = review();
    const other = isKnown && slice && !chosenOf(review()).length ? carriedTo(review(), slice) : null;
    if (!slice || !other || undo > 0) return;
    const { [slice]: _, ...rest } = others;
    if (kind === "decline") setReview({ carried: rest });
    else if (other.verdict) setReview(judged(review(), slice, reviewer.name(), other.verdict));
    setReview({ saved: { text: "Saving …", problem: "" } });
    say({ kind, slice, about: data.about, newest: data.news.newest });
  }

  /**
   * What is chosen in the list, or framed, is for somebody to judge. Where only Python knows what is framed, it goes with the
   * number of the pick.
   * @param {string} to
   */
  function assignTo(to) {
    const { slice, isKnown, pick, assignees } = review();
    const slices = chosenOf(review());
    if (slices.length) {
      setReview({ saved: { text: "Saving …", problem: "" }, assignees: { ...assignees, ...Object.fromEntries(slices.map((id) => [id, to])) } });
      say({ kind: "assign", slices, to, about: data.about, newest: data.news.newest });
      return;
    }
    if (isKnown && !slice) return;
    setReview({ saved: { text: "Saving …", problem: "" }, ...(slice ? { assignees: { ...assignees, [slice]: to } } : {}) });
    say({ kind: "assign", slice: isKnown ? slice : null, pick, to, ...clipsOf(slice), about: data.about, newest: data.news.newest });
  }

  /** Slices that are assigned next, as far as the page knows them. */
  function toAssign() {
    const { slice } = review();
    const chosen = chosenOf(review());
    return chosen.length || slice === null ? chosen : [slice];
  }

  function takeIt() {
    const me = reviewer.name();
    assignTo(assigneeOf(review(), toAssign()) === me ? "" : me);
  }

  function openNotes() {
    if (chosenOf(review()).length) sharedNotes.open();
    else notes.open();
  }

  /** What the foot says was done to several slices, of whichever model, else what was said last of this one. */
  function takeBack() {
    undo = say({ kind: "undo", about: review().saved.undoes || data.about });
  }

  function goOn() {
    document.dispatchEvent(new CustomEvent("slicecore:next")); // the list does it
  }

  function tryAgain() {
    const refused = data.unsaved.action === "open text" && data.refused.at(-1);
    if (refused) {
      document.dispatchEvent(new CustomEvent("slicecore:choose", { detail: refused.left }));
      sharedNotes.open();
    } else if (data.unsaved.action) send({ kind: data.unsaved.action }, TOPIC);
    else sendAgain();
  }

  /** Those of several slices that nobody else has judged; the others stay as they are, and chosen where they are judged. */
  function judgeRest() {
    const { left_out = [] } = data.unsaved.rest ?? {};
    if (left_out.length && data.unsaved.action === "replace") document.dispatchEvent(new CustomEvent("slicecore:choose", { detail: left_out }));
    send({ kind: "rest", left_out }, TOPIC);
  }

  /** Whether all slices have a verdict of the reviewer. @param {string[]} slices @param {string} name */
  const haveAll = (slices, name) => slices.every((slice) => ofMine(slice) === name);

  /** @param {string} slice */
  const ofMine = (slice) => opinionOf(review(), slice, reviewer.name())?.verdict ?? null;

  /** @param {number} digit @returns {[key: string, action: () => void]} */
  const keyOf = (digit) => [String(digit), () => data.verdicts[digit - 1] && judge(data.verdicts[digit - 1].name)];
  const keys = [
    onKeys({ ...Object.fromEntries([1, 2, 3, 4].map(keyOf)), z: takeBack }, { waits: true, goesOn: true }),
    onKeys({ y: () => settle("confirm"), x: () => settle("decline") }, { waits: true }),
    onKeys({ t: openNotes }, { waits: true }),
    onKeys({ a: takeIt }, { waits: true }),
  ];

  /** @param {Verdict} verdict @param {number} digit */
  function button({ name, sign, label, hint }, digit) {
    return el(
      "button",
      { type: "button", "data-verdict": name, title: hint, onclick: () => judge(name), onmousedown: keepFocus },
      el("b", { "aria-hidden": "true" }, sign),
      label,
      el("kbd", {}, String(digit)),
    );
  }

  function show() {
    const { slice, isKnown } = review();
    const chosen = chosenOf(review());
    const other = isKnown && !chosen.length ? carriedTo(review(), slice) : null;
    const given = chosen.length || slice === null ? [] : (review().opinions[slice] ?? []);
    const mine = slice === null ? null : ofMine(slice);
    for (const each of /** @type {HTMLCollectionOf<HTMLButtonElement>} */ (verdicts.children)) {
      const name = each.dataset.verdict ?? "";
      each.disabled = isKnown && !slice && !chosen.length;
      each.setAttribute("aria-pressed", String(chosen.length ? haveAll(chosen, name) : slice !== null && mine === name));
      const isOfOthers = mine === null && given.some(({ verdict }) => verdict === name);
      each.classList.toggle("carried-over", isOfOthers || (Boolean(other?.holds) && other?.verdict === name));
    }
    showChosen(chosen);
    carried.hidden = !other;
    carried.classList.toggle("hint", Boolean(other && !other.holds));
    root.classList.toggle("with-carried", Boolean(other));
    carriedText.textContent = other?.text ?? "";
    carried.title = other?.hint ?? "";
    showOpinions(given);
    next.disabled = nextUnreviewed(review()) === null;
    notes.setEnabled(Boolean(slice) && slice === data.slice);
    const slices = toAssign();
    assign.setEnabled(slices.length > 0);
    assign.update({ people: data.people, me: reviewer.name(), to: assigneeOf(review(), slices), count: slices.length });
    showProblem();
  }

  /**
   * That a verdict and tags go to what is chosen in the list.
   * @param {string[]} chosen
   */
  function showChosen(chosen) {
    const what = ["the chosen problem", "both chosen problems"][chosen.length - 1] ?? `all ${chosen.length} chosen problems`;
    several.hidden = !chosen.length;
    several.textContent = chosen.length ? `A verdict goes to ${what}.` : "";
    verdicts.setAttribute("aria-label", chosen.length ? `Verdict on ${what}` : "Verdict");
    root.classList.toggle("with-several", chosen.length > 0);
    const written = chosen.map((slice) => opinionOf(review(), slice, reviewer.name())?.note.length ?? 0);
    const { line, note } = data.longest;
    const refused = refusedFor(data.refused, chosen);
    const room = refused?.left.length ? refused.room : note - 1 - Math.max(0, ...written);
    sharedNotes.update({ about: data.about, slices: chosen, tags: tagsOf(review(), chosen, reviewer.name()), known: data.known_tags, room: Math.max(0, Math.min(line, room)), isScarce: room < line, refused });
    notes.element.hidden = chosen.length > 0;
    sharedNotes.element.hidden = !chosen.length;
  }

  /**
   * Opinions, with who gave them and when; of one reviewer alone the buttons say it.
   * @param {Opinion[]} given
   */
  function showOpinions(given) {
    opinions.hidden = given.every((each) => each.reviewer === reviewer.name());
    root.classList.toggle("with-opinions", !opinions.hidden);
    opinions.replaceChildren(...(opinions.hidden ? [] : given.map(opinion)));
    opinions.title = given.map((each) => textOfOpinion(each)).join("\n");
  }

  /** @param {Opinion} opinion */
  const verdictOf = ({ verdict }) => data.verdicts.find((each) => each.name === verdict);

  /** @param {Opinion} given */
  const opinion = (given) => {
    const isMine = given.reviewer === reviewer.name();
    return el("span", {}, el("b", { "aria-hidden": "true" }, verdictOf(given)?.sign ?? "–"), isMine ? "you" : el("bdi", {}, given.reviewer || "no name"), el("span", { class: "when" }, given.when));
  };

  /** @param {Opinion} given */
  const textOfOpinion = (given) =>
    `${given.reviewer || "no name"}${given.when && `, ${given.when}`}: ${[verdictOf(given)?.label, ...given.tags, given.note && `“${given.note}”`].filter(Boolean).join(", ")}`;

  /** The reason why something is not on disk: the server does not answer, or could not write. */
  function showProblem() {
    const count = problem.show(data.unsaved, connection, (name) => data.verdicts.find((each) => each.name === name)?.label);
    root.classList.toggle("unsaved", !problem.element.hidden);
    if (count) setReview({ saved: { text: "", problem: `${count} not saved` } });
  }

  /**
   * Tags and note of the reviewer here; those that are carried over where the slice has none.
   * @param {Data} data
   */
  const notesOf = ({ slice, opinions: all, tags, note }) => all[slice ?? ""]?.find((each) => each.reviewer === reviewer.name()) ?? { tags, note };

  const trying = setInterval(() => {
    const isIdle = connection.isConnected && !connection.waiting.length && !document.hidden && !isAhead();
    if (data.unsaved.action === "again" && isIdle) send({ kind: "again" }, { replaces: "again", isAside: true });
  }, AGAIN_MS);
  /** What is written in a sheet goes with the page, or with this part of it. */
  function leaveSheets() {
    notes.leave();
    sharedNotes.leave();
  }

  window.addEventListener("pagehide", leaveSheets);
  const news = watchNews(() => send({ kind: "look" }, { replaces: "look", isAside: true }));
  const unfollow = followReview(show);
  const unfollowReviewer = reviewer.follow(() => {
    notes.update({ ...data, ...notesOf(data), newest: data.news.newest });
    show();
  });
  const introduce = () => say({ kind: "introduce" });
  document.addEventListener("slicecore:same-reviewer", introduce); // the button in the foot
  /** @param {Event} event */
  const onAssign = (event) => assignTo(/** @type {CustomEvent<string>} */ (event).detail);
  /** @param {Event} event */
  const onJudge = (event) => {
    const { detail: name } = /** @type {CustomEvent<string | null>} */ (event);
    const slices = chosenOf(review());
    if (name !== null) judge(name);
    else if (slices.length) judgeSeveral(slices, null);
  };
  /** @type {[name: string, listener: (event: Event) => void][]} */
  const asked = [
    ["slicecore:assign", onAssign], // these by the bar above the list
    ["slicecore:judge", onJudge],
    ["slicecore:tags", openNotes],
    ["slicecore:undo", takeBack], // the foot
  ];
  for (const [name, listener] of asked) document.addEventListener(name, listener);
  const unwatch = watchConnection((state) => {
    connection = state;
    show();
  });

  return {
    root,
    update(/** @type {Data} */ next) {
      data = next;
      setReview({ framed: data.slice && data.framed ? { slice: data.slice, title: data.framed.title, clips: data.framed.clips } : null });
      for (const word of holdWords(data.kept.map((word) => ({ ...reviewer.signature(), ...word })), data)) send(word, WORD);
      if ((data.heard ?? 0) >= undo) undo = 0;
      if (!verdicts.children.length) verdicts.append(...data.verdicts.map((each, i) => button(each, i + 1)));
      reviewer.learn({ account: data.account, is_login: data.is_login, may_judge: data.may_judge });
      for (const word of wordsOfPageBefore(KINDS, reviewer.isMine)) send(word.kind === "undo" ? { ...word, late: true } : word, WORD);
      if (!isAhead(data, "verdict")) {
        // Together with the opinions: those that the page is ahead with are under the name that it knew.
        reviewer.learn({ reviewers: data.reviewers, other_names: data.other_names });
        const none = Object.fromEntries(Object.keys(review().verdicts).map((slice) => [slice, null]));
        const { text, count } = data.unsaved;
        const failed = count ? `${count} not saved` : text && "Not done";
        setReview({ verdicts: { ...none, ...data.judged }, opinions: data.opinions, carried: data.carried, assignees: data.assignees, people: data.people, ...(isAhead(data, "reference") ? {} : { saved: { text: data.saved, problem: failed, undoes: data.undoes } }) });
      }
      notes.update({ ...data, ...notesOf(data), newest: data.news.newest });
      news.update(data.news);
      show();
      for (const stop of keys) stop.ready();
      return data.seq;
    },
    destroy() {
      leaveSheets();
      window.removeEventListener("pagehide", leaveSheets);
      unfollow();
      unfollowReviewer();
      document.removeEventListener("slicecore:same-reviewer", introduce);
      for (const [name, listener] of asked) document.removeEventListener(name, listener);
      unwatch();
      news.stop();
      clearInterval(trying);
      for (const stop of keys) stop();
      root.remove();
    },
  };
});
