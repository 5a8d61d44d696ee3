"""A database server that is killed while somebody judges, and comes back."""

from __future__ import annotations

import time
from pathlib import Path

import harness
import postgres
from page.explained import explained
from page.workplace import workplace
from review_page import CARDS, TABLE, picked

from losing.outcome import Trial
from slicecore.storage.verdicts import verdicts_of
from slicecore.storage.verdicts.place import VARIABLE

APP = harness.ROOT / "app" / "main.py"
MODEL = "prediction"
IS_IDLE = "() => !document.documentElement.hasAttribute('data-slicecore-busy')"
PATIENCE_MS = 60_000


def killed_database(folder: Path, kills: int = 20, away_s: float = 3) -> list[Trial]:
    """Judge while PostgreSQL is killed again and again; the page is to say so, and to save by itself afterwards."""
    from unittest.mock import patch

    programs = postgres.installed()
    if programs is None:
        raise PermissionError(postgres.ADVICE)
    told, seconds, given = 0, [], dict[str, str]()
    with postgres.serving(programs, "fsync=on", "full_page_writes=on") as (address, server):
        environment = {**workplace(folder, None), VARIABLE: address.format(name="postgres")}
        with (
            harness.serve(APP, folder / "server.log", environment) as url,
            harness.launch() as browser,
            harness.open_page(browser, url) as page,
        ):
            explained(page)
            alert = page.get_by_test_id("judging").get_by_role("alert")
            cards = page.locator(CARDS)
            for number in range(kills):
                server.kill()
                cards.nth(number % cards.count()).click()
                page.keyboard.press("12"[number // cards.count() % 2])
                slice_id = picked(page)
                given[slice_id] = ("real_issue", "false_positive")[number // cards.count() % 2]
                alert.wait_for(state="visible", timeout=PATIENCE_MS)
                told += any(words in alert.inner_text() for words in ("not saved", "can't be read or saved"))
                page.wait_for_timeout(1000 * away_s)
                server.start()
                start = time.monotonic()
                alert.wait_for(state="hidden", timeout=PATIENCE_MS)
                seconds.append(time.monotonic() - start)
                page.wait_for_function(IS_IDLE, timeout=PATIENCE_MS)
            messages = page.errors
        with patch.dict("os.environ", environment):
            verdicts = verdicts_of(TABLE)
            judged = verdicts.workspace(MODEL).judgements
            stored = {slice_id: each.verdict for slice_id, each in judged.items()}
            rows = verdicts.newest().judgement
            verdicts.database.close()
    return [
        Trial(
            "PostgreSQL killed (SIGKILL) before a verdict",
            kills,
            f"the page said so {told} times, and saved it by itself {max(seconds):.1f} s after the "
            f"server was back at the latest; {sum(stored.get(each) == given[each] for each in given)} of {len(given)} "
            f"slices have the verdict that was given last; {rows} rows; {len(messages)} messages of the browser",
            stored == given and rows == kills and told == kills,
        )
    ]
