"""Folders in which slicecore stores things between runs: the cache, and a workspace for each table."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import platformdirs

from slicecore.errors import StorageError

_PLAIN_NAMES = ("table", "data", "clips", "dataset", "test", "metadata", "manifest")


def home() -> Path:
    """Folder of all others: the variable SLICECORE_HOME, else the user's data folder. Created if missing.

    Raises
    ------
    StorageError
        If it can't be created; so do `cache_folder` and `workspace_folder`.
    """
    named = os.environ.get("SLICECORE_HOME")
    return _created(
        Path(named).expanduser() if named else platformdirs.user_data_path("slicecore", appauthor=False)
    )


def cache_folder() -> Path:
    """Folder of embeddings, trees and positions; safe to delete."""
    return _created(home() / "cache")


def workspace_folder(data_path: str | Path) -> Path:
    """Folder of the reviewers' verdicts on one table; two tables of one name in different places don't share it."""
    path = Path(data_path).resolve()
    stem = re.sub(r"[^\w.-]+", "_", path.stem)[:60] or "table"
    digest = hashlib.blake2b(os.fsencode(path), digest_size=5).hexdigest()
    return _created(home() / "workspaces" / f"{stem}-{digest}")


def table_name(path: str | Path) -> str:
    """Name of a table for people: the file's name, or its folder's where the file's says nothing."""
    path = Path(path)
    return path.parent.name if path.stem.lower() in _PLAIN_NAMES and path.parent.name else path.stem


def _created(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder “{folder}” can't be made: {error.strerror}. Set SLICECORE_HOME to a folder you can write to."
        ) from error
    return folder
