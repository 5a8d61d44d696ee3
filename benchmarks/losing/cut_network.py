"""A network that is cut between browser and server while somebody judges."""

from __future__ import annotations

import time
from pathlib import Path

import harness
from page.explained import explained
from page.wire import wire
from page.workplace import workplace
from review_page import CARDS, TABLE, picked

from losing.outcome import Trial
from slicecore.storage.verdicts import verdicts_of

APP = harness.ROOT / "app" / "main.py"
MODEL = "prediction"
IS_IDLE = "() => !document.documentElement.hasAttribute('data-slicecore-busy')"
PATIENCE_MS = 180_000


def cut_network(folder: Path, seconds: float = 60) -> list[Trial]:
    """Judge the problems of the sample while nothing comes through, in either way; then look at what is stored."""
    trials = []
    for silently, how in ((False, "connections ended"), (True, "nothing comes through")):
        home = folder / how.replace(" ", "-")
        home.mkdir()
        environment = workplace(home, None)
        with (
            harness.serve(APP, home / "server.log", environment) as url,
            harness.launch() as browser,
            wire(url) as proxy,
            harness.open_page(browser, proxy.url) as page,
        ):
            explained(page)
            page.locator(CARDS).first.click()
            page.keyboard.press("1")
            page.wait_for_function(IS_IDLE)
            given = {picked(page): "real_issue"}
            proxy.cut(silently=silently)
            end = time.monotonic() + seconds
            for number in range(1, page.locator(CARDS).count()):
                page.locator(CARDS).nth(number).click()
                page.keyboard.press("12"[number % 2])
                given[picked(page)] = ("real_issue", "false_positive")[number % 2]
                page.wait_for_timeout(1000 * seconds / 20)
            page.wait_for_timeout(max(0, 1000 * (end - time.monotonic())))
            proxy.mend()
            start = time.monotonic()
            page.wait_for_function(IS_IDLE, timeout=PATIENCE_MS)
            took = time.monotonic() - start
            messages = [error.split(" http", 1)[0] for error in page.errors if "ERR_" not in error]
        stored, rows = _stored(environment["SLICECORE_HOME"])
        trials.append(
            Trial(
                f"network cut for {seconds:.0f} s, {how}",
                len(given) - 1,
                f"{sum(stored.get(slice_) == verdict for slice_, verdict in given.items())} of {len(given)} verdicts "
                f"are stored as they were given, {len(given) - 1} of them during the cut; {rows} rows; all written "
                f"{took:.1f} s after the cut; {len(messages)} messages of the browser{': ' if messages else ''}"
                f"{'; '.join(sorted(set(messages)))}",
                stored == given and rows == len(given),
            )
        )
    return trials


def _stored(home: str) -> tuple[dict[str, str | None], int]:
    """Verdicts by slice, and how many judgements were ever written."""
    from unittest.mock import patch

    with patch.dict("os.environ", SLICECORE_HOME=home):
        verdicts = verdicts_of(TABLE)
        judged = verdicts.workspace(MODEL).judgements
        return {slice_: each.verdict for slice_, each in judged.items()}, verdicts.newest()[0]
