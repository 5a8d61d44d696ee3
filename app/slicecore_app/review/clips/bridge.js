// The bridge between the clips table, which AgGrid 1.x puts into a frame of its own, and the page around it. Python joins
// this module with those that it imports into one script for the frame (frame.py). When the table leaves its frame, this goes.
//
//   page.slicecoreClips     beside(row, by), position(row): the clips in the order in which the table shows them now;
//                           sort(column, descending), play(row), columns(): what the other parts of the page ask for
//   "slicecore:order"       event on the page: that order has changed
//   "slicecore:pick"        event on the page: the reader clicked a row; a player that takes the clip cancels it
//   "slicecore:sorted"      event on the page: the reader has put the clips into another order, "duration desc"
//   data-slicecore-order    attribute of the page: that order, which the table takes as soon as it has such a column
//   data-slicecore-hide     attribute of the page: names of the columns that the reader does not want to see, a JSON list
//   data-slicecore-clip     attribute of the page: row of the clip in the player, which is marked here
//   slicecoreWrongReferences, slicecoreCorrected, "slicecore:references"   ids of clips whose reference was called wrong, or
//                           corrected; event on the page: they changed

import { fixed } from "../../web/format.js";
import { bothCell, editsCell, editsOf, mainText, valueCell, valueText } from "./cells.js";

const page = /** @type {Window & typeof globalThis} */ (window.parent);
const ROWS_ABOVE = 2; // of the clip in the player, when it is brought into view
const WIDE = 800; // px from which the column of ids is shown
const LEAST_TEXT = 236; // px for the words
const BAR = 10; // px of the bar beside the rows, as style.py has it
const ALWAYS = ["value", "edits"]; // columns that are always there

/**
 * @typedef {import("./aggrid.js").GridApi} GridApi
 * @typedef {import("./aggrid.js").GridNode} GridNode
 * @typedef {import("./aggrid.js").Direction} Direction
 */

/** @type {GridApi} */
let api; // once the table is there
/** @type {string | null} */
let clicked = null; // row that a click has selected: it is in view
let isUntaken = false; // no player has taken the row of that click
let tabbed = false; // Tab was pressed since the last click

const context = () => api.getGridOption("context");

/**
 * Whole columns arrive as big integers.
 * @param {number | bigint | null | undefined} value
 */
const numberOf = (value) => (typeof value === "bigint" ? Number(value) : value);

/**
 * A number of a column in which thousands are separated.
 * @param {number | bigint | null} value
 * @param {number} decimals
 */
export const number = (value, decimals) => fixed(numberOf(value), decimals);

/**
 * A measurement, in digits alone.
 * @param {number | bigint | null} value
 * @param {number} decimals
 */
export const measure = (value, decimals) => number(value, decimals).replaceAll(",", "");

export { bothCell, editsCell, valueCell };

/**
 * A clip as the player takes it.
 * @param {GridNode} node
 * @returns {Clip}
 */
function describe(node) {
  const { data } = node;
  const { media, metric, models } = context();
  return {
    row: data.row,
    id: data.id,
    name: data.clipName,
    path: data.clipPath,
    metric,
    value: mainText(data.value, context()),
    words: numberOf(data.words) ?? null,
    duration: data.duration ?? null,
    edits: editsOf(data.edits),
    compared: models && {
      models,
      values: [valueText(data.modelValue, context()), valueText(data.otherValue, context())],
      edits: editsOf(data.otherEdits),
    },
    signs: data.signs ? JSON.parse(data.signs) : [],
    position: position(data.row),
    reason: data.reason || "",
    audio: `${media}/${data.row}/audio`,
    picture: `${media}/${data.row}/picture.png`,
    sound: `${media}/${data.row}/sound.json`,
  };
}

/** @param {number | string} row */
function nodeOf(row) {
  return api && !api.isDestroyed() ? api.getRowNode(String(row)) : undefined;
}

/** @param {number} row @param {number} by */
function beside(row, by) {
  const node = nodeOf(row);
  if (!node) return undefined;
  const index = node.rowIndex === null ? (by > 0 ? by - 1 : -1) : node.rowIndex + by;
  const other = index < 0 ? null : api.getDisplayedRowAtIndex(index);
  return other ? describe(other) : null;
}

/** @param {number} row */
function position(row) {
  const node = nodeOf(row);
  if (!node || node.rowIndex === null) return undefined;
  return `${number(node.rowIndex + 1, 0)} of ${number(api.getDisplayedRowCount(), 0)}`;
}

/** @param {string} column @param {boolean} descending */
function sort(column, descending) {
  if (!api || api.isDestroyed() || !api.getColumn(column)) return false;
  sortBy(column, descending ? "desc" : "asc");
  tellOrder(order());
  api.ensureColumnVisible(column);
  return true;
}

