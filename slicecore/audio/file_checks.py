"""Reasons why a file is no recording: from the file alone, or from its first bytes."""

from __future__ import annotations

from pathlib import Path

from slicecore.errors import AudioError, NotFoundError


def check_file(path: Path) -> None:
    """Raise an AudioError where the file alone, without a look into it, can be no recording."""
    try:
        size = path.stat().st_size
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise NotFoundError("File not found") from error
    except OSError as error:
        raise AudioError(f"Can't be opened: {error.strerror}") from error
    if path.is_dir():
        raise AudioError("This is a folder, not a file")
    if not size:
        raise AudioError("Empty file (0 bytes)")
    if path.suffix.lower() == ".raw":
        raise AudioError(
            "Raw samples say nothing about their rate and encoding. Convert the file to WAV or FLAC"
        )


def why_unreadable(start: bytes) -> str:
    """Reason why libsndfile can't read a file, from its first bytes."""
    if start[:4] in (b"RIFF", b"fLaC", b"OggS", b"FORM") or start[:3] == b"ID3":
        return "The file's header is damaged, or its encoding is unknown"
    text = start.decode("utf-8", errors="ignore").strip()
    if text and all(character.isprintable() or character.isspace() for character in text):
        return f"Not audio: starts with “{' '.join(text.split())[:24]}”"
    return f"Not audio: starts with the bytes {start[:6].hex(' ')}"
