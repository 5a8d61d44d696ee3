"""Permissions of what is stored: nothing is more open than the folder it is in, and the home is its user's alone.

Transcripts, notes and names of recordings are in it. A home that a team shares, whose group may write there, stays as
the team has set it up. On Windows permissions are those of the user's folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
_OTHERS = 0o077


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each no more open than the one it is in. Raises OSError."""
    if folder.is_dir():
        return
    if folder.parent.is_file():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if folder != folder.parent:
        make_folder(folder.parent)
    _make(folder, _mode(folder.parent))


def make_private_folder(folder: Path) -> None:
    """Make a folder that is its user's alone; one that is there, and the user's, is made so. Raises OSError."""
    make_folder(folder)
    _close(folder, PRIVATE_FOLDER)


def make_file(path: Path) -> None:
    """Make an empty file if there is none; one that is there becomes no more open than its folder. Raises OSError."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, _mode(path.parent) & 0o666))
    close_like_folder(path)


def make_private_file(path: Path) -> None:
    """Make an empty file that is its user's alone, whatever its folder allows. Raises OSError where there is one."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))


def close_like_folder(path: Path) -> None:
    """Take from a file or folder what the folder that it is in does not allow."""
    with contextlib.suppress(PermissionError):  # a file system without permissions, or somebody else's file
        _close(path, _mode(path.parent))


def is_shared(folder: Path) -> bool:
    """True for a folder into which others than its user may write."""
    return bool(_mode(folder) & (stat.S_IWGRP | stat.S_IWOTH))


def _make(folder: Path, mode: int) -> None:
    try:
        folder.mkdir(mode)
    except FileExistsError:
        if not folder.is_dir():  # else another process was faster
            raise


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode) & 0o777


def _close(path: Path, most: int) -> None:
    mode = _mode(path)
    if mode & ~most & _OTHERS and os.name != "nt" and path.stat().st_uid == os.getuid():
        path.chmod(mode & ~(~most & _OTHERS))
