"""Folders in which slicecore stores things between runs: the cache, and a workspace for each table."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import platformdirs

from slicecore.errors import StorageError
from slicecore.storage.permissions import is_shared, make_folder, make_private_folder

WORKSPACES = "workspaces"
"""Folder of a folder for each table."""
_PLAIN_NAMES = ("table", "data", "clips", "dataset", "test", "metadata", "manifest")


def home() -> Path:
    """Folder of all others: the variable SLICECORE_HOME, else the user's data folder. Created if missing.

    Raises
    ------
    StorageError
        If it can't be created; so do `cache_folder` and `workspace_folder`.
    """
    named = os.environ.get("SLICECORE_HOME")
    try:
        folder = (
            Path(named).expanduser() if named else platformdirs.user_data_path("slicecore", appauthor=False)
        )
    except RuntimeError as error:
        raise StorageError(
            f"There is no home folder for “{named}”. Set SLICECORE_HOME to a folder you can write to."
        ) from error
    # One that was named and is there may be a team's: its permissions are for those who made it to say.
    return folder if named and is_there(folder) and folder.is_dir() else _created(folder, make_private_folder)


def home_folder(name: str) -> Path:
    """A folder of the home, its user's alone, unless the home is one that a team shares."""
    top = home()
    return _created(top / name, make_folder if is_shared(top) else make_private_folder)


def expanded(text: str | Path) -> Path:
    """A path as a person wrote it, with the home folder in the place of “~”; as it is where there is no such home."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def is_there(path: Path) -> bool:
    """True if there is a file or folder of a name; False for names that nothing can have."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def cache_folder() -> Path:
    """Folder of embeddings, trees and positions; safe to delete."""
    return home_folder("cache")


def workspace_folder(data_path: str | Path) -> Path:
    """Folder of what is known of one table; two tables of one name in different places don't share it."""
    return _created(home_folder(WORKSPACES) / workspace_name(data_path), make_folder)


def workspace_name(data_path: str | Path) -> str:
    """Name of that folder, by which the words of reviewers on a table are found."""
    path = Path(data_path).resolve()
    stem = re.sub(r"[^\w.-]+", "_", path.stem)[:60] or "table"
    digest = hashlib.blake2b(os.fsencode(path), digest_size=5).hexdigest()
    return f"{stem}-{digest}"


def table_name(path: str | Path) -> str:
    """Name of a table for people: the file's name, or its folder's where the file's says nothing."""
    path = Path(path)
    return path.parent.name if path.stem.lower() in _PLAIN_NAMES and path.parent.name else path.stem


def _created(folder: Path, make: Callable[[Path], None]) -> Path:
    try:
        make(folder)
    except OSError as error:
        raise StorageError(
            f"The folder “{folder}” can't be made: {error.strerror}. Set SLICECORE_HOME to a folder you can write to."
        ) from error
    return folder
