"""Errors of form: word errors that disappear under stronger normalisation, the same words written another way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.text.alignment import align_table
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation, Texts, name_of, normalise
from slicecore.text.parts import listed, parts_of

_ENGLISH = frozenset(("the", "and", "of", "you", "my", "please"))  # in no other large language this often
_ENOUGH_ENGLISH = 0.2  # of the references
_STRENGTHS = ("none", "basic", "english")
"""Normalisations by what they take away, the least first."""


def form_errors(
    reference: Texts, prediction: Texts, normalisation: Normalisation = DEFAULT_NORMALISATION
) -> NDArray[np.float64]:
    """Count the word errors of every clip that disappear when texts are normalised further than the metric does.

    Further means: without case and punctuation; with one way to write numbers, contractions and spellings where the
    references are English (the normaliser of Whisper's authors, Radford et al., Robust speech recognition via
    large-scale weak supervision, 2023, appendix C); and none is left where the letters are the same but for the spaces
    between them ("ice cream", "icecream").

    Parameters
    ----------
    reference, prediction
        (n,) texts.
    normalisation
        That of the metric.

    Returns
    -------
    numpy.ndarray
        (n,) errors, from 0 to all errors of the clip.

    Raises
    ------
    MetricError
        If the lengths differ or the normalisation is unknown.
    """
    from rapidfuzz.distance import Levenshtein

    errors = align_table(reference, prediction, normalisation).errors
    remaining = errors.copy()
    name = name_of(normalisation)
    further = (_STRENGTHS[_STRENGTHS.index(name) + 1 :] if name in _STRENGTHS else ()) or (name,)
    if "english" in further and name != "english" and not _is_english(reference):
        further = tuple(stronger for stronger in further if stronger != "english")
    for some in parts_of(len(errors)):
        wrong = np.flatnonzero(errors[some]).tolist()
        texts = [
            [column[row] for row in wrong] for column in map(listed, (reference[some], prediction[some]))
        ]
        for stronger in further:
            for row, a, b in zip(wrong, *(normalise(column, stronger) for column in texts), strict=True):
                same = a.replace(" ", "") == b.replace(" ", "")
                left = 0 if same else Levenshtein.distance(a.split(), b.split())
                remaining[some.start + row] = min(remaining[some.start + row], left)
    return errors - remaining


def _is_english(texts: Texts) -> bool:
    filled = english = 0
    for some in parts_of(len(texts)):
        with_words = [text for text in listed(texts[some]) if text.strip()]
        filled += len(with_words)
        english += sum(not _ENGLISH.isdisjoint(text.lower().split()) for text in with_words)
    return english >= _ENOUGH_ENGLISH * max(1, filled)
