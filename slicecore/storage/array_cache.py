"""On-disk cache of arrays: read where they were made before of the same inputs, made and stored where not."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slicecore.storage.cache_folders import CacheFolder
from slicecore.storage.checked_file import MAPPED_FROM, map_checked, read_checked, write_checked
from slicecore.text_digest import joined_blocks

if TYPE_CHECKING:
    import pandas as pd

ENDING = ".arrays"
"""Of the names of the files: the names of their arrays as an array, then these, each as in a .npy file."""

_ALIGNMENT = 64
_MOST_HEADER = 1 << 16
"""Bytes before the numbers of an array in the .npy format, version 1."""

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
    if store_arrays(path, made) and sum(array.nbytes for array in made.values()) >= MAPPED_FROM:
        # As in the next start they are the disk's, and take no memory of their own.
        return load_arrays(path) or made
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
        for content in joined_blocks(column):
            digest.update(content)
    for array in arrays:
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return folder.within(cache) / f"{digest.hexdigest()}{ENDING}"


def load_arrays(path: Path, *, writable: bool = True) -> Arrays | None:
    """Arrays of a file; None where there is none, or it is damaged or can't be read.

    Those that are not to be written to can be let go, see `slicecore.mapped_memory`.
    """
    content = read_checked(path) if writable else map_checked(path)
    if content is None:
        return None
    names, at = _array_at(content, 0)
    arrays = {}
    for name in names.tolist():
        arrays[name], at = _array_at(content, at)
    return arrays


def store_arrays(path: Path, arrays: Arrays) -> bool:
    """Write a file; False, with a warning, where that fails."""
    parts: list[bytes | memoryview] = []
    for array in (np.array(list(arrays), np.str_), *map(np.asanyarray, arrays.values())):
        head = io.BytesIO()
        np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(array))
        as_stored = array.T if array.flags.fnc else array
        numbers = np.ascontiguousarray(as_stored).reshape(-1)
        size = head.tell() + numbers.nbytes
        parts += [
            head.getvalue(),
            numbers.view(np.uint8).data if numbers.nbytes else b"",
            bytes(-size % _ALIGNMENT),
        ]
    return write_checked(path, parts)


def _array_at(content: memoryview, at: int) -> tuple[NDArray[Any], int]:
    """The array that begins at a place of a file, without copying it, and the place of the next one."""
    head = io.BytesIO(content[at : at + _MOST_HEADER])
    np.lib.format.read_magic(head)
    shape, columns_first, dtype = np.lib.format.read_array_header_1_0(head)
    count = math.prod(shape)
    if not count or not dtype.itemsize:
        array = np.empty(shape, dtype)
    else:
        numbers = np.frombuffer(content, dtype, count, at + head.tell())
        array = numbers.reshape(shape, order="F" if columns_first else "C")
    end = at + head.tell() + count * dtype.itemsize
    return array, end + -end % _ALIGNMENT
