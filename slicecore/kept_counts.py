"""Word errors of every clip, kept on disk: counting them takes longer than anything else in a start from the cache."""

from __future__ import annotations

import hashlib
import logging
import zipfile
from pathlib import Path

import numpy as np

from slicecore.home import cache_folder
from slicecore.metrics import Texts, WordErrors, word_errors
from slicecore.text import DEFAULT_NORMALISATION
from slicecore.whole_file import write_whole

_FORMAT = 1
_PARTS = ("substitutions", "deletions", "insertions", "words")
_log = logging.getLogger(__name__)


def kept_word_errors(
    reference: Texts,
    prediction: Texts,
    normalisation: str = DEFAULT_NORMALISATION,
    cache: Path | None = None,
) -> WordErrors:
    """The same as `slicecore.metrics.word_errors`, from the cache where the same texts were counted before.

    Parameters
    ----------
    cache
        Folder of the cache; the user's by default.
    """
    digest = hashlib.blake2b(f"{normalisation} {_FORMAT} {len(reference)}".encode(), digest_size=16)
    for texts in (reference, prediction):
        # Each text is preceded by its length, so that no two tables run together to the same content.
        digest.update("".join(f"{len(text)}:{text}" for text in texts).encode("utf-8", "surrogatepass"))
    path = (cache if cache is not None else cache_folder()) / "counts" / f"{digest.hexdigest()}.npz"
    try:
        with np.load(path, allow_pickle=False) as kept:
            return WordErrors(*(kept[part] for part in _PARTS))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        _log.warning("The kept counts %s are damaged (%s); they are made again.", path, error)
    counted = word_errors(reference, prediction, normalisation)
    parts = {name: getattr(counted, name) for name in _PARTS}
    try:
        write_whole(path, lambda part: np.savez(part, **parts))
    except OSError as error:
        _log.warning("The counts can't be kept in %s (%s); the next start makes them again.", path, error)
    return counted
