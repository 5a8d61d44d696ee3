"""Work that is done once per clip: what is stored is taken, the rest is computed in batches and stored.

Decoding runs in threads ahead of the model. What is in memory is bounded by the batch: a recording longer than
`LONGEST_S` is never decoded as a whole.
"""

from __future__ import annotations

import json
import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

from slicecore.audio import decoding, remote
from slicecore.audio.clip import Clip
from slicecore.errors import AudioError, NoDecoderError
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Label, Outcome
from slicecore.storage.stamp import Stamp, content_digest, look_at, sound_key

# Raise it when `decoding.load` decodes what it refused before, or gives other samples.
_DECODING = 2

LONGEST_S = 120.0
"""A longer clip is heard in pieces of one length, at most this long; its outcome is made of theirs."""

IN_HAND = 2
"""Batches that are in memory at a time: one that is embedded, and one that is decoded meanwhile."""

_FETCHED_AT_ONCE = 16

Item = TypeVar("Item")
Made = TypeVar("Made")


class Cancelled(Exception):
    """Work was stopped on request. What was finished is stored."""


class PerClip(Protocol):
    """Work that is done once per clip and kept; see `slicecore.embedding.family.Embedder`, which has more.

    Where `sampling_rate` is None, `prepare` is given the `decoding.Recording` with its own rate and channels.
    A method `join(outcomes)` may say what a clip has that was heard in several pieces of one length; otherwise it has
    the mean of their vectors.
    """

    key: str
    batch: int

    @property
    def sampling_rate(self) -> int | None:
        """At which it wants its clips, in Hz."""

    def start(self) -> None:
        """Load what the work needs; called once, and only if there is a clip without a stored result."""

    def prepare(self, samples: Any) -> Any:
        """Do what can be done for one clip alone, from several threads at a time."""

    def embed(self, prepared: Sequence[Any]) -> list[Outcome]:
        """Turn clips, as `prepare` left them, into an outcome each: numbers (d,) float32, or a reason."""


@dataclass(frozen=True, eq=False)
class Finished:
    """A clip that has its outcome.

    Attributes
    ----------
    clip, stamp
        The clip, and its recording as it was before the work.
    digest
        Hash of the recording's content; b"" if it could not be read.
    outcome
        What became of it.
    keep
        Whether the outcome is new and worth storing.
    """

    clip: Clip
    stamp: Stamp
    digest: bytes
    outcome: Outcome
    keep: bool


