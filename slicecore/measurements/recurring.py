"""Phrases that come up in the predictions of clips whose references have nothing in common with them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from slicecore.measurements.word_keys import mixed
from slicecore.text.alignment import EQUAL, Alignment, align_table

FEWEST_CLIPS = 3
"""Clips, each with another reference, in whose predictions a phrase must come up."""

_MOSTLY = 0.5  # share of a prediction from which on its phrase is named
_LENGTH = 2  # words of a phrase
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
    predicted = np.flatnonzero(aligned.prediction >= 0)
    recurs = _recurs(aligned, predicted)
    count = np.bincount(aligned.clip[predicted[recurs]], minlength=aligned.clips)
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
    recurs = _recurs(aligned, predicted)
    words = np.array(["", *aligned.vocabulary], dtype=object)[
        np.where(recurs, aligned.prediction[predicted] + 1, 0)
    ]
    ends = np.searchsorted(aligned.clip[predicted], np.arange(aligned.clips + 1)).tolist()
    for row, (start, end) in zip(rows, pairwise(ends), strict=True):
        runs = groupby(words[start:end].tolist(), bool)
        phrases[row] = next((" ".join(run) for lies, run in runs if lies), "")
    return phrases


def _recurs(aligned: Alignment, predicted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Marks of the predicted words, given by their steps, that lie in recurring phrases."""
    clip, code = aligned.clip[predicted], aligned.prediction[predicted].astype(np.uint64)
    wrong = aligned.kind[predicted] != EQUAL
    against = aligned.reference[predicted].astype(np.int64)  # −1 where the word was inserted
    texts = _text_of_clip(aligned)
    recurs = np.zeros(len(predicted), bool)
    first = np.arange(max(0, len(predicted) - _LENGTH + 1))
    pair = first[(clip[first] == clip[first + 1]) & wrong[first] & wrong[first + 1]]
    of_pair = _recurring(
        mixed(code[pair], code[pair + 1]),
        texts[clip[pair]],
        mixed(against[pair].astype(np.uint64), against[pair + 1].astype(np.uint64)),
        (against[pair] < 0) & (against[pair + 1] < 0),
        _pairs_of_references(aligned),
    )
    recurs[pair[of_pair]] = recurs[pair[of_pair] + 1] = True
    alone = np.flatnonzero((aligned.prediction_words[clip] == 1) & wrong)
    of_alone = _recurring(
        code[alone],
        texts[clip[alone]],
        against[alone].astype(np.uint64),
        against[alone] < 0,
        code[:0],
    )
    recurs[alone[of_alone]] = True
    return recurs


def _recurring(
    phrase: NDArray[np.uint64],
    text: NDArray[np.int64],
    against: NDArray[np.uint64],
    inserted: NDArray[np.bool_],
    usual: NDArray[np.uint64],
) -> NDArray[np.bool_]:
    """Marks of the places whose phrase recurs.

    Parameters
    ----------
    phrase : (places,) the phrase at each place.
    text : (places,) number of the clip's reference.
    against : (places,) words of the reference that stand there.
    inserted : (places,) where none do.
    usual : phrases of the references, one by one.
    """
    if not len(phrase):
        return np.zeros(0, bool)
    _, index, times = np.unique(phrase, return_inverse=True, return_counts=True)
    texts = _different(index, text.astype(np.uint64), len(times))
    at_same = np.zeros(len(times))
    pairs, count = np.unique(
        np.stack([index[~inserted].astype(np.uint64), against[~inserted]]), axis=1, return_counts=True
    )
    np.maximum.at(at_same, pairs[0].astype(np.int64), count)
    known, in_references = np.unique(usual, return_counts=True)
    phrases = np.unique(phrase)
    at = np.minimum(np.searchsorted(known, phrases), max(len(known) - 1, 0))
    spoken = np.where(known[at] == phrases, in_references[at], 0) if len(known) else np.zeros(len(phrases))
    recurs = (texts >= FEWEST_CLIPS) & (at_same <= _SYSTEMATIC * times) & (spoken <= _IN_REFERENCES * times)
    return recurs[index]


def _different(index: NDArray[np.int64], text: NDArray[np.uint64], size: int) -> NDArray[np.int64]:
    """Number of different texts at each index."""
    pairs = np.unique(np.stack([index.astype(np.uint64), text]), axis=1)
    return np.bincount(pairs[0].astype(np.int64), minlength=size)


def _pairs_of_references(aligned: Alignment) -> NDArray[np.uint64]:
    """Every two words in a row of the references."""
    spoken = aligned.reference >= 0
    clip, code = aligned.clip[spoken], aligned.reference[spoken].astype(np.uint64)
    together = clip[:-1] == clip[1:]
    return mixed(code[:-1][together], code[1:][together])


def _text_of_clip(aligned: Alignment) -> NDArray[np.int64]:
    """A number per clip that is the same for equal references, (clips,)."""
    spoken = np.flatnonzero(aligned.reference >= 0)
    clip, code = aligned.clip[spoken], aligned.reference[spoken].astype(np.uint64)
    start = np.searchsorted(clip, np.arange(aligned.clips))
    place = np.arange(len(spoken)) - start[clip]
    total = np.zeros(aligned.clips, np.uint64)
    np.add.at(total, clip, mixed(code, place.astype(np.uint64)))
    return np.unique(total, return_inverse=True)[1]
