"""Clips as columns: of a million rows each recording, and each clip that several rows have, is looked at once."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.clip import Clip
from slicecore.giving_way import giving_way


@dataclass(frozen=True, eq=False)
class ClipColumns:
    """Clips of the rows of a table as columns.

    Attributes
    ----------
    places : the different files and URLs as text, in the order in which they first come.
    are_urls : (places,) which of them are URLs.
    recording : (n,) which of them a row has, −1 for a row without a sound.
    start, end : (n,) seconds; the end is NaN where a clip ends with its recording.
    """

    places: list[str]
    are_urls: NDArray[np.bool_]
    recording: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]

    @property
    def is_part(self) -> NDArray[np.bool_]:
        """(n,) whether a clip is only a part of its recording."""
        return (self.recording >= 0) & ((self.start > 0) | ~np.isnan(self.end))

    def path(self, place: int) -> Path | str:
        """One of the places as the path of a file, or as a URL."""
        text = self.places[place]
        return text if self.are_urls[place] else Path(text)

    def clip(self, row: int) -> Clip | None:
        """The clip of a row, None where it has no sound."""
        at, end = int(self.recording[row]), float(self.end[row])
        if at < 0:
            return None
        return Clip(self.path(at), float(self.start[row]), None if np.isnan(end) else end)

    def distinct(self) -> tuple[list[Clip], NDArray[np.int64]]:
        """The different clips in the order in which they first come, and (n,) which of them a row has, −1 for none."""
        first, which = self.first_rows()
        clips = (self.clip(row) for row in giving_way(first.tolist()))
        return [clip for clip in clips if clip is not None], which

    def first_rows(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First row of every different clip, ascending, and (n,) which of the clips a row has, −1 for none."""
        which = np.full(len(self.recording), -1)
        named = np.flatnonzero(self.recording >= 0)
        keys = (np.nan_to_num(self.end[named], nan=-1.0), self.start[named], self.recording[named])
        order = np.lexsort(keys)  # of the same clips the first row comes first
        is_new = np.ones(len(named), dtype=bool)
        is_new[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
        first = order[is_new]
        place = np.empty(len(first), dtype=np.int64)
        place[np.argsort(first)] = np.arange(len(first))
        which[named[order]] = place[np.cumsum(is_new) - 1]
        return np.sort(named[first]), which


class ClipSequence(Sequence["Clip | None"]):
    """Clips that are known as columns without a look at each."""

    @property
    @abstractmethod
    def have_parts(self) -> bool:
        """True if some rows have a start or an end."""

    @abstractmethod
    def columns(self) -> ClipColumns:
        """The clips as columns."""


def columns_of_clips(clips: Sequence[Clip | None]) -> ClipColumns:
    """Clips as columns; None stands for a row without a sound."""
    if isinstance(clips, ClipSequence):
        return clips.columns()
    places: dict[Path | str, int] = {}
    recording = [
        -1 if clip is None else places.setdefault(clip.path, len(places)) for clip in giving_way(clips)
    ]
    start = [0.0 if clip is None else clip.start for clip in clips]
    end = [np.nan if clip is None or clip.end is None else clip.end for clip in clips]
    return ClipColumns(
        list(map(str, places)),
        np.array([isinstance(path, str) for path in places], dtype=bool),
        np.array(recording, np.int64),
        np.array(start, np.float64),
        np.array(end, np.float64),
    )
