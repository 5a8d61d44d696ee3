"""Kills in the middle of embedding, and of writing files."""

from __future__ import annotations

import contextlib
import mmap
import os
import random
import signal
import struct
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

import slicecore as sc
from losing.outcome import Trial
from slicecore.audio.decoding import Recording
from slicecore.embedding import signal as signal_model
from slicecore.per_clip.batches import IN_HAND
from slicecore.storage.clip_store import Store
from slicecore.storage.temporary_names import MARK

RATE = 16_000
CLIPS, SECONDS = 4_000, 0.1
MOST_BEFORE_KILL = 150
"""Most clips that are worked through before a kill; it comes at a random moment after as many as a seed says."""
HALF_WRITTEN_S = 0.02
"""Half of the kills of writing come within this time after a file has begun."""


def embedding(folder: Path, kills: int = 50, seed: int = 0) -> Trial:
    """Kill the process again and again while it embeds a table into one cache, then let it finish."""
    data = _table(folder)
    undisturbed = sc.embed(data, cache=folder / "undisturbed").vectors
    moments = random.Random(seed)
    described, reported = _counters(2)
    describe = signal_model.describe
    describe(
        Recording(np.ones((RATE // 10, 1), np.float32), RATE)
    )  # everything is loaded before the first run

    def counting(recording: Recording) -> np.ndarray:
        descriptors = describe(recording)
        described.add()
        return descriptors

    lost, wrong, forgotten, early = [], 0, 0, 0
    signal_model.describe = counting
    cache = folder / "killed"
    try:
        for _ in range(kills):
            before, stored = described.value, _stored(cache)
            reported.value = 0
            with _child(
                lambda: sc.embed(data, cache=cache, progress=lambda done, _: reported.set(done))
            ) as pid:
                enough = before + moments.randrange(1, MOST_BEFORE_KILL)
                early += not _wait(
                    pid, lambda enough=enough: described.value >= enough, moments.random() * 0.03
                )
            now = _stored(cache)
            lost.append(described.value - before - (now - stored))
            forgotten += max(0, reported.value - now)
    finally:
        signal_model.describe = describe
    at_last = _stored(cache)
    with Store(cache):
        wrong = int((sc.embed(data, cache=cache).vectors != undisturbed).any(axis=1).sum())
    most = IN_HAND * signal_model.SignalEmbedder.batch
    return Trial(
        f"kill -9 while {CLIPS:,} clips are embedded",
        kills,
        f"{at_last:,} clips stored at the last kill; work of at most {max(lost)} clips lost by one (two batches are "
        f"{most}), {np.median(lost):.0f} in the middle; {forgotten} of those reported as done were not stored; {wrong} "
        f"wrong vectors at the end; {early} runs ended by themselves",
        max(lost) <= most and not wrong and not forgotten,
    )


def files(folder: Path, kills: int = 50, seed: int = 0) -> Trial:
    """Kill the process while it writes tables, report and definitions over those of another result."""
    from losing.results import two_results

    results = two_results(folder)
    definitions = [result.definitions(None) for result in results]
    out = folder / "out"

    def write(which: int) -> None:
        results[which].save(out, errors=True)
        definitions[which].save(out / "slices.yaml")
        results[which].report(out / "report.html")

    whole, seconds = [], 0.0
    for which in (0, 1):
        start = time.perf_counter()
        write(which)
        seconds = time.perf_counter() - start
        whole.append(_hashes(out))
    moments = random.Random(seed)
    half, mixed, left, ended = 0, 0, set(), 0
    for number in range(kills):
        with _child(lambda number=number: write(number % 2)) as pid:
            if number % 2:  # as soon as a file is half written, or a little later
                is_enough, moment = lambda: _half_written(out), moments.random() * HALF_WRITTEN_S
            else:
                is_enough, moment = lambda: True, moments.random() * seconds
            ended += not _wait(pid, is_enough, moment)
        now = _hashes(out)
        left |= set(now) - set(whole[0])
        named = {name: digest for name, digest in now.items() if name in whole[0]}
        half += len(whole[0]) - len(named)
        half += sum(digest not in (whole[0][name], whole[1][name]) for name, digest in named.items())
        tables = [name for name in named if name.endswith(".csv") and whole[0][name] != whole[1][name]]
        mixed += len({named[name] == whole[0][name] for name in tables}) > 1
    with _child(lambda: write(0)) as pid:
        os.waitpid(pid, 0)
    at_last = len(set(_hashes(out)) - set(whole[0]))
    return Trial(
        f"kill -9 while {len(whole[0])} files of a result are written over those of another",
        kills,
        f"{half} files half or gone; in {mixed} the tables were of both results; {len(left)} temporary files left "
        f"beside them, {at_last} of which are there after one more run; {ended} runs ended before the kill",
        not half and not at_last,
    )


def _half_written(folder: Path) -> bool:
    return any(
        path.name.startswith(MARK) for path in folder.iterdir()
    )  # of a file that has not got its name yet


def _table(folder: Path) -> sc.Dataset:
    random_numbers = np.random.default_rng(0)
    soundfile.write(folder / "long.wav", random_numbers.normal(0, 0.05, round((CLIPS / 20 + 1) * RATE)), RATE)
    start = np.arange(CLIPS) / 20
    frame = pd.DataFrame(
        {"audio": "long.wav", "text": "a", "pred": "b", "start": start, "end": start + SECONDS}
    )
    return sc.from_table(frame, name="clips", folder=folder)


def _stored(cache: Path) -> int:
    if not cache.exists():
        return 0
    with Store(cache) as store:
        return sum(model.entries for model in store.sizes())


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@contextlib.contextmanager
def _child(work: Callable[[], object]) -> Iterator[int]:
    pid = os.fork()
    if not pid:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    yield pid


def _wait(pid: int, is_enough: Callable[[], bool], moment: float) -> bool:
    """Kill a child a moment after something is so; False where it has ended by itself before."""
    while not is_enough():
        if os.waitpid(pid, os.WNOHANG) != (0, 0):
            return False
        time.sleep(0.001)
    time.sleep(moment)
    os.kill(pid, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


class _Counter:
    """A number that this process and its children share."""

    def __init__(self, memory: mmap.mmap, at: int) -> None:
        self._memory, self._at = memory, at

    @property
    def value(self) -> int:
        return int(struct.unpack_from("q", self._memory, self._at)[0])

    @value.setter
    def value(self, value: int) -> None:
        struct.pack_into("q", self._memory, self._at, value)

    def set(self, value: int) -> None:
        self.value = value

    def add(self) -> None:
        self.value += 1


def _counters(count: int) -> list[_Counter]:
    memory = mmap.mmap(-1, 8 * count)
    return [_Counter(memory, 8 * at) for at in range(count)]
