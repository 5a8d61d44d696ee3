"""Places from which tables and recordings may come: folders with all that is in them, and beginnings of URLs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

_INSIDE = ("parquet://", "tar://")
"""Schemes of recordings that are inside a file of this machine (`slicecore.audio.embedded`)."""


class Places:
    """Folders and beginnings of URLs; links are followed before anything is compared.

    Parameters
    ----------
    places
        Paths, or URLs that end in a slash.
    """

    def __init__(self, places: Iterable[str | Path]) -> None:
        named = [str(place) for place in places]
        self.urls = tuple(place for place in named if "://" in place)
        self.folders = tuple(dict.fromkeys(os.path.realpath(place) for place in named if "://" not in place))
        self._beginnings = tuple(_comparable(folder) for folder in self.folders)

    def have(self, path: str | Path) -> bool:
        """True for a file or folder in one of the folders, or one of them, and for a URL below one of the URLs."""
        return self._have(str(path), {})

    def first_outside(self, paths: Sequence[str | Path | None]) -> int | None:
        """Index of the first path that is in none of the places; None where all are."""
        folders: dict[str, str] = {}
        for i, path in enumerate(paths):
            if path is not None and not self._have(str(path), folders):
                return i
        return None

    def _have(self, text: str, folders: dict[str, str]) -> bool:
        if text.startswith(_INSIDE):
            text = unquote(urlsplit(text).path)
        elif "://" in text:
            is_straight = ".." not in unquote(text).replace("\\", "/").split("/")
            return is_straight and text.startswith(self.urls)
        return _comparable(_real(text, folders)).startswith(self._beginnings)


def _comparable(folder: str) -> str:
    """A folder with a separator behind it, on Windows without capitals, which it doesn't tell apart."""
    return os.path.normcase(os.path.join(folder, ""))


def _real(path: str, folders: dict[str, str]) -> str:
    """A path without links. Those of folders are remembered: a table has many files in few."""
    if os.path.islink(path):
        return os.path.realpath(path)
    folder, name = os.path.split(path)
    if name in ("", ".", ".."):
        return os.path.realpath(path)
    if folder not in folders:
        folders[folder] = os.path.realpath(folder)
    return os.path.join(folders[folder], name)
