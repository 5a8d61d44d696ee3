// The list of problems. A pick marks its card at once; Python follows.

import { el } from "../shared/dom.js";
import { liveComponent } from "../shared/instance.js";
import { onKeys } from "../shared/keys.js";
import { createPanel } from "../shared/panel.js";
import { dropScale, readTheme, textOn } from "../shared/theme.js";

const PATIENCE_MS = 5000; // an answer that takes longer is not waited for
const TIERS = {
  confirmed: "Chance alone would give a cluster as bad as this in at most 5 % of data sets",
  possible: "Both thresholds are met, but chance is not excluded",
};
const STYLE = `
.sc-problems .sc-body { overflow-y: auto; scrollbar-width: thin; }
.sc-problems select { font: inherit; font-size: 12.5px; color: var(--sc-ink3); background: var(--sc-panel); border: 0;
  padding: 2px 0; cursor: pointer; text-align: right; }
.card { display: grid; grid-template-columns: 20px 1fr auto; column-gap: 10px; row-gap: 1px; width: 100%; text-align: left;
  padding: 7px 12px 6px 11px; border: 0; border-bottom: 1px solid var(--sc-line); border-left: 3px solid transparent;
  background: none; color: inherit; font: inherit; cursor: pointer; }
.card:hover { background: var(--sc-sunken); }
.card[aria-selected="true"] { background: var(--sc-accent-soft); border-left-color: var(--sc-accent); }
.badge { display: grid; place-items: center; width: 20px; height: 20px; border-radius: 4px; font: 700 12.5px/1 inherit; font-weight: 700; font-size: 12.5px; }
.title { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.drop { font-weight: 600; white-space: nowrap; }
.line { grid-column: 2 / 4; display: flex; justify-content: space-between; gap: 8px; font-size: 12.5px; line-height: 17px;
  color: var(--sc-ink2); white-space: nowrap; }
.share { display: inline-flex; align-items: center; gap: 6px; }
.share u { display: block; width: 44px; height: 4px; border-radius: 2px; background: var(--sc-line2); overflow: hidden; }
.share i { display: block; height: 100%; background: var(--sc-ink2); }
.own-title { padding: 10px 12px 4px; font-size: 12.5px; line-height: 16px; font-weight: 600; color: var(--sc-ink3); }
.why { overflow: hidden; text-overflow: ellipsis; color: var(--sc-ink3); }
.open { color: var(--sc-ink3); }
.tier { display: inline-flex; align-items: center; gap: 5px; }
.tier::before { content: ""; width: 9px; height: 9px; box-sizing: border-box; border-radius: 50%; }
.tier.confirmed::before { background: var(--sc-ink2); } .tier.possible::before { border: 1.5px dashed var(--sc-ink2); }
.nothing { padding: 20px 14px; display: grid; gap: 10px; }
.nothing h3 { margin: 0; font-size: 16px; line-height: 20px; font-weight: 600; }
.nothing p { margin: 0; font-size: 13.5px; line-height: 18px; color: var(--sc-ink2); }
.nothing button { display: flex; justify-content: space-between; gap: 8px; padding: 6px 10px; font: inherit; font-size: 13.5px; text-align: left;
  color: inherit; background: none; border: 1px solid var(--sc-line2); border-radius: 6px; cursor: pointer; }
.nothing button:hover { background: var(--sc-sunken); } .nothing button span { color: var(--sc-ink3); white-space: nowrap; }
`;

