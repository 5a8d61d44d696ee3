"""Arrays of .npy and .npz files, whose headers are looked at before memory is taken for what they claim."""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import ModelError
from slicecore.storage.disk_arrays import read_onto_disk

MOST_NUMBERS = 1 << 16
"""Most numbers of a vector."""

_ROWS_AT_ONCE = 1 << 14
_NPY = b"\x93NUMPY"
_ENDING = ".npy"
_KINDS = "fiub"
_FAILURES = (
    ValueError, OSError, EOFError, LookupError, RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""Errors that a damaged file may lead to: RuntimeError, for one, where a member says that it is encrypted."""


def read_vectors(
    path: Path, rows: int, choose: Callable[[Sequence[str]], str], folder: Path
) -> NDArray[np.float32]:
    """Vectors of a .npy file, or of a member of a .npz file, (rows, d) float32; many are not to be written to.

    Parameters
    ----------
    path
        The file.
    rows
        Rows of the table; an array with another number of them is not read.
    choose
        Called with the names of the arrays of a .npz file; returns one.
    folder
        Folder in which many vectors lie while they are used.

    Raises
    ------
    ModelError
        If the file is no such file, or its array does not fit.
    """
    try:
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                file.seek(0)
                return _read(file, path, rows, path.stat().st_size, folder)
        with zipfile.ZipFile(path) as archive:
            names = [name.removesuffix(_ENDING) for name in archive.namelist()]
            name = choose(names)
            member = archive.infolist()[names.index(name)]
            with archive.open(member) as file:
                return _read(file, path, rows, member.file_size, folder)
    except _FAILURES as error:
        raise ModelError(f"“{path.name}” can't be read as an array of numbers: {error}") from error


def _read(file: IO[bytes], path: Path, rows: int, size: int, folder: Path) -> NDArray[np.float32]:
    """The array that begins here, in a file of so many bytes."""
    if file.read(len(_NPY)) != _NPY:
        raise ValueError("it holds none")
    file.seek(0)
    shape, dtype, by_rows = _header(file)
    if dtype.hasobject:
        raise ValueError("it holds Python objects, which are never loaded")
    if len(shape) != 2 or not shape[1] or dtype.kind not in _KINDS:
        raise ModelError(
            f"“{path.name}” holds {dtype} of shape {shape}; one row of numbers per clip is needed."
        )
    if shape[0] != rows:
        raise ModelError(wrong_rows(path, shape[0], rows))
    if shape[1] > MOST_NUMBERS:
        raise ModelError(
            f"“{path.name}” holds vectors of {shape[1]} numbers; more than {MOST_NUMBERS:,} are none."
        )
    if file.tell() + math.prod(shape) * dtype.itemsize > size:
        raise ValueError(f"it breaks off: its header promises an array of shape {shape}")
    if by_rows and dtype == np.float32:
        moved = read_onto_disk(file, shape, dtype, folder)
        if moved is not None:
            return moved
    file.seek(0)
    numbers = np.lib.format.read_array(file, allow_pickle=False)
    with np.errstate(over="ignore"):  # such rows are not finite, which is their reason
        return numbers.astype(np.float32, copy=False)


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype, bool]:
    """Shape, type, and True where a row stands after the other."""
    version = np.lib.format.read_magic(file)
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    try:
        shape, columns_first, dtype = header(file)
    except Exception as error:  # it is read as Python text, in which anything may be wrong
        raise ValueError("its header is damaged") from error
    return shape, dtype, not columns_first


def wrong_rows(path: Path, there: int, wanted: int) -> str:
    """The sentence about a file with another number of vectors than the table has rows."""
    return (
        f"“{path.name}” has {there} vectors, but the table has {wanted} rows. "
        "It needs one vector per row, in the order of the table."
    )


def finite_rows(vectors: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Rows whose numbers are all finite, (n,); looked at in parts, as marks of all numbers take a quarter of them."""
    parts = range(0, len(vectors), _ROWS_AT_ONCE)
    return np.concatenate(
        [np.isfinite(vectors[at : at + _ROWS_AT_ONCE]).all(axis=1) for at in parts] or [np.zeros(0, bool)]
    )
