"""Files that commands are asked for by options."""

from __future__ import annotations

from pathlib import Path

from slicecore.errors import StorageError
from slicecore.storage.atomic import write_whole


def write_file(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all. Raises StorageError."""
    try:
        write_whole(path, lambda part: part.write_bytes(content))
    except OSError as error:
        raise StorageError(f"{path} can't be written ({error.strerror}). Choose another place.") from error