/**
 * Columns of the user's table have an id by their place; an order names them as people do.
 * @param {string} column
 */
function nameOf(column) {
  return context().names[column] || column;
}

/** @param {string} name */
function columnOf(name) {
  const names = context().names;
  const id = Object.keys(names).find((column) => names[column] === name);
  return api.getColumn(id || name);
}

/** @param {string} column @param {Direction} direction */
function sortBy(column, direction) {
  api.applyColumnState({ state: [{ colId: column, sort: direction }], defaultState: { sort: null } });
}

/**
 * An order as text, "" for the one that the table comes with.
 * @param {string} column
 * @param {Direction | null} direction
 */
function orderText(column, direction) {
  const [first, initial] = context().first;
  return column === first && direction === initial ? "" : `${nameOf(column)} ${direction}`;
}

// The order of the rows now, as text.
function order() {
  const first = api.getColumnState().filter(({ sort }) => sort)
    .sort((first, second) => first.sortIndex - second.sortIndex)[0];
  return first ? orderText(first.colId, first.sort) : "";
}

/** @param {string} wanted */
function tellOrder(wanted) {
  page.document.dispatchEvent(new page.CustomEvent("slicecore:sorted", { detail: wanted }));
}

/**
 * Only an order by a click counts: one that comes with new columns is not one that the reader chose.
 * @param {{source: string}} event
 */
export function sorted(event) {
  if (String(event.source).startsWith("ui")) tellOrder(order());
}

// Take the order that the page names, if there is such a column; else it waits, and the clips come as they are sent.
function takeOrder() {
  if (!api || api.isDestroyed()) return;
  const wanted = page.document.documentElement.dataset.slicecoreOrder || "";
  const at = wanted.lastIndexOf(" ");
  const named = wanted ? columnOf(wanted.slice(0, at)) : null;
  const [first, initial] = context().first;
  const column = named ? named.getColId() : first;
  const direction = named ? /** @type {Direction} */ (wanted.slice(at + 1)) : initial;
  if (order() !== orderText(column, direction)) sortBy(column, direction);
}

// New columns come last where the others keep their order; measurements of the picked slice belong before the metadata.
export function placeMeasured() {
  if (!api) return;
  const wanted = (context().measured || []).filter((name) => api.getColumn(name));
  const columns = api.getAllGridColumns().map((column) => column.getColId());
  const at = columns.indexOf("duration") + 1;
  const inPlace = wanted.every((name, i) => columns[at + i] === name);
  if (!inPlace) api.moveColumns(wanted, at);
  fitColumns();
  takeOrder();
}

/**
 * False where the table does not hold the clip, or nothing on the page plays it.
 * @param {number} row
 */
function play(row) {
  const node = nodeOf(row);
  if (!node) return false;
  const event = new page.CustomEvent("slicecore:pick", { detail: describe(node), cancelable: true });
  return !page.document.dispatchEvent(event);
}

export function announceOrder() {
  page.document.dispatchEvent(new page.CustomEvent("slicecore:order"));
}

function markCurrent() {
  const row = page.document.documentElement.dataset.slicecoreClip;
  const node = row === undefined ? undefined : nodeOf(row);
  if (!node) {
    api.deselectAll();
    return;
  }
  node.setSelected(true, true);
  if (row !== clicked && node.rowIndex !== null) api.ensureIndexVisible(Math.max(0, node.rowIndex - ROWS_ABOVE), "top");
  clicked = null;
}

// AgGrid says some time later that a click has selected a row, perhaps after the next key: it is looked at here, at once.
/** @param {Event} event */
function pickClicked({ target }) {
  const node = api.isDestroyed() ? undefined : api.getSelectedNodes()[0];
  if (!node) return;
  if (node.id === page.document.documentElement.dataset.slicecoreClip) {
    const row = /** @type {Element | null} */ (target)?.closest?.("[row-id]"); // a window has none
    if (row?.getAttribute("row-id") === node.id) play(node.data.row); // in the player, but perhaps not heard yet
    return;
  }
  clicked = node.id;
  isUntaken = !play(node.data.row);
}

/**
 * True if a selection is for Python: only the reader's own, and only if no player has taken it.
 * @param {{source: string}} event
 */
export const isForPython = (event) => event.source === "rowClicked" && isUntaken;

export function picked() {
  const node = api.getSelectedNodes()[0];
  return node ? { row: node.data.row, at: Date.now() } : null;
}

