"""Hard words of a clip, numbers, names and rare ones, and the share of its errors that lie on them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.text.alignment import EQUAL, Alignment
from slicecore.text.word_classes import CLASSES, NAME, NUMBER, ONCE, WordClasses

_NAMES = {"number": NUMBER, "name": NAME, "rare": ONCE}
"""Class of words by the first part of the names of its measurements."""


def hard_words(aligned: Alignment, classes: WordClasses) -> dict[str, NDArray[np.float64]]:
    """Shares of the words and of the errors of every clip that are on hard words.

    Parameters
    ----------
    aligned
        Alignment of the table, or of some of its clips.
    classes
        Classes of the words of the table.

    Returns
    -------
    dict
        By name (n,): `number_words`, `name_words` and `rare_words`, share of the reference's words, NaN without any;
        `number_errors`, `name_errors` and `rare_errors`, share of the errors, NaN without any. Those of names are NaN
        where names can't be told.
    """
    spoken = aligned.reference >= 0
    clip, word, wrong = aligned.clip[spoken], aligned.reference[spoken], aligned.kind[spoken] != EQUAL
    words: dict[str, NDArray[np.float64]] = {}
    errors: dict[str, NDArray[np.float64]] = {}
    for name, class_of_words in _NAMES.items():
        within = classes.of_word[list(CLASSES).index(class_of_words)][word]
        unknown = class_of_words == NAME and bool(classes.names_unknown)
        words[f"{name}_words"] = _share(clip[within], aligned.reference_words, unknown)
        errors[f"{name}_errors"] = _share(clip[within & wrong], aligned.errors, unknown)
    return words | errors


def _share(clip: NDArray[np.int64], of: NDArray[np.float64], unknown: bool) -> NDArray[np.float64]:
    """Times that each clip comes up per its number of words or errors; NaN where that is 0, or nothing is known."""
    count = np.bincount(clip, minlength=len(of)).astype(np.float64)
    return np.divide(count, of, out=np.full(len(of), np.nan), where=(of > 0) & (not unknown))
