"""Recordings inside tar archives, named by a URL with their place; an archive is never unpacked."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from slicecore.audio.file_checks import check_file
from slicecore.errors import AudioError, NotFoundError
from slicecore.wording import printable

SCHEME = "tar://"
MOST_SHOWN = 200
"""Characters of a name in a reason."""
_BLOCK = 1 << 20


def url(archive: Path, offset: int, size: int) -> str:
    """Name of the recording whose bytes lie at a place of an archive that is not compressed."""
    return f"{SCHEME}{quote(str(archive.absolute()))}?{urlencode({'offset': offset, 'size': size})}"


def is_tarred(name: str) -> bool:
    """Return whether a URL names a recording inside an archive."""
    return name.startswith(SCHEME)


def state(name: str) -> tuple[int, str]:
    """Size and version of a recording, by its archive. Raises AudioError."""
    archive, offset, size = _parsed(name)
    try:
        return size, f"{archive.stat().st_mtime_ns} {offset}"
    except (OSError, ValueError) as error:
        raise NotFoundError("The archive that held it is gone") from error


def fetch(name: str, target: Path) -> None:
    """Write a recording to a file. Raises AudioError."""
    archive, offset, size = _parsed(name)
    check_file(archive)
    try:
        with archive.open("rb") as source, target.open("wb") as file:
            source.seek(offset)
            left = size
            while left and (block := source.read(min(left, _BLOCK))):
                file.write(block)
                left -= len(block)
    except (OSError, ValueError, OverflowError) as error:
        raise AudioError(f"The archive that holds it can't be read: {error}") from error
    if left:
        raise AudioError("The archive that holds it breaks off")


def _parsed(name: str) -> tuple[Path, int, int]:
    try:
        parts = urlsplit(name)
        query = parse_qs(parts.query)
        place = Path(unquote(parts.path)), int(query["offset"][0]), int(query["size"][0])
    except (KeyError, ValueError) as error:
        raise AudioError(f"“{printable(name[:MOST_SHOWN])}” names no place in an archive") from error
    if place[1] < 0 or place[2] < 0:
        raise AudioError(f"“{printable(name[:MOST_SHOWN])}” names no place in an archive")
    return place
