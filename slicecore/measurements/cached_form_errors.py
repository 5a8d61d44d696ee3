"""On-disk cache of errors of form per clip, which take long to compare."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.storage.array_cache import cached_arrays, version_of
from slicecore.storage.cache_folders import CacheFolder
from slicecore.text.form_errors import form_errors
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation, Texts, name_of

_VERSION = version_of(3)
"""Raise its number when the same texts give other errors of form."""


def cached_form_errors(
    reference: Texts, prediction: Texts, normalisation: Normalisation = DEFAULT_NORMALISATION, *, cache: Path
) -> NDArray[np.float64]:
    """Errors of form of every clip, (n,), see `slicecore.text.form_errors.form_errors`.

    Parameters
    ----------
    cache
        Folder of the cache.
    """
    counts = cached_arrays(
        cache,
        CacheFolder.COUNTS,
        f"form errors {_VERSION} {name_of(normalisation)}",
        lambda: {"form_errors": form_errors(reference, prediction, normalisation)},
        texts=(reference, prediction),
    )
    return counts["form_errors"]
