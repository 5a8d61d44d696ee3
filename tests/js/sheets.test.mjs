import assert from "node:assert/strict";
import { test } from "node:test";
import { followFocus, isSheetOpen, openDialog, placeBelow } from "../../app/slicecore_app/web/sheets.js";

globalThis.document = { body: {} };
document.activeElement = document.body;

/** A sheet with a field that has the focus; it tells of its opening and closing as a popover does, before and after. */
function sheetWithField() {
  const field = { focused: true, matches: () => false, focus() { this.focused = true; }, blur() { this.focused = false; } };
  const root = { get activeElement() { return field.focused ? field : null; }, querySelectorAll: () => [] };
  const sheet = Object.assign(new EventTarget(), { isConnected: true, contains: (at) => at === field, getRootNode: () => root });
  const tell = (kind, newState) => sheet.dispatchEvent(Object.assign(new Event(kind), { newState }));
  return { sheet, field, tell };
}

test("a sheet has the keys and the focus from the moment in which it opens to that in which it closes", () => {
  const { sheet, field, tell } = sheetWithField();
  field.blur();
  followFocus(sheet, () => field);
  tell("beforetoggle", "open");
  assert.equal(isSheetOpen(), true);
  tell("toggle", "open");
  assert.equal(field.focused, true);
  tell("beforetoggle", "closed"); // "toggle" may come after the next key
  assert.equal(isSheetOpen(), false);
  assert.equal(field.focused, false);
  tell("toggle", "closed");
  assert.equal(field.focused, false);
});

test("the focus goes back to what had it before the sheet opened, in the moment in which it closes", () => {
  const { sheet, field, tell } = sheetWithField();
  const list = { hasFocus: false, focus() { this.hasFocus = true; } };
  field.blur();
  document.activeElement = { shadowRoot: { activeElement: list } };
  followFocus(sheet, () => field);
  tell("beforetoggle", "open");
  document.activeElement = document.body;
  tell("toggle", "open");
  assert.deepEqual([field.focused, list.hasFocus], [true, false]);
  tell("beforetoggle", "closed");
  assert.deepEqual([field.focused, list.hasFocus], [false, true]);
});

test("a dialog has the keys while it is open, wherever the focus is", () => {
  const dialog = { isConnected: true, open: false, showModal() { this.open = true; } };
  openDialog(dialog);
  assert.equal(isSheetOpen(), true);
  dialog.open = false;
  assert.equal(isSheetOpen(), false);
});

test("a sheet stands below its button within the window, and scrolls where the window is lower than the sheet", () => {
  Object.assign(globalThis, { innerWidth: 1000, innerHeight: 390 });
  const button = { getBoundingClientRect: () => ({ left: 900, right: 950, bottom: 60 }) };
  const placed = (height, from) => {
    const style = {};
    const open = { style, offsetWidth: 300, get offsetHeight() { return Math.min(height, Number.parseFloat(style.maxHeight) || height); } };
    placeBelow(open, button, from);
    return [style.left, style.top, style.maxHeight];
  };
  assert.deepEqual(placed(200), ["650px", "64px", ""]);
  assert.deepEqual(placed(200, "left"), ["692px", "64px", ""]); // moved to the left: there is no room
  assert.deepEqual(placed(350), ["650px", "32px", ""]);
  assert.deepEqual(placed(800), ["650px", "8px", "374px"]);
});