def outcomes(
    clips: Sequence[Clip | None],
    work: PerClip,
    store: Store,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> list[Outcome]:
    """Do some work for every clip: what is stored is taken, the rest is computed in batches and stored.

    Parameters
    ----------
    clips
        None stands for a row without a recording.
    work
        What to compute: an embedder, or anything else that turns a clip into a fixed number of numbers.
    store
        Where results are looked up and kept, by content of the recording and `work.key`.
    progress
        Called with (clips done, clips in all) as work goes on, from the calling thread.
    cancel
        Set it from another thread to stop after the batch in hand.

    Returns
    -------
    list of Outcome
        One per clip, in their order: a vector, or the reason why there is none.

    Raises
    ------
    Cancelled
        If `cancel` was set.
    """
    progress = progress or (lambda done, total: None)
    rows = Counter(clip for clip in clips if clip is not None)
    found, todo, digests = look_up(rows, work, store)
    done = len(clips) - sum(rows[clip] for clip, _ in todo)
    progress(done, len(clips))
    for batch in compute(todo, work, lambda key: stored(store, work, key), digests, cancel):
        keep(batch, store_key(work), store)
        found |= {one.clip: one.outcome for one in batch}
        done += sum(rows[one.clip] for one in batch)
        progress(done, len(clips))
    return [unnamed() if clip is None else found[clip] for clip in clips]


def unnamed() -> Outcome:
    """Outcome of a row without a recording."""
    return Outcome(None, "No audio path in the table")


def look_up(
    clips: Iterable[Clip], work: PerClip, store: Store
) -> tuple[dict[Clip, Outcome], list[tuple[Clip, Stamp]], dict[Path | str, bytes]]:
    """Sort clips into those that need no work and the others, without reading any recording.

    Returns
    -------
    found
        Outcomes of clips that are stored or whose recording is missing.
    todo
        The other clips, with their recordings as they are now.
    digests
        Content hashes that are known, by path or URL.
    """
    clips = list(clips)
    stamps, missing = look_at(dict.fromkeys(clip.path for clip in clips))
    digests = store.digests(stamps.values())
    keys = {clip: sound_key(digests[clip.path], clip) for clip in clips if clip.path in digests}
    kept = store.outcomes(store_key(work), keys.values())
    found = {clip: Outcome(None, missing[clip.path]) for clip in clips if clip.path in missing}
    found |= {clip: kept[key] for clip, key in keys.items() if key in kept}
    return found, [(clip, stamps[clip.path]) for clip in clips if clip not in found], digests


def store_key(work: PerClip) -> str:
    """Under which results are stored. It may change when the work starts."""
    return json.dumps([work.key, _DECODING])


def work_key(store_key: str) -> str:
    """The `key` of the work whose results are stored under a key."""
    return str(json.loads(store_key)[0])


def stored(store: Store, work: PerClip, key: bytes) -> Outcome | None:
    """The outcome of one sound, if it is stored."""
    return store.outcomes(store_key(work), [key]).get(key)


def keep(batch: Iterable[Finished], key: str, store: Store) -> None:
    """Store a batch under a model's key: new outcomes, and which content each recording has."""
    readable = [one for one in batch if one.digest]
    store.keep(
        key,
        {sound_key(one.digest, one.clip): one.outcome for one in readable if one.keep},
        {one.stamp: one.digest for one in readable}.items(),
    )


def compute(
    todo: Sequence[tuple[Clip, Stamp]],
    work: PerClip,
    known: Callable[[bytes], Outcome | None] = lambda key: None,
    digests: Mapping[Path | str, bytes] | None = None,
    cancel: threading.Event | None = None,
    threads: int | None = None,
    start: bool = True,
) -> Iterator[list[Finished]]:
    """Do the work batch by batch, in the order of the clips.

    Parameters
    ----------
    todo, digests
        As `look_up` gives them.
    known
        Called from other threads with the key of a sound; gives its outcome where the work needs not be done.
    threads
        How many clips are decoded at a time; by default as many as there are processors. More if there are remote
        ones, which are waited for.
    start
        Whether the work has yet to be started.

    Raises
    ------
    Cancelled
        If `cancel` was set.
    """
    if not todo:
        return
    _stop_if(cancel)
    if start:
        work.start()
    contents = _Contents(digests or {})
    prepare = partial(_prepare, work, known, contents)
    threads = threads or os.cpu_count() or 1
    if any(remote.is_url(clip.path) for clip, _ in todo):
        threads = max(threads, _FETCHED_AT_ONCE)
    with ThreadPoolExecutor(threads, "decode") as pool:
        try:
            for batch in _batches(pool, prepare, todo, work.batch):
                _stop_if(cancel)
                yield _finish(batch, pool, work, cancel)
        finally:
            pool.shutdown(cancel_futures=True)


def mean_of(outcomes: Sequence[Outcome]) -> Outcome:
    """Outcome of a clip from those of its pieces, which are of one length: mean vector, mean probability of labels."""
    vectors = [one.vector for one in outcomes if one.vector is not None]
    if not vectors:
        return outcomes[0]
    totals: dict[str, float] = {}
    for one in outcomes:
        for label in one.labels:
            totals[label.name] = totals.get(label.name, 0.0) + label.probability
    labels = [Label(name, total / len(vectors)) for name, total in totals.items()]
    labels.sort(key=lambda label: -label.probability)
    most = max(len(one.labels) for one in outcomes)
    return Outcome(np.stack(vectors).mean(axis=0), labels=tuple(labels[:most]))


@dataclass(frozen=True, eq=False)
class _Prepared:
    """A clip that a worker has looked at: with an outcome, else cut into pieces because it is long, else ready."""

    clip: Clip
    stamp: Stamp
    digest: bytes
    outcome: Outcome | None = None
    keep: bool = True
    pieces: Sequence[Clip] = ()
    value: Any = None


class _Contents:
    """Hashes of recordings, each made once, however many clips a recording holds."""

    def __init__(self, known: Mapping[Path | str, bytes]) -> None:
        self._known = known
        self._lock = threading.Lock()
        self._made: dict[Stamp, Future[bytes]] = {}

    def digest(self, stamp: Stamp, file: Path) -> bytes:
        """Hash of a recording that lies in `file`; b"" if it can't be read."""
        if stamp.path in self._known:
            return self._known[stamp.path]
        with self._lock:
            made = self._made.get(stamp)
            mine = made is None
            if made is None:
                made = self._made[stamp] = Future()
        if mine:
            try:
                made.set_result(content_digest(file))
            except OSError:
                made.set_result(b"")
        return made.result()


def _prepare(
    work: PerClip, known: Callable[[bytes], Outcome | None], contents: _Contents, item: tuple[Clip, Stamp]
) -> _Prepared:
    """Hash, decode and prepare one clip; what a worker does."""
    clip, stamp = item
    digest = b""
    try:
        with remote.local(clip.path, (stamp.size, stamp.version)) as file:
            digest = contents.digest(stamp, file)
            outcome = known(sound_key(digest, clip)) if digest else None
            if outcome is not None:
                return _Prepared(clip, stamp, digest, outcome, keep=False)
            here = replace(clip, path=file)
            pieces = decoding.pieces(here, LONGEST_S)
            if len(pieces) > 1:
                pieces = [replace(piece, path=clip.path) for piece in pieces]
                return _Prepared(clip, stamp, digest, pieces=pieces)
            return _Prepared(clip, stamp, digest, value=_hear(work, here))
    except NoDecoderError as error:
        # That depends on the machine.
        return _Prepared(clip, stamp, digest, Outcome(None, str(error)), keep=False)
    except AudioError as error:
        return _Prepared(clip, stamp, digest, Outcome(None, str(error)))


def _hear(work: PerClip, clip: Clip) -> Any:
    rate = work.sampling_rate
    if rate is None:
        return work.prepare(decoding.load_as_it_is(clip.path, start=clip.start, end=clip.end))
    return work.prepare(decoding.load(clip.path, rate, start=clip.start, end=clip.end))


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
    batch: Sequence[_Prepared], pool: ThreadPoolExecutor, work: PerClip, cancel: threading.Event | None
) -> list[Finished]:
    ready = [one for one in batch if one.outcome is None and not one.pieces]
    made = iter(_embedded(work, [one.value for one in ready]))
    finished = []
    for one in batch:
        if one.outcome is not None:
            outcome = one.outcome
        elif one.pieces:
            outcome = _long(one.pieces, pool, work, cancel)
        else:
            outcome = next(made)
        finished.append(Finished(one.clip, one.stamp, one.digest, outcome, one.keep))
    return finished


def _long(
    pieces: Sequence[Clip], pool: ThreadPoolExecutor, work: PerClip, cancel: threading.Event | None
) -> Outcome:
    """Outcome of a clip that is heard in pieces."""
    made: list[Outcome] = []
    for values in _batches(pool, partial(_hear_or_reason, work), pieces, work.batch):
        _stop_if(cancel)
        for value in values:
            if isinstance(value, AudioError):
                return Outcome(None, str(value))
        made += _embedded(work, values)
    join: Callable[[Sequence[Outcome]], Outcome] = getattr(work, "join", mean_of)
    return join(made)


def _hear_or_reason(work: PerClip, piece: Clip) -> Any:
    try:
        return _hear(work, piece)
    except AudioError as error:
        return error


def _embedded(work: PerClip, values: Sequence[Any]) -> list[Outcome]:
    if not values:
        return []
    outcomes = work.embed(values)
    return [
        one
        if one.vector is None or np.isfinite(one.vector).all()
        else Outcome(None, "The model gave no finite vector")
        for one in outcomes
    ]


def _stop_if(cancel: threading.Event | None) -> None:
    if cancel is not None and cancel.is_set():
        raise Cancelled("Embedding was cancelled.")
