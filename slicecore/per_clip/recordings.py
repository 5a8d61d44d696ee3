"""Recordings of a large table as they are now: each is looked at once, for the name of a file and for the store."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.clip import Clip
from slicecore.audio.clip_columns import ClipColumns, columns_of_clips
from slicecore.audio.embedded import is_kept
from slicecore.cached_properties import cached_property
from slicecore.giving_way import giving_way

FROM = 20_000
"""Clips from which on a table counts as large; fewer are looked up in a second."""

MISSING = -1
"""Size of a recording that can't be looked at."""

_AT_ONCE = 10_000


@dataclass(frozen=True, eq=False)
class Recordings:
    """Recordings of a table as they were when they were looked at.

    Attributes
    ----------
    columns
        The clips, all of them of files.
    size : (places,) int64
        Bytes of every file, `MISSING` where it can't be had.
    changed : (places,) int64
        Time of its last change in ns.
    """

    columns: ClipColumns
    size: NDArray[np.int64]
    changed: NDArray[np.int64]

    @property
    def clips(self) -> int:
        """Number of rows of the table."""
        return len(self.columns.recording)

    @cached_property
    def names(self) -> NDArray[np.uint8]:
        """Hash of which clips these are, 32 bytes."""
        columns = self.columns
        digest = blake2b(f"{len(columns.recording)} {len(columns.places)}\n".encode(), digest_size=32)
        for begin in range(0, len(columns.places), _AT_ONCE):
            some = columns.places[begin : begin + _AT_ONCE]
            # A table may hold halves of pairs.
            digest.update("\n".join([*some, ""]).encode("utf-8", "surrogatepass"))
        for numbers in (columns.recording, columns.start, columns.end):
            digest.update(np.ascontiguousarray(numbers).view(np.uint8).data)
        return np.frombuffer(digest.digest(), np.uint8)

    @cached_property
    def states(self) -> NDArray[np.uint8]:
        """Hash of the states of the recordings, 32 bytes."""
        digest = blake2b(self.size.view(np.uint8).data, digest_size=32)
        digest.update(self.changed.view(np.uint8).data)
        return np.frombuffer(digest.digest(), np.uint8)


def recordings_now(clips: Sequence[Clip | None]) -> Recordings | None:
    """Recordings of a large table as they are now.

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
    size = np.full(len(columns.places), MISSING, np.int64)
    changed = np.zeros(len(columns.places), np.int64)
    for place, file in enumerate(giving_way(columns.places)):
        try:
            status = os.stat(file)
        except (OSError, ValueError):
            continue
        size[place], changed[place] = status.st_size, status.st_mtime_ns
    return Recordings(columns, size, changed)
