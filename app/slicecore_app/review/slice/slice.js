// Title, numbers and reason of the picked slice.

import { el, iconButton, redrawChanges } from "../../web/dom.js";
import { unbroken } from "../../web/format.js";
import { isAhead, liveComponent, reviewer, wordsOfPageBefore } from "../../web/instance.js";
import { followReview, pick, review, setReview, within } from "../../web/review.js";
import { followFocus, placeBelow } from "../../web/sheets.js";
import { nameInMenu } from "../../web/streamlit_dom.js";
import { dropScale, readTheme, textOn, watchTheme } from "../../web/theme.js";
import { detCurves } from "../detection/det.js";
import { STYLE as DET_STYLE } from "../detection/style.js";
import { confusion } from "../labels/confusion.js";
import { STYLE as CONFUSION_STYLE } from "../labels/style.js";
import { STYLE } from "./style.js";

const ICONS = {
  words: "M2.500 4h7M2.500 8h11M2.500 12h5M12 2.500v3M12 10.500v3",
  det: "M2.500 2.500v11h11M4.500 4c.5 5 3 7.500 8 7.500",
  matrix: "M2.500 2.500h11v11h-11zM2.500 6.200h11M2.500 9.800h11M6.200 2.500v11M9.800 2.500v11",
  wider: "M6 3H3v3M10 3h3v3M13 10v3h-3M6 13H3v-3M3 3l3.500 3.500M13 3 9.500 6.500M13 13 9.500 9.500M3 13l3.500-3.500",
  rename: "M10.500 3.500l2 2L6 12l-2.500.500.500-2.500zM9 5l2 2",
  narrower: "M3 6.500h3.500V3M13 6.500H9.500V3M9.500 13V9.500H13M3 9.500h3.500V13M6.500 6.500 3 3M9.500 6.500 13 3M9.500 9.500 13 13M6.500 9.500 3 13",
};

/** @type {EventOptions} */
const WORD = { topic: "verdict", isWord: true };

/**
 * @typedef {{name: keyof typeof ICONS, label: string, hint: string, slice: string, tree: number, node: number, size: string}} Step
 *
 * @typedef {[words: string, count: string, hint: string, labels: [actual: string, predicted: string] | []]} WordRow
 *
 * @typedef {{title: string, rows: WordRow[]}} WordList
 *
 * @typedef {{text: string, home: string, other: string}} SharedSentence
 */

/**
 * Data that component.py sends.
 * @typedef {Drawing & {
 *   title: string,
 *   slice: string | null,
 *   number: number | null,
 *   points: number,
 *   tier: string,
 *   tier_hint: string,
 *   note: string,
 *   note_hint: string,
 *   numbers: Figure[],
 *   text: string,
 *   shared: SharedSentence[],
 *   around: Step[],
 *   words: WordList[],
 *   confusion: import("../labels/confusion.js").ConfusionView | null,
 *   det: import("../detection/det.js").DetView | null,
 *   naming: {about: string, word: Record<string, unknown>} | null,
 *   name_hint: string,
 *   button: string,
 *   basis: string[],
 * }} Data
 */

