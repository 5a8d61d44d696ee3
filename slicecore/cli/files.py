"""Files that commands are asked for by options."""

from __future__ import annotations

from pathlib import Path

from slicecore.errors import StorageError
from slicecore.storage.atomic import write_whole
from slicecore.storage.home import is_there
from slicecore.wording import printable


def write_file(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all. Raises StorageError."""
    try:
        write_whole(path, lambda part: part.write_bytes(content))
    except (OSError, ValueError) as error:  # a name may have signs that no file system takes
        why = getattr(error, "strerror", None) or "no file can have this name"
        raise StorageError(f"{path} can't be written ({why}). Choose another place.") from error


def require_other(table: Path, *written: Path | None) -> None:
    """Raise a `StorageError` if a file that is to be written is the table itself, or none can have its name."""
    for path in written:
        if path is not None and is_taken(path) and is_there(table) and path.samefile(table):
            raise StorageError(f"{path} is what is read, which stays as it is. Choose another file.")


def is_taken(path: Path) -> bool:
    """Return whether there is a file or folder of a name. Raises StorageError for a name that nothing can have."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file can have this name"
        raise StorageError(
            f"“{printable(str(path)[:80])}” can't be written ({why}). Choose another name."
        ) from error
    return True