const HEADER_KEYS = new Set(["Tab", "Enter", " ", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);

/**
 * Keys belong to the page, except where the table needs them: in a filter, and some in a header reached with Tab. Their
 * release is told as well: the page's shortcuts would take a key for held and ignore all others until the focus leaves.
 * @param {KeyboardEvent} event
 */
function forwardKey(event) {
  if (event.key === "Tab") tabbed = true;
  const at = event.target instanceof Element ? event.target : document.body;
  if (at.closest("input, textarea, select, .ag-popup") || (tabbed && HEADER_KEYS.has(event.key) && at.closest(".ag-header"))) return;
  const copy = new page.KeyboardEvent(event.type, {
    key: event.key,
    code: event.code,
    keyCode: event.keyCode,
    which: event.which,
    repeat: event.repeat,
    shiftKey: event.shiftKey,
    ctrlKey: event.ctrlKey,
    altKey: event.altKey,
    metaKey: event.metaKey,
    bubbles: true,
    cancelable: true,
    composed: true
  });
  page.document.body.dispatchEvent(copy);
  if (copy.defaultPrevented) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

// The theme comes anew with every list of clips, always the same: a frame has one (frame.py). AgGrid would make all styles of
// the frame again.
function keepTheme() {
  const update = api.updateGridOptions.bind(api);
  api.updateGridOptions = ({ theme: _, ...options }) => update(options);
}

function showReferences() {
  if (api && !api.isDestroyed()) api.refreshCells({ columns: ["edits"], force: true });
}

/** @param {{api: GridApi}} event */
export function start(event) {
  if (api) return;
  api = event.api;
  keepTheme();
  const bridge = { beside, position, sort, play, columns };
  page.slicecoreClips = bridge;
  page.dispatchEvent(new Event("slicecoreclips"));
  new MutationObserver(markCurrent).observe(page.document.documentElement, { attributeFilter: ["data-slicecore-clip"] });
  page.document.addEventListener("slicecore:references", showReferences);
  showReferences(); // rows drawn before now would miss marks that came between
  new MutationObserver(takeOrder).observe(page.document.documentElement, { attributeFilter: ["data-slicecore-order"] });
  new MutationObserver(fitColumns).observe(page.document.documentElement, { attributeFilter: ["data-slicecore-hide"] });
  for (const kind of /** @type {const} */ (["keydown", "keyup"])) window.addEventListener(kind, forwardKey, true);
  window.addEventListener("click", pickClicked); // the table has selected the row by then
  window.addEventListener("pointerdown", () => { tabbed = false; }, true);
  window.addEventListener("pagehide", () => {
    if (page.slicecoreClips === bridge) delete page.slicecoreClips;
    page.document.removeEventListener("slicecore:references", showReferences);
  });
  fitColumns();
  takeOrder();
  showRows();
}

// The texts take what room is left beside the columns that fit as a whole, so that none is cut off at the edge.
export function fitColumns() {
  if (!api) return;
  showChosen(window.innerWidth);
  const room = window.innerWidth - BAR;
  const texts = api.getColumn("edits");
  let used = 0;
  for (const column of api.getAllDisplayedColumns()) {
    if (column === texts) continue;
    if (used + column.getActualWidth() > room - LEAST_TEXT) break;
    used += column.getActualWidth();
  }
  const width = Math.max(LEAST_TEXT, room - used);
  if (texts.getActualWidth() !== width) api.setColumnWidths([{ key: texts, newWidth: width }]);
}

/**
 * Columns that can be hidden; those that the table is about stay.
 */
const optional = () =>
  api.getAllGridColumns().filter((column) => !ALWAYS.includes(column.getColId()) && !column.getColDef().hide);

/**
 * Shows and hides columns as the reader wants; as long as nothing is chosen, that of the ids goes where there is little room.
 * @param {number} room
 */
function showChosen(room) {
  const text = page.document.documentElement.dataset.slicecoreHide;
  const hidden = text ? new Set(JSON.parse(text)) : null;
  const hasRoom = room >= WIDE || Boolean(api.getColumn("edits")?.getColDef().hide); // no texts, no lack of room
  /** @param {string} id */
  const isWanted = (id) => (hidden ? !hidden.has(nameOf(id)) : id !== "id" || hasRoom);
  for (const wanted of [true, false]) {
    const others = optional().filter((column) => isWanted(column.getColId()) === wanted && column.isVisible() !== wanted);
    if (others.length) api.setColumnsVisible(others.map((column) => column.getColId()), wanted);
  }
}

/** Columns that can be hidden, in the order in which they stand. */
function columns() {
  if (!api || api.isDestroyed()) return [];
  return optional().map((column) => ({
    name: nameOf(column.getColId()),
    label: column.getColDef().headerName || nameOf(column.getColId()),
    isShown: column.isVisible()
  }));
}

export function showRows() {
  if (!api) return;
  markCurrent();
  announceOrder();
}
