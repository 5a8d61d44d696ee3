import assert from "node:assert/strict";
import { test } from "node:test";

/** The page around the frame of the table, as far as the bridge uses it. */
const page = Object.assign(new EventTarget(), {
  document: Object.assign(new EventTarget(), { documentElement: { dataset: {} } }),
  CustomEvent,
});
globalThis.window = Object.assign(new EventTarget(), { parent: page, innerWidth: 1200 });
globalThis.MutationObserver = class {
  observe() {}
};
const bridge = await import("../../app/slicecore_app/review/clips/bridge.js");

const EDITS = [["equal", "the", "the"], ["substitute", "cat", "cap"]];

const context = {
  media: "api/clips/t",
  metric: "WER",
  percent: true,
  full: 1,
  dropPoints: [0, 1],
  dropColours: ["#000000", "#ffffff"],
  models: null,
  first: ["value", "desc"],
  measured: ["loudness"],
  names: { m0: "Speaker" },
};

/** AgGrid with columns by id and rows in the order that is shown; a row with `isFiltered` is not shown. */
function grid(rows, options = {}) {
  const visible = rows.filter((data) => !data.isFiltered);
  const nodes = rows.map((data) => {
    const at = visible.indexOf(data);
    return { id: String(data.row), data, rowIndex: at < 0 ? null : at, setSelected() {} };
  });
  const hidden = new Set();
  const columns = ["value", "edits", "words", "id", "duration", "m0"].map((id) => ({
    getColId: () => id,
    getColDef: () => ({ headerName: id === "m0" ? "Speaker" : id, hide: id === "words" }),
    getActualWidth: () => 100,
    isVisible: () => !hidden.has(id),
  }));
  let sorted = { colId: "value", sort: "desc", sortIndex: 0 };
  return {
    isDestroyed: () => false,
    getGridOption: () => ({ ...context, ...options }),
    getRowNode: (id) => nodes.find((node) => node.id === id),
    getDisplayedRowAtIndex: (index) => nodes.find((node) => node.rowIndex === index),
    getDisplayedRowCount: () => visible.length,
    getColumn: (id) => columns.find((column) => column.getColId() === id) ?? null,
    getColumnState: () => [sorted],
    applyColumnState: ({ state: [{ colId, sort }] }) => {
      sorted = { colId, sort, sortIndex: 0 };
    },
    getAllGridColumns: () => columns,
    getAllDisplayedColumns: () => columns,
    setColumnsVisible(ids, isVisible) {
      for (const id of ids) isVisible ? hidden.delete(id) : hidden.add(id);
    },
    setColumnWidths() {},
    ensureColumnVisible() {},
    updateGridOptions(options) {
      given.push(options);
    },
    ensureIndexVisible() {},
    deselectAll() {},
    refreshCells({ columns }) {
      refreshed.push(...columns);
    },
  };
}

const row = (number, more = {}) => ({ row: number, id: `clip${number}`, clipName: `${number}.wav`, clipPath: `/s/${number}.wav`, value: 0.5, points: 12, edits: JSON.stringify(EDITS), words: 2n, ...more });

const given = [];
const refreshed = [];

/** The bridge knows one table, whose rows and options change. */
const api = grid([row(0)]);
bridge.start({ api });
const refreshedAtStart = [...refreshed];
const show = (rows, options) => Object.assign(api, grid(rows, options));

test("rows that were drawn before the table hears of marks are drawn anew", () => {
  assert.deepEqual(refreshedAtStart, ["edits"]);
});

test("the table keeps the theme that it was made with, and takes all else", () => {
  api.updateGridOptions({ theme: {}, context });
  api.updateGridOptions({ rowData: [] });
  assert.deepEqual(given, [{ context }, { rowData: [] }]);
});

test("a clip is as the player takes it from the server", () => {
  show([row(4), row(7, { duration: 1.5, reason: "no file", signs: '[["Too few words", "one word"]]' })]);
  assert.deepEqual(page.slicecoreClips.beside(4, 1), {
    row: 7,
    id: "clip7",
    name: "7.wav",
    path: "/s/7.wav",
    metric: "WER",
    value: "50\u202f%",
    words: 2,
    duration: 1.5,
    edits: EDITS,
    compared: null,
    signs: [["Too few words", "one word"]],
    position: "2 of 2",
    reason: "no file",
    audio: "api/clips/t/7/audio",
    picture: "api/clips/t/7/picture.png",
    sound: "api/clips/t/7/sound.json",
  });
});

