"""Identity of a recording: a hash of its content, remembered by name, size and version."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from slicecore.audio import remote
from slicecore.audio.clip import Clip
from slicecore.audio.file_checks import why_missing
from slicecore.errors import AudioError, NotFoundError
from slicecore.storage.stamp import Stamp

_ASKED_AT_ONCE = 32


def stamp_of(path: Path | str) -> Stamp:
    """Stamp of a recording as it is now. Raises AudioError."""
    if isinstance(path, str) and remote.is_url(path):
        return Stamp(path, *remote.state(path))
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise NotFoundError(why_missing(path)) from error
    return Stamp(path, status.st_size, str(status.st_mtime_ns))


def look_at(paths: Iterable[Path | str]) -> tuple[dict[Path | str, Stamp], dict[Path | str, str]]:
    """Stamps of recordings, and the reasons of those that can't be had; URLs are asked for many at a time."""
    stamps: dict[Path | str, Stamp] = {}
    reasons: dict[Path | str, str] = {}

    def look(path: Path | str) -> None:
        try:
            stamps[path] = stamp_of(path)
        except AudioError as error:
            reasons[path] = str(error)

    urls = []
    for path in paths:
        if isinstance(path, str):
            urls.append(path)
        else:
            look(path)
    if urls:
        with ThreadPoolExecutor(_ASKED_AT_ONCE, "look") as pool:
            list(pool.map(look, urls))
    return stamps, reasons


def content_digest(file: BinaryIO) -> bytes:
    """Hash of the whole content of an open file, 16 bytes. Raises OSError."""
    digest = blake2b(digest_size=16)
    file.seek(0)
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.digest()


def sound_key(digest: bytes, clip: Clip) -> bytes:
    """Hash of a clip's sound, 16 bytes: of the content of its file, and of the part (to a microsecond)."""
    if not clip.is_part:
        return digest
    end = -1 if clip.end is None else _microseconds(clip.end)
    return blake2b(digest + struct.pack("<qq", _microseconds(clip.start), end), digest_size=16).digest()


def _microseconds(seconds: float) -> int:
    """Cut off far beyond any recording, where a number of 64 bits ends."""
    return round(min(seconds * 1e6, 2.0**62))
