"""Phrases that come up in the predictions of clips whose references have nothing in common with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from slicecore.measurements.word_keys import mixed
from slicecore.text.alignment import EQUAL, Alignment, align_table
from slicecore.text.parts import parts_of

FEWEST_CLIPS = 3
"""Clips, each with another reference, in whose predictions a phrase must come up."""

_MOSTLY = 0.5  # share of a prediction from which on its phrase is named
_SYSTEMATIC = 0.5  # share of its places with the same words of the reference, from which on it is a confusion
_IN_REFERENCES = (
    0.5  # times that references have it, per time it is wrong, from which on it is a usual phrase
)


def recurring_words(aligned: Alignment) -> NDArray[np.float64]:
    """Share of the words of every prediction that lie in recurring phrases, (clips,); 0 for an empty prediction.

    A phrase is two words in a row that are both wrong, or a prediction of a single wrong word. It recurs where
    predictions of clips with three different references have it, the references hardly ever, and where it does not
    stand for the same words each time: a name that is always misspelled in one way is no recurring phrase.
    """
    count = np.bincount(aligned.clip[_recurring_steps(aligned)], minlength=aligned.clips)
    share: NDArray[np.float64] = count / np.maximum(aligned.prediction_words, 1)
    return share


def recurring_phrases(
    reference: Sequence[str], prediction: Sequence[str], share: NDArray[np.float64]
) -> NDArray[np.object_]:
    """The first recurring phrase of every clip with at least half of its prediction in such phrases, else "", (n,).

    Parameters
    ----------
    reference, prediction
        (n,) texts.
    share
        (n,) from `recurring_words`, NaN where unknown.
    """
    phrases = np.full(len(reference), "", dtype=object)
    rows = np.flatnonzero(share >= _MOSTLY).tolist()
    aligned = align_table([reference[row] for row in rows], [prediction[row] for row in rows])
    predicted = np.flatnonzero(aligned.prediction >= 0)
    recurs = np.isin(predicted, _recurring_steps(aligned))
    words = np.array(["", *aligned.vocabulary], dtype=object)[
        np.where(recurs, aligned.prediction[predicted] + 1, 0)
    ]
    ends = np.searchsorted(aligned.clip[predicted], np.arange(aligned.clips + 1)).tolist()
    for row, (start, end) in zip(rows, pairwise(ends), strict=True):
        runs = groupby(words[start:end].tolist(), bool)
        phrases[row] = next((" ".join(run) for lies, run in runs if lies), "")
    return phrases


def _recurring_steps(aligned: Alignment) -> NDArray[np.int64]:
    """Steps whose predicted word lies in a recurring phrase."""
    is_predicted = aligned.prediction >= 0
    wrong = np.flatnonzero(is_predicted & (aligned.kind != EQUAL))
    place = np.cumsum(is_predicted, dtype=np.int32)[wrong]  # among the predicted words
    clip, code = aligned.clip[wrong], aligned.prediction[wrong].astype(np.uint64)
    against = aligned.reference[wrong].astype(np.int64)  # −1 where the word was inserted
    texts = _text_of_clip(aligned)
    recurs = np.zeros(len(wrong), bool)
    pair = np.flatnonzero((np.diff(place) == 1) & (np.diff(clip) == 0))
    of_pair = _recurring(
        mixed(code[pair], code[pair + 1]),
        texts[clip[pair]],
        mixed(against[pair].astype(np.uint64), against[pair + 1].astype(np.uint64)),
        (against[pair] < 0) & (against[pair + 1] < 0),
        lambda phrases: _times_in_references(aligned, phrases),
    )
    recurs[pair[of_pair]] = recurs[pair[of_pair] + 1] = True
    alone = np.flatnonzero(aligned.prediction_words[clip] == 1)
    of_alone = _recurring(
        code[alone],
        texts[clip[alone]],
        against[alone].astype(np.uint64),
        against[alone] < 0,
        lambda phrases: np.zeros(len(phrases), np.int64),
    )
    recurs[alone[of_alone]] = True
    return wrong[recurs]


def _recurring(
    phrase: NDArray[np.uint64],
    text: NDArray[np.int64],
    against: NDArray[np.uint64],
    inserted: NDArray[np.bool_],
    times_in_references: Callable[[NDArray[np.uint64]], NDArray[np.int64]],
) -> NDArray[np.bool_]:
    """Marks of the places whose phrase recurs.

    Parameters
    ----------
    phrase : (places,) the phrase at each place.
    text : (places,) number of the clip's reference.
    against : (places,) words of the reference that stand there.
    inserted : (places,) where none do.
    times_in_references : how often references have each of some phrases, which are in ascending order.
    """
    if not len(phrase):
        return np.zeros(0, bool)
    phrases, index, times = np.unique(phrase, return_inverse=True, return_counts=True)
    texts = np.bincount(_different(index, text)[0] >> 32, minlength=len(times))
    of_reference, count = _different(index[~inserted], np.unique(against[~inserted], return_inverse=True)[1])
    at_same = np.zeros(len(times))
    np.maximum.at(at_same, of_reference >> 32, count)
    recurs = (
        (texts >= FEWEST_CLIPS)
        & (at_same <= _SYSTEMATIC * times)
        & (times_in_references(phrases) <= _IN_REFERENCES * times)
    )
    return recurs[index]


def _different(
    first: NDArray[np.int64], second: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Different pairs of numbers below 2**31, the first 32 bits up in one number with the second; and their times."""
    ordered = np.sort((first << 32) | second)
    start = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    return ordered[start], np.diff(np.append(start, len(ordered)))


def _times_in_references(aligned: Alignment, phrases: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Times that each of some phrases of two words, in ascending order, comes up in the references."""
    times = np.zeros(len(phrases), np.int64)
    for _, clip, code in _spoken(aligned):
        together = clip[:-1] == clip[1:]
        there = mixed(code[:-1][together], code[1:][together])
        at = np.minimum(np.searchsorted(phrases, there), len(phrases) - 1)
        times += np.bincount(at[phrases[at] == there], minlength=len(phrases))
    return times


def _text_of_clip(aligned: Alignment) -> NDArray[np.int64]:
    """A number per clip that is the same for equal references, (clips,)."""
    total = np.zeros(aligned.clips, np.uint64)
    for first, clip, code in _spoken(aligned):
        start = np.flatnonzero(np.append(True, clip[1:] != clip[:-1])[: len(clip)])
        place = np.arange(len(clip)) - np.repeat(start, np.diff(np.append(start, len(clip))))
        total[first + clip[start]] = np.add.reduceat(mixed(code, place.astype(np.uint64)), start)
    return np.unique(total, return_inverse=True)[1]


def _spoken(aligned: Alignment) -> Iterator[tuple[int, NDArray[np.int32], NDArray[np.uint64]]]:
    """Words of the references, not all at once: the first of some clips; number among them and word of every place."""
    for part in parts_of(aligned.clips):
        some = aligned.of(np.arange(part.start, part.stop))
        spoken = some.reference >= 0
        if spoken.any():
            yield part.start, some.clip[spoken], some.reference[spoken].astype(np.uint64)
