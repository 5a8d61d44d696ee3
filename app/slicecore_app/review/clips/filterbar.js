// The head of the clips table: caption, words to look for, conditions on columns. The words take effect when Enter is
// pressed or the field is left, and shortly after the last key.

import { columnsOf } from "../../web/columns.js";
import { el, icon, iconButton, keepFocus, redrawChanges } from "../../web/dom.js";
import { liveComponent } from "../../web/instance.js";
import { onKeys } from "../../web/keys.js";
import { pick, review, within } from "../../web/review.js";
import { followLayout, layout } from "../../web/layout.js";
import { closeSheet, followFocus, isSheetOpen, placeBelow } from "../../web/sheets.js";
import { STYLE as MENU_STYLE, createColumnMenu } from "./column_menu.js";
import { isSameKind } from "./condition_fields.js";
import { STYLE as FORM_STYLE, conditionForm } from "./condition_form.js";

const PAUSE = 350; // ms after the last key
const CHIPS = 28; // px that a row of conditions takes, as filterbar.py says
const CROSS = "M4.500 4.500l7 7M11.500 4.500l-7 7";
const FUNNEL = "M2.500 3.500h11L9.500 8.500v4.500l-3-1.500v-3z";
const LIKE = "M6.500 3a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7zM9.500 6a3.500 3.500 0 1 1-3 7";
const STYLE = `
:host { display: block; }
.lines { position: relative; box-sizing: border-box; width: 100%; white-space: nowrap; color: var(--sc-ink); background: var(--sc-panel);
  font: 400 14px/20px var(--st-font, "Source Sans", system-ui, sans-serif); font-feature-settings: "tnum";
  border-bottom: 1px solid var(--sc-line); }
.lines * { box-sizing: border-box; }
.bar { display: flex; align-items: center; gap: 8px; height: 35px; padding: 0 8px 0 12px; }
.title { font-size: 13px; line-height: 18px; font-weight: 600; }
.caption { flex: 1 1 40px; min-width: 0; overflow: hidden; text-overflow: ellipsis; font-size: 12.5px; line-height: 16px; color: var(--sc-ink3); }
.caption.problem { color: var(--sc-warn); }
.chips { display: flex; gap: 4px; height: ${CHIPS}px; padding: 0 12px 6px; overflow: hidden; }
.chip { display: inline-flex; align-items: center; gap: 2px; min-width: 34px; height: 22px; padding: 0 2px 0 7px; font-size: 12px; line-height: 16px;
  border: 1px solid var(--sc-line2); border-radius: 4px; background: var(--sc-sunken); color: var(--sc-ink); }
.chip span { overflow: hidden; text-overflow: ellipsis; }
button { font: inherit; color: var(--sc-ink2); background: none; border: 0; padding: 0; cursor: pointer; border-radius: 6px; }
.chip button { display: grid; place-items: center; flex: none; width: 18px; height: 18px; border-radius: 3px; }
button:hover { background: var(--sc-sunken); color: var(--sc-ink); }
button:disabled { color: var(--sc-line2); cursor: default; background: none; }
.sc-icon { width: 28px; height: 28px; display: inline-grid; place-items: center; flex: none; }
.sc-icon[aria-expanded="true"] { background: var(--sc-accent-soft); color: var(--sc-accent); }
.sc-icon svg { display: block; }
.plain { height: 26px; padding: 0 8px; flex: none; font-size: 12.5px; font-weight: 500; color: var(--sc-ink); border: 1px solid var(--sc-line2); }
.field { position: relative; flex: 0 1 150px; min-width: 84px; }
input, select { font: inherit; font-size: 13px; color: inherit; background: var(--sc-panel); border: 1px solid var(--sc-ctl); border-radius: 6px; height: 26px; width: 100%; padding: 0 8px; text-overflow: ellipsis; }
.field input { padding-right: 24px; }
.field kbd { position: absolute; right: 5px; top: 5px; width: 16px; height: 16px; font: 500 11px/14px var(--st-code-font, monospace); text-align: center; color: var(--sc-ink3);
  border: 1px solid var(--sc-line2); border-radius: 3px; pointer-events: none; }
input::placeholder { color: var(--sc-ink3); opacity: 1; }
input::-webkit-search-cancel-button { display: none; }
:focus-visible { outline: 2px solid var(--sc-accent); outline-offset: -1px; }
.sheet { position: fixed; margin: 0; width: 300px; padding: 12px; color: var(--sc-ink); background: var(--sc-panel); border: 1px solid var(--sc-line2);
  border-radius: 8px; box-shadow: 0 4px 16px rgb(20 26 40 / .18); font: 400 13px/18px var(--st-font, "Source Sans", system-ui, sans-serif); }
${FORM_STYLE}
${MENU_STYLE}
[hidden] { display: none !important; }
`;

