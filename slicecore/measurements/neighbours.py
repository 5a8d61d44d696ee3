"""Words that are missing in a clip, or too many, and stand in the clip before or after it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.clip import Clip
from slicecore.text.alignment import EQUAL, Alignment

_FEWEST_WORDS = 2  # in common with a neighbour; a single one is often an article


def before_each(clips: Sequence[Clip | None]) -> NDArray[np.int64]:
    """The clip before every clip, (n,): in its recording where clips are parts of recordings, else in the table.

    −1 where there is none.
    """
    n = len(clips)
    before = np.arange(-1, n - 1)
    parts = [row for row, clip in enumerate(clips) if clip is not None and clip.is_part]
    if not parts:
        return before
    before[:] = -1
    places = {row: clip for row, clip in enumerate(clips) if clip is not None}
    ordered = sorted(places, key=lambda row: (str(places[row].path), places[row].start))
    for first, second in pairwise(ordered):
        if places[first].path == places[second].path:
            before[second] = first
    return before


def beside(aligned: Alignment, before: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of the wrong words that are those of a neighbour.

    Parameters
    ----------
    aligned
        Alignment of the table.
    before
        (n,) row of the clip before, −1 where there is none.

    Returns
    -------
    missing, added : (n,)
        Share of the words of the reference that are missing and stand, in their order, among the wrong ones of a
        neighbour's prediction; and share of the wrong words of the prediction that stand at the adjoining end of a
        neighbour's reference. Substituted words are missing on one side and wrong on the other. NaN without such words,
        0 where fewer than two are in common.
    """
    from rapidfuzz.distance import LCSseq

    n = aligned.clips
    wrong = aligned.kind != EQUAL
    of_reference = _by_clip(aligned, aligned.reference, wrong)
    of_prediction = _by_clip(aligned, aligned.prediction, wrong)
    references = _by_clip(aligned, aligned.reference, np.ones(len(wrong), bool))
    after = np.full(n, -1)
    after[before[before >= 0]] = np.flatnonzero(before >= 0)
    missing, added = np.full(n, np.nan), np.full(n, np.nan)
    for row in np.unique(aligned.clip[wrong]).tolist():
        own, others = of_reference[row], of_prediction[row]
        neighbours = [(int(before[row]), -1), (int(after[row]), 1)]
        neighbours = [(at, side) for at, side in neighbours if at >= 0 and references[at] != references[row]]
        if own:
            common = [LCSseq.similarity(own, of_prediction[at]) for at, _ in neighbours]
            missing[row] = _share(common, len(own))
        if others:
            ends = [_end(references[at], len(others) + 1, side) for at, side in neighbours]
            added[row] = _share([LCSseq.similarity(others, end) for end in ends], len(others))
    return missing, added


def _by_clip(aligned: Alignment, words: NDArray[np.int32], where: NDArray[np.bool_]) -> list[list[int]]:
    """Words of every clip on one side of some steps."""
    chosen = where & (words >= 0)
    codes = words[chosen].tolist()
    ends = np.searchsorted(aligned.clip[chosen], np.arange(aligned.clips + 1)).tolist()
    return [codes[start:end] for start, end in pairwise(ends)]


def _end(words: list[int], count: int, side: int) -> list[int]:
    """The last words of the clip before, or the first of the clip after."""
    return words[:count] if side > 0 else words[-count:]


def _share(common: list[int], words: int) -> float:
    most = max(common, default=0)
    return most / words if most >= _FEWEST_WORDS else 0.0
