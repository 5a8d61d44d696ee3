"""Cached files and folders with checksums: what is not exactly what was written under a name counts as not there."""

from __future__ import annotations

import hashlib
import json
import logging
import mmap
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from slicecore.storage.atomic import write_whole, write_whole_folder

_log = logging.getLogger(__name__)

_MARK = b"slicecore cache 1\n".ljust(32, b".")
_DIGEST = hashlib.sha256
_CHECKSUMS = "checksums.json"
_HEAD = len(_MARK) + _DIGEST().digest_size
_BLOCK = 1 << 20
MAPPED_FROM = 16 << 20
"""Bytes from which on a file is mapped into memory rather than read: what is not written to stays the disk's."""


def read_checked(path: Path) -> memoryview | None:
    """Content of a file by `write_checked`; None where there is none, with a warning where it is damaged.

    The content may be written to. Damaged is everything that does not fit the checksum: changed, cut off, of another
    name, or not written by `write_checked` at all.
    """
    return _checked(path, mmap.ACCESS_COPY, MAPPED_FROM)


def map_checked(path: Path) -> memoryview | None:
    """The same as it lies on the disk, mapped into memory and not to be written to: for files of gigabytes.

    The checksum reads it all, but what is not looked at after that takes no memory.
    """
    return _checked(path, mmap.ACCESS_READ, 1)


def _checked(path: Path, access: int, mapped_from: int) -> memoryview | None:
    """Content of a file, mapped if it has so many bytes; None where there is none or it is damaged."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size >= mapped_from:
                content = memoryview(mmap.mmap(file.fileno(), 0, access=access))
                # Read, not looked at where it is mapped: what nobody looks at later then takes no memory.
                parts = _blocks(file, _HEAD)
            else:
                content = np.fromfile(file, np.uint8).data
                parts = iter([content[_HEAD:]])
            is_whole = bytes(content[:_HEAD]) == _MARK + _digest(path, parts)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        _log.warning("The cached file %s can't be read (%s); it is made again.", path, error)
        return None
    if not is_whole:
        _log.warning("The cached file %s is damaged; it is made again.", path)
        return None
    return content[_HEAD:]


def _blocks(file: BinaryIO, begin: int) -> Iterator[memoryview]:
    """Content of a file from a place on, each part until the next is asked for."""
    buffer = memoryview(bytearray(_BLOCK))
    file.seek(begin)
    while count := file.readinto(buffer):  # type: ignore[attr-defined]
        yield buffer[:count]


def write_checked(path: Path, parts: Iterable[bytes | memoryview]) -> bool:
    """Write a file whose content is some parts; False, with a warning, where that fails."""
    parts = list(parts)

    def save(part: Path) -> None:
        with part.open("wb") as file:
            file.writelines([_MARK, _digest(path, parts), *parts])

    try:
        write_whole(path, save)
    except OSError as error:
        _log.warning("Nothing can be stored in %s (%s); the next start makes it again.", path, error)
        return False
    return True


def write_checked_folder(path: Path, save: Callable[[Path], object]) -> None:
    """Let `save` fill a folder, whose checksums are stored in it; raises OSError as `write_whole_folder`."""

    def save_with_checksums(part: Path) -> None:
        save(part)
        (part / _CHECKSUMS).write_text(json.dumps(_checksums(part)), "utf-8")

    write_whole_folder(path, save_with_checksums)


def is_folder_whole(path: Path) -> bool:
    """True if a folder by `write_checked_folder` is there with all its files as they were written."""
    try:
        return bool(json.loads((path / _CHECKSUMS).read_text("utf-8")) == _checksums(path))
    except (OSError, ValueError):
        return False


def _checksums(folder: Path) -> dict[str, str]:
    sums = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / _CHECKSUMS:
            with path.open("rb") as file:
                sums[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, _DIGEST).hexdigest()
    return sums


def _digest(path: Path, parts: Iterable[bytes | memoryview]) -> bytes:
    """Checksum of a file's content and name: a file under the name of another is as useless as a damaged one."""
    digest = _DIGEST(f"{path.parent.name}/{path.name}\n".encode("utf-8", "surrogateescape"))
    for part in parts:
        digest.update(part)
    return digest.digest()
