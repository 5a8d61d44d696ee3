"""Large arrays that take no memory of their own: they move to a file that has no name and ends with the process."""

from __future__ import annotations

import errno
import logging
import math
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np
from numpy.typing import NDArray

from slicecore.mapped_memory import is_mapped
from slicecore.storage.checked_file import MAPPED_FROM
from slicecore.storage.permissions import make_folder

_log = logging.getLogger(__name__)

_BLOCK = 1 << 20
_LEFT_FREE = 1 << 30
"""Bytes of the disk that are left to what has to be written, the words of reviewers first."""


def on_disk(array: NDArray, folder: Path) -> NDArray:
    """The same numbers as a file that is mapped for reading; a small array, or where no file can be written, itself.

    Parameters
    ----------
    array
        The array, of numbers.
    folder
        Folder of the file, made if it is missing; the file can't be seen there.
    """
    if array.nbytes < MAPPED_FROM or is_mapped(array):
        return array
    moved = _moved(np.ascontiguousarray(array).tofile, array.shape, array.dtype, folder)
    return array if moved is None else moved


def read_onto_disk(
    source: IO[bytes], shape: tuple[int, ...], dtype: np.dtype, folder: Path
) -> NDArray | None:
    """Numbers that stand in a file from its place on, as `on_disk` gives them: they are never in memory all at once.

    None for few numbers, and where no file can be written; the place is then where it was. Raises EOFError where the
    file is shorter than that.
    """
    begin, size = source.tell(), math.prod(shape) * dtype.itemsize
    if size < MAPPED_FROM:
        return None

    def copy(file: IO[bytes]) -> None:
        for start in range(0, size, _BLOCK):
            block = source.read(wanted := min(_BLOCK, size - start))
            if len(block) < wanted:
                raise EOFError(f"it breaks off after {start + len(block)} bytes of {size}")
            file.write(block)

    moved = _moved(copy, shape, dtype, folder)
    if moved is None:
        source.seek(begin)
    return moved


def _moved(
    write: Callable[[IO[bytes]], None], shape: tuple[int, ...], dtype: np.dtype, folder: Path
) -> NDArray | None:
    size = math.prod(shape) * dtype.itemsize
    try:
        make_folder(folder)
        if shutil.disk_usage(folder).free < size + _LEFT_FREE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with TemporaryFile(dir=folder) as file:
            if hasattr(os, "posix_fallocate"):  # a full disk shows here, not when a page is written later
                os.posix_fallocate(file.fileno(), 0, size)
            write(file)
            file.flush()
            return np.memmap(file, dtype, "r", shape=shape).view(np.ndarray)
    except OSError as error:
        _log.warning("Vectors stay in memory, as nothing can be written to %s (%s).", folder, error)
        return None
