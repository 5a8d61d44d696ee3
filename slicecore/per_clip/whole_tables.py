"""Outcomes of a work for all clips of a large table as one file, for as long as no recording changes.

Of a million clips the store takes a minute and a half: each is asked for, checked and an object of its own. The file is
read once, for its checksum, and then mapped. Its name says which recordings it is of, and it holds the hash of their
states: where one has changed another file takes its place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.clip import Clip
from slicecore.audio.clip_columns import columns_of_clips
from slicecore.audio.embedded import is_kept
from slicecore.giving_way import giving_way
from slicecore.per_clip.work import PerClip, store_key
from slicecore.storage.array_cache import Arrays, entry, load_arrays, store_arrays
from slicecore.storage.cache_folders import CacheFolder
from slicecore.storage.outcome import Label, Outcome
from slicecore.tallies import add

FROM = 20_000
"""Clips from which on a table has such files; fewer are looked up in a second."""

_VERSION = 1
"""Raise it when the arrays of a work mean something else."""

_REASON, _REASONS, _LABELS, _STATES = "reason of each clip", "reasons", "labels", "states of recordings"
_DIGEST = 32  # bytes of each of both hashes of recordings
_AT_ONCE = 10_000

Shape = Callable[[Sequence[Outcome]], Arrays]
"""Arrays from the outcomes of all clips."""

Compute = Callable[[Sequence[PerClip]], tuple[list[list[Outcome]], bool]]
"""Outcomes per work of all clips, and True where the next call would give the same without computing anything."""


def shaped_outcomes(
    recordings: NDArray[np.uint8] | None,
    works: Sequence[tuple[PerClip, Shape]],
    cache: Path,
    compute: Compute,
    progress: Callable[[int, int], None] | None = None,
) -> list[Arrays]:
    """Arrays per work for all clips of a table: from their file, or made of outcomes and then stored.

    Parameters
    ----------
    recordings
        What `recordings_now` gives for the clips; None: nothing is stored.
    works
        Each with what makes arrays of its outcomes. To these come those of `with_reasons`.
    cache
        Folder of the cache.
    compute
        Called with the works that have no file.
    progress
        Called with (clips, clips) where all works have one.
    """
    made = [_stored(recordings, work, cache) for work, _ in works]
    missing = [at for at, arrays in enumerate(made) if arrays is None]
    clips = max((len(arrays[_REASON]) for arrays in made if arrays is not None), default=0)
    if progress is not None and clips and not missing:
        progress(clips, clips)
    if missing:
        by_work, are_final = compute([works[at][0] for at in missing])
        for at, outcomes in zip(missing, by_work, strict=True):
            work, shape = works[at]
            arrays = with_reasons(shape(outcomes), outcomes)
            if are_final and any(outcome.vector is not None for outcome in outcomes):
                arrays = _store(arrays, recordings, work, cache)
            made[at] = arrays
    return [arrays for arrays in made if arrays is not None]


def recordings_now(clips: Sequence[Clip | None]) -> NDArray[np.uint8] | None:
    """Hash of the recordings of a large table as they are now, as an array.

    None where different clips are few, where some are behind URLs, as to ask for each takes long, and where they were
    in memory: their files go with the process.
    """
    if len(clips) < FROM:
        return None
    columns = columns_of_clips(clips)
    if columns.are_urls.any() or max(len(columns.places), int(columns.is_part.sum())) < FROM:
        return None
    if any(is_kept(columns.path(place)) for place in (0, len(columns.places) - 1)):
        return None
    names, states = (blake2b(digest_size=_DIGEST) for _ in range(2))
    names.update(f"{len(clips)} {len(columns.places)}\n".encode())
    for begin in range(0, len(columns.places), _AT_ONCE):
        some = columns.places[begin : begin + _AT_ONCE]
        names.update(
            "\n".join([*some, ""]).encode("utf-8", "surrogatepass")
        )  # a table may hold halves of pairs
        states.update("\n".join([*map(_state, giving_way(some)), ""]).encode())
    for numbers in (columns.recording, columns.start, columns.end):
        names.update(np.ascontiguousarray(numbers).view(np.uint8).data)
    return np.frombuffer(names.digest() + states.digest(), np.uint8)


def with_reasons(arrays: Arrays, outcomes: Sequence[Outcome]) -> Arrays:
    """Arrays, and those from which `reasons_of` and `labels_of` are read."""
    reasons = [outcome.reason if outcome.vector is None else "" for outcome in outcomes]
    code = {reason: number for number, reason in enumerate(dict.fromkeys(reasons))}
    labels = [[row, outcome.labels] for row, outcome in enumerate(outcomes) if outcome.labels]
    return {
        **arrays,
        _REASON: np.array([code[reason] for reason in reasons], np.int32),
        _REASONS: _bytes(list(code)),
        _LABELS: _bytes(labels),
    }


def reasons_of(arrays: Arrays) -> NDArray[np.object_]:
    """Reason why a clip has no vector, (n,) of str, "" where it has one."""
    return np.array(_value(arrays[_REASONS]), dtype=object)[arrays[_REASON]]


def labels_of(arrays: Arrays) -> dict[int, tuple[Label, ...]]:
    """Labels by row, of clips that have some."""
    return {row: tuple(Label(*label) for label in labels) for row, labels in _value(arrays[_LABELS])}


def _state(file: str) -> str:
    """Size and time of the last change of a file; "" where they can't be had."""
    try:
        status = os.stat(file)
    except (OSError, ValueError):
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"


def _path(recordings: NDArray[np.uint8], work: PerClip, cache: Path) -> Path:
    name = f"outcomes {_VERSION} {store_key(work)}"
    return entry(cache, CacheFolder.OUTCOMES, name, arrays=[recordings[:_DIGEST]])


def _stored(recordings: NDArray[np.uint8] | None, work: PerClip, cache: Path) -> Arrays | None:
    if recordings is None:
        return None
    arrays = load_arrays(_path(recordings, work, cache))
    if arrays is None or not np.array_equal(arrays[_STATES], recordings[_DIGEST:]):
        return None
    add("cache_hits", len(arrays[_REASON]))
    return arrays


def _store(arrays: Arrays, recordings: NDArray[np.uint8] | None, work: PerClip, cache: Path) -> Arrays:
    """Store arrays; those that then lie on the disk, where that succeeded."""
    if recordings is None:
        return arrays
    path = _path(recordings, work, cache)
    is_stored = store_arrays(path, {**arrays, _STATES: recordings[_DIGEST:]})
    return (load_arrays(path) if is_stored else None) or arrays


def _bytes(value: Any) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value).encode(), np.uint8)


def _value(content: NDArray[np.uint8]) -> Any:
    return json.loads(content.tobytes())
