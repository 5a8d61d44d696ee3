"""Who has the keys: random walks over the review page.

Before every press the walk looks at the page: a sheet, menu or dialog that is open has the keys, else a field or slider
with the focus, else the page (`web/keys.js`). Held at every step:

- a letter or digit that is typed where a field or a sheet has the keys changes nothing but the field;
- Escape closes or leaves exactly one thing: what is open, else the field, else the lasso;
- after a slider was moved with the mouse, the keys act;
- the focus is on something that is seen, or nowhere;
- what is framed in the list is what the panel shows;
- verdicts change by 1 to 4, Z, Y and X only, each press at most one, and by a digit that of the framed slice;
- the page reports no error.

SLICECORE_WALK is the number of steps (1000 take some ten minutes), SLICECORE_SEED that of a long walk.
"""

from __future__ import annotations

import os
import re

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from playwright.sync_api import expect
from review_page import CARDS, DEEP, draw_lasso, explained, opened_review, ready

STEPS = int(os.environ.get("SLICECORE_WALK", "45"))
SEED = os.environ.get("SLICECORE_SEED")
STEPS_OF_A_WALK = 15
DIGITS = "1234"
KEYS = [*"1234nztm/?,.[]lvbspwdeyx", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Space", "Escape"]
TEXTS = ["studio 12", "lnz 3 4", "wd tv m1"]
BUTTONS = [
    "Options",
    "What goes wrong",
    "Filter by a column",
    "Tags and note",
    "Keyboard",
    "Saved views",
    "Export",
    "Columns",
]
WORDS = re.compile("^Filter by words")
FIELDS = [WORDS, re.compile("^Tag$"), re.compile("^Note$"), re.compile("^Name$"), re.compile("^Reference$")]
SHARES = st.tuples(st.floats(0.02, 0.98), st.floats(0.02, 0.98))
LOOK = f"""() => {{
  const all = {DEEP};
  const seen = (element) =>
    element.checkVisibility({{ visibilityProperty: true }}) && element.getClientRects().length > 0;
  const part = (selector) => all.find((element) => element.matches(selector));
  let focus = document.activeElement;
  while (focus?.shadowRoot?.activeElement) focus = focus.shadowRoot.activeElement;
  const isField = (element) => element.matches(
    "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [role=combobox]");
  const open = all.filter((element) => element.matches(
    "[popover]:popover-open, dialog[open], [data-testid=stPopoverBody], [data-testid=stDialog]"));
  const card = part('.card[aria-selected="true"]');
  const summary = part('[data-testid="summary"] h2');
  return {{
    open: open.map((element) => element.ariaLabel || element.dataset.testid),
    focus: !focus || focus === document.body ? null : {{
      name: focus.ariaLabel ?? focus.labels?.[0]?.textContent ?? focus.tagName, isSeen: seen(focus),
      holds: isField(focus) ? "field" : focus.matches("input[type=range]") ? "slider" : "",
      value: focus.value ?? "",
    }},
    card: card && {{ slice: card.dataset.slice, title: card.querySelector(".title").textContent }},
    panel: summary?.textContent ?? null,
    verdicts: Object.fromEntries(all.filter((element) => element.matches(".card"))
      .map((each) => [each.dataset.slice, each.querySelector(".verdict")?.textContent ?? ""])),
    clip: part('[data-testid="player"]')?.dataset.row ?? null,
    panels: document.documentElement.dataset.slicecoreView ?? "",
    thresholds: all.filter((element) => element.matches("input[type=range]")).map((slider) => slider.value),
    lasso: all.some((element) => element.matches(".sc-clear") && seen(element)),
  }};
}}"""


class Walk(RuleBasedStateMachine):
    """A reviewer who presses, types, clicks and drags whatever there is."""

    open_page = None  # set by the test
    steps = 0

    @initialize()
    def begin(self):
        self.page = self.open_page()

    # --- what is seen ---

    def look(self):
        ready(self.page)
        return self.page.evaluate(LOOK)

    def unchanged(self, before, after, besides=()):
        for name in {"card", "panel", "verdicts", "clip", "panels", "thresholds", "lasso"} - {*besides}:
            assert after[name] == before[name], (name, before[name], after[name])

    def free(self):
        """Close what is open and leave the field, each by one Escape."""
        before = self.look()
        while before["open"] or (before["focus"] and before["focus"]["holds"]):
            before = self.press_escape(before)
        return before

    # --- keys ---

    def press_escape(self, before):
        self.page.keyboard.press("Escape")
        focus = before["focus"]
        if before["open"]:
            self.page.wait_for_function(
                f"count => ({LOOK})().open.length === count", arg=len(before["open"]) - 1
            )
            after = self.look()
            # What was a lasso is a slice of the list once it has a tag or a note.
            self.unchanged(before, after, () if before["card"] else ("card", "verdicts"))
        elif focus and focus["holds"]:
            after = self.look()
            assert not (after["focus"] and after["focus"]["holds"]), after["focus"]
            self.unchanged(before, after)
        else:
            after = self.look()
            self.unchanged(before, after, ("lasso", "card", "panel", "clip") if before["lasso"] else ())
            assert not after["lasso"]
        return after

    @rule(key=st.sampled_from(KEYS))
    def press(self, key):
        before = self.look()
        if key == "Escape":
            self.press_escape(before)
            return
        if before["open"] and key in ("Space", "?"):  # presses what has the focus; closes the sheet of keys
            return
        self.page.keyboard.press(key)
        after = self.look()
        focus = before["focus"]
        if before["open"] or (focus and focus["holds"] == "field"):
            words = focus and WORDS.match(focus["name"])
            self.unchanged(before, after, ("clip",) if words else ())
            assert after["open"] == before["open"]
            return
        changed = {
            slice_
            for slice_, verdict in after["verdicts"].items()
            if before["verdicts"].get(slice_) != verdict
        }
        if key in DIGITS:
            framed = (
                before["card"] or after["card"]
            )  # what was a lasso is a slice of the list once it is judged
            assert changed == ({framed["slice"]} if framed else set()), (key, changed)
        else:
            assert len(changed) <= (key in "zyx"), (key, changed)

    @rule(count=st.integers(1, 5), back=st.booleans())
    def tab(self, count, back):
        before = self.look()
        for _ in range(count):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        self.unchanged(before, self.look())

    # --- fields and sheets ---

    @rule(name=st.sampled_from(BUTTONS))
    def open_sheet(self, name):
        before = self.free()
        button = self.page.get_by_role("button", name=name).first
        if not button.is_visible() or button.is_disabled():
            return
        button.click()
        self.page.wait_for_function(f"() => ({LOOK})().open.length === 1")
        self.unchanged(before, self.look())

    @rule(name=st.sampled_from(FIELDS), text=st.sampled_from(TEXTS))
    def type_words(self, name, text):
        """Into a field that is there, or where the focus is in a sheet that was opened."""
        field = self.page.get_by_label(name).and_(self.page.locator("input, textarea")).first
        before = self.look()
        if not field.is_visible() or (before["open"] and name is WORDS):
            return
        field.click()
        field.press("End")
        value = field.input_value()
        self.page.keyboard.type(text)
        assert field.input_value() == value + text
        self.unchanged(before, self.look(), ("clip",) if name is WORDS else ())

    @rule(text=st.sampled_from(TEXTS), name=st.sampled_from(BUTTONS))
    def type_at_once(self, text, name):
        """A sheet was opened, and its reader types at once."""
        self.open_sheet(name)
        before = self.look()
        if before["open"]:
            self.page.keyboard.type(text.replace(" ", ""))
            self.unchanged(before, self.look())

    # --- the mouse ---

    @rule(at=st.floats(0.05, 0.95), which=st.sampled_from(["Minimum support", "Minimum drop"]))
    def move_slider(self, at, which):
        self.free()
        slider = self.page.get_by_role("slider", name=which)
        box = slider.bounding_box()
        self.page.mouse.click(box["x"] + at * box["width"], box["y"] + box["height"] / 2)
        before = self.look()
        assert not (before["focus"] and before["focus"]["holds"])
        self.page.keyboard.press("m")
        assert self.look()["panels"] != before["panels"]

    @rule()
    def reset(self):
        self.free()
        self.page.get_by_test_id("thresholds").get_by_role("button", name="Reset").click()

    @rule(which=st.integers(0, 6))
    def click_card(self, which):
        self.free()
        cards = self.page.locator(CARDS)
        if which < cards.count():
            cards.nth(which).click()
            expect(cards.nth(which)).to_have_attribute("aria-selected", "true")

    @rule(
        part=st.sampled_from(['[data-testid="treemap"] .sc-stage', '[data-testid="scatter"] .sc-stage']),
        at=SHARES,
    )
    def click_picture(self, part, at):
        before = self.free()
        stage = self.page.locator(part)
        if stage.is_visible():
            box = stage.bounding_box()
            stage.click(position={"x": at[0] * box["width"], "y": at[1] * box["height"]})
            assert self.look()["verdicts"] == before["verdicts"]

    @rule(at=SHARES)
    def lasso(self, at):
        self.free()
        if self.page.get_by_test_id("scatter").is_visible():
            x, y = at[0] * 0.6, at[1] * 0.6
            draw_lasso(self.page, [(x, y), (x + 0.35, y), (x + 0.35, y + 0.35), (x, y + 0.35)])

    @rule(at=SHARES)
    def click_clip(self, at):
        self.free()
        rows = self.page.frame_locator(".st-key-clips-table iframe").locator(
            ".ag-center-cols-container .ag-row"
        )
        count = rows.count()
        if count:
            rows.nth(int(at[0] * min(count, 5))).click()

    # --- always ---

    @invariant()
    def holds(self):
        Walk.steps += 1
        now = self.look()
        assert now["focus"] is None or now["focus"]["isSeen"], now["focus"]
        if now["card"]:
            assert now["panel"] == now["card"]["title"]
        assert len(now["open"]) <= 1
        assert self.page.errors == []


def test_no_key_does_what_its_presser_did_not_mean(url, opened):
    def open_page():
        page = opened_review(opened, url) if not pages else pages[0]
        if pages:
            page.goto(url)
            page.locator(CARDS).first.wait_for()
        explained(page)
        pages[:] = [page]
        return page

    pages = []
    walk = type("SeededWalk", (Walk,), {"open_page": staticmethod(open_page)})
    options = settings(
        max_examples=max(1, STEPS // STEPS_OF_A_WALK),
        stateful_step_count=STEPS_OF_A_WALK,
        derandomize=SEED is None,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(hypothesis.seed(int(SEED))(walk) if SEED else walk, settings=options)
    assert Walk.steps > STEPS / 2
