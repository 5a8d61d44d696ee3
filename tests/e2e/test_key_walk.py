"""Who has the keys: random walks over the review page.

Before every press the walk looks at the page: a sheet, menu or dialog that is open has the keys, else a field or slider
with the focus, else the page (`web/keys.js`). Held at every step:

- a letter or digit that is typed where a field or a sheet has the keys changes nothing but the field;
- Escape closes or leaves exactly one thing: what is open, else the field, else the lasso;
- after a slider was moved with the mouse, the keys act;
- the focus is on something that is seen, or nowhere;
- what is framed in the list is what the panel shows, and the clip in the player is the one that the table marks;
- verdicts change by 1 to 4, Z, Y and X only, each press at most one, and by a digit that of the framed slice;
- verdicts that are given while the server is away are those of what is framed, and stay when it is back;
- the page reports no error.

What is drawn depends on the seed alone, never on the page: a walk comes again as far as its browser does.
SLICECORE_WALK is the number of steps (1000 take some ten minutes), SLICECORE_SEED the seed. The server goes away and
comes back after every hundred of them.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import re

import harness
from playwright.sync_api import expect
from review_page import CARDS, DEEP, MAIN, draw_lasso, explained, opened_review, ready

STEPS = int(os.environ.get("SLICECORE_WALK", "45"))
SEED = int(os.environ.get("SLICECORE_SEED", "1"))
STEPS_BETWEEN_ABSENCES = 100
CONNECTION = re.compile(
    "ERR_|disconnected|WebSocket|Client Error|not responding|404|dynamically imported module"
)  # errors that a server leaves behind which has gone
DIGITS = "1234"
KEYS = [*"1234nztam/?,.[]lvbspwdeyx", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Space", "Escape"]
TEXTS = ["studio 12", "lnz 3 4", "wd tv m1"]
BUTTONS = [
    "Options",
    "What goes wrong",
    "Filter by a column",
    "Tags and note",
    "Choose who judges this slice",
    "Keyboard",
    "Saved views",
    "Export",
    "Columns",
]
WORDS = re.compile("^Filter by words")
FIELDS = [WORDS, re.compile("^Tag$"), re.compile("^Note$"), re.compile("^Name$"), re.compile("^Reference$")]
PICTURES = ['[data-testid="treemap"] .sc-stage', '[data-testid="scatter"] .sc-stage']
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
    "[popover]:popover-open, dialog[open], [data-testid=stPopoverBody], [data-testid=stDialog], "
    + "[role=combobox][aria-expanded=true]"));
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


# The clip in the player, the rows of the table that are marked, and whether its own row is drawn.
MARKED = """() => {
  const frame = document.querySelector(".st-key-clips-table iframe")?.contentDocument;
  const rows = [...(frame?.querySelectorAll(".ag-center-cols-container .ag-row") ?? [])];
  const marked = rows.filter((row) => row.matches(".ag-row-selected")).map((row) => row.getAttribute("row-id"));
  const clip = document.documentElement.dataset.slicecoreClip;
  const isDrawn = rows.some((row) => row.getAttribute("row-id") === clip);
  return marked.every((row) => row === clip) && (marked.length === 1 || !isDrawn);
}"""


class Walk:
    """A reviewer who presses, types, clicks and drags whatever there is."""

    def __init__(self, page, seed):
        self.page, self.chance, self.done = page, random.Random(seed), []

    def step(self):
        """Do something, and look whether all holds; a failure says what was done before."""
        rule, draw = self.chance.choice(RULES)
        drawn = draw(self.chance)
        self.done.append(f"{rule.__name__}{drawn}")
        try:
            rule(self, *drawn)
            self.holds()
        except Exception as error:
            error.add_note(f"Seed {SEED}, step {len(self.done)}: " + ", ".join(self.done[-12:]))
            raise

    # --- what is seen ---

    def look(self):
        ready(self.page)
        return self.page.evaluate(LOOK)

    def unchanged(self, before, after, besides=()):
        names = {"card", "panel", "verdicts", "clip", "panels", "thresholds", "lasso"} - {*besides}
        changed = {name: (before[name], after[name]) for name in names if after[name] != before[name]}
        assert not changed, changed

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
            # What was a lasso or a cluster is a slice of the list, and can be cleared, once it has a tag or a note.
            self.unchanged(before, after, () if before["card"] else ("card", "verdicts", "lasso"))
        elif focus and focus["holds"]:
            after = self.look()
            assert not (after["focus"] and after["focus"]["holds"]), after["focus"]
            self.unchanged(before, after)
        else:
            after = self.look()
            self.unchanged(before, after, ("lasso", "card", "panel", "clip") if before["lasso"] else ())
            assert not after["lasso"]
        return after

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
            lists = [focus["name"]] if focus else []  # typing opens the list of a combobox
            assert after["open"] in (before["open"], lists)
            return
        changed = changed_verdicts(before, after)
        if key in DIGITS:
            framed = (
                before["card"] or after["card"]
            )  # what was a lasso is a slice of the list once it is judged
            assert changed == ({framed["slice"]} if framed else set()), (key, changed)
        else:
            assert len(changed) <= (key in "zyx"), (key, changed)

    def tab(self, count, back):
        before = self.look()
        for _ in range(count):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        self.unchanged(before, self.look())

    # --- fields and sheets ---

    def open_sheet(self, name):
        before = self.free()
        notes = self.page.locator(".open-notes")  # which has the name of the tags and the note that there are
        button = notes if name == "Tags and note" else self.page.get_by_role("button", name=name).first
        if not button.is_visible() or button.is_disabled():
            return
        button.click()
        self.page.wait_for_function(f"() => ({LOOK})().open.length === 1")
        self.unchanged(before, self.look())

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

    def type_at_once(self, text, name):
        """A sheet was opened, and its reader types at once."""
        self.open_sheet(name)
        before = self.look()
        if before["open"]:
            self.page.keyboard.type(text.replace(" ", ""))
            self.unchanged(before, self.look())

    # --- the mouse ---

    def move_slider(self, at, which):
        self.free()
        slider = self.page.get_by_role("slider", name=which)
        box = slider.bounding_box()
        self.page.mouse.click(box["x"] + at * box["width"], box["y"] + box["height"] / 2)
        before = self.look()
        assert not (before["focus"] and before["focus"]["holds"])
        self.page.keyboard.press("m")
        assert self.look()["panels"] != before["panels"]

    def reset(self):
        self.free()
        self.page.get_by_test_id("thresholds").get_by_role("button", name="Reset").click()

    def click_card(self, which):
        self.free()
        cards = self.page.locator(CARDS)
        if which < cards.count():
            cards.nth(which).click()
            expect(cards.nth(which)).to_have_attribute("aria-selected", "true")

    def click_picture(self, part, at):
        before = self.free()
        stage = self.page.locator(part)
        if stage.is_visible():
            box = stage.bounding_box()
            stage.click(position={"x": at[0] * box["width"], "y": at[1] * box["height"]})
            assert self.look()["verdicts"] == before["verdicts"]

    def lasso(self, at):
        self.free()
        if self.page.get_by_test_id("scatter").is_visible():
            x, y = at[0] * 0.6, at[1] * 0.6
            draw_lasso(self.page, [(x, y), (x + 0.35, y), (x + 0.35, y + 0.35), (x, y + 0.35)])

    def click_clip(self, at):
        self.free()
        rows = self.page.frame_locator(".st-key-clips-table iframe").locator(
            ".ag-center-cols-container .ag-row"
        )
        count = rows.count()
        if count:
            rows.nth(int(at * min(count, 5))).click()

    # --- the server ---

    def absence(self, goes, comes_back):
        """The server goes away; verdicts are given to what is framed meanwhile; it comes back."""
        self.free()
        goes()
        expect(self.page.get_by_test_id("footer").get_by_role("alert")).to_be_visible()
        for key in self.chance.choices(["ArrowDown", "ArrowUp", *DIGITS], k=8):
            before = self.page.evaluate(LOOK)
            self.page.keyboard.press(key)
            after = self.page.evaluate(LOOK)
            changed = changed_verdicts(before, after)
            wanted = {before["card"]["slice"]} if key in DIGITS and before["card"] else set()
            assert changed == wanted, (key, changed, wanted)
        comes_back()
        ready(self.page)
        explained(self.page)
        now = self.look()
        # Clip and map follow the frame when the server is back. A lasso that was judged is a slice of the list.
        besides = {"clip", "verdicts", "lasso"} | ({"card"} if not after["card"] else set())
        self.unchanged(after, now, besides)
        # One that was taken back leaves a hint that was carried over, which only the server knows.
        assert all(
            now["verdicts"].get(slice_) == verdict
            or (verdict == "not reviewed" and "? · " in now["verdicts"][slice_])
            for slice_, verdict in after["verdicts"].items()
        ), (after["verdicts"], now["verdicts"])
        assert [error for error in self.page.errors if not CONNECTION.search(error)] == []
        self.page.errors.clear()
        self.holds()

    # --- always ---

    def holds(self):
        now = self.look()
        assert now["focus"] is None or now["focus"]["isSeen"], now["focus"]
        if now["card"]:
            assert now["panel"] == now["card"]["title"]
        assert len(now["open"]) <= 1
        self.page.wait_for_function(MARKED)
        assert self.page.errors == []


def changed_verdicts(before, after):
    """Ids of slices whose verdict is another."""
    return {
        slice_ for slice_, verdict in after["verdicts"].items() if before["verdicts"].get(slice_) != verdict
    }


def shares(chance):
    return chance.uniform(0.02, 0.98), chance.uniform(0.02, 0.98)


RULES = [
    *[(Walk.press, lambda chance: (chance.choice(KEYS),))] * 3,
    (Walk.tab, lambda chance: (chance.randint(1, 5), chance.random() < 0.5)),
    (Walk.open_sheet, lambda chance: (chance.choice(BUTTONS),)),
    (Walk.type_words, lambda chance: (chance.choice(FIELDS), chance.choice(TEXTS))),
    (Walk.type_at_once, lambda chance: (chance.choice(TEXTS), chance.choice(BUTTONS))),
    (
        Walk.move_slider,
        lambda chance: (chance.uniform(0.05, 0.95), chance.choice(["Minimum support", "Minimum drop"])),
    ),
    (Walk.reset, lambda chance: ()),
    (Walk.click_card, lambda chance: (chance.randint(0, 6),)),
    (Walk.click_picture, lambda chance: (chance.choice(PICTURES), shares(chance))),
    (Walk.lasso, lambda chance: (shares(chance),)),
    (Walk.click_clip, lambda chance: (chance.random(),)),
]
"""What may be done at a step, and what is drawn for it; keys come oftener."""


def test_no_key_does_what_its_presser_did_not_mean(home, opened):
    logs = (home / f"walk-{i}.log" for i in itertools.count())
    environment = {"SLICECORE_HOME": str(home)}
    with contextlib.ExitStack() as server:
        url = server.enter_context(harness.serve(MAIN, next(logs), environment))
        port = int(url.rsplit(":", 1)[1])

        def comes_back():
            server.enter_context(harness.serve(MAIN, next(logs), environment, port=port))

        page = opened_review(opened, url)
        explained(page)
        walk = Walk(page, SEED)
        for i in range(STEPS):
            if i % STEPS_BETWEEN_ABSENCES == STEPS_BETWEEN_ABSENCES - 1:
                walk.absence(server.close, comes_back)
            walk.step()
