"""On-disk cache of arrays: read where they were made before of the same inputs, made and stored where not."""

from __future__ import annotations

import hashlib
import logging
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slicecore.storage.atomic import write_whole
from slicecore.storage.cache_folders import CacheFolder

if TYPE_CHECKING:
    import pandas as pd

_log = logging.getLogger(__name__)

Arrays = Mapping[str, NDArray[Any]]


def cached_arrays(
    cache: Path,
    folder: CacheFolder,
    name: str,
    make: Callable[[], Arrays],
    *,
    texts: Sequence[Collection[str] | pd.Series[Any]] = (),
    arrays: Iterable[NDArray[Any]] = (),
) -> Arrays:
    """Arrays by name, from the cache or from `make`; what can't be stored is made again by the next start.

    Parameters
    ----------
    cache
        Folder of the cache.
    folder
        Folder in it.
    name
        Name of the result, with everything it depends on besides texts and arrays; see `version_of`.
    make
        Computes the arrays.
    texts, arrays
        The inputs.
    """
    path = entry(cache, folder, name, texts=texts, arrays=arrays)
    stored = load_arrays(path)
    if stored is not None:
        return stored
    made = make()
    store_arrays(path, made)
    return made


def version_of(number: int, *settings: object) -> str:
    """Version for the name of an entry: a number that is raised by hand, and a hash of calibrated constants.

    Parameters
    ----------
    number
        Raised when the same constants give another result or the format changes.
    settings
        Dataclasses of constants: where one has another value or another field, the version is another one.
    """
    digest = hashlib.blake2b(repr(settings).encode(), digest_size=6).hexdigest()
    return f"{number}-{digest}" if settings else str(number)


def entry(
    cache: Path,
    folder: CacheFolder,
    name: str,
    *,
    texts: Sequence[Collection[str] | pd.Series[Any]] = (),
    arrays: Iterable[NDArray[Any]] = (),
) -> Path:
    """Path of the file for certain inputs, which need not be there; parameters as in `cached_arrays`."""
    digest = hashlib.blake2b(f"{name} {[len(column) for column in texts]}".encode(), digest_size=16)
    for column in texts:
        # Each text is preceded by its length, so that no two tables run together to the same content.
        digest.update("".join(f"{len(text)}:{text}" for text in column).encode("utf-8", "surrogatepass"))
    for array in arrays:
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return folder.within(cache) / f"{digest.hexdigest()}.npz"


def load_arrays(path: Path) -> Arrays | None:
    """Arrays of a file; None where there is none, or it is damaged or can't be read."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return dict(stored)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        _log.warning("The cached file %s is damaged (%s); it is made again.", path, error)
        return None


def store_arrays(path: Path, arrays: Arrays) -> bool:
    """Write a file; False, with a warning, where that fails."""
    parts: dict[str, Any] = dict(arrays)

    def save(part: Path) -> None:
        with part.open("wb") as file:  # np.savez would add an ending to a bare path
            np.savez(file, **parts)

    try:
        write_whole(path, save)
    except OSError as error:
        _log.warning("Nothing can be stored in %s (%s); the next start makes it again.", path, error)
        return False
    return True
