"""Memory of arrays that are files: what was looked at stays in memory until the system needs it, or until it goes."""

from __future__ import annotations

import mmap

import numpy as np
from numpy.typing import NDArray

_ROWS_AT_ONCE = 1 << 11


def let_go(array: NDArray) -> None:
    """Take what was looked at of an array out of this process, if it is a file mapped for reading.

    The next look finds it in the system's cache of the file, or on the disk. Nothing happens to other arrays, nor where
    the system has no such call.
    """
    mapping = _mapping(array)
    if mapping is None or array.flags.writeable or not hasattr(mmap, "MADV_DONTNEED"):
        return
    start = np.frombuffer(mapping, np.uint8)[:1].ctypes.data
    begin = array.ctypes.data - start
    first = -(-begin // mmap.PAGESIZE) * mmap.PAGESIZE  # whole pages that hold nothing else
    last = (begin + array.nbytes) // mmap.PAGESIZE * mmap.PAGESIZE
    if array.flags.c_contiguous and last > first:
        mapping.madvise(mmap.MADV_DONTNEED, first, last - first)


def taken(array: NDArray, rows: NDArray[np.integer]) -> NDArray:
    """Copy of some rows of an array, ascending ones at best, of which little is in memory at a time if it is a file.

    A few rows of every part of a file are all of it: it comes into memory by many pages at once.
    """
    if not is_mapped(array):
        return array[rows]
    made = np.empty((len(rows), *array.shape[1:]), array.dtype)
    for begin in range(0, len(rows), _ROWS_AT_ONCE):
        some = slice(begin, begin + _ROWS_AT_ONCE)
        made[some] = array[rows[some]]
        let_go(array)
    return made


def is_mapped(array: NDArray) -> bool:
    """True if an array is a mapped file, and so takes no memory of its own."""
    return _mapping(array) is not None


def _mapping(array: NDArray) -> mmap.mmap | None:
    """The mapped file that an array lies in."""
    base: object = array
    while isinstance(base, np.ndarray | memoryview):
        base = base.base if isinstance(base, np.ndarray) else base.obj
    return base if isinstance(base, mmap.mmap) else None
