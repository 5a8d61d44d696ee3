// The form by which a condition on a column is made: column, kind of condition, and the fields that this kind needs.

import { menuOf } from "../../web/columns.js";
import { el } from "../../web/dom.js";
import { isSameKind, textsOf, valueFrom } from "./condition_fields.js";

export const STYLE = `
.sheet form { display: grid; grid-template-columns: 124px 1fr; gap: 8px; }
.sheet label { display: grid; gap: 2px; font-size: 12px; line-height: 14px; color: var(--sc-ink3); }
.sheet label.whole, .sheet .row, .sheet .ticks, .sheet .wide { grid-column: 1 / 3; }
.sheet .fields { display: flex; gap: 8px; align-items: end; }
.sheet .fields label { flex: 1 1 0; min-width: 0; }
.sheet .row { display: flex; justify-content: space-between; align-items: center; gap: 8px; }
.sheet .row label, .sheet .ticks label { display: inline-flex; align-items: center; gap: 6px; font-size: 13px; color: var(--sc-ink2); }
.sheet .row input, .sheet .ticks input { width: auto; height: auto; flex: none; }
.sheet .ticks { display: grid; gap: 4px; max-height: 168px; overflow-y: auto; padding: 6px 8px; border: 1px solid var(--sc-ctl); border-radius: 6px; }
.sheet .ticks label { line-height: 18px; overflow-wrap: anywhere; }
.sheet .go { height: 28px; padding: 0 12px; color: var(--sc-accent-ink); background: var(--sc-accent); font-weight: 500; }
`;

/**
 * @typedef {import("../../web/columns.js").Column} Column
 * @typedef {import("../../web/columns.js").Kind} Kind
 * @typedef {import("./condition_fields.js").Condition} Condition
 */

/** Labels and attributes of the fields that are typed into. @type {Record<string, [string, Attributes][]>} */
const TYPED = {
  text: [["Value", { type: "text", list: "values", autocomplete: "off" }]],
  number: [["Value", { type: "number", step: "any" }]],
  numbers: [
    ["From", { type: "number", step: "any" }],
    ["To", { type: "number", step: "any" }],
  ],
  date: [["Day", { type: "date" }]],
  dates: [
    ["From", { type: "date" }],
    ["To", { type: "date" }],
  ],
  hours: [
    ["From hour", { type: "number", min: 0, max: 23, step: 1 }],
    ["To hour", { type: "number", min: 0, max: 23, step: 1 }],
  ],
};

/**
 * The form.
 * @param {() => Condition[]} current the conditions that there are
 * @param {(condition: Condition) => void} add
 * @param {Node} beside stands beside the button
 */
export function conditionForm(current, add, beside) {
  /** @type {Column[]} */
  let columns = [];
  const column = el("select", { onchange: () => chooseColumn() });
  const kind = el("select", { onchange: () => drawFields() });
  const fields = el("div", { class: "fields", role: "group", "aria-label": "Value" });
  const values = el("datalist", { id: "values" });
  const root = el(
    "form",
    { onsubmit: (event) => submit(event) },
    el("label", { class: "whole" }, "Column", column),
    el("label", {}, "Operator", kind),
    fields,
    values,
    el("div", { class: "row" }, beside, el("button", { class: "go", type: "submit" }, "Add")),
  );

  const chosen = () => columns.find(({ name }) => name === column.value);
  /** @param {Column} of */
  const kindIn = (of) => of.kinds[Number(kind.value)];

  function chooseColumn() {
    const now = chosen();
    if (!now) return;
    kind.replaceChildren(...now.kinds.map(({ label }, i) => el("option", { value: i }, label)));
    values.replaceChildren(...(now.texts ? [] : (now.values ?? [])).map((value) => el("option", { value })));
    drawFields();
  }

  /** The condition of the chosen kind that there is already. @param {Column} of */
  const before = (of) => {
    const { operator, part } = kindIn(of);
    return current().find((other) => isSameKind(other, { column: of.name, operator, part, value: "" }));
  };

  function drawFields() {
    const now = chosen();
    if (!now) return;
    const is = kindIn(now);
    fields.classList.toggle("ticks", is.fields === "ticks");
    fields.classList.toggle("wide", is.fields === "dates");
    if (is.fields === "ticks") {
      const ticked = [before(now)?.value ?? []].flat();
      const offered = is.values.length ? is.values : (now.values ?? []);
      fields.replaceChildren(
        ...offered.map((value, i) =>
          el(
            "label",
            {},
            el("input", { type: "checkbox", value: i, checked: ticked.includes(value), onchange: checkTicks }),
            is.values.length ? String(value) : (now.texts?.[i] ?? String(value)),
          ),
        ),
      );
      return checkTicks();
    }
    if (is.fields === "none") return fields.replaceChildren();
    const typed = TYPED[is.fields];
    const known = before(now);
    const texts = typed.length > 1 && known ? textsOf(is.fields, known.value) : [];
    const unit = now.unit && !is.part ? `, ${now.unit}` : "";
    fields.replaceChildren(
      ...typed.map(([label, attributes], i) =>
        el("label", {}, `${label}${unit}`, el("input", { ...attributes, value: texts[i] ?? "", required: true })),
      ),
    );
  }

  const inputs = () => [...fields.querySelectorAll("input")];

  function checkTicks() {
    const all = inputs();
    all[0]?.setCustomValidity(all.some(({ checked }) => checked) ? "" : "Tick a value, or several.");
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const now = chosen();
    if (!now) return;
    const { operator, part, fields: filled, values: own } = kindIn(now);
    const offered = own.length ? own : (now.values ?? []);
    const texts = inputs().map((input) => input.value);
    const ticked = inputs().filter(({ checked }) => checked);
    const value = filled === "ticks" ? ticked.map((input) => offered[Number(input.value)]) : valueFrom(filled, filled === "none" ? own : texts);
    add({ column: now.name, operator, part, value });
  }

  return {
    root,
    focus: () => column.focus(),
    /** The field that has the focus first. */
    first: () => column,
    /** Draws the fields anew: the conditions may be others by now. */
    refresh: drawFields,
    /** @param {Column[]} offered */
    offer(offered) {
      const names = offered.map(({ name }) => name);
      const changed = names.join("\n") !== [...column.options].map(({ value }) => value).join("\n");
      columns = offered;
      if (!changed) return;
      const before = column.value;
      column.replaceChildren(...menuOf(offered));
      if (names.includes(before)) column.value = before;
      else chooseColumn();
    },
  };
}
