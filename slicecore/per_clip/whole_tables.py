"""Outcomes of a work for all clips of a large table as one file, for as long as no recording changes.

Of a million clips the store takes a quarter of a minute: each is asked for and checked. The file is read once, for its
checksum, and then mapped. Its name says which recordings it is of, and it holds the hash of their
states: where one has changed another file takes its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slicecore.per_clip.outcome_rows import OutcomeRows, rows_of
from slicecore.per_clip.recordings import Recordings
from slicecore.per_clip.stored_rows import stored_rows
from slicecore.per_clip.work import PerClip, store_key
from slicecore.storage.array_cache import Arrays, entry, load_arrays, store_arrays
from slicecore.storage.cache_folders import CacheFolder
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import Label, Outcome
from slicecore.tallies import add

_VERSION = 3
"""Raise it when the arrays of a work mean something else."""

_REASON, _REASONS, _LABELS, _STATES = "reason of each clip", "reasons", "labels", "states of recordings"

Shape = Callable[[OutcomeRows], Arrays]
"""Arrays from the outcomes of all clips."""

Compute = Callable[[Sequence[PerClip]], tuple[list[list[Outcome]], bool]]
"""Outcomes per work of all clips, and True where the next call would give the same without computing anything."""


def shaped_outcomes(
    recordings: Recordings | None,
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
        Called with (clips, clips) where nothing has to be computed.
    """
    made = [_stored(recordings, work, cache) for work, _ in works]
    missing = [at for at, arrays in enumerate(made) if arrays is None]
    stored: list[OutcomeRows] | None = []
    if missing:
        to_do = [works[at][0] for at in missing]
        stored = None if recordings is None else _stored_rows(recordings, to_do, cache)
        outcomes, are_final = (stored, True) if stored is not None else _computed(to_do, compute)
        for at in missing:
            work, shape = works[at]
            of_work = outcomes.pop(0)  # so that they are in memory no longer than needed
            arrays, is_lasting = with_reasons(shape(of_work), of_work), are_final and of_work.have_vectors
            del of_work  # as large as the arrays
            made[at] = _store(arrays, recordings, work, cache) if is_lasting else arrays
    if progress is not None and recordings is not None and stored is not None:
        progress(recordings.clips, recordings.clips)
    return [arrays for arrays in made if arrays is not None]


def _stored_rows(recordings: Recordings, works: Sequence[PerClip], cache: Path) -> list[OutcomeRows] | None:
    with Store(cache) as store:
        return stored_rows(recordings, works, store)


def _computed(works: Sequence[PerClip], compute: Compute) -> tuple[list[OutcomeRows], bool]:
    by_work, are_final = compute(works)
    return list(map(rows_of, by_work)), are_final


def with_reasons(arrays: Arrays, outcomes: OutcomeRows) -> Arrays:
    """Arrays, and those from which `reasons_of` and `labels_of` are read."""
    number = {reason: at for at, reason in enumerate(dict.fromkeys(outcomes.reasons))}
    code = np.array([number[reason] for reason in outcomes.reasons], np.int32)
    is_labelled = np.isin(outcomes.which, list(outcomes.labels))
    labelled = zip(np.flatnonzero(is_labelled).tolist(), outcomes.which[is_labelled].tolist(), strict=True)
    return {
        **arrays,
        _REASON: code[outcomes.which],
        _REASONS: _bytes(list(number)),
        _LABELS: _bytes([[row, outcomes.labels[at]] for row, at in labelled]),
    }


def reasons_of(arrays: Arrays) -> NDArray[np.object_]:
    """Reason why a clip has no vector, (n,) of str, "" where it has one."""
    return np.array(_value(arrays[_REASONS]), dtype=object)[arrays[_REASON]]


def labels_of(arrays: Arrays) -> dict[int, tuple[Label, ...]]:
    """Labels by row, of clips that have some."""
    return {row: tuple(Label(*label) for label in labels) for row, labels in _value(arrays[_LABELS])}


def _path(recordings: Recordings, work: PerClip, cache: Path) -> Path:
    name = f"outcomes {_VERSION} {store_key(work)}"
    return entry(cache, CacheFolder.OUTCOMES, name, arrays=[recordings.names])


def _stored(recordings: Recordings | None, work: PerClip, cache: Path) -> Arrays | None:
    if recordings is None:
        return None
    arrays = load_arrays(_path(recordings, work, cache), writable=False)
    if arrays is None or not np.array_equal(arrays[_STATES], recordings.states):
        return None
    add("cache_hits", len(arrays[_REASON]))
    return arrays


def _store(arrays: Arrays, recordings: Recordings | None, work: PerClip, cache: Path) -> Arrays:
    """Store arrays; those that then lie on the disk, where that succeeded."""
    if recordings is None:
        return arrays
    path = _path(recordings, work, cache)
    is_stored = store_arrays(path, {**arrays, _STATES: recordings.states})
    return (load_arrays(path, writable=False) if is_stored else None) or arrays


def _bytes(value: Any) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value).encode(), np.uint8)


def _value(content: NDArray[np.uint8]) -> Any:
    return json.loads(content.tobytes())
