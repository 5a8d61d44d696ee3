"""Words that are missing in a clip, or too many, and stand in the clip before or after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.clip import Clip
from slicecore.audio.clip_columns import ClipSequence, columns_of_clips
from slicecore.measurements.word_keys import distinct
from slicecore.text.alignment import EQUAL, Alignment

_FEWEST_WORDS = 2  # in common with a neighbour; a single one is often an article


def before_each(clips: Sequence[Clip | None]) -> NDArray[np.int64]:
    """The clip before every clip, (n,): in its recording where clips are parts of recordings, else in the table.

    −1 where there is none.
    """
    n = len(clips)
    if isinstance(clips, ClipSequence) and not clips.have_parts:  # a look at a million paths takes seconds
        return np.arange(-1, n - 1)
    columns = columns_of_clips(clips)
    if not columns.is_part.any():
        return np.arange(-1, n - 1)
    before = np.full(n, -1)
    rows = np.flatnonzero(columns.recording >= 0)
    ordered = rows[np.lexsort((columns.start[rows], columns.recording[rows]))]
    follows = columns.recording[ordered[1:]] == columns.recording[ordered[:-1]]
    before[ordered[1:][follows]] = ordered[:-1][follows]
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

    wrong = aligned.kind != EQUAL
    of_reference = _WordsOfClips(aligned, aligned.reference, wrong)
    of_prediction = _WordsOfClips(aligned, aligned.prediction, wrong)
    references = _WordsOfClips(aligned, aligned.reference, np.ones(len(wrong), bool))
    sides = [(before, -1), (after_each(before), 1)]
    missing, added = of_reference.zeros(), of_prediction.zeros()
    for row in _may_share(of_reference, of_prediction, [of for of, _ in sides]):
        own = of_reference[row]
        others = [at for at in (int(of[row]) for of, _ in sides) if at >= 0]
        others = [at for at in others if references[at] != references[row]]
        missing[row] = _share([LCSseq.similarity(own, of_prediction[at]) for at in others], len(own))
    for row in _may_share(of_prediction, references, [of for of, _ in sides]):
        own = of_prediction[row]
        ends = [
            _end(references[int(of[row])], len(own) + 1, side)
            for of, side in sides
            if of[row] >= 0 and references[int(of[row])] != references[row]
        ]
        added[row] = _share([LCSseq.similarity(own, end) for end in ends], len(own))
    return missing, added


def after_each(before: NDArray[np.int64]) -> NDArray[np.int64]:
    """The clip after every clip, (n,), by the clip before every clip; −1 where there is none."""
    after = np.full(len(before), -1)
    after[before[before >= 0]] = np.flatnonzero(before >= 0)
    return after


class _WordsOfClips:
    """Words of every clip on one side of some steps of an alignment."""

    def __init__(self, aligned: Alignment, words: NDArray[np.int32], where: NDArray[np.bool_]) -> None:
        chosen = where & (words >= 0)
        self.clip, self.words = aligned.clip[chosen].astype(np.int64), words[chosen].astype(np.int64)
        self.size = max(1, len(aligned.vocabulary))
        self._bounds = np.searchsorted(self.clip, np.arange(aligned.clips + 1))

    def __getitem__(self, row: int) -> list[int]:
        words: list[int] = self.words[self._bounds[row] : self._bounds[row + 1]].tolist()
        return words

    def zeros(self) -> NDArray[np.float64]:
        """0 for every clip with words, else NaN."""
        return np.where(np.diff(self._bounds) > 0, 0.0, np.nan)


def _may_share(own: _WordsOfClips, others: _WordsOfClips, beside_each: list[NDArray[np.int64]]) -> list[int]:
    """Clips of whose words so many as count are among those of a clip beside it, in whatever order."""
    known = distinct(others.clip * others.size + others.words)
    may = np.zeros(len(beside_each[0]), dtype=bool)
    for beside_ in beside_each:
        asked = beside_[own.clip] * own.size + own.words  # negative where there is none
        at = np.minimum(np.searchsorted(known, asked), max(0, len(known) - 1))
        is_shared = known[at] == asked if len(known) else np.zeros(len(asked), bool)
        may |= np.bincount(own.clip[is_shared], minlength=len(may)) >= _FEWEST_WORDS
    return np.flatnonzero(may).tolist()


def _end(words: list[int], count: int, side: int) -> list[int]:
    """The last words of the clip before, or the first of the clip after."""
    return words[:count] if side > 0 else words[-count:]


def _share(common: list[int], words: int) -> float:
    most = max(common, default=0)
    return most / words if most >= _FEWEST_WORDS else 0.0
