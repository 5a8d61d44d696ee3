"""Stored outcomes of a large table, as arrays: where all are there, no clip of it becomes an object of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.file_checks import why_missing
from slicecore.per_clip.identity import sound_key
from slicecore.per_clip.outcome_rows import OutcomeRows
from slicecore.per_clip.outcomes import unnamed
from slicecore.per_clip.recordings import MISSING, Recordings
from slicecore.per_clip.work import PerClip, store_key
from slicecore.storage.clip_store import Store
from slicecore.storage.outcome import labels_from_text
from slicecore.storage.stamp import Stamp
from slicecore.tallies import add

_AT_ONCE = 1 << 14


def stored_rows(recordings: Recordings, works: Sequence[PerClip], store: Store) -> list[OutcomeRows] | None:
    """Outcomes of several works for all clips; None where one of them is not stored.

    A clip whose recording is missing needs none: its outcome is the reason.
    """
    first, which = recordings.columns.first_rows()
    keys: list[bytes] = []
    missing: dict[int, str] = {}
    for begin in range(0, len(first), _AT_ONCE):
        some = list(_keys(recordings, first[begin : begin + _AT_ONCE].tolist(), store))
        if None in some:
            return None
        missing |= {begin + at: key for at, key in enumerate(some) if isinstance(key, str)}
        keys += [key if isinstance(key, bytes) else b"" for key in some]
    made = []
    for work in works:
        rows = _rows(keys, missing, which, store_key(work), store)
        if rows is None:
            return None
        made.append(rows)
    add("cache_hits", (len(keys) - len(missing)) * len(works))
    return made


def _keys(recordings: Recordings, rows: Sequence[int], store: Store) -> Iterator[bytes | str | None]:
    """Key of the sound of the clip of each row, None where it is not known; a text says why a recording is missing."""
    columns, is_part = recordings.columns, recordings.columns.is_part[rows].tolist()
    places = columns.recording[rows].tolist()
    sizes, changed = recordings.size[places].tolist(), recordings.changed[places].tolist()
    stamps = {
        place: Stamp(columns.places[place], size, str(time))
        for place, size, time in zip(places, sizes, changed, strict=True)
        if size != MISSING
    }
    digests = store.digests(stamps.values())
    for row, place, part in zip(rows, places, is_part, strict=True):
        if place not in stamps:
            yield why_missing(Path(columns.places[place]))
            continue
        digest, clip = digests.get(columns.places[place]), columns.clip(row) if part else None
        yield digest if digest is None or clip is None else sound_key(digest, clip)


def _rows(
    keys: Sequence[bytes], missing: dict[int, str], which: NDArray[np.int64], model_key: str, store: Store
) -> OutcomeRows | None:
    """Outcomes of a model for all rows, if those of all keys are stored; `missing` has the reasons of clips without."""
    number: dict[bytes, int] = {}
    of_clips = np.array([number.setdefault(key, len(number)) if key else -1 for key in keys], np.int64)
    reasons, labels = [""] * len(number), {}
    vectors, found = np.empty((len(number), 0), np.float32), np.zeros(len(number), dtype=bool)
    for part in store.results(model_key, number.keys()):
        at = np.array([number[result.digest] for result in part], np.int64)
        blobs = [result.vector for result in part if result.vector is not None]
        if blobs and not vectors.shape[1]:
            vectors = np.full((len(number), len(blobs[0]) // vectors.itemsize), np.nan, np.float32)
        if len(set(map(len, blobs))) > 1 or (blobs and len(blobs[0]) != vectors.itemsize * vectors.shape[1]):
            return (
                None  # of a function that gave other lengths: that is an error where outcomes are looked at
            )
        if blobs:
            is_vector = np.array([result.vector is not None for result in part], dtype=bool)
            vectors[at[is_vector]] = np.frombuffer(b"".join(blobs), "<f4").reshape(len(blobs), -1)
        found[at] = True
        for place, result in zip(at.tolist(), part, strict=True):
            if result.vector is None:
                reasons[place] = result.reason
            if result.labels:
                labels[place] = labels_from_text(result.labels)
    if not found.all():
        return None
    of_clips[list(missing)] = len(number) + np.arange(len(missing))
    # The last outcome is that of rows without a clip.
    extra = [*missing.values(), *([unnamed().reason] if (which < 0).any() else [])]
    if extra:
        vectors = np.vstack([vectors, np.full((len(extra), vectors.shape[1]), np.nan, np.float32)])
    which = np.append(of_clips, len(vectors) - 1)[which]
    return OutcomeRows(vectors, which, [*reasons, *extra], labels)
