"""Works that are done once per clip: stored results are taken, the others are computed in batches and stored.

Several works share one pass: each recording is opened and decoded once for all of them. Decoding runs in threads ahead
of the computation. Memory is bounded by the batch: a recording longer than `LONGEST_S` is never decoded as a whole.
"""

from __future__ import annotations

import json
import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import numpy as np

from slicecore.audio import decoding, remote
from slicecore.audio.clip import Clip
from slicecore.audio.decoding import RecordingFile, RecordingPart
from slicecore.errors import AudioError, Cancelled, NoDecoderError
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Label, Outcome
from slicecore.storage.stamp import Stamp, content_digest, look_at, sound_key

# Raise it when `decoding.load` decodes what it refused before, or gives other samples.
_DECODING = 2

LONGEST_S = 120.0
"""Longer clips are split into pieces of one length, at most this long, and the outcomes are joined."""

IN_HAND = 2
"""Batches in memory at a time: one that is computed, and one that is decoded meanwhile."""

_FETCHED_AT_ONCE = 16

Item = TypeVar("Item")
Made = TypeVar("Made")


class PerClip(Protocol):
    """A work that is done once per clip and stored; see `slicecore.embedding.family.Embedder`, which has more.

    A method `join(outcomes)` may make the outcome of a long clip from those of its pieces, which are of one length;
    by default it is the mean of their vectors.
    """

    key: str
    batch: int

    @property
    def sampling_rate(self) -> int | None:
        """Rate in Hz of the mono samples that `prepare` takes; None if it takes a `decoding.Recording`."""

    def start(self) -> None:
        """Load what the work needs; called once, and only if there is a clip without a stored result."""

    def prepare(self, sound: Any) -> Any:
        """Work on one clip alone; called from several threads at a time."""

    def compute(self, prepared: Sequence[Any]) -> list[Outcome]:
        """Outcomes of clips, in the order of `prepared`: numbers (d,) float32, or a reason."""


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
    works: Sequence[PerClip],
    store: Store,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> list[list[Outcome]]:
    """Outcomes of several works for every clip: stored ones are taken, the rest is computed in one pass and stored.

    Parameters
    ----------
    clips
        None stands for a row without a recording.
    works
        Embedders, or anything else that turns a clip into a fixed number of numbers; each has its own key.
    store
        Results by content of the recording and key of the work.
    progress
        Called with (clips done, clips in all) as work goes on, from the calling thread.
    cancel
        Set it from another thread to stop after the batch in hand.

    Returns
    -------
    list of list of Outcome
        Per work one outcome per clip, in their order: a vector, or the reason why there is none.

    Raises
    ------
    Cancelled
        If `cancel` was set.
    """
    progress = progress or (lambda done, total: None)
    rows = Counter(clip for clip in clips if clip is not None)
    found, todo, digests = look_up(rows, works, store)
    done = len(clips) - sum(rows[clip] for clip, _ in todo)
    progress(done, len(clips))
    open_works = [
        (work, by_clip)
        for work, by_clip in zip(works, found, strict=True)
        if any(clip not in by_clip for clip, _ in todo)
    ]
    batches = compute_all(
        todo, [work for work, _ in open_works], lambda work, key: stored(store, work, key), digests, cancel
    )
    for batch in batches:
        for (work, by_clip), finished in zip(open_works, batch, strict=True):
            keep(finished, store_key(work), store)
            by_clip |= {clip.clip: clip.outcome for clip in finished}
        done += sum(rows[clip.clip] for clip in batch[0])
        progress(done, len(clips))
    return [[unnamed() if clip is None else by_clip[clip] for clip in clips] for by_clip in found]


def unnamed() -> Outcome:
    """Outcome of a row without a recording."""
    return Outcome(None, "No audio path in the table")


def look_up(
    clips: Iterable[Clip], works: Sequence[PerClip], store: Store
) -> tuple[list[dict[Clip, Outcome]], list[tuple[Clip, Stamp]], dict[Path | str, bytes]]:
    """Sort clips into those that need no work and the others, without reading any recording.

    Returns
    -------
    found
        Per work the outcomes of clips that are stored or whose recording is missing.
    todo
        Clips that lack an outcome of some work, with their recordings as they are now.
    digests
        Content hashes that are known, by path or URL.
    """
    clips = list(clips)
    stamps, missing = look_at(dict.fromkeys(clip.path for clip in clips))
    digests = store.digests(stamps.values())
    keys = {clip: sound_key(digests[clip.path], clip) for clip in clips if clip.path in digests}
    found = []
    for work in works:
        of_sounds = store.outcomes(store_key(work), keys.values())
        by_clip = {clip: Outcome(None, missing[clip.path]) for clip in clips if clip.path in missing}
        found.append(by_clip | {clip: of_sounds[key] for clip, key in keys.items() if key in of_sounds})
    todo = [(clip, stamps[clip.path]) for clip in clips if any(clip not in by_clip for by_clip in found)]
    return found, todo, digests


def store_key(work: PerClip) -> str:
    """Key under which the results of a work are stored. It may change when the work starts."""
    return json.dumps([work.key, _DECODING])


def work_key(store_key: str) -> str:
    """The `key` of the work whose results are stored under a key."""
    return str(json.loads(store_key)[0])


def stored(store: Store, work: PerClip, key: bytes) -> Outcome | None:
    """The outcome of one sound, if it is stored."""
    return store.outcomes(store_key(work), [key]).get(key)


