"""Many reviewers on one table at the same time: how long they wait, and the memory that they take.

    python benchmarks/load.py [--reviewers 20] [--browsers 2] [--clips 100000] [--minutes 10] [--pause 5]
                              [--second-table] [--folder FOLDER]

The reviewers are websocket clients that speak the protocol of the page (benchmarks/page/reviewer.py), but for some in
real browsers. Each walks by its seed: of ten moves five go to the next clip, two pick a problem, two judge, one lets
go of a slider. Between two moves is a pause of random length, `--pause` seconds on average, while somebody listens. A
move ends when all that it changes was drawn; a verdict when it is on the disk. What is worked out once per table is
there before the clock starts.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

import harness  # noqa: E402 - the harness of the browser tests, beside them
from page import server  # noqa: E402
from page.explained import explained  # noqa: E402
from page.reviewer import Reviewer  # noqa: E402
from page.watch import SAVED, SOUND, WATCH, click_row, clip_in_player, clip_of_row, milliseconds  # noqa: E402
from page.workplace import workplace  # noqa: E402
from playwright.sync_api import Error as PlaywrightError  # noqa: E402
from review_page import CARDS, ready  # noqa: E402

from slicecore.storage.verdicts import VERDICTS  # noqa: E402
from slicecore_app.launch import TABLES_VARIABLE  # noqa: E402
from slicecore_app.server.sources import Source  # noqa: E402

APP = ROOT / "app" / "main.py"
PICK, SLIDER, CLIP, VERDICT = "pick", "slider", "next clip", "verdict"
OF_TEN = [PICK] * 2 + [SLIDER] + [CLIP] * 5 + [VERDICT] * 2
LISTED = 8
"""Problems among which reviewers pick, from the top of the list."""
ROWS = 6
"""Clips among which reviewers in browsers pick, from the top of the table."""
DROPS = (5, 30)
"""Range of the slider for the minimum drop, in percentage points."""
MOVES_PER_LEVEL = 1000
LEVEL_S = 35.0
"""Seconds of which a level is the least: the server gives back what is free every 30 s, and has more in between."""


@dataclass
class Record:
    """Seconds by who moved and what; memory by number of moves, once a second; what went wrong."""

    took: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    memory: list[tuple[float, int, server.Resident]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    moves: int = 0
    cpu_seconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, who: str, what: str, seconds: float) -> None:
        """Note a move."""
        with self.lock:
            self.took[who, what].append(seconds)
            self.moves += 1

    def levels(self) -> list[tuple[int, server.Resident]]:
        """Moves, and the least memory in the time after them; the last level ends with the trial."""
        levels = []
        for moves in range(0, self.moves + 1, MOVES_PER_LEVEL):
            since = [(second, resident) for second, made, resident in self.memory if made >= moves]
            after = [resident for second, resident in since if second < since[0][0] + LEVEL_S]
            if after:
                levels.append((moves, min(after, key=lambda resident: resident.all)))
        return levels


async def walk(reviewer: Reviewer, end: float, pause_s: float, record: Record) -> None:
    """Move until the end, and pause in between."""
    luck = reviewer.random
    await asyncio.sleep(luck.random() * pause_s)
    while time.monotonic() < end:
        what = luck.choice(OF_TEN)
        start = time.monotonic()
        try:
            is_done = await move(reviewer, what)
        except TimeoutError as error:
            record.failures.append(str(error))
            continue
        if is_done:
            record.note("websocket", what, time.monotonic() - start)
        await asyncio.sleep(luck.expovariate(1 / pause_s))


async def move(reviewer: Reviewer, what: str) -> bool:
    """Make a move; False where there is nothing to make it with."""
    luck = reviewer.random
    cards = [card["slice"] for card in reviewer.data("problems")["cards"][:LISTED]]
    following = reviewer.data("player")["following"] if reviewer.has("player") else []
    if what == SLIDER:
        drop = next(each for each in reviewer.data("thresholds")["sliders"] if each["name"] == "min_drop")
        await reviewer.move_slider(
            "min_drop", luck.choice([step for step in drop["steps"] if DROPS[0] <= step <= DROPS[1]])
        )
    elif what == PICK and cards:
        await reviewer.pick(luck.choice(cards))
    elif what == CLIP and following:
        await reviewer.play(luck.choice(following)["row"])
    elif what == VERDICT and cards:
        await reviewer.judge(luck.choice(cards), luck.choice([*VERDICTS]))
    else:
        return False
    return True


def walk_in_browser(url: str, seed: int, end: float, pause_s: float, record: Record) -> None:
    """The same in a browser, by keys and clicks; seconds from there to what the page shows."""
    luck = random.Random(seed)
    with harness.launch() as browser, harness.open_page(browser, url) as page:
        page.locator(CARDS).first.wait_for()
        ready(page)
        page.locator(CARDS).first.click()
        ready(page)
        row, steps = (
            0,
            itertools.cycle(["ArrowRight", "ArrowLeft"]),
        )  # at either end one of them changes nothing
        while time.monotonic() < end:
            what = luck.choice(OF_TEN)
            if what == PICK:
                page.evaluate(WATCH)
                others = page.locator(
                    f'{CARDS}:not([aria-selected="true"])'
                )  # the picked one changes nothing
                others.nth(luck.randrange(min(LISTED, others.count()))).click()
                promise = "redrawn"
            elif what == SLIDER:
                page.evaluate(WATCH)
                slider = page.get_by_role("slider", name="Minimum drop")
                slider.focus()
                page.keyboard.press(next(steps))
                promise = "redrawn"
            elif what == CLIP:
                page.evaluate(SOUND)
                row = (row + luck.randrange(1, ROWS)) % ROWS
                # The clip in the player may play, and then begins no second time.
                row = (row + (clip_of_row(page, row) == clip_in_player(page))) % ROWS
                click_row(page, row)
                promise = "sounding"
            else:
                page.evaluate(SAVED)
                page.keyboard.press(luck.choice("1234"))
                promise = "saved"
            try:
                record.note("browser", what, milliseconds(page, promise) / 1000)
            except PlaywrightError as error:
                record.failures.append(f"browser {seed}: {what}: {str(error).splitlines()[0]}")
            if what == SLIDER:
                slider.blur()
            page.wait_for_timeout(1000 * luck.expovariate(1 / pause_s))
        record.failures += page.errors


@dataclass(frozen=True)
class Memory:
    """Resident MiB of the server: with one reviewer who has made every kind of move, with all at rest, at the end."""

    one: server.Resident
    all_there: server.Resident
    end: server.Resident
    sessions: int

    def per_session(self, now: server.Resident) -> float:
        """MiB for each reviewer after the first; NaN where there is none."""
        return (now.all - self.one.all) / (self.sessions - 1) if self.sessions > 1 else float("nan")


async def first_visit(reviewer: Reviewer) -> None:
    """Look at all that others will look at, so that what all share is there."""
    drop = next(each for each in reviewer.data("thresholds")["sliders"] if each["name"] == "min_drop")
    before = drop["value"]
    for step in [step for step in drop["steps"] if DROPS[0] <= step <= DROPS[1]]:
        await reviewer.move_slider("min_drop", step)
    await reviewer.move_slider("min_drop", before)
    for card in reviewer.data("problems")["cards"][:LISTED]:
        await reviewer.pick(card["slice"])


async def watch_memory(record: Record) -> None:
    """Note the memory of the server until told to stop."""
    while True:
        record.memory.append((time.monotonic(), record.moves, await asyncio.to_thread(server.memory)))
        await asyncio.sleep(1)


async def together(url: str, options: argparse.Namespace, record: Record) -> tuple[Memory, list[Reviewer]]:
    """All reviewers for the given time."""
    clients = options.reviewers - options.browsers
    reviewers = [Reviewer(url, f"Reviewer {seed}", seed) for seed in range(clients)]
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(reviewers[0])
        await reviewers[0].ready()
        await reviewers[0].reset()  # others open the table as it was left
        await first_visit(reviewers[0])
        await asyncio.to_thread(server.wait_for_rest)
        one = server.memory()
        for reviewer in reviewers[1:]:
            await stack.enter_async_context(reviewer)
            await reviewer.ready()
            await reviewer.pick(reviewer.data("problems")["cards"][0]["slice"])
        await asyncio.sleep(server.REST_S)
        all_there = server.memory()
        end = time.monotonic() + 60 * options.minutes
        watching = asyncio.create_task(watch_memory(record))
        in_browsers = [
            asyncio.to_thread(walk_in_browser, url, clients + i, end, options.pause, record)
            for i in range(options.browsers)
        ]
        before = server.cpu_seconds()
        walks = [walk(reviewer, end, options.pause, record) for reviewer in reviewers]
        await asyncio.gather(*walks, *in_browsers)
        record.cpu_seconds = server.cpu_seconds() - before
        await asyncio.sleep(server.REST_S)
        watching.cancel()
        return Memory(one, all_there, server.memory(), clients), reviewers


async def beside(url: str, tokens: list[str], record: Record) -> list[tuple[str, server.Resident]]:
    """Two tables in turn, and memory after each: what one leaves behind is to go before the next needs it."""
    levels = []
    for token in [tokens[1], tokens[0], tokens[1]]:
        async with Reviewer(f"{url}/?{urlencode({'data': token})}", "Somebody else", 1000) as reviewer:
            await reviewer.ready()
            await first_visit(reviewer)
            await asyncio.to_thread(server.wait_for_rest)
            record.failures += reviewer.traffic.errors
        levels.append((f"with table {tokens.index(token) + 1} open", server.memory()))
    return levels


def print_times(record: Record, minutes: float) -> None:
    """Seconds by kind of move."""
    print(f"{'seconds':34}{'moves':>7}{'p50':>8}{'p95':>8}{'most':>8}")
    for (who, what), took in sorted(record.took.items(), reverse=True):
        p95 = statistics.quantiles(took, n=20, method="inclusive")[-1] if len(took) > 1 else took[0]
        print(f"{f'{what} ({who})':34}{len(took):7,}{statistics.median(took):8.2f}{p95:8.2f}{max(took):8.2f}")
    print(
        f"\n{record.moves:,} moves, {record.moves / 60 / minutes:.1f} a second; the server took "
        f"{record.cpu_seconds / 60 / minutes:.2f} of a core, "
        f"{1000 * record.cpu_seconds / max(1, record.moves):.0f} ms of CPU per move with all that goes on beside it"
    )


def print_memory(memory: Memory, record: Record) -> None:
    """Memory of the server."""
    print(f"\nMiB with one reviewer {memory.one}, with {memory.sessions} {memory.all_there}", end="; ")
    print(f"at the end, browsers gone, {memory.end}")
    print(f"per further session {memory.per_session(memory.all_there):.1f} at rest", end=", ")
    print(f"{memory.per_session(memory.end):.1f} at the end")
    levels = ", ".join(f"{moves:,}: {mib}" for moves, mib in record.levels())
    print(f"moves: MiB, the least of {LEVEL_S:.0f} s,", levels)


def print_traffic(reviewers: list[Reviewer], record: Record) -> None:
    """Bytes over the wire, questions for news, and failures."""
    traffic = [reviewer.traffic for reviewer in reviewers]
    moves = sum(len(took) for (who, _), took in record.took.items() if who == "websocket")
    mib, looks, polls = (
        sum(getattr(each, name) for each in traffic) for name in ("received", "looks", "polls")
    )
    print(
        f"\n{mib / max(1, moves) / 1000:.0f} kB per move before compression; {polls:,} questions for news, of which "
        f"{looks:,} found some; {sum(each.sent_again for each in traffic)} events sent again, "
        f"{sum(each.halves for each in traffic)} moves after which no run of the whole page came to its end"
    )
    failures = record.failures + [error for each in traffic for error in each.errors]
    print(f"{len(failures)} failures" + "".join(f"\n  {failure}" for failure in failures[:20]))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reviewers", type=int, default=20, help="those in browsers included")
    parser.add_argument("--browsers", type=int, default=2)
    parser.add_argument("--clips", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--pause", type=float, default=5, help="seconds between two moves, on average")
    parser.add_argument("--second-table", action="store_true", help="open another table of the same size too")
    parser.add_argument("--folder", type=Path, help="where tables and cache are kept for the next time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        environment = workplace(folder, options.clips, 1 + options.second_table)
        tokens = [Source(path).token for path in json.loads(environment[TABLES_VARIABLE])]
        with harness.serve(APP, folder / "filling.log", environment) as url, harness.launch() as browser:
            for token in tokens:
                with harness.open_page(browser, f"{url}/?data={token}") as page:
                    explained(page)
        record = Record()
        with harness.serve(APP, folder / "load.log", environment) as url:
            memory, reviewers = asyncio.run(together(url, options, record))
            print_times(record, options.minutes)
            print_memory(memory, record)
            print_traffic(reviewers, record)
            if options.second_table:
                for title, level in asyncio.run(beside(url, tokens, record)):
                    print(f"MiB {title}: {level}")


if __name__ == "__main__":
    main()
