// What AgGrid's frame runs: the cells of the clips table, and the bridge between the frame and the page around it.
//
// AgGrid takes functions only as text on one line, so every statement here ends with a semicolon. The bridge:
//   page.slicecoreClips     beside(row, by), position(row): the clips in the order in which the table shows them now;
//                           sort(column, descending), play(row): what the other parts of the page ask for
//   "slicecore:order"       event on the page: that order has changed
//   "slicecore:pick"        event on the page: the reader clicked a row; a player that takes the clip cancels it
//   "slicecore:sorted"      event on the page: the reader has put the clips into another order, "duration desc"
//   data-slicecore-order    attribute of the page: that order, which the table takes as soon as it has such a column
//   data-slicecore-clip     attribute of the page: row of the clip in the player, which is marked here
//   slicecoreWrongReferences, "slicecore:references"   ids of clips whose reference was called wrong; event on the page: they changed
(() => {
  const page = /** @type {Window & typeof globalThis} */ (window.parent);
  const MINUS = "\u2212";
  const NARROW_GAP = "\u202f";
  const WORDS_BEFORE = 3;
  const MOST_CHARACTERS = 400;
  const ROWS_ABOVE = 2;
  const WIDE = 800;
  const LEAST_TEXT = 236;
  let api = null;
  let settings = {};
  let clicked = null;
  let tabbed = false;
  const formats = {};

  function el(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  // Made once for each number of decimals: that takes longer than writing a hundred numbers.
  function format(decimals) {
    formats[decimals] ??= new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return formats[decimals];
  }

  function number(value, decimals) {
    if (value === null || value === undefined || !Number.isFinite(Number(value))) return "–";
    const text = format(decimals).format(Math.abs(value));
    return Number(value) < 0 && /[1-9]/.test(text) ? MINUS + text : text;
  }

  function measure(value, decimals) {
    return number(value, decimals).replaceAll(",", "");
  }

  function valueText(value) {
    if (value === null || value === undefined) return "–";
    return settings.percent ? `${number(100 * value, 0) + NARROW_GAP}%` : number(value, 2);
  }

  function differenceText(value) {
    if (value === null || value === undefined) return "–";
    const text = settings.percent ? number(100 * value, 0) : number(value, 2);
    return (value > 0 && /[1-9]/.test(text) ? "+" : "") + text + (settings.percent ? `${NARROW_GAP}pts` : "");
  }

  function colourOf(points) {
    const stops = settings.stops;
    const right = stops.findIndex((stop) => stop.points >= points);
    if (right <= 0) return stops[right < 0 ? stops.length - 1 : 0].colour;
    const from = stops[right - 1];
    const to = stops[right];
    const share = (points - from.points) / (to.points - from.points);
    return `color-mix(in srgb, ${to.colour} ${100 * share}%, ${from.colour})`;
  }

  function valueCell(params) {
    settings = params.context;
    const cell = el("div", "value");
    const track = cell.appendChild(el("u"));
    if (Number.isFinite(params.value)) {
      const bar = track.appendChild(el("i"));
      bar.style.width = `${100 * Math.min(1, Math.max(0, params.value / settings.full))}%`;
      bar.style.background = colourOf(params.data.points || 0);
    }
    cell.appendChild(el("span", "", mainText(params.value)));
    return cell;
  }

  // What one of two models has in its line, the other in the line below.
  function bothCell(params) {
    settings = params.context;
    const cell = el("div", "both");
    cell.append(el("span", "", valueText(params.value)), el("span", "", valueText(params.data.otherValue)));
    return cell;
  }

  function mainText(value) {
    return settings.models ? differenceText(value) : valueText(value);
  }

  function editsOf(text) {
    return text ? JSON.parse(text) : [];
  }

  function spoken(edits, side) {
    return edits.map((edit) => edit[side]).filter(Boolean).join(" ");
  }

  function wrong(edit) {
    if (edit[0] === "substitute") return el("span", "wrong substitute", `${edit[1]}→${edit[2]}`);
    if (edit[0] === "delete") return el("span", "wrong delete", edit[1]);
    return el("span", "wrong insert", `+${edit[2]}`);
  }

  function editsCell(params) {
    settings = params.context;
    const line = editsLine(editsOf(params.data.edits));
    if (page.slicecoreWrongReferences?.has(params.data.id)) line.prepend(wrongReference());
    if (!settings.models) return line;
    const cell = el("div", "both");
    cell.append(line, editsLine(editsOf(params.data.otherEdits)));
    return cell;
  }

  function wrongReference() {
    const sign = el("span", "wrong-reference", "≠");
    sign.title = "Wrong reference";
    sign.setAttribute("role", "img");
    sign.setAttribute("aria-label", "Wrong reference");
    return sign;
  }

  function showReferences() {
    if (api && !api.isDestroyed()) api.refreshCells({ columns: ["edits"], force: true });
  }

  function editsLine(edits) {
    const cell = el("div", "edits");
    const reference = spoken(edits, 1);
    const prediction = spoken(edits, 2);
    cell.title = `${reference || "(empty)"}\n${prediction || "(empty)"}`;
    if (edits.length && !prediction) {
      cell.append(el("span", "empty", "(empty)"), " ", el("span", "wrong delete", reference));
      return cell;
    }
    if (edits.length && !reference) cell.append(el("span", "empty", "(empty)"), " ");
    const first = edits.findIndex((edit) => edit[0] !== "equal");
    let at = Math.max(0, first - WORDS_BEFORE);
    let shown = 0;
    let equal = at > 0 ? ["…"] : [];
    for (; at <= edits.length && shown < MOST_CHARACTERS; at += 1) {
      const edit = edits[at];
      if (edit && edit[0] === "equal") {
        equal.push(edit[1]);
      } else {
        if (equal.length) cell.append(el("span", "equal", equal.join(" ")), " ");
        equal = [];
        if (edit) cell.append(wrong(edit), " ");
      }
      shown += edit ? edit[1].length + edit[2].length : 0;
    }
    return cell;
  }

  // The clips as the player takes them, in the order that is shown.
  function describe(node) {
    const data = node.data;
    const media = `${settings.media}/${data.row}`;
    return {
      row: data.row,
      id: data.id,
      metric: settings.metric,
      value: mainText(data.value),
      words: data.words,
      duration: data.duration,
      edits: editsOf(data.edits),
      compared: settings.models && {
        models: settings.models,
        values: [valueText(data.modelValue), valueText(data.otherValue)],
        edits: editsOf(data.otherEdits)
      },
      position: position(data.row),
      reason: data.reason || "",
      audio: `${media}/audio`,
      picture: `${media}/picture.png`,
      sound: `${media}/sound.json`
    };
  }

  function nodeOf(row) {
    return api && !api.isDestroyed() ? api.getRowNode(String(row)) : undefined;
  }

  function beside(row, by) {
    const node = nodeOf(row);
    if (!node) return undefined;
    const index = node.rowIndex === null ? (by > 0 ? by - 1 : -1) : node.rowIndex + by;
    const other = index < 0 ? null : api.getDisplayedRowAtIndex(index);
    return other ? describe(other) : null;
  }

  function position(row) {
    const node = nodeOf(row);
    if (!node || node.rowIndex === null) return undefined;
    return `${number(node.rowIndex + 1, 0)} of ${number(api.getDisplayedRowCount(), 0)}`;
  }

  function sort(column, descending) {
    if (!api || api.isDestroyed() || !api.getColumn(column)) return false;
    sortBy(column, descending ? "desc" : "asc");
    tellOrder(order());
    api.ensureColumnVisible(column);
    return true;
  }

  // Columns of the user's table have an id by their place; an order names them as people do.
  function nameOf(column) {
    return api.getGridOption("context").names[column] || column;
  }

  function columnOf(name) {
    const names = api.getGridOption("context").names;
    const id = Object.keys(names).find((one) => names[one] === name);
    return api.getColumn(id || name);
  }

  function sortBy(column, direction) {
    api.applyColumnState({ state: [{ colId: column, sort: direction }], defaultState: { sort: null } });
  }

  // An order as text, "" for the one that the table comes with.
  function orderText(column, direction) {
    const isInitial = api.getColumn(column).getColDef().initialSort === direction;
    return isInitial ? "" : `${nameOf(column)} ${direction}`;
  }

  // That of the rows now.
  function order() {
    const first = api.getColumnState().filter((one) => one.sort)
      .sort((one, other) => one.sortIndex - other.sortIndex)[0];
    return first ? orderText(first.colId, first.sort) : "";
  }

  function tellOrder(wanted) {
    page.document.dispatchEvent(new page.CustomEvent("slicecore:sorted", { detail: wanted }));
  }

  // Whether by a click: an order that comes with new columns is not one that the reader chose.
  function sorted(event) {
    if (String(event.source).startsWith("ui")) tellOrder(order());
  }

  // Take the order that the page names, if there is such a column; else it waits, and the worst come first.
  function takeOrder() {
    if (!api || api.isDestroyed()) return;
    const wanted = page.document.documentElement.dataset.slicecoreOrder || "";
    const at = wanted.lastIndexOf(" ");
    const named = wanted ? columnOf(wanted.slice(0, at)) : null;
    const column = (named || api.getColumn("value")).getColId();
    const direction = named ? wanted.slice(at + 1) : api.getColumn(column).getColDef().initialSort;
    if (order() !== orderText(column, direction)) sortBy(column, direction);
  }

  // New columns come last where the others keep their order; measurements of the picked slice belong before the metadata.
  function placeMeasured() {
    if (!api) return;
    const wanted = (api.getGridOption("context").measured || []).filter((name) => api.getColumn(name));
    const columns = api.getAllGridColumns().map((column) => column.getColId());
    const at = columns.indexOf("duration") + 1;
    const inPlace = wanted.every((name, i) => columns[at + i] === name);
    if (!inPlace) api.moveColumns(wanted, at);
    fitColumns();
    takeOrder();
  }

  // False where the table does not hold the clip, or nothing on the page plays it.
  function play(row) {
    const node = nodeOf(row);
    if (!node) return false;
    const event = new page.CustomEvent("slicecore:pick", { detail: describe(node), cancelable: true });
    return !page.document.dispatchEvent(event);
  }

  function announceOrder() {
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

  // Whether Python has to be told of a selection: only of the reader's own, and only if no player has taken it.
  function isForPython(event) {
    if (event.source !== "rowClicked" && event.source !== "spaceKey") return false;
    const node = api.getSelectedNodes()[0];
    if (!node) return false;
    clicked = node.id;
    return page.document.dispatchEvent(
      new page.CustomEvent("slicecore:pick", { detail: describe(node), cancelable: true })
    );
  }

  function picked() {
    const node = api.getSelectedNodes()[0];
    return node ? { row: node.data.row, at: Date.now() } : null;
  }

  // Keys belong to the page, except where the table needs them: in a filter, and in a header reached with Tab. Their
  // release is told as well: the page's shortcuts would take a key for held and ignore all others until the focus leaves.
  function forwardKey(event) {
    if (event.key === "Tab") tabbed = true;
    if (event.target.closest("input, textarea, select, .ag-popup") || (tabbed && event.target.closest(".ag-header"))) return;
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

  function start(event) {
    if (api) return;
    api = event.api;
    settings = api.getGridOption("context");
    const bridge = { beside: beside, position: position, sort: sort, play: play };
    page.slicecoreClips = bridge;
    page.dispatchEvent(new Event("slicecoreclips"));
    new MutationObserver(markCurrent).observe(page.document.documentElement, { attributeFilter: ["data-slicecore-clip"] });
    page.document.addEventListener("slicecore:references", showReferences);
    new MutationObserver(takeOrder).observe(page.document.documentElement, { attributeFilter: ["data-slicecore-order"] });
    for (const kind of ["keydown", "keyup"]) window.addEventListener(kind, forwardKey, true);
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
  function fitColumns() {
    if (!api) return;
    const room = window.innerWidth;
    if (api.getColumn("id").isVisible() !== room >= WIDE) api.setColumnsVisible(["id"], room >= WIDE);
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

  function showRows() {
    if (!api) return;
    settings = api.getGridOption("context");
    markCurrent();
    announceOrder();
  }

  return {
    start: start,
    showRows: showRows,
    fitColumns: fitColumns,
    placeMeasured: placeMeasured,
    announceOrder: announceOrder,
    sorted: sorted,
    valueCell: valueCell,
    bothCell: bothCell,
    editsCell: editsCell,
    measure: measure,
    number: number,
    isForPython: isForPython,
    picked: picked
  };
})()