def keep(batch: Iterable[Finished], key: str, store: Store) -> None:
    """Store a batch under the key of a work: new outcomes, and the content hash of each recording."""
    readable = [clip for clip in batch if clip.digest]
    store.keep(
        key,
        {sound_key(clip.digest, clip.clip): clip.outcome for clip in readable if clip.keep},
        {clip.stamp: clip.digest for clip in readable}.items(),
    )


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
    prepare = partial(_prepare, works, known, _Contents(digests or {}))
    threads = threads or os.cpu_count() or 1
    if any(remote.is_url(clip.path) for clip, _ in todo):
        threads = max(threads, _FETCHED_AT_ONCE)
    with ThreadPoolExecutor(threads, "decode") as pool:
        try:
            for batch in _batches(pool, prepare, todo, min(work.batch for work in works)):
                _stop_if(cancel)
                yield _finish(batch, pool, works, cancel)
        finally:
            pool.shutdown(cancel_futures=True)


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


@dataclass(frozen=True, eq=False)
class _Prepared:
    """A clip that a worker has looked at.

    Attributes
    ----------
    outcomes
        Per work its outcome where that is known, else None.
    keep
        Whether outcomes that were made here, of this clip that can't be decoded, are worth storing.
    pieces
        Pieces of a long clip, which are yet to be decoded.
    values
        Per work what it prepared; None where the outcome is known.
    """

    clip: Clip
    stamp: Stamp
    digest: bytes
    outcomes: Sequence[Outcome | None]
    keep: Sequence[bool]
    pieces: Sequence[Clip] = ()
    values: Sequence[Any] = ()


class _Contents:
    """Hashes of recordings, each made once, however many clips a recording holds."""

    def __init__(self, known: Mapping[Path | str, bytes]) -> None:
        self._known = known
        self._lock = threading.Lock()
        self._made: dict[Stamp, Future[bytes]] = {}

    def digest(self, stamp: Stamp, file: RecordingFile) -> bytes:
        """Hash of a recording that is open; b"" if it can't be read."""
        if stamp.path in self._known:
            return self._known[stamp.path]
        with self._lock:
            made = self._made.get(stamp)
            mine = made is None
            if made is None:
                made = self._made[stamp] = Future()
        if mine:
            try:
                made.set_result(content_digest(file.stream))
            except OSError:
                made.set_result(b"")
        return made.result()


def _prepare(
    works: Sequence[PerClip],
    known: Callable[[PerClip, bytes], Outcome | None],
    contents: _Contents,
    item: tuple[Clip, Stamp],
) -> _Prepared:
    """Hash, decode and prepare one clip: the task of a thread."""
    clip, stamp = item
    digest = b""
    outcomes: list[Outcome | None] = [None] * len(works)

    def failed(error: AudioError, keep: bool) -> _Prepared:
        reason = Outcome(None, str(error))
        fresh = [keep and outcome is None for outcome in outcomes]
        return _Prepared(clip, stamp, digest, [outcome or reason for outcome in outcomes], fresh)

    try:
        with (
            remote.local(clip.path, (stamp.size, stamp.version)) as path,
            RecordingFile(path) as file,
        ):
            digest = contents.digest(stamp, file)
            if digest:
                outcomes = [known(work, sound_key(digest, clip)) for work in works]
            fresh = [outcome is None for outcome in outcomes]
            if not any(fresh):
                return _Prepared(clip, stamp, digest, outcomes, fresh)
            with file.part(clip.start, clip.end) as part:
                pieces = decoding.pieces(clip, part.info.duration, LONGEST_S)
                if len(pieces) > 1:
                    return _Prepared(clip, stamp, digest, outcomes, fresh, pieces)
                values = _prepared_values(works, fresh, part)
            return _Prepared(clip, stamp, digest, outcomes, fresh, values=values)
    except NoDecoderError as error:
        # That depends on the machine.
        return failed(error, keep=False)
    except AudioError as error:
        return failed(error, keep=True)


def _prepared_values(works: Sequence[PerClip], wanted: Sequence[bool], part: RecordingPart) -> list[Any]:
    """Decode a part once and let each wanted work prepare it; None for the others."""
    asked = [work for work, is_wanted in zip(works, wanted, strict=True) if is_wanted]
    mono_is_enough = all(work.sampling_rate is not None for work in asked)
    recording = part.decode(decoding.mean_of_channels) if mono_is_enough else part.decode()
    values = []
    for work, is_wanted in zip(works, wanted, strict=True):
        rate = work.sampling_rate
        values.append(
            work.prepare(recording if rate is None else recording.mono(rate)) if is_wanted else None
        )
    return values


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
    batch: Sequence[_Prepared],
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
    clip: _Prepared, pool: ThreadPoolExecutor, works: Sequence[PerClip], cancel: threading.Event | None
) -> list[Outcome]:
    """Outcomes of a clip that is decoded in pieces, one per work."""
    wanted = [outcome is None for outcome in clip.outcomes]
    made: list[list[Outcome]] = [[] for _ in works]
    prepare = partial(_prepare_piece, works, wanted)
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


def _prepare_piece(works: Sequence[PerClip], wanted: Sequence[bool], piece: Clip) -> list[Any] | AudioError:
    try:
        with (
            remote.local(piece.path) as path,
            RecordingFile(path) as file,
            file.part(piece.start, piece.end) as part,
        ):
            return _prepared_values(works, wanted, part)
    except AudioError as error:
        return error


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