export default liveComponent((parentElement, send) => {
  const panel = createPanel(parentElement, "problems", STYLE);
  const list = el("div", { role: "listbox", "aria-label": "Problems", "aria-orientation": "vertical" });
  const order = el("select", { "aria-label": "Order", onchange: () => tell({ kind: "sort", by: order.value }) });
  panel.title.textContent = "Problems";
  panel.tools.append(order);
  const own = el("div", { role: "listbox", "aria-label": "Yours", "aria-orientation": "vertical" });
  const ownTitle = el("div", { class: "own-title", hidden: true }, "Yours");
  panel.body.append(list, ownTitle, own);
  let shown = [];
  let picked = null;
  const unsent = [];
  let sentAt = -Infinity;

  // One event at a time, the next when the page has drawn what came of it: Streamlit keeps only one of two that come at
  // once, and a verdict pressed right after a pick would be lost.
  function tell(event) {
    unsent.push(event);
    if (performance.now() - sentAt > PATIENCE_MS) sendNext();
  }
  function sendNext() {
    sentAt = -Infinity;
    if (!unsent.length) return;
    sentAt = performance.now();
    send(unsent.shift());
  }

  function mark(slice) {
    picked = slice;
    for (const card of panel.body.querySelectorAll(".card")) {
      const on = card.dataset.slice === slice;
      card.setAttribute("aria-selected", on);
      if (on) card.scrollIntoView({ block: "nearest" });
    }
  }
  function pick(slice) {
    if (slice === picked) return;
    mark(slice);
    tell({ kind: "slice", slice });
  }
  function step(by) {
    if (!shown.length) return;
    const at = shown.indexOf(picked);
    pick(shown[at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by))]);
  }
  const judge = (number) => picked && tell({ kind: "verdict", slice: picked, number });
  const digits = [1, 2, 3, 4].map((number) => [String(number), () => judge(number)]);
  const stopKeys = onKeys({
    ArrowUp: () => step(-1),
    ArrowDown: () => step(1),
    n: () => tell({ kind: "next", slice: picked }),
    ...Object.fromEntries(digits),
  });

  function cardOf(card, colour, widest) {
    const ground = card.points === null ? "transparent" : colour(card.points);
    return el(
      "button",
      {
        class: card.number ? "card" : "card own",
        type: "button",
        role: "option",
        title: card.reason || null,
        "data-slice": card.slice,
        onclick: () => pick(card.slice),
      },
      el("span", { class: "badge", style: `background:${ground};color:${card.points === null ? "inherit" : textOn(ground)}` }, card.number ? String(card.number) : "★"),
      el("span", { class: "title" }, card.title),
      el("span", { class: "drop" }, card.drop),
      el(
        "span",
        { class: "line" },
        el("span", {}, card.facts),
        el(
          "span",
          { class: "share", title: "Share of all errors" },
          el("u", {}, el("i", { style: `width:${(100 * card.share) / (widest || 1)}%` })),
          card.share_text,
        ),
      ),
      el(
        "span",
        { class: "line" },
        el("span", { class: card.tier ? `tier ${card.tier}` : "why", title: TIERS[card.tier] }, card.tier || card.reason),
        el("span", { class: card.verdict ? "" : "open" }, card.verdict || "not reviewed"),
      ),
    );
  }

  function nothing(data) {
    const buttons = data.waysOut.map((way) =>
      el(
        "button",
        { type: "button", onclick: () => tell({ kind: "way_out", action: way.action }) },
        way.label,
        el("span", {}, way.result),
      ),
    );
    const heading = el("h3", {}, "No cluster meets both thresholds");
    return el("div", { class: "nothing", role: "status" }, heading, el("p", {}, data.nothing), ...buttons);
  }

  return {
    root: panel.root,
    update(data) {
      const colour = dropScale(readTheme(parentElement));
      const widest = Math.max(0, ...[...data.cards, ...data.own].map((card) => card.share));
      shown = [...data.cards, ...data.own].map((card) => card.slice);
      order.replaceChildren(...Object.entries(data.sorts).map(([by, label]) => el("option", { value: by }, label)));
      order.value = data.sort;
      order.hidden = !data.cards.length;
      own.replaceChildren(...data.own.map((card) => cardOf(card, colour, widest)));
      own.hidden = ownTitle.hidden = !data.own.length;
      list.replaceChildren(
        ...(data.cards.length ? data.cards.map((card) => cardOf(card, colour, widest)) : [nothing(data)]),
      );
      if (!unsent.length) mark(data.picked); // else the reader is ahead of the page
      sendNext();
      return data.seq;
    },
    destroy() {
      stopKeys();
      panel.remove();
    },
  };
});
