"""On-disk cache of the word alignment of a large table: to read it takes a tenth of aligning the words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slicecore.storage.array_cache import Arrays, cached_arrays, version_of
from slicecore.storage.cache_folders import CacheFolder
from slicecore.text.normalisation import Texts

if TYPE_CHECKING:
    from slicecore.text.alignment import Alignment

LEAST_CLIPS = 50_000
"""Number of clips from which on an alignment is stored."""

_VERSION = version_of(1)
"""Raise its number when the same texts are aligned in another way."""


def stored_alignment(
    reference: Texts, prediction: Texts, normalisation: str, cache: Path, make: Callable[[], Alignment]
) -> Alignment:
    """The alignment of two columns of texts, from the cache or from `make`.

    Parameters
    ----------
    reference, prediction
        (n,) texts.
    normalisation
        Name of their normalisation.
    cache
        Folder of the cache.
    make
        Aligns them.
    """
    from slicecore.text.alignment import Alignment

    name = f"alignment {_VERSION} {normalisation}"
    texts = (reference, prediction)
    stored = cached_arrays(cache, CacheFolder.COUNTS, name, lambda: _as_arrays(make()), texts=texts)
    steps = stored["steps"]
    clip = np.repeat(np.arange(len(steps), dtype=np.int32), steps)
    vocabulary = tuple(json.loads(stored["vocabulary"].tobytes()))
    return Alignment(len(steps), clip, stored["kind"], stored["reference"], stored["prediction"], vocabulary)


def _as_arrays(aligned: Alignment) -> Arrays:
    return {
        "steps": np.bincount(aligned.clip, minlength=aligned.clips),
        "kind": aligned.kind,
        "reference": aligned.reference,
        "prediction": aligned.prediction,
        "vocabulary": np.frombuffer(json.dumps(aligned.vocabulary).encode(), np.uint8),
    }
