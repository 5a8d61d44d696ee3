// Corrections of references: what was corrected, the clips as they are with these texts, and the field in which one is
// written. The server aligns what is typed, by the rules that hold for the whole table.

import { apiUrl, el, icon, keepFocus } from "../../web/dom.js";
import { isAhead } from "../../web/instance.js";
import { keep, loadOnce } from "../../web/memory.js";
import { setReview } from "../../web/review.js";

const PENCIL = "M3 13l.7-3L10.500 3.200l2.300 2.300L6 12.300zM9 4.700l2.300 2.300";
const PAUSE_MS = 120; // of the hand, after which the alignment follows
const MOST_CLIPS = 200;

/**
 * References that were corrected, by clip id; component.py describes it.
 * @typedef {{texts: Record<string, {text: string, by: string}>, newest: number, clips: string}} Corrections
 */

/** @param {string} address @param {string | null} text @returns {Promise<Clip>} */
async function ask(address, text) {
  const answer = await fetch(apiUrl(address), text === null ? { cache: "no-store" } : { method: "POST", body: text });
  if (!answer.ok) throw new Error("The server does not know this clip any more.");
  const found = await answer.json();
  if (found.problem) throw new Error(found.problem); // a word where the metric takes numbers, say
  return found;
}

/** @type {Map<string, Clip>} */
const ready = new Map(); // clips with their corrected reference, by address and text
const asked = loadOnce(MOST_CLIPS, (key) => ask(...(/** @type {[string, string]} */ (JSON.parse(key)))));

/**
 * `{button, editor, toggle(), leave(), isOpen(), update(data), show(clip), as(clip)}`: the button and the field are for the clip that
 * is shown. `as(clip)` is the clip as it is with the text in the field, or with its corrected reference; null
 * where it is as in the table, or not known yet: `redraw` is called when it is.
 * @param {{change: (id: string, text: string | null, seen: number) => void, redraw: () => void, play: () => void}} on
 */
