// The list of problems. A pick marks its card at once; Python follows.

import { el, icon, keepFocus, redrawChanges } from "../../web/dom.js";
import { isAhead, liveComponent, reviewer } from "../../web/instance.js";
import { onKeys } from "../../web/keys.js";
import { createPanel } from "../../web/panel.js";
import { initials } from "../../web/initials.js";
import { carriedTo, chosenOf, followReview, isDisputed, isListed, nextUnreviewed, pick, review, setReview, verdictOf } from "../../web/review.js";
import { dropScale, readTheme, textOn, watchTheme } from "../../web/theme.js";
import { createChoice, listed, tick } from "./choice.js";
import { STYLE } from "./style.js";

const ASSIGNED = { all: "anyone or nobody", me: "me", somebody: "anyone", nobody: "nobody" };
const NONE = { all: "", me: "No slice is assigned to you.", somebody: "No slice is assigned to anyone.", nobody: "Every slice is assigned." };
const MORE = "M6 3.500 10.500 8 6 12.500";

/**
 * @typedef {{label: string, result: string, settings: Record<string, unknown>}} WayOut
 *
 * @typedef {{name: string, label: string, result: string, hint: string, picked: boolean, section: string, clips: string}} OtherList
 */

/**
 * Data that component.py sends.
 * @typedef {Drawing & {
 *   cards: Card[],
 *   own: Card[],
 *   verdicts: Record<string, string>,
 *   wording: Record<string, string>,
 *   picked: string | null,
 *   cluster: string | null,
 *   sort: string,
 *   sorts: Record<string, string>,
 *   heading: string,
 *   nothing: string,
 *   waysOut: WayOut[],
 *   others: OtherList[],
 *   coming: [section: string, text: string] | null,
 *   basis: string[],
 * }} Data
 */