export default liveComponent((parentElement, send) => {
  const box = el("section", { class: "summary", "data-testid": "summary", "aria-label": "Selected slice" });
  parentElement.append(el("style", {}, STYLE + CONFUSION_STYLE + DET_STYLE), box);
  const sheet = el("div", { class: "sheet", popover: "auto", role: "dialog", "aria-label": "What goes wrong in the slice", tabindex: "0" });
  parentElement.append(sheet);
  followFocus(sheet);
  const redraw = redrawChanges(box);
  const redrawSheet = redrawChanges(sheet); // apart: whoever is in it stays there while the rest learns more
  /** @type {Data | null} */
  let data = null;
  /** @type {((saves: boolean) => void) | null} */
  let endNaming = null; // ends the typing of a name; null while none is typed
  let isBehind = false; // another slice is framed than the one that Python has sent

  /** @param {Event} event */
  function openWords({ currentTarget }) {
    sheet.showPopover();
    placeBelow(sheet, /** @type {HTMLElement} */ (currentTarget));
  }

  /** What another session is told of the page. */
  const told = () => ({ basis: data?.basis });

  /** @param {import("../labels/confusion.js").Cell} cell */
  function pickConfused(cell) {
    sheet.hidePopover();
    if (!isBehind) pick({}, { kind: "confused", ...cell, ...told(), ...(cell.everywhere ? {} : { within: within(review()) }) }, send);
  }

  /** @param {WordRow} row */
  function wordRow([words, count, hint, [actual, predicted]]) {
    const isWay = actual !== undefined && predicted !== undefined;
    const what = isWay ? el("button", { type: "button", class: "shared", onclick: () => pickConfused({ actual, predicted, everywhere: false, of: "model" }) }, words) : words;
    return el("tr", { title: hint }, el("td", {}, what), el("td", { class: "count" }, count));
  }

  /** @param {WordList} list */
  const wordList = ({ title, rows }) =>
    el("table", {}, el("caption", {}, title), el("tbody", {}, ...(rows.length ? rows.map(wordRow) : [el("tr", {}, el("td", { class: "none" }, "none"))])));

  /** @param {Data} data */
  function badge(data) {
    const { number, points } = framed() ?? data;
    if (!number) return [];
    const ground = dropScale(readTheme(parentElement))(points ?? 0);
    return [el("span", { class: "badge", style: `background:${ground};color:${textOn(ground)}` }, String(number))];
  }

  /** The card of the slice that is framed, where Python has not followed yet; null where it has. */
  function framed() {
    if (!isBehind) return null;
    const { slice, cards } = review();
    return (slice && cards[slice]) || { number: 0, points: 0, title: "…" };
  }

  /** @param {Step} step */
  function pickCluster({ slice, tree, node }) {
    if (isBehind) return; // what leads on from the framed slice is not known yet
    pick({ slice }, { kind: "cluster", slice, tree, node, ...told() }, send);
  }

  /** @param {SharedSentence} clips */
  const sharedClips = ({ text, home, other }) =>
    el("button", { type: "button", class: "shared", title: "Select these clips", onclick: () => isBehind || pick({}, { kind: "shared", home, other, ...told() }, send) }, text);

  /** @param {Pick<Data, "naming" | "title">} data that the name is for @param {string} name */
  function sendName({ naming, title: before }, name) {
    if (!naming || name === before) return;
    setReview({ saved: { text: "Saving …", problem: "" } });
    send({ kind: "rename", about: naming.about, word: { ...naming.word, name }, ...reviewer.signature() }, WORD);
  }

  /** A field in the place of the title, until Enter, Escape, or another place is clicked. @param {Data} data */
  function rename({ naming, title: before }) {
    const heading = box.querySelector("h2");
    if (!heading || !naming || isBehind) return;
    const field = el("input", { class: "name", value: before, maxlength: 80, "aria-label": "Name of the slice", title: "Empty: the name it was found by" });
    /** @param {boolean} saves */
    const end = (saves) => {
      if (endNaming !== end) return;
      endNaming = null;
      field.replaceWith(heading);
      if (saves) sendName({ naming, title: before }, field.value.trim());
      show(); // what came meanwhile
    };
    endNaming = end;
    field.addEventListener("blur", () => end(true));
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      end(event.key === "Enter");
    });
    heading.replaceWith(field);
    field.focus();
    field.select();
  }

  function toFirst() {
    const [first] = review().slices;
    if (first) pick({ slice: first }, { kind: "slice", slice: first }, send);
  }

  /** @param {Data} data */
  function title(data) {
    const steps = data.around.map((step) => {
      const attributes = { title: `${step.label}. ${step.hint}`, disabled: !step.slice, "aria-disabled": isBehind ? "true" : null, "data-name": step.name };
      const button = iconButton(step.label, ICONS[step.name], () => pickCluster(step), attributes);
      if (step.size) button.append(el("span", { class: "size", "aria-hidden": "true" }, step.size));
      return button;
    });
    const name = (framed() ?? data).title;
    const facts = isBehind ? { tier: "", note: "", words: [], confusion: null, det: null } : data;
    return el(
      "div",
      { class: "title" },
      ...badge(data),
      el("h2", { title: isBehind ? name : [name, data.name_hint].filter(Boolean).join(", ") }, name),
      ...(data.naming && !isBehind ? [iconButton("Rename", ICONS.rename, () => rename(data), { class: "sc-icon rename" })] : []),
      ...(facts.tier ? [el("span", { class: `tier ${facts.tier}`, title: data.tier_hint }, facts.tier)] : []),
      ...(facts.note ? [el("span", { class: "note", title: data.note_hint }, facts.note)] : []),
      ...(facts.words.length || ((facts.confusion || facts.det) && !data.button) ? [sheetButton(facts)] : []),
      ...steps,
    );
  }

  /** @param {Pick<Data, "words" | "confusion" | "det">} facts */
  function sheetButton({ words, confusion, det }) {
    const lists = words.map((list) => list.title.toLowerCase());
    let [label, path] = [`What goes wrong: ${lists.join(", ")}`, ICONS.words];
    if (confusion) [label, path] = ["Confusion matrix and errors by class", ICONS.matrix];
    if (det) [label, path] = ["DET curve", ICONS.det];
    return iconButton(label, path, openWords, { "aria-haspopup": "dialog" });
  }

  /** @param {Figure} figure */
  const number = ({ label, value, note, hint }) =>
    el(
      "div",
      { class: "number", title: hint },
      el("div", { class: "label" }, label),
      el("div", { class: "value" }, value, ...(note ? [el("span", { class: "interval" }, note)] : [])),
    );

  /** @param {Data} data */
  function ways({ button, confusion, det }) {
    const opens = confusion ? "Confusion matrix" : det ? "DET curve" : "";
    return el(
      "div",
      { class: "ways" },
      el("button", { type: "button", class: "way", onclick: toFirst }, button, el("kbd", {}, "↓")),
      ...(opens ? [el("button", { type: "button", class: "way", "aria-haspopup": "dialog", onclick: openWords }, opens)] : []),
    );
  }

  /** @param {Pick<Data, "words" | "confusion" | "det">} facts */
  function drawSheet({ words, confusion: view, det }) {
    const matrix = view ? [confusion(view, parentElement instanceof ShadowRoot ? parentElement.host : parentElement, pickConfused)] : [];
    sheet.classList.toggle("wide", matrix.length > 0 || (det?.curves ?? []).some((curve) => curve.is_other));
    const curves = det ? [detCurves(det)] : [];
    sheet.replaceChildren(...matrix, ...curves, ...words.map(wordList));
  }

  /** @param {Data} data */
  function draw(data) {
    box.replaceChildren(
      title(data),
      el("div", { class: "numbers" }, ...data.numbers.map(number)),
      el("p", { class: "why", tabindex: data.text ? "0" : null, title: data.text }, unbroken(data.text), ...data.shared.flatMap((clips) => [" ", sharedClips(clips)])),
      ...(data.button ? [ways(data)] : []),
    );
  }

  // A text that goes on below its box fades.
  const measure = () => {
    const why = box.querySelector(".why");
    why?.classList.toggle("goes-on", why.scrollHeight > why.clientHeight + 2);
  };
  const resizing = new ResizeObserver(measure);
  resizing.observe(box);
  const unwatchTheme = watchTheme(parentElement, () => {
    if (!data) return;
    draw(data);
    drawSheet(data);
  });

  function show() {
    if (!data) return;
    const { slice, isKnown } = review();
    isBehind = isAhead(data, "pick") && !(isKnown && slice === data.slice);
    box.classList.toggle("behind", isBehind);
    box.setAttribute("aria-busy", String(isBehind));
    const { heard, session, seq, ...content } = data;
    if (endNaming) return;
    redraw([content, framed()], () => data && draw(data));
    redrawSheet([data.confusion, data.det, data.words], () => data && drawSheet(data));
    measure();
  }
  const unfollow = followReview(show);
  const unfollowReviewer = reviewer.follow(() => {
    for (const word of wordsOfPageBefore(["rename"], reviewer.isMine)) send(word, WORD);
  });
  /** What is typed goes with the page, or with this part of it: in the place of the title, or in the menu "Rename or remove". */
  function leave() {
    endNaming?.(true);
    const name = data?.naming && nameInMenu(String(data.naming.word.slice));
    if (data && name) sendName(data, name);
  }
  window.addEventListener("pagehide", leave);

  return {
    root: box,
    update(/** @type {Data} */ next) {
      data = next;
      show();
      return next.seq;
    },
    destroy() {
      leave();
      window.removeEventListener("pagehide", leave);
      unfollow();
      unfollowReviewer();
      unwatchTheme();
      resizing.disconnect();
      box.remove();
    },
  };
});