test("what the table does not know of a clip is null, as the server has it", () => {
  show([row(4), { ...row(7), words: undefined }]);
  const { words, duration, reason } = page.slicecoreClips.beside(4, 1);
  assert.deepEqual([words, duration, reason], [null, null, ""]);
});

test("of two models the clip has both values and the difference", () => {
  const models = ["large", "small"];
  show([row(4), row(7, { value: -0.25, modelValue: 0.5, otherValue: 0.75, otherEdits: "[]" })], { models });
  const { value, compared } = page.slicecoreClips.beside(4, 1);
  assert.equal(value, "\u221225\u202fpts");
  assert.deepEqual(compared, { models, values: ["50\u202f%", "75\u202f%"], edits: [] });
});

test("neighbours are those in sight: null at the ends, undefined of a clip that the table does not hold", () => {
  show([row(4), row(5, { isFiltered: true }), row(6)]);
  const { beside, position } = page.slicecoreClips;
  assert.equal(beside(4, 1).row, 6);
  assert.equal(beside(4, -1), null);
  assert.equal(beside(6, 1), null);
  assert.equal(beside(99, 1), undefined);
  assert.equal(beside(5, 1).row, 4); // from a clip that a filter hides to the first one
  assert.deepEqual([position(6), position(5), position(99)], ["2 of 2", undefined, undefined]);
});

test("an order is told as people name it, and not at all where it is the one that the table comes with", () => {
  show([row(4)]);
  const orders = [];
  const listen = ({ detail }) => orders.push(detail);
  page.document.addEventListener("slicecore:sorted", listen);
  assert.equal(page.slicecoreClips.sort("m0", false), true);
  assert.equal(page.slicecoreClips.sort("value", true), true);
  assert.equal(page.slicecoreClips.sort("no such column", true), false);
  page.document.removeEventListener("slicecore:sorted", listen);
  assert.deepEqual(orders, ["Speaker asc", ""]);
});

test("columns are hidden by the names that people know, except those that the table is about", () => {
  show([row(4)]);
  const shown = () => page.slicecoreClips.columns().filter(({ isShown }) => isShown).map(({ label }) => label);
  bridge.fitColumns();
  assert.deepEqual(shown(), ["id", "duration", "Speaker"]);
  page.document.documentElement.dataset.slicecoreHide = '["Speaker","value","words"]';
  bridge.fitColumns();
  assert.deepEqual(shown(), ["id", "duration"]);
  assert.ok(api.getColumn("value").isVisible());
  globalThis.window.innerWidth = 700;
  bridge.fitColumns();
  assert.deepEqual(shown(), ["id", "duration"]); // a choice holds at any width
  delete page.document.documentElement.dataset.slicecoreHide;
  bridge.fitColumns();
  assert.deepEqual(shown(), ["duration", "Speaker"]);
  globalThis.window.innerWidth = 1200;
});

test("a clicked row is in the player before the next key; Python hears of a click only where no player has taken the clip", () => {
  show([row(4), row(7)]);
  const clicks = [];
  const take = (event) => {
    event.preventDefault();
    clicks.push(event.detail.row);
    page.document.documentElement.dataset.slicecoreClip = String(event.detail.row);
  };
  const click = (number, on) => {
    api.getSelectedNodes = () => [api.getRowNode(String(number))];
    const event = new Event("click");
    const row = { getAttribute: () => String(on) };
    if (on !== undefined) Object.defineProperty(event, "target", { value: { closest: () => row } });
    window.dispatchEvent(event);
  };
  page.document.addEventListener("slicecore:pick", take);
  click(7);
  assert.deepEqual(clicks, [7]);
  assert.equal(bridge.isForPython({ source: "rowClicked" }), false);
  click(7); // beside the rows
  assert.deepEqual(clicks, [7]);
  click(7, 7); // it is in the player, and wanted again
  assert.deepEqual(clicks, [7, 7]);
  page.document.removeEventListener("slicecore:pick", take);
  click(4);
  assert.equal(bridge.isForPython({ source: "api" }), false);
  assert.equal(bridge.isForPython({ source: "rowClicked" }), true);
  delete page.document.documentElement.dataset.slicecoreClip;
});
