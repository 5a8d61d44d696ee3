"""Text files: opened in their encoding, unpacked if they are gzipped, with messages that say what is wrong."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from slicecore.cached_properties import cached_property
from slicecore.errors import TableError

# The longer mark first: that of UTF-32 begins as that of UTF-16 does.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_GZIP = b"\x1f\x8b"
_LOOKED_AT = 1000
_HEAD_BYTES = 1 << 16
_BINARY_FORMATS = (
    (b"PK\x03\x04", "a spreadsheet or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an Excel file of the old format"),
    (b"PAR1", "a Parquet file"),
    (b"RIFF", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"OggS", "a sound file"),
)


class Head:
    """The beginning of a file, or a folder, by which its format is recognised.

    Parameters
    ----------
    path
        A file or a folder.

    Raises
    ------
    TableError
        If it is not there or can't be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_folder = require_file_or_folder(path)
        self.start = b"" if self.is_folder else _start(path)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The first lines that aren't blank, without the one that is cut off."""
        encoding = _encoding(self.start)
        text = self.start.decode(encoding, errors="ignore")
        lines = text.splitlines()
        if len(self.start) == _HEAD_BYTES and len(lines) > 1:
            lines = lines[:-1]
        return tuple(line for line in lines if line.strip())

    @property
    def is_json(self) -> bool:
        """True if it begins as JSON does."""
        return bool(self.lines) and self.lines[0].lstrip()[0] in "[{"

    @property
    def is_array(self) -> bool:
        """True if it begins as a JSON array does."""
        return bool(self.lines) and self.lines[0].lstrip()[0] == "["

    def has_file(self, name: str) -> bool:
        """Return whether it is a folder with a file of that name."""
        return self.is_folder and (self.path / name).is_file()


@contextlib.contextmanager
def open_text(path: Path, newline: str | None = None) -> Iterator[TextIO]:
    """Open a text file (UTF-8, or UTF-16 or UTF-32 with its mark; gzipped or not).

    Raises
    ------
    TableError
        If it is not there, no text, or breaks off; also while it is read.
    """
    head = Head(path)
    if head.is_folder:
        raise TableError(f"“{path}” is a folder. Name the table in it.")
    encoding = _encoding(head.start)
    if encoding == "utf-8":
        _require_text(head.start, path.name)
    try:
        with _opened(path) as file, io.TextIOWrapper(file, encoding, newline=newline) as text:
            yield text
    except UnicodeDecodeError as error:
        raise TableError(
            f"“{path.name}” {_badly_encoded(path, encoding)}. Save it as “CSV UTF-8” and read that."
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise TableError(_unreadable(path, error)) from error


def require_file_or_folder(path: Path) -> bool:
    """Return whether a path is a folder. Raises TableError where it is neither that nor a file."""
    try:
        # Not `Path.exists`, which takes a folder that may not be entered for none from Python 3.14 on.
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise TableError(f"There is no file “{path}”.") from error
    except OSError as error:
        raise TableError(_unreadable(path, error)) from error
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise TableError(
            f"“{path}” is a device or a pipe, which can be read but once. Save its content to a file."
        )
    return stat.S_ISDIR(mode)


def _start(path: Path) -> bytes:
    try:
        with _opened(path) as file:
            return file.read(_HEAD_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise TableError(_unreadable(path, error)) from error


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        is_packed = file.read(2) == _GZIP
    return cast(BinaryIO, gzip.open(path, "rb")) if is_packed else path.open("rb")


def _encoding(start: bytes) -> str:
    return next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")


def _unreadable(path: Path, error: Exception) -> str:
    if isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile)):
        return f"“{path.name}” is gzipped, but damaged or broken off ({error}). Copy or pack it again."
    return f"“{path}” can't be read: {getattr(error, 'strerror', None) or error}."


def _badly_encoded(path: Path, encoding: str) -> str:
    """Where a file that is no text in its encoding goes wrong."""
    with _opened(path) as file:
        content = file.read()
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            return f"begins as {encoding[:6].upper()} text, but is damaged at byte {error.start}"
        line = content.count(b"\n", 0, error.start) + 1
        return f"is not UTF-8 text (line {line}); it looks like an older Windows or Latin encoding"
    return "changed while it was read"


def _require_text(start: bytes, name: str) -> None:
    kind = next((kind for mark, kind in _BINARY_FORMATS if start.startswith(mark)), None)
    if kind:
        raise TableError(
            f"“{name}” is {kind}, not text. Open it with the program that made it, and save it as “CSV UTF-8”."
        )
    if b"\0" in start[:_LOOKED_AT]:
        raise TableError(
            f"“{name}” looks like UTF-16 text without the mark that says so, or is no text. Save it as “CSV UTF-8”."
        )


def encodable(text: str) -> str:
    """The text, with a mark in place of halves of surrogate pairs, which no encoding knows."""
    return text.encode("utf-8", "replace").decode("utf-8")
