"""Files and folders that are there whole or not at all: a killed process leaves no half of one under its name."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from slicecore.storage.permissions import close_like_folder
from slicecore.storage.temporary_names import temporary_name

_IN_USE = (5, 32)
"""Numbers by which Windows refuses to move what somebody has open, or has just marked for deletion."""
_TRIES = 40
_BETWEEN_TRIES_S = 0.05


def move(part: Path, path: Path) -> None:
    """Give a file or folder its name, in the place of a file that has it. Raises OSError.

    On Windows a file that is open can't be replaced, and a scanner for viruses opens whatever is new: it is tried again
    for two seconds.
    """
    for left in reversed(range(_TRIES)):
        try:
            part.replace(path)
        except PermissionError as error:
            if not left or getattr(error, "winerror", None) not in _IN_USE:
                raise
            time.sleep(_BETWEEN_TRIES_S)
        else:
            return


def write_whole(path: Path, save: Callable[[Path], object]) -> None:
    """Let `save` write a file under a temporary name beside its own, then rename it.

    Folders above it are made, it is no more open than its own, and its content is on the disk before the file has its
    name. Raises OSError; then nothing is left behind.
    """
    part = temporary_name(path)
    try:
        save(part)
        close_like_folder(part)
        _flush(part)
        move(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_together(files: Mapping[Path, Callable[[Path], object]]) -> None:
    """Write several files as `write_whole` does, none of which takes its name before all are on the disk.

    Parameters
    ----------
    files
        What writes each, by their paths.
    """
    parts = {path: temporary_name(path) for path in files}
    try:
        for path, save in files.items():
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            save(parts[path])
            close_like_folder(parts[path])
            _flush(parts[path])
        for path, part in parts.items():
            move(part, path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def write_whole_folder(path: Path, save: Callable[[Path], object]) -> None:
    """Let `save` fill a folder under a temporary name, then rename it; one that is there already stays.

    Folders above it are made. Raises OSError; then nothing is left behind.
    """
    part = temporary_name(path)
    try:
        part.mkdir()
        close_like_folder(part)
        save(part)
        try:
            move(part, path)
        except OSError:
            if not path.is_dir():  # else another process was faster
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _flush(path: Path) -> None:
    """Wait until a file's content is on the disk: else a power cut may leave the name without it."""
    with path.open("r+b") as file:  # Windows flushes only what is open for writing
        os.fsync(file.fileno())
