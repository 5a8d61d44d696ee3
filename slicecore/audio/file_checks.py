"""Reasons why a file is no recording: from the file alone, or from its first bytes."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from slicecore import limits
from slicecore.errors import AudioError, NotFoundError

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}
_IN_AN_ARCHIVE = re.compile(r"\.ark:\d+$")


def check_file(path: Path) -> None:
    """Raise an AudioError where the file alone, without a look into it, can be no recording.

    It is called before a file is opened: one that waits for a writer, or a device, would never come to an end.
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise NotFoundError(why_missing(path)) from error
    except OSError as error:
        raise AudioError(f"Can't be opened: {error.strerror}") from error
    kind = _KINDS.get(stat.S_IFMT(status.st_mode))
    if kind is not None:
        raise AudioError(f"This is {kind}, not a file")
    if not status.st_size:
        raise AudioError("Empty file (0 bytes)")
    # A larger one is none: a device's memory, or a sparse file that would be read for days.
    most = limits.RECORDING.value()
    if most is not None and status.st_size > most:
        raise AudioError(f"Larger than {limits.size_text(most)}, the limit of recordings")
    if path.suffix.lower() == ".raw":
        raise AudioError(
            "Raw samples say nothing about their rate and encoding. Convert the file to WAV or FLAC"
        )


def is_command(name: str) -> bool:
    """Return whether a name is a command in the way of Kaldi, which ends in `|`."""
    return name.rstrip().endswith("|")


def why_missing(path: Path | str) -> str:
    """Reason why there is no file of a name, from the name alone."""
    if is_command(str(path)):
        return f"A command, which is never run: “{path}”. Write its output to a file and name that"
    if _IN_AN_ARCHIVE.search(str(path)):
        return (
            "A place in a Kaldi archive, which can't be read. Copy it to WAV files (wav-copy) and name these"
        )
    return "File not found"


def why_unreadable(start: bytes) -> str:
    """Reason why libsndfile can't read a file, from its first bytes."""
    if start[:4] in (b"RIFF", b"fLaC", b"OggS", b"FORM") or start[:3] == b"ID3":
        return "The file's header is damaged, or its encoding is unknown"
    text = start.decode("utf-8", errors="ignore").strip()
    if text and all(character.isprintable() or character.isspace() for character in text):
        return f"Not audio: starts with “{' '.join(text.split())[:24]}”"
    return f"Not audio: starts with the bytes {start[:6].hex(' ')}"
