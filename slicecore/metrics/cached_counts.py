"""Errors of every clip, kept on disk: counting them takes longer than anything else in a start from the cache."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics.builtin import Texts, WordErrors, word_errors
from slicecore.storage.array_cache import kept_arrays
from slicecore.text.form_errors import vanishing_errors
from slicecore.text.normalisation import DEFAULT_NORMALISATION

_FORMAT = 2
_PARTS = ("substitutions", "deletions", "insertions", "words")


def kept_word_errors(
    reference: Texts,
    prediction: Texts,
    normalisation: str = DEFAULT_NORMALISATION,
    cache: Path | None = None,
) -> WordErrors:
    """The same as `slicecore.metrics.builtin.word_errors`, from the cache where the same texts were counted before.

    Parameters
    ----------
    cache
        Folder of the cache; the user's by default.
    """

    def make() -> dict[str, NDArray]:
        counted = word_errors(reference, prediction, normalisation)
        return {part: getattr(counted, part) for part in _PARTS}

    kept = kept_arrays(f"word errors {_FORMAT} {normalisation}", (reference, prediction), make, cache)
    return WordErrors(*(kept[part] for part in _PARTS))


def kept_vanishing_errors(
    reference: Texts,
    prediction: Texts,
    normalisation: str = DEFAULT_NORMALISATION,
    cache: Path | None = None,
) -> NDArray[np.float64]:
    """The same as `form_errors.vanishing_errors`, from the cache where the same texts were compared before."""

    def make() -> dict[str, NDArray]:
        return {"vanishing": vanishing_errors(reference, prediction, normalisation)}

    what = f"vanishing errors {_FORMAT} {normalisation}"
    return kept_arrays(what, (reference, prediction), make, cache)["vanishing"]
