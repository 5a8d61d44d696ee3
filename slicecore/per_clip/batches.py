"""Computation in batches: threads prepare clips ahead of it, and memory is bounded by the batch.

A recording longer than `preparation.LONGEST_S` is never decoded as a whole.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from slicecore.audio import remote
from slicecore.audio.clip import Clip
from slicecore.errors import AudioError, Cancelled
from slicecore.per_clip.preparation import Contents, Prepared, prepare_clip, prepare_piece
from slicecore.per_clip.work import Finished, PerClip
from slicecore.product_threads import one_thread
from slicecore.storage.outcome import Label, Outcome
from slicecore.storage.stamp import Stamp

IN_HAND = 2
"""Batches in memory at a time: one that is computed, and one that is decoded meanwhile."""

_FETCHED_AT_ONCE = 16

Item = TypeVar("Item")
Made = TypeVar("Made")


def compute_all(
    todo: Sequence[tuple[Clip, Stamp]],
    works: Sequence[PerClip],
    known: Callable[[PerClip, bytes], Outcome | None] = lambda work, key: None,
    digests: Mapping[Path | str, bytes] | None = None,
    cancel: threading.Event | None = None,
    threads: int | None = None,
    start: bool = True,
) -> Iterator[list[list[Finished]]]:
    """Do the works batch by batch, in the order of the clips.

    Parameters
    ----------
    todo, digests
        As `look_up` gives them.
    known
        Called from other threads with a work and the key of a sound; gives the outcome where it is stored.
    threads
        How many clips are decoded at a time; by default as many as there are processors. More if there are remote
        ones, which are waited for.
    start
        Whether the works have yet to be started.

    Yields
    ------
    list of list of Finished
        Per work the clips of a batch.

    Raises
    ------
    Cancelled
        If `cancel` was set.
    """
    if not todo:
        return
    _stop_if(cancel)
    if start:
        for work in works:
            work.start()
    prepare = partial(prepare_clip, works, known, Contents(digests or {}))
    threads = threads or os.cpu_count() or 1
    if any(remote.is_url(clip.path) for clip, _ in todo):
        threads = max(threads, _FETCHED_AT_ONCE)
    with one_thread(), ThreadPoolExecutor(threads, "decode") as pool:
        try:
            for batch in _batches(pool, prepare, todo, min(work.batch for work in works)):
                _stop_if(cancel)
                yield _finish(batch, pool, works, cancel)
        finally:
            pool.shutdown(cancel_futures=True)


def _batches(
    pool: ThreadPoolExecutor, prepare: Callable[[Item], Made], items: Iterable[Item], size: int
) -> Iterator[list[Made]]:
    """Batches in the order of the items, of which no more than `IN_HAND` batches are in memory."""
    waiting: deque[Future[Made]] = deque()
    remaining = iter(items)
    while True:
        waiting.extend(
            pool.submit(prepare, item) for item in islice(remaining, IN_HAND * size - len(waiting))
        )
        if not waiting:
            return
        yield [waiting.popleft().result() for _ in range(min(size, len(waiting)))]


def _finish(
    batch: Sequence[Prepared],
    pool: ThreadPoolExecutor,
    works: Sequence[PerClip],
    cancel: threading.Event | None,
) -> list[list[Finished]]:
    """Compute a batch; per work its clips."""
    outcomes: list[list[Outcome | None]] = [list(clip.outcomes) for clip in batch]
    for at, work in enumerate(works):
        ready = [row for row, clip in enumerate(batch) if clip.outcomes[at] is None and not clip.pieces]
        for row, outcome in zip(
            ready, _computed(work, [batch[row].values[at] for row in ready]), strict=True
        ):
            outcomes[row][at] = outcome
    for row, clip in enumerate(batch):
        if clip.pieces:
            outcomes[row] = list(_long(clip, pool, works, cancel))
    return [
        [
            Finished(clip.clip, clip.stamp, clip.digest, cast(Outcome, made[at]), clip.keep[at])
            for clip, made in zip(batch, outcomes, strict=True)
        ]
        for at in range(len(works))
    ]


def _long(
    clip: Prepared, pool: ThreadPoolExecutor, works: Sequence[PerClip], cancel: threading.Event | None
) -> list[Outcome]:
    """Outcomes of a clip that is decoded in pieces, one per work."""
    wanted = [outcome is None for outcome in clip.outcomes]
    made: list[list[Outcome]] = [[] for _ in works]
    prepare = partial(prepare_piece, works, wanted)
    for batch in _batches(pool, prepare, clip.pieces, min(work.batch for work in works)):
        _stop_if(cancel)
        prepared: list[list[Any]] = []
        for values in batch:
            if isinstance(values, AudioError):
                return [outcome or Outcome(None, str(values)) for outcome in clip.outcomes]
            prepared.append(values)
        for at, work in enumerate(works):
            if wanted[at]:
                made[at] += _computed(work, [values[at] for values in prepared])
    return [
        outcome or getattr(work, "join", mean_of)(pieces)
        for outcome, work, pieces in zip(clip.outcomes, works, made, strict=True)
    ]


def mean_of(outcomes: Sequence[Outcome]) -> Outcome:
    """Outcome of a clip from those of its pieces, which are of one length: mean vector, mean probability of labels."""
    vectors = [piece.vector for piece in outcomes if piece.vector is not None]
    if not vectors:
        return outcomes[0]
    totals: dict[str, float] = {}
    for piece in outcomes:
        for label in piece.labels:
            totals[label.name] = totals.get(label.name, 0.0) + label.probability
    labels = [Label(name, total / len(vectors)) for name, total in totals.items()]
    labels.sort(key=lambda label: -label.probability)
    most = max(len(piece.labels) for piece in outcomes)
    return Outcome(np.stack(vectors).mean(axis=0), labels=tuple(labels[:most]))


def _computed(work: PerClip, values: Sequence[Any]) -> list[Outcome]:
    """Outcomes of prepared clips; a vector that is not finite is none."""
    if not values:
        return []
    return [
        outcome
        if outcome.vector is None or np.isfinite(outcome.vector).all()
        else Outcome(None, "The model gave no finite vector")
        for outcome in work.compute(values)
    ]


def _stop_if(cancel: threading.Event | None) -> None:
    if cancel is not None and cancel.is_set():
        raise Cancelled("The work was cancelled.")
