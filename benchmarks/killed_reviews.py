"""Reviews that are killed in the middle: how many words are lost, doubled or half written, on each database.

    python benchmarks/killed_reviews.py [--trials 50] [--database sqlite | postgresql | server]

Each trial is a process in which three reviewers press on the same slices, judge three of them together and correct
references as fast as they can, until it gets SIGKILL at a random moment. A word counts as said when the process has
printed that it is written; a batch, judgements of several slices, has to be there one right after the other, or not at
all. The next trial begins by saying again what was under way, as a browser does, which has to be written once.
PostgreSQL is a server of its own (tests/postgres.py), so it needs one that is installed. In the trials of `server` it
is all processes of PostgreSQL that are killed and started again, while one process reviews on and on: what is refused
meanwhile is said until it is written.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import postgres  # noqa: E402 - the server of the tests, beside them

from slicecore.errors import StorageError  # noqa: E402
from slicecore.storage.verdicts import Change, WantedChange, schema  # noqa: E402
from slicecore.storage.verdicts.database import Database  # noqa: E402
from slicecore.storage.verdicts.store import Verdicts  # noqa: E402

WORKSPACE, MODEL, REVIEWERS, SLICES, BATCH = "calls-0", "model", 3, 7, 3
LONGEST_S = 0.6
"""After the first word of a process, it is killed within this time."""
AGAIN_S, PATIENCE_S = 0.05, 60
REFUSED = "refused"


@dataclass
class Outcome:
    """The words of all trials, by what became of them."""

    said: int = 0
    batches: int = 0
    lost: int = 0
    twice: int = 0
    halves: int = 0
    in_part: int = 0
    kills: int = 0
    refused: int = 0
    under_way: dict[str, int] = field(default_factory=dict)


def say(address: str, first: dict[str, int]) -> None:
    """Say words until the process is killed; each that is written is printed. Runs in the process of a trial."""
    verdicts, printing = Verdicts(WORKSPACE, Database(address)), threading.Lock()

    def until_written(write: Callable[[], object]) -> None:
        while True:
            try:
                write()
            except StorageError:
                with printing:
                    print(REFUSED, flush=True)
                time.sleep(AGAIN_S)
            else:
                return

    def review(reviewer: str) -> None:
        for number in count(first.get(reviewer, 0)):
            event, slice_id = f"{reviewer}:{number}", f"slice {number % SLICES}"
            judge = partial(
                verdicts.amend,
                slice_id,
                Change(verdict=("real_issue", "unsure")[number % 2], note=event),
                model=MODEL,
                clip_ids=[slice_id, "and another"],
                reviewer=reviewer,
                event=event,
            )
            until_written(judge)
            together = {
                f"slice {(number + i) % SLICES}": WantedChange(
                    Change(verdict=("unsure", "real_issue")[number % 2], note=event),
                    ["and another"],
                    event=f"{event}/{i}",
                )
                for i in range(BATCH)
            }
            until_written(partial(verdicts.amend_several, together, model=MODEL, reviewer=reviewer))
            clip = f"clip {reviewer} {number % SLICES}"
            until_written(partial(verdicts.correct, clip, event, original="so", reviewer=reviewer))
            with printing:
                print(reviewer, number, flush=True)

    for i in range(REVIEWERS):
        threading.Thread(target=review, args=(f"reviewer {i}",)).start()


def trial(address: str, outcome: Outcome, seconds: float) -> None:
    """One process, killed after so many seconds of review; what it said is added to the outcome and looked for."""
    again = [f"{reviewer}={press}" for reviewer, press in outcome.under_way.items()]
    process = subprocess.Popen(
        [sys.executable, __file__, "--say", address, *again],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = [process.stdout.readline()]
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    lines += process.stdout.readlines()
    timer.join()
    if process.wait() != -signal.SIGKILL:
        raise RuntimeError("A process of a trial ended before it was killed.")
    outcome.kills += 1
    said = []
    for line in lines:
        if line.endswith("\n"):
            reviewer, press = line.rsplit(maxsplit=1)
            said.append((reviewer, int(press)))
            outcome.under_way[reviewer] = int(press) + 1
    look_for(address, said, outcome)


def killed_server(number: int, seed: int = 0) -> Outcome:
    """So many kills of PostgreSQL while one process reviews."""
    outcome, moments, lines = Outcome(), random.Random(seed), list[str]()
    programs = postgres.installed()
    assert programs is not None
    with postgres.serving(programs, "fsync=on", "full_page_writes=on") as (server_address, server):
        address = server_address.format(name="postgres")
        process = subprocess.Popen(
            [sys.executable, __file__, "--say", address], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        lines.append(process.stdout.readline())
        reading = threading.Thread(target=lambda: lines.extend(process.stdout or ()))
        reading.start()
        for _ in range(number):
            time.sleep(moments.uniform(0, LONGEST_S))
            written = len(lines)
            server.kill()
            time.sleep(moments.uniform(0, LONGEST_S))
            server.start()
            outcome.kills += 1
            end = time.monotonic() + PATIENCE_S
            while not any(line.strip() != REFUSED for line in lines[written:]):
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError("Nothing was written after a kill.")
                time.sleep(AGAIN_S)
        process.kill()
        process.wait()
        reading.join()
        outcome.refused = sum(line.strip() == REFUSED for line in lines)
        said = [line for line in lines if line.endswith("\n") and line.strip() != REFUSED]
        look_for(address, [(line.rsplit(maxsplit=1)[0], int(line.split()[-1])) for line in said], outcome)
    return outcome


def look_for(address: str, said: list[tuple[str, int]], outcome: Outcome) -> None:
    """Look for all that was said in the database, opened anew."""
    database = Database(address)
    judged, corrected = schema.judgements, schema.corrections
    with database.reading(WORKSPACE) as access:
        connection = access.connection
        written = connection.execute(
            sa.select(judged.c.event, judged.c.number, judged.c.slice_id).order_by(judged.c.number)
        ).all()
        texts = Counter(connection.scalars(sa.select(corrected.c.text)))
        clips = set(connection.scalars(sa.select(schema.slices.c.slice_id)))
        if database.is_sqlite:
            outcome.halves += connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok"
    events = Counter(event for event, _, _ in written)
    outcome.halves += len({slice_id for _, _, slice_id in written} - clips)
    outcome.halves += [number for _, number, _ in written] != list(range(1, len(written) + 1))
    outcome.twice = sum(each - 1 for each in events.values()) + sum(each - 1 for each in texts.values())
    batches = defaultdict[str, list[int]](list)
    for event, number, _ in written:
        if "/" in event:
            batches[event.rpartition("/")[0]].append(number)
    # One that is written in two goes is none, even if nothing of it is missing by now.
    outcome.batches = len(batches)
    in_part = sum(len(each) != BATCH or each[-1] - each[0] >= BATCH for each in batches.values())
    outcome.in_part = max(outcome.in_part, in_part)
    for reviewer, press in said:
        word = f"{reviewer}:{press}"
        outcome.said += 2 + BATCH
        outcome.lost += (word not in texts) + sum(
            each not in events for each in (word, *(f"{word}/{i}" for i in range(BATCH)))
        )
    database.close()


def trials(address: str, number: int, seed: int = 0) -> Outcome:
    """So many trials on one database."""
    outcome, moments = Outcome(), random.Random(seed)
    for _ in range(number):
        trial(address, outcome, moments.uniform(0, LONGEST_S))
    return outcome


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "server"])
    parser.add_argument("--say")
    parser.add_argument("first", nargs="*")
    options = parser.parse_args()
    if options.say:
        first = dict(each.rsplit("=", 1) for each in options.first)
        say(options.say, {reviewer: int(press) for reviewer, press in first.items()})
        return
    print(
        "| database | killed | words said | batches | refused meanwhile | lost | twice | halves | batches in part |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for kind in [options.database] if options.database else ["sqlite", "postgresql", "server"]:
        if kind != "sqlite" and postgres.installed() is None:
            print(postgres.ADVICE)
            continue
        with ExitStack() as stack:
            if kind == "sqlite":
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                address = f"sqlite:///{folder}/reviews.sqlite"
            elif kind == "postgresql":
                programs = postgres.installed()
                assert programs is not None
                address = stack.enter_context(postgres.running(programs)).format(name="postgres")
            done = killed_server(options.trials) if kind == "server" else trials(address, options.trials)
        print(
            f"| {kind} | {done.kills} | {done.said:,} | {done.batches:,} | {done.refused} | {done.lost} | {done.twice} "
            f"| {done.halves} | {done.in_part} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
