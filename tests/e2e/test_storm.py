"""A storm of picks and verdicts: two tabs, at human and at inhuman speed, while the server is killed and started again.

A model beside the page says which slice is framed at each press. In the end the database holds exactly that: for every
slice its verdicts in their order, each once. SLICECORE_STORM is the number of steps (500 take some minutes),
SLICECORE_SEED that of the storm.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
from collections import defaultdict

import harness
import numpy as np
import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect
from review_page import CARDS, DEEP, MAIN, TABLE, errors, opened_review

import slicecore as sc
from slicecore.display.treemap import cluster_tree
from slicecore.metrics import wer
from slicecore.slices.options import Options
from slicecore.storage.verdicts import VERDICTS, verdicts_of

STEPS = int(os.environ.get("SLICECORE_STORM", "30"))
SEED = int(os.environ.get("SLICECORE_SEED", "1"))
KILLS = 5 if STEPS >= 200 else 1
STEPS_WITHOUT_SERVER = 6
CALM_MS = 3 * 60_000
MOST_TILES = 200
CONNECTION = re.compile(
    "ERR_|disconnected|WebSocket|Client Error|not responding|404|dynamically imported module"
)  # a new server knows no clips yet; Streamlit loads its dialog about a lost connection when it wants it
PRESS = """(key) => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, composed: true }));
}"""
INHUMAN = f"""([selector, detail, key]) => {{
  const all = () => {DEEP};
  const element = all().find((node) => node.matches(selector) && node.getClientRects().length);
  if (!element || element.disabled) return null;
  const box = element.getBoundingClientRect();
  const place = {{ clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 }};
  element.dispatchEvent(new MouseEvent("click", {{ bubbles: true, composed: true, detail, ...place }}));
  if (key) ({PRESS})(key);
  return true;
}}"""
FRAMED = f"""() => {{
  const all = {DEEP};
  return {{
    card: all.find((node) => node.matches('.card[aria-selected="true"]'))?.dataset.slice ?? null,
    tile: all.find((node) => node.matches('[data-testid="treemap"]'))?.dataset.picked ?? null,
  }};
}}"""


class Engine:
    """The clusters that the page shows, worked out beside it."""

    def __init__(self, cache):
        data = sc.read(TABLE)
        hierarchy = sc.analyse(data, cache=cache).hierarchy
        self.scanner = sc.Scanner(hierarchy, wer(data.reference, data.prediction), ids=data.ids)
        self.found = self.scanner.scan(Options(min_support=5, min_drop=0.1))
        self.flagged = {slice_.id: slice_ for slice_ in self.found.slices}
        self.tree = cluster_tree(hierarchy, self.found, MOST_TILES)

    def slice_of_tile(self, key):
        """Id of the slice that a tile frames: that of a flagged slice, or the clips of the cluster."""
        if key in self.flagged:
            return key
        return self.scanner.group(np.sort(self.tree.members(self.tree.key.index(key)))).id

    def step(self, slice_, name):
        """The cluster that is wider or narrower, None if there is none."""
        step = self.scanner.widen if name == "wider" else self.scanner.narrow
        return step(slice_, self.found)


class Tab:
    """A page with a model of what it frames and of what was judged on it. It judges every other slice only."""

    def __init__(self, page, number, engine, chance):
        self.page, self.number, self.engine, self.chance = page, number, engine, chance
        self.slice = None  # id of what is framed
        self.found = None  # the same with its place in the hierarchy, where wider and narrower begin
        self.judged = defaultdict(list)
        page.evaluate("window.stormTab = true")

    def step(self):
        """Pick something, and most of the time judge it; sometimes as fast as the browser can."""
        action = self.chance.choices(("card", "tile", "badge", "around"), (4, 3, 1, 2))[0]
        inhuman = self.chance.random() < 0.6
        wanted = self.chance.choice("1234") if self.chance.random() < 0.75 else None
        picked = getattr(self, f"_{action}")(inhuman, wanted)
        if picked and not inhuman and wanted and self._is_mine():
            key = self._new(wanted) if action == "tile" else wanted
            self.page.wait_for_timeout(self.chance.randint(0, 400))
            self.page.keyboard.press(key)
            self._note(key)
        if not inhuman:
            self.page.wait_for_timeout(self.chance.randint(0, 300))

    def wait_until_calm(self):
        """Wait until nothing is on its way to the server; the failure says what is, and what it waits for."""
        calm = "() => !document.documentElement.hasAttribute('data-slicecore-busy')"
        try:
            self.page.wait_for_function(calm, timeout=CALM_MS)
        except PlaywrightTimeout:
            state = self.page.evaluate("() => window.slicecoreQueue()")
            pytest.fail(f"Tab {self.number} has events on their way after {CALM_MS / 1000:.0f} s: {state}")

    def _is_mine(self):
        return self.slice is not None and int(self.slice, 16) % 2 == self.number

    def _new(self, key):
        """The key of a verdict that the slice has not: one that nobody sees yet is not taken back by its key."""
        history = self.judged[self.slice]
        return str(int(key) % 4 + 1) if history and history[-1] == VERDICTS[int(key) - 1] else key

    def _note(self, key):
        verdict = VERDICTS[int(key) - 1]
        history = self.judged[self.slice]
        history.append(None if history and history[-1] == verdict else verdict)

    def _act(self, selector, detail, inhuman, wanted, slice_id, found=None):
        """Click, and at inhuman speed press the key before anything else can happen."""
        before = self.slice, self.found
        self.slice, self.found = slice_id, found
        key = wanted if inhuman and self._is_mine() else None
        if not self.page.evaluate(
            INHUMAN, [selector, detail, key]
        ):  # it has gone meanwhile, and nothing was pressed
            self.slice, self.found = before
            return False
        framed = self.page.evaluate(FRAMED)
        assert framed["card"] in (None, slice_id)
        if key:
            self._note(key)
        return True

    def _card(self, inhuman, wanted):
        slice_id = self.chance.choice(list(self.engine.flagged))
        return self._act(
            f'.card[data-slice="{slice_id}"]', 1, inhuman, wanted, slice_id, self.engine.flagged[slice_id]
        )

    def _badge(self, inhuman, wanted):
        slice_id = self.chance.choice(list(self.engine.flagged))
        selector = f'[data-testid="scatter"] .sc-badge[data-slice="{slice_id}"]'
        if not self.page.locator(selector).is_visible():
            return False
        return self._act(selector, 0, inhuman, wanted, slice_id, self.engine.flagged[slice_id])

    def _tile(self, inhuman, wanted):
        """A tile frames its own cluster, or the flagged slice that it is part of: the page says which."""
        tree, engine = self.engine.tree, self.engine
        key = self.chance.choice(tree.key)
        selector = f'[data-testid="treemap"] rect[data-key="{key}"]'
        if not self.page.evaluate(INHUMAN, [selector, 1, None]):
            return False
        tile = self.page.evaluate(FRAMED)["tile"]
        if tile is None:  # the page of a new server is not there yet: nobody sees what is framed
            self.slice = self.found = None
            return False
        self.slice = engine.slice_of_tile(tile)
        self.found = engine.flagged.get(self.slice)
        if inhuman and wanted and self._is_mine():
            key = self._new(wanted)
            self.page.evaluate(PRESS, key)
            self._note(key)
        return True

    def _around(self, inhuman, wanted):
        """Wider or narrower, where the panel has followed and offers it."""
        name = self.chance.choice(("wider", "narrower"))
        button = f'[data-testid="summary"][aria-busy="false"] [data-name="{name}"]:not(:disabled)'
        if self.found is None or not self.page.locator(button).is_visible():
            return False
        following = self.engine.step(self.found, name)
        if following is None:
            return False
        found = self.engine.flagged.get(following.id, following)
        return self._act(button, 1, inhuman, wanted, following.id, found)


def test_the_database_holds_exactly_what_was_framed_at_each_press(home, tmp_path, opened, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    chance = random.Random(SEED)
    engine = Engine(home / "cache")
    kills = {STEPS * (i + 1) // (KILLS + 1) for i in range(KILLS)}
    logs = iter(range(KILLS + 1))

    def serve(port=0):
        log = tmp_path / f"server-{next(logs)}.log"
        return harness.serve(MAIN, log, {"SLICECORE_HOME": str(home)}, port=port, kill=True)

    with contextlib.ExitStack() as server:
        url = server.enter_context(serve())
        tabs = [Tab(opened_review(opened, url), number, engine, chance) for number in range(2)]
        assert set(engine.flagged) == {
            card.get_attribute("data-slice") for card in tabs[0].page.locator(CARDS).all()
        }
        comes_back = None
        for i in range(STEPS):
            if i in kills:
                server.close()
                comes_back = i + STEPS_WITHOUT_SERVER
            if i == comes_back:
                server.enter_context(serve(port=int(url.rsplit(":", 1)[1])))
            tabs[chance.randrange(2)].step()
        for tab in tabs:
            tab.wait_until_calm()
            harness.settled(tab.page)
            expect(
                tab.page.get_by_test_id("judging").get_by_role("alert")
            ).to_be_hidden()  # nothing was refused
        expected = {slice_id: history for tab in tabs for slice_id, history in tab.judged.items() if history}
        verdicts = verdicts_of(TABLE)
        written = {
            slice_id: [judged.verdict for judged in verdicts.history(slice_id, "prediction")]
            for slice_id in verdicts.own_slices() | verdicts.current("prediction") | expected
        }
        assert written == expected
        assert sum(map(len, expected.values())) == verdicts.newest()[0]  # and nothing else was written
        assert len(expected) > STEPS / 20
        for tab in tabs:
            assert tab.page.evaluate("window.stormTab")  # never loaded again
            assert [text for text in errors(tab.page) if not CONNECTION.search(text)] == []
