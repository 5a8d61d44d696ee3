"""Reviews that are killed in the middle: how many words are lost, doubled or half written, on each database.

    python benchmarks/killed_reviews.py [--trials 50] [--database sqlite | postgresql]

Each trial is a process in which three reviewers press on the same slices and correct references as fast as they can,
until it gets SIGKILL at a random moment. A word counts as said when the process has printed that it is written. The
next trial begins by saying again what was under way, as a browser does, which has to be written once. PostgreSQL is a
server of its own (tests/postgres.py), so it needs one that is installed.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import postgres  # noqa: E402 - the server of the tests, beside them

from slicecore.storage.verdicts import Change, schema  # noqa: E402
from slicecore.storage.verdicts.database import Database  # noqa: E402
from slicecore.storage.verdicts.store import Verdicts  # noqa: E402

WORKSPACE, MODEL, REVIEWERS, SLICES = "calls-0", "model", 3, 7
LONGEST_S = 0.6
"""After the first word of a process, it is killed within this time."""


@dataclass
class Outcome:
    """The words of all trials, by what became of them."""

    said: int = 0
    lost: int = 0
    twice: int = 0
    halves: int = 0
    kills: int = 0
    under_way: dict[str, int] = field(default_factory=dict)


def say(address: str, first: dict[str, int]) -> None:
    """Say words until the process is killed; each that is written is printed. Runs in the process of a trial."""
    verdicts, printing = Verdicts(WORKSPACE, Database(address)), threading.Lock()

    def review(reviewer: str) -> None:
        for number in count(first.get(reviewer, 0)):
            event, slice_id = f"{reviewer}:{number}", f"slice {number % SLICES}"
            verdicts.amend(
                slice_id,
                Change(verdict=("real_issue", "unsure")[number % 2], note=event),
                model=MODEL,
                clip_ids=[slice_id, "and another"],
                reviewer=reviewer,
                event=event,
            )
            verdicts.correct(f"clip {reviewer} {number % SLICES}", event, original="so", reviewer=reviewer)
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


def look_for(address: str, said: list[tuple[str, int]], outcome: Outcome) -> None:
    """Look for all that was said in the database, opened anew."""
    database = Database(address)
    judged, corrected = schema.judgements, schema.corrections
    with database.reading(WORKSPACE) as access:
        connection = access.connection
        events = Counter(connection.scalars(sa.select(judged.c.event)))
        texts = Counter(connection.scalars(sa.select(corrected.c.text)))
        numbers = sorted(connection.scalars(sa.select(judged.c.number)))
        clips = set(connection.scalars(sa.select(schema.slices.c.slice_id)))
        of_slices = set(connection.scalars(sa.select(judged.c.slice_id)))
        if database.is_sqlite:
            outcome.halves += connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok"
    outcome.halves += len(of_slices - clips) + (numbers != list(range(1, len(numbers) + 1)))
    outcome.twice = sum(each - 1 for each in events.values()) + sum(each - 1 for each in texts.values())
    for reviewer, press in said:
        outcome.said += 2
        outcome.lost += (f"{reviewer}:{press}" not in events) + (f"{reviewer}:{press}" not in texts)
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
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument("--say")
    parser.add_argument("first", nargs="*")
    options = parser.parse_args()
    if options.say:
        first = dict(each.rsplit("=", 1) for each in options.first)
        say(options.say, {reviewer: int(press) for reviewer, press in first.items()})
        return
    print("| database | killed | words said | lost | twice | halves |\n|---|---|---|---|---|---|")
    for kind in [options.database] if options.database else ["sqlite", "postgresql"]:
        with ExitStack() as stack:
            if kind == "sqlite":
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                address = f"sqlite:///{folder}/reviews.sqlite"
            else:
                programs = postgres.installed()
                if programs is None:
                    print(postgres.ADVICE)
                    continue
                address = stack.enter_context(postgres.running(programs)).format(name="postgres")
            done = trials(address, options.trials)
        print(
            f"| {kind} | {done.kills} | {done.said:,} | {done.lost} | {done.twice} | {done.halves} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