export default liveComponent((parentElement, send) => {
  const panel = createPanel(parentElement, "problems", STYLE);
  const choice = createChoice();
  /** @param {string} label */
  const listbox = (label) =>
    el("div", { class: "cards", role: "listbox", tabindex: "0", "aria-label": label, "aria-orientation": "vertical", "aria-multiselectable": "true", onfocus: showPicked, onkeydown: choice.keys });
  /** @param {string} text */
  const section = (text) => el("div", { class: "section", role: "heading", "aria-level": "3" }, text);
  const list = listbox("Problems");
  const own = listbox("Yours");
  const ownTitle = section("Yours");
  const empty = el("div", { class: "nothing", role: "status", hidden: true });
  const others = el("nav", { class: "others", "aria-label": "Other lists" });
  const order = el("select", { "aria-label": "Order", onchange: changeOrder });
  const whose = el(
    "select",
    { title: "Whose verdicts the list shows and the head counts", onchange: changeWhose },
    el("option", { value: "" }, "everybody"),
    el("option", { value: "mine" }, "me alone"),
  );
  const whoseRow = el("label", { class: "whose", hidden: true }, "Verdicts of", whose);
  const assigned = el(
    "select",
    { title: "Slices that the list shows, by who is to judge them", onchange: changeAssigned },
    ...Object.entries(ASSIGNED).map(([of, label]) => el("option", { value: of }, label)),
  );
  const assignedRow = el("label", { class: "whose", hidden: true }, "Assigned to", assigned);
  const none = el("p", { class: "none", role: "status", hidden: true });
  panel.title.textContent = "Problems";
  panel.tools.append(order, choice.button, choice.sheet);
  panel.body.append(choice.bar, choice.status, whoseRow, assignedRow, list, none, empty, ownTitle, own, others);
  const [redrawOrder, redrawCards, redrawEmpty, redrawOthers] = [order, list, empty, others].map(redrawChanges);
  /** @type {Data | null} */
  let data = null;

  /**
   * The ring around the picked card is what shows that the keys go to the list.
   * @param {Event} event
   */
  function showPicked({ currentTarget }) {
    /** @type {HTMLElement} */ (currentTarget).querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLElement} box */
  const cardsIn = (box) => /** @type {HTMLElement[]} */ ([...box.children]);

  function changeOrder() {
    send({ kind: "sort", by: order.value });
    order.blur(); // the arrow keys belong to the list again
  }

  function changeWhose() {
    reviewer.showOnlyMine(whose.value === "mine");
    whose.blur();
  }

  function changeAssigned() {
    reviewer.list(/** @type {import("../../web/review.js").Listed["of"]} */ (assigned.value));
    assigned.blur();
  }

  /** The choice by assignees, where there are any. */
  function showAssigned() {
    const { of } = reviewer.listed();
    assignedRow.hidden = of === "all" && !Object.values(review().assignees).some(Boolean);
    assigned.value = of;
  }

  /** The choice whose verdicts are shown, where there are others'. */
  function showWhose() {
    const name = reviewer.name();
    const hasOthers = Object.values(review().opinions).some((given) => given.some((each) => each.reviewer !== name));
    whoseRow.hidden = reviewer.only() === null && !hasOthers;
    whose.value = reviewer.only() === null ? "" : "mine";
  }

  /** @param {string | null | undefined} slice */
  function pickSlice(slice) {
    choice.clear();
    if (slice && slice !== review().slice) pick({ slice }, { kind: "slice", slice }, send);
  }

  /** @param {number} by */
  function step(by) {
    const { slice } = review();
    const all = listed();
    const at = slice === null ? -1 : all.indexOf(slice);
    pickSlice(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
  }

  function goOn() {
    pickSlice(nextUnreviewed(review()));
  }

  const stopKeys = onKeys({
    ArrowUp: (event) => (event.shiftKey ? choice.extend(-1) : step(-1)),
    ArrowDown: (event) => (event.shiftKey ? choice.extend(1) : step(1)),
    n: goOn,
  }, { waits: true });
  document.addEventListener("slicecore:next", goOn); // the button beside the verdict

  /** @param {import("../../web/review.js").Review} now */
  function mark(now) {
    const { slice, opinions } = now;
    const chosen = new Set(chosenOf(now));
    const lead = choice.lead() ?? slice;
    for (const box of [list, own]) {
      box.classList.toggle("choosing", chosen.size > 0);
      box.classList.toggle("by-key", choice.isByKey());
    }
    for (const card of [list, own].flatMap(cardsIn)) {
      const on = card.dataset.slice === slice;
      const id = card.dataset.slice ?? "";
      const isAtKeys = id === lead;
      if (isAtKeys && !card.classList.contains("at-keys")) card.scrollIntoView({ block: "nearest" });
      card.classList.toggle("at-keys", isAtKeys);
      card.setAttribute("aria-current", String(on));
      card.setAttribute("aria-selected", String(chosen.size ? chosen.has(id) : on));
      card.hidden = !isListed(now, id);
      showAssignee(card, now.assignees[id] ?? "");
      const verdict = verdictOf(now, id);
      const other = carriedTo(now, id);
      const label = /** @type {HTMLElement} */ (card.querySelector(".verdict"));
      const disputed = (now.only === null || verdict !== "") && isDisputed(now, id);
      label.textContent = other ? other.short : `${data?.verdicts[verdict] ?? "not reviewed"}${disputed ? " · disputed" : ""}`;
      label.title = other ? other.hint : disputed ? opinions[id].map((each) => `${each.reviewer}: ${data?.verdicts[each.verdict ?? ""] ?? "–"}`).join("\n") : "";
      label.classList.toggle("open", !verdict && !other?.holds);
      label.classList.toggle("carried", Boolean(other?.holds));
    }
    none.textContent = NONE[now.listed.of];
    none.hidden = !none.textContent || [list, own].flatMap(cardsIn).some((card) => !card.hidden);
    for (const box of [list, own]) {
      const cards = cardsIn(box).filter((card) => !card.hidden);
      for (const [i, card] of cards.entries()) card.setAttribute("aria-label", spoken(card, `${i + 1} of ${cards.length}`));
      const at = cards.find((card) => card.dataset.slice === lead);
      if (at) box.setAttribute("aria-activedescendant", at.id);
      else box.removeAttribute("aria-activedescendant");
    }
  }

  /**
   * @param {HTMLElement} card
   * @param {string} to
   */
  function showAssignee(card, to) {
    const isMine = to === reviewer.name();
    const label = /** @type {HTMLElement} */ (card.querySelector(".assignee"));
    label.textContent = initials(to);
    label.title = to && `Assigned to ${isMine ? "you" : to}`;
    label.hidden = !to;
    label.classList.toggle("mine", isMine);
  }

  /**
   * A card as it is read out: "1 of 8, Overdriven, +24.5 pts, WER 53.1 %, 17 clips, confirmed, not reviewed".
   * @param {HTMLElement} card
   * @param {string} place
   */
  function spoken(card, place) {
    const parts = [".title", ".drop", ".facts", ".reason", ".tier", ".verdict"].map((part) => card.querySelector(part)?.textContent);
    const assignee = /** @type {HTMLElement} */ (card.querySelector(".assignee"));
    return [place, ...parts, assignee.title].filter(Boolean).join(", ").replaceAll(" · ", ", ");
  }

  /**
   * @param {Card} entry
   * @param {(points: number) => string} colour
   * @param {number} widest share of the errors
   * @param {Data["wording"]} wording
   */
  function card(entry, colour, widest, wording) {
    const ground = entry.points === null ? "transparent" : colour(entry.points);
    const ink = entry.points === null ? "inherit" : textOn(ground);
    return el(
      "div",
      { class: "card", id: `card-${entry.slice}`, role: "option", "data-slice": entry.slice, onclick: (/** @type {MouseEvent} */ event) => choice.click(entry.slice, event) || pickSlice(entry.slice), onmousedown: keepFocus },
      el("span", { class: "badge", style: `background:${ground};color:${ink}` }, entry.number ? String(entry.number) : "★"),
      el("span", { class: "title", title: [entry.title, entry.name_hint].filter(Boolean).join(", ") }, entry.title),
      el("span", { class: "drop", title: wording.drop }, entry.drop),
      tick(),
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
          : el(
              "span",
              { class: "tested" },
              el("span", { class: `tier ${entry.tier}`, title: [wording[entry.tier], entry.tier_hint].filter(Boolean).join(". ") }, entry.tier),
              el("span", { class: "clusters", title: wording.parts }, entry.clusters),
            ),
        el("span", { class: "judged" }, el("span", { class: "assignee", hidden: true }), el("span", { class: "verdict open" }, "not reviewed")),
      ),
    );
  }

  /** @param {WayOut["settings"]} settings */
  function takeWayOut(settings) {
    const event = { kind: "way_out", settings };
    if (Object.keys(settings).length) send(event);
    else pick({}, { kind: "all", basis: data?.basis }, send);
  }

  /** @param {WayOut} way */
  const wayOut = (way) =>
    el("button", { type: "button", onclick: () => takeWayOut(way.settings) }, way.label, el("span", {}, way.result));

  /** @param {OtherList} entry */
  const other = (entry) =>
    el(
      "button",
      { type: "button", title: entry.hint, "aria-pressed": String(entry.picked), onclick: () => pick({}, { kind: "list", name: entry.name, clips: entry.clips, basis: data?.basis }, send) },
      el("span", { class: "name" }, entry.label),
      el("span", { class: "count" }, entry.result, icon(MORE, 12)),
    );

  /** @param {Data} data */
  function draw(data) {
    const colour = dropScale(readTheme(parentElement));
    const widest = Math.max(0, ...[...data.cards, ...data.own].map((entry) => entry.share));
    list.replaceChildren(...data.cards.map((entry) => card(entry, colour, widest, data.wording)));
    own.replaceChildren(...data.own.map((entry) => card(entry, colour, widest, data.wording)));
  }

  const unfollow = followReview((now) => {
    showWhose();
    showAssigned();
    mark(now);
  });
  const unfollowReviewer = reviewer.follow(() => {
    setReview({ only: reviewer.only(), listed: reviewer.listed() });
    showWhose();
    showAssigned();
  });
  const showLead = () => mark(review());
  document.addEventListener("slicecore:lead", showLead);
  const unwatchTheme = watchTheme(panel.root, () => {
    if (!data) return;
    draw(data);
    mark(review());
  });

  return {
    root: panel.root,
    update(/** @type {Data} */ next) {
      data = next;
      const slices = next.cards.map((entry) => entry.slice);
      const everything = [...next.cards, ...next.own];
      redrawOrder(next.sorts, () =>
        order.replaceChildren(...Object.entries(next.sorts).map(([by, label]) => el("option", { value: by }, label))),
      );
      order.value = next.sort;
      order.hidden = list.hidden = !slices.length;
      choice.button.hidden = !everything.length;
      choice.update(next.verdicts);
      empty.hidden = Boolean(slices.length);
      redrawEmpty([next.heading, next.nothing, next.waysOut], () =>
        empty.replaceChildren(el("h3", {}, next.heading), el("p", {}, next.nothing), ...next.waysOut.map(wayOut)),
      );
      own.hidden = ownTitle.hidden = !next.own.length;
      others.hidden = !next.others.length && !next.coming;
      redrawOthers([next.coming, next.others], () =>
        others.replaceChildren(
          ...(next.coming ? [section(next.coming[0]), el("p", { class: "coming", role: "status" }, next.coming[1])] : []),
          ...next.others.flatMap((entry, i) =>
            entry.section === next.others[i - 1]?.section ? [other(entry)] : [section(entry.section), other(entry)],
          ),
        ),
      );
      const cards = Object.fromEntries(everything.map((entry) => [entry.slice, entry]));
      setReview({ slices, own: next.own.map((entry) => entry.slice), cards });
      if (!isAhead(next, "pick")) setReview({ slice: next.picked, cluster: next.cluster, isKnown: true });
      if (!isAhead(next, "verdict")) {
        const verdicts = Object.fromEntries(everything.map((entry) => [entry.slice, entry.verdict || null]));
        setReview({ verdicts: { ...review().verdicts, ...verdicts } });
      }
      redrawCards([everything, next.wording], () => draw(next));
      mark(review());
      stopKeys.ready();
      return next.seq;
    },
    destroy() {
      choice.stop();
      unfollow();
      unfollowReviewer();
      document.removeEventListener("slicecore:lead", showLead);
      unwatchTheme();
      stopKeys();
      document.removeEventListener("slicecore:next", goOn);
      panel.remove();
    },
  };
});
