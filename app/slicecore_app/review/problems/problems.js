// The list of problems. A pick marks its card at once; Python follows.

import { el, icon, keepFocus, redrawChanges } from "../../web/dom.js";
import { isAhead, liveComponent } from "../../web/instance.js";
import { onKeys } from "../../web/keys.js";
import { createPanel } from "../../web/panel.js";
import { followReview, nextUnreviewed, pick, review, setReview } from "../../web/review.js";
import { dropScale, readTheme, textOn, watchTheme } from "../../web/theme.js";
import { STYLE } from "./style.js";

const MORE = "M6 3.500 10.500 8 6 12.500";

export default liveComponent((parentElement, send) => {
  const panel = createPanel(parentElement, "problems", STYLE);
  const listbox = (label) =>
    el("div", { class: "cards", role: "listbox", tabindex: "0", "aria-label": label, "aria-orientation": "vertical", onfocus: showPicked });
  const section = (text) => el("div", { class: "section", role: "heading", "aria-level": "3" }, text);
  const list = listbox("Problems");
  const own = listbox("Yours");
  const ownTitle = section("Yours");
  const empty = el("div", { class: "nothing", role: "status", hidden: true });
  const others = el("nav", { class: "others", "aria-label": "Other lists" });
  const order = el("select", { "aria-label": "Order", onchange: changeOrder });
  panel.title.textContent = "Problems";
  panel.tools.append(order);
  panel.body.append(list, empty, ownTitle, own, others);
  const [redrawOrder, redrawCards, redrawEmpty, redrawOthers] = [order, list, empty, others].map(redrawChanges);
  /** @type {any} */
  let data = null;

  /** The ring around the picked card is what shows that the keys go to the list. */
  function showPicked({ currentTarget }) {
    currentTarget.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  const cards = () => [...list.children, ...own.children];

  function changeOrder() {
    send({ kind: "sort", by: order.value });
    order.blur(); // the arrow keys belong to the list again
  }

  function pickSlice(slice) {
    if (slice && slice !== review().slice) pick({ slice }, { kind: "slice", slice }, send);
  }

  function step(by) {
    const { slices, own: mine, slice } = review();
    const all = [...slices, ...mine];
    const at = slice === null ? -1 : all.indexOf(slice);
    pickSlice(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
  }

  function goOn() {
    pickSlice(nextUnreviewed(review()));
  }

  const stopKeys = onKeys({
    ArrowUp: () => step(-1),
    ArrowDown: () => step(1),
    n: goOn,
  }, { waits: true });
  document.addEventListener("slicecore:next", goOn); // the button beside the verdict

  function mark({ slice, verdicts }) {
    for (const card of cards()) {
      const on = card.dataset.slice === slice;
      if (on && card.getAttribute("aria-selected") !== "true") card.scrollIntoView({ block: "nearest" });
      card.setAttribute("aria-selected", on);
      const verdict = verdicts[card.dataset.slice];
      const label = card.querySelector(".verdict");
      label.textContent = data?.verdicts[verdict] ?? "not reviewed";
      label.classList.toggle("open", !verdict);
    }
    for (const box of [list, own]) {
      const picked = [...box.children].find((card) => card.dataset.slice === slice);
      if (picked) box.setAttribute("aria-activedescendant", picked.id);
      else box.removeAttribute("aria-activedescendant");
    }
  }

  function card(entry, colour, widest, wording) {
    const ground = entry.points === null ? "transparent" : colour(entry.points);
    const ink = entry.points === null ? "inherit" : textOn(ground);
    return el(
      "div",
      { class: "card", id: `card-${entry.slice}`, role: "option", "data-slice": entry.slice, onclick: () => pickSlice(entry.slice), onmousedown: keepFocus },
      el("span", { class: "badge", style: `background:${ground};color:${ink}` }, entry.number ? String(entry.number) : "★"),
      el("span", { class: "title", title: entry.title }, entry.title),
      el("span", { class: "drop", title: wording.drop }, entry.drop),
      el(
        "span",
        { class: "line" },
        el("span", { class: "facts", title: wording.value }, entry.facts),
        el(
          "span",
          { class: "share", title: wording.share },
          el("u", {}, el("i", { style: `width:${(100 * entry.share) / (widest || 1)}%` })),
          entry.share_text,
        ),
      ),
      el(
        "span",
        { class: "line" },
        entry.reason
          ? el("span", { class: "reason", title: entry.reason }, entry.reason)
          : el("span", { class: `tier ${entry.tier}`, title: wording[entry.tier] }, entry.tier),
        el("span", { class: "verdict open" }, "not reviewed"),
      ),
    );
  }

  function takeWayOut(settings) {
    const event = { kind: "way_out", settings };
    if (Object.keys(settings).length) send(event);
    else pick({}, event, send); // all clips
  }

  const wayOut = (way) =>
    el("button", { type: "button", onclick: () => takeWayOut(way.settings) }, way.label, el("span", {}, way.result));

  const other = (entry) =>
    el(
      "button",
      { type: "button", title: entry.hint, "aria-pressed": String(entry.picked), onclick: () => pick({}, { kind: "list", name: entry.name }, send) },
      el("span", { class: "name" }, entry.label),
      el("span", { class: "count" }, entry.result, icon(MORE, 12)),
    );

  function draw() {
    const colour = dropScale(readTheme(parentElement));
    const widest = Math.max(0, ...[...data.cards, ...data.own].map((entry) => entry.share));
    list.replaceChildren(...data.cards.map((entry) => card(entry, colour, widest, data.wording)));
    own.replaceChildren(...data.own.map((entry) => card(entry, colour, widest, data.wording)));
  }

  const unfollow = followReview(mark);
  const unwatchTheme = watchTheme(panel.root, () => {
    if (!data) return;
    draw();
    mark(review());
  });

  return {
    root: panel.root,
    update(next) {
      data = next;
      const slices = data.cards.map((entry) => entry.slice);
      const everything = [...data.cards, ...data.own];
      redrawOrder(data.sorts, () =>
        order.replaceChildren(...Object.entries(data.sorts).map(([by, label]) => el("option", { value: by }, label))),
      );
      order.value = data.sort;
      order.hidden = list.hidden = !slices.length;
      empty.hidden = Boolean(slices.length);
      redrawEmpty([data.heading, data.nothing, data.waysOut], () =>
        empty.replaceChildren(el("h3", {}, data.heading), el("p", {}, data.nothing), ...data.waysOut.map(wayOut)),
      );
      own.hidden = ownTitle.hidden = !data.own.length;
      others.hidden = !data.others.length && !data.coming;
      redrawOthers([data.coming, data.others], () =>
        others.replaceChildren(
          ...(data.coming ? [section(data.coming[0]), el("p", { class: "coming", role: "status" }, data.coming[1])] : []),
          ...data.others.flatMap((entry, i) =>
            entry.section === data.others[i - 1]?.section ? [other(entry)] : [section(entry.section), other(entry)],
          ),
        ),
      );
      const cards = Object.fromEntries(everything.map((entry) => [entry.slice, entry]));
      setReview({ slices, own: data.own.map((entry) => entry.slice), cards });
      if (!isAhead(data, "pick")) setReview({ slice: data.picked, cluster: data.cluster, isKnown: true });
      if (!isAhead(data, "verdict")) {
        const verdicts = Object.fromEntries(everything.map((entry) => [entry.slice, entry.verdict || null]));
        setReview({ verdicts: { ...review().verdicts, ...verdicts } });
      }
      redrawCards([everything, data.wording], draw);
      mark(review());
      stopKeys.ready();
      return data.seq;
    },
    destroy() {
      unfollow();
      unwatchTheme();
      stopKeys();
      document.removeEventListener("slicecore:next", goOn);
      panel.remove();
    },
  };
});