export function createCorrections({ change, redraw, play }) {
  /** @type {Corrections} */
  let known = { texts: {}, newest: 0, clips: "" };
  /** @type {Clip | null} */
  let clip = null;
  /** @type {{id: string, row: number, original: string | null} | null} */
  let edited = null; // the clip in the field; `original` is null until the server has said it
  /** @type {Clip | null} */
  let typed = null; // the clip as it is with the text in the field
  let refused = ""; // a text that can be no reference
  let timer = 0;

  const button = el(
    "button",
    { type: "button", class: "correct", "aria-keyshortcuts": "E", onclick: () => toggle(), onmousedown: keepFocus },
    icon(PENCIL, 14),
    el("span", { class: "full" }, "Correct"),
    el("kbd", {}, "E"),
  );
  const field = el("textarea", { rows: "1", dir: "auto", spellcheck: "true", "aria-label": "Reference", oninput: onInput, onkeydown: onKey });
  const original = el("bdi", {});
  const problem = el("span", { class: "field-problem", role: "alert", hidden: true });
  const inTable = el("span", { class: "in-table" }, "In the table: ", original);
  const putBack = el("button", { type: "button", onclick: () => save(null), onmousedown: keepFocus }, "Put back");
  const done = el("button", { type: "button", title: "Ctrl+Enter plays and pauses while you type", onclick: () => save(field.value), onmousedown: keepFocus }, "Save", el("kbd", {}, "Enter"));
  const cancel = el("button", { type: "button", onclick: close, onmousedown: keepFocus }, "Cancel", el("kbd", {}, "Esc"));
  const editor = el("div", { class: "correction", hidden: true }, field, el("div", { class: "under" }, inTable, problem, putBack, done, cancel));

  /** @param {number} row */
  const addressOf = (row) => known.clips.replace("{row}", String(row));
  /** @param {Clip | null} one */
  const textOf = (one) => (one && Object.hasOwn(known.texts, one.id) ? known.texts[one.id].text : null);

  /** @param {Corrections["texts"]} texts */
  function set(texts) {
    const isNew = JSON.stringify(Object.keys(texts)) !== JSON.stringify(Object.keys(known.texts));
    known = { ...known, texts };
    window.slicecoreCorrected = new Set(Object.keys(texts));
    if (isNew) document.dispatchEvent(new CustomEvent("slicecore:references"));
  }

  async function open() {
    if (!clip || !known.clips) return;
    const { id, row, reference: written } = clip;
    /** @type {NonNullable<typeof edited>} */
    const opened = { id, row, original: null };
    edited = opened;
    refused = "";
    const text = textOf(clip);
    field.value = text ?? "";
    field.readOnly = true; // keys are the field's from the first moment on, but nothing can be typed into a text that is not there
    original.textContent = "…";
    tell("");
    draw();
    redraw();
    field.focus();
    try {
      const { reference = "" } = written === undefined ? await ask(addressOf(row), null) : clip;
      if (edited !== opened) return;
      opened.original = reference;
      original.textContent = reference;
      inTable.title = reference;
      if (text === null) field.value = reference;
      field.readOnly = false;
      field.setSelectionRange(field.value.length, field.value.length);
    } catch (error) {
      if (edited === opened) tell(messageOf(error));
    }
    draw();
  }

  /** @param {unknown} error */
  const messageOf = (error) => (error instanceof TypeError ? "The server doesn’t answer." : /** @type {Error} */ (error).message);

  /** @param {string} text */
  function tell(text) {
    problem.textContent = text;
    problem.title = text;
    problem.hidden = !text;
    inTable.hidden = Boolean(text);
  }

  function close() {
    clearTimeout(timer);
    edited = null;
    typed = null;
    draw();
    field.blur();
    redraw();
  }

  /** @param {string | null} text null: that of the table */
  function save(text) {
    if (!edited || edited.original === null || (text && text === refused)) return;
    const { id, original: before } = edited;
    const wanted = text === null || text.trim() === before.trim() ? null : text.trim().replace(/\s*\n\s*/g, " ");
    const { [id]: now, ...others } = known.texts;
    if (wanted !== (now?.text ?? null)) {
      set(wanted === null ? others : { ...others, [id]: { text: wanted, by: "just now" } });
      setReview({ saved: { text: "Saving …", problem: "" } });
      change(id, wanted, known.newest);
    }
    close();
  }

  function onInput() {
    clearTimeout(timer);
    timer = setTimeout(follow, PAUSE_MS);
  }

  async function follow() {
    const at = edited;
    const text = field.value;
    if (!at) return;
    const isCurrent = () => edited === at && field.value === text;
    try {
      const next = await ask(addressOf(at.row), text);
      if (!isCurrent()) return;
      typed = next;
      tell("");
      redraw();
    } catch (error) {
      if (!isCurrent()) return;
      tell(messageOf(error));
      if (!(error instanceof TypeError)) refused = text;
    }
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) play();
    else if (event.key === "Enter") save(field.value);
    else return;
    event.preventDefault();
    event.stopPropagation(); // this closes one thing
  }

  function draw() {
    editor.hidden = !edited;
    putBack.hidden = !edited || textOf(clip) === null;
    button.hidden = !known.clips;
    const text = textOf(clip);
    button.classList.toggle("corrected", text !== null);
    const what = text === null ? "Correct the reference" : `Reference corrected ${clip ? known.texts[clip.id].by : ""}. Change it, or put the original back`;
    button.title = what;
    button.setAttribute("aria-label", what);
  }

  /** What was typed is not lost; undo takes it back. */
  function leave() {
    if (edited) save(field.value);
  }

  function toggle() {
    if (edited) close();
    else open();
  }

  return {
    button,
    editor,
    toggle,
    leave,
    isOpen: () => edited !== null,
    /** @param {Drawing & {corrections: Corrections}} data */
    update(data) {
      const { texts, newest, clips } = data.corrections;
      const isAheadOf = isAhead(data, "reference");
      const before = JSON.stringify([known.texts, known.clips]);
      known = { texts: known.texts, newest: isAheadOf ? known.newest : newest, clips };
      if (!isAheadOf) set(texts);
      draw();
      if (JSON.stringify([known.texts, known.clips]) !== before) redraw();
    },
    /** @param {Clip | null} next */
    show(next) {
      if (next?.id !== edited?.id) leave();
      clip = next;
      draw();
    },
    /** @param {Clip} one @returns {Clip | null} */
    as(one) {
      if (edited?.id === one.id && typed) return typed;
      const text = textOf(one);
      if (text === null || !known.clips) return null;
      const key = JSON.stringify([addressOf(one.row), text]);
      const there = ready.get(key);
      if (!there) asked(key).then((answer) => noted(key, answer), () => {}); // a server that is away is told elsewhere
      return there ?? null;
    },
  };

  /** @param {string} key @param {Clip} answer */
  function noted(key, answer) {
    if (ready.has(key)) return;
    keep(ready, key, answer, MOST_CLIPS);
    redraw();
  }
}
