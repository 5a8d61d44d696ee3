"""Names of files that are being written, beside the one that they become; what killed processes have left is removed.

A name says on which machine, and by which process, the file is written, so that those of processes that are gone are
told from those that are under way.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import shutil
import time
from functools import cache, lru_cache
from itertools import count
from pathlib import Path

from slicecore.storage.permissions import make_folder

MARK = ".slicecore-part"
"""Beginning of the names."""
OLD_S = 24 * 3600
"""Seconds after which what a process of another machine has left, which can't be asked for here, counts as left."""
_LONGEST_SUFFIX = 16
_FOLDERS = 512
_numbers = count()


def temporary_name(path: Path) -> Path:
    """Name for what becomes `path`, with its suffixes, in its folder, which is made. Raises OSError.

    What killed processes have left in the folder is removed when this process first writes there.
    """
    if not path.name:  # the folder that one is in, or the root
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    make_folder(path.parent)
    _sweep(path.parent, os.getpid())
    suffixes = "".join(suffix for suffix in path.suffixes[-2:] if len(suffix) <= _LONGEST_SUFFIX)
    return path.with_name(f"{MARK}-{_machine()}-{os.getpid()}-{next(_numbers)}{suffixes}")


@lru_cache(_FOLDERS)
def _sweep(folder: Path, process: int) -> None:
    """Remove what is left in a folder, once in a process; what can't be removed stays."""
    with contextlib.suppress(OSError):
        for path in folder.glob(f"{MARK}-*"):
            if _is_left(path):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _is_left(path: Path) -> bool:
    """True for a file of this user whose process is gone, or of another machine's process and old."""
    status = path.lstat()
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        return False
    machine, _, process = path.name.removeprefix(f"{MARK}-").partition("-")
    number = process.partition("-")[0]
    if machine == _machine() and number.isdecimal() and os.name == "posix":
        return not _is_alive(int(number))
    return time.time() - status.st_mtime > OLD_S


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):  # somebody else's; a number that no process has
        return True
    return True


@cache
def _machine() -> str:
    """Eight letters for this machine and, in a container, for its own numbers of processes."""
    numbers = ""
    with contextlib.suppress(OSError):
        numbers = os.readlink("/proc/self/ns/pid")
    return hashlib.sha256(f"{platform.node()} {numbers}".encode()).hexdigest()[:8]