/**
 * @typedef {import("./condition_fields.js").Condition} Condition
 *
 * @typedef {{words: string, conditions: Condition[], everywhere: boolean}} Filter
 */

/**
 * Data that filterbar.py sends.
 * @typedef {Drawing & Filter & {
 *   caption: string,
 *   order: string,
 *   canLookEverywhere: boolean,
 *   columns: string,
 *   added: string[],
 *   matches: number,
 *   isEmpty: boolean,
 *   more: boolean,
 *   problem: string,
 *   basis: string[],
 * }} Data
 */

/**
 * True if there is a filter at all.
 * @param {Filter} filter
 */
const isActive = ({ words, conditions }) => Boolean(words.trim() || conditions.length);

const playing = () => Number(document.documentElement.dataset.slicecoreClip ?? NaN);

export default liveComponent((parentElement, send) => {
  /** @type {Filter} */
  let now = { words: "", conditions: [], everywhere: false };
  let timer = 0;

  const caption = el("div", { class: "caption", role: "status" });
  const chips = el("div", { class: "chips" });
  const words = el("input", {
    type: "search",
    placeholder: "Text or file name",
    "aria-label": "Filter by words in reference, prediction, id or file name (/)",
    title: "Words in reference, prediction, id or file name, with a slash in the path; “in quotation marks” they stand together",
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(sendWords, PAUSE);
    },
    onchange: () => sendWords(),
    onkeydown: (event) => {
      if (event.key === "Enter") sendWords();
      if (event.key !== "Escape") return;
      event.preventDefault(); // the browser would clear the field
      event.stopPropagation();
      if (isSheetOpen()) closeSheet();
      else words.blur();
    },
  });
  const field = el("div", { class: "field" }, words, el("kbd", { "aria-hidden": "true" }, "/"));
  const add = iconButton("Filter by a column", FUNNEL, () => toggleSheet(), { "aria-expanded": "false", "aria-haspopup": "dialog" });
  const like = iconButton("Find clips like this one (S)", LIKE, () => findLike());
  const select = plain("Select these", "Look at these clips as a selection, which can be judged and kept as a slice", () => selectThese());
  const all = plain("List all", "List all clips of the table", () => pick({}, { kind: "all", basis: latest.basis }, send));
  const more = plain("More", "Show more of these clips", () => send({ kind: "more" }));
  const clear = plain("Clear", "Take the filter away", () => sendFilter({ words: "", conditions: [], everywhere: false }));

  const everywhere = el("input", { type: "checkbox", onchange: () => isActive(now) && sendFilter({ everywhere: everywhere.checked }) }); // without a filter it waits for one
  const everywhereRow = el("label", {}, everywhere, "Look in all clips");
  const form = conditionForm(() => now.conditions, addCondition, everywhereRow);
  const sheet = el("div", { class: "sheet", popover: "auto", role: "dialog", "aria-label": "Filter by a column" }, form.root);
  followFocus(sheet, form.first);
  const menu = createColumnMenu((added) => send({ kind: "columns", added }));
  form.root.addEventListener("change", () => placeBelow(sheet, add)); // another kind of condition has other fields
  sheet.addEventListener("toggle", ({ newState }) => {
    add.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "closed") everywhere.checked = now.everywhere;
  });

  const root = el(
    "div",
    { class: "lines", "data-testid": "filterbar" },
    el("style", {}, STYLE),
    el(
      "div",
      { class: "bar" },
      el("div", { class: "title", role: "heading", "aria-level": "2" }, "Clips"),
      caption,
      all,
      more,
      clear,
      select,
      field,
      add,
      like,
      menu.button,
    ),
    chips,
    sheet,
    menu.sheet,
  );
  parentElement.append(root);

  /** @param {string} label @param {string} title @param {() => void} onclick */
  function plain(label, title, onclick) {
    return el("button", { type: "button", class: "plain", title, onclick, onmousedown: keepFocus }, label);
  }

  /** @param {Partial<Filter>} change */
  function sendFilter(change) {
    now = { ...now, ...change };
    clearTimeout(timer);
    if (change.words !== undefined) words.value = change.words;
    send({ kind: "filter", ...filter() });
  }

  function sendWords() {
    if (words.value.trim() !== now.words.trim()) sendFilter({ words: words.value });
  }

  function toggleSheet() {
    if (sheet.matches(":popover-open")) return sheet.hidePopover();
    form.refresh();
    sheet.showPopover();
    placeBelow(sheet, add);
    form.focus();
  }

  /** @param {Condition} added */
  function addCondition(added) {
    const others = now.conditions.filter((other) => !isSameKind(other, added));
    sendFilter({ conditions: [...others, added], everywhere: everywhere.checked });
    sheet.hidePopover();
  }

  function findLike() {
    if (Number.isInteger(playing())) pick({}, { kind: "similar", row: playing(), basis: latest.basis }, send);
  }

  function selectThese() {
    const looksAtPick = !now.everywhere && within(review());
    pick({}, { kind: "select", ...filter(), basis: latest.basis, ...(looksAtPick ? { within: looksAtPick } : {}) }, send);
  }

  /** The filter as Python takes it. */
  function filter() {
    const conditions = now.conditions.map(({ column, operator, part, value }) => ({ column, operator, part, value }));
    return { words: now.words, conditions, everywhere: now.everywhere };
  }

  /** @param {Condition} condition @param {number} index */
  function chip(condition, index) {
    const label = condition.text ?? "";
    const remove = el(
      "button",
      {
        type: "button",
        "aria-label": `Remove ${label}`,
        onmousedown: keepFocus,
        onclick: () => sendFilter({ conditions: now.conditions.filter((_, i) => i !== index) }),
      },
      icon(CROSS, 12),
    );
    return el("span", { class: "chip", title: label }, el("span", {}, label), remove);
  }

  const stopKeys = onKeys({
    "/": () => {
      words.focus();
      words.select();
    },
    s: findLike,
  });

  const redrawChips = redrawChanges(chips);
  /** @type {Partial<Data>} */
  let latest = {};
  const showCaption = () => {
    const order = layout().order ? "" : latest.order; // the header of the column shows another one
    caption.textContent = caption.title = latest.problem || [latest.caption, order].filter(Boolean).join(", ");
    caption.classList.toggle("problem", Boolean(latest.problem));
  };
  const stopFollowing = followLayout(showCaption);

  return {
    root,
    async update(/** @type {Data} */ data) {
      const isTyping = words.matches(":focus") && words.value !== data.words;
      now = { words: data.words, conditions: data.conditions, everywhere: data.everywhere };
      if (!isTyping) words.value = data.words;
      latest = data;
      showCaption();
      redrawChips(data.conditions, () => chips.replaceChildren(...data.conditions.map(chip)));
      chips.hidden = !data.conditions.length;
      document.documentElement.style.setProperty("--chips-height", chips.hidden ? "0px" : `${CHIPS}px`);
      clear.hidden = !isActive(data);
      select.hidden = !isActive(data) || !data.matches;
      more.hidden = !data.more;
      all.hidden = !data.isEmpty;
      if (isActive(data) || !sheet.matches(":popover-open")) everywhere.checked = data.everywhere;
      everywhereRow.hidden = !data.canLookEverywhere;
      try {
        const columns = await columnsOf(data.columns);
        form.offer(columns);
        menu.offer(columns, data.added);
      } catch (error) {
        caption.textContent = `The columns could not be loaded (${/** @type {Error} */ (error).message}). Reload the page.`;
      }
      return data.seq;
    },
    destroy() {
      clearTimeout(timer);
      stopKeys();
      stopFollowing();
      document.documentElement.style.removeProperty("--chips-height");
      root.remove();
    },
  };
});
