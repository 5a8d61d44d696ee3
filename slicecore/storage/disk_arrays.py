"""Large arrays that take no memory of their own: they move to a file that has no name and ends with the process."""

from __future__ import annotations

import errno
import logging
import os
import shutil
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray

from slicecore.mapped_memory import is_mapped
from slicecore.storage.checked_file import MAPPED_FROM
from slicecore.storage.permissions import make_folder

_log = logging.getLogger(__name__)

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
    try:
        make_folder(folder)
        if shutil.disk_usage(folder).free < array.nbytes + _LEFT_FREE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with TemporaryFile(dir=folder) as file:
            if hasattr(os, "posix_fallocate"):  # a full disk shows here, not when a page is written later
                os.posix_fallocate(file.fileno(), 0, array.nbytes)
            np.ascontiguousarray(array).tofile(file)
            return np.memmap(file, array.dtype, "r", shape=array.shape).view(np.ndarray)
    except OSError as error:
        _log.warning("Vectors stay in memory, as nothing can be written to %s (%s).", folder, error)
        return array
