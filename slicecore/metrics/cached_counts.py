"""On-disk cache of word errors per clip: counting them takes longer than anything else in a start from the cache."""

from __future__ import annotations

from pathlib import Path

from slicecore.metrics import WordErrors, word_errors
from slicecore.storage.array_cache import cached_arrays, version_of
from slicecore.storage.cache_folders import CacheFolder
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation, Texts, name_of

_VERSION = version_of(3)
"""Raise its number when the same texts give other counts."""

_PARTS = ("substitutions", "deletions", "insertions", "words")


def cached_word_errors(
    reference: Texts, prediction: Texts, normalisation: Normalisation = DEFAULT_NORMALISATION, *, cache: Path
) -> WordErrors:
    """Word errors of every clip, see `slicecore.metrics.word_errors`.

    Parameters
    ----------
    cache
        Folder of the cache.
    """
    counts = cached_arrays(
        cache,
        CacheFolder.COUNTS,
        f"word errors {_VERSION} {name_of(normalisation)}",
        lambda: vars(word_errors(reference, prediction, normalisation)),
        texts=(reference, prediction),
    )
    return WordErrors(*(counts[part] for part in _PARTS))
