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


def require_other(table: Path, *written: Path | None) -> None:
    """Raise a `StorageError` if a file that is to be written is the table itself."""
    for path in written:
        if path is not None and path.exists() and table.exists() and path.samefile(table):
            raise StorageError(f"{path} is what is read, which stays as it is. Choose another file.")
