"""Folders and tables below one folder of the machine: nothing outside it is listed, wherever links lead."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from slicecore.errors import TableError

MOST_ENTRIES = 400
"""Folders and files of a folder that are listed, the first by name."""


@dataclass(frozen=True)
class Folder:
    """A folder, and the folders and tables in it.

    Attributes
    ----------
    path : the folder, without links in it.
    parents : the folders that lead to it, the top one first, and itself last.
    folders, files : in it, by name.
    has_more : True if there are more than are listed.
    """

    path: Path
    parents: tuple[Path, ...]
    folders: tuple[Path, ...]
    files: tuple[Path, ...]
    has_more: bool


def folder_below(top: Path, wanted: Path, endings: Collection[str]) -> Folder:
    """Folders in a folder, and files with one of some endings; what is hidden is left out.

    Parameters
    ----------
    top
        The folder that nothing leads out of.
    wanted
        A folder in it, or itself.
    endings
        Of file names, without the dot, in lower case.

    Raises
    ------
    TableError
        The folder is not below the top one, or can't be read.
    """
    top, path = _resolved(top), _resolved(wanted)
    if not path.is_relative_to(top):
        raise TableError(f"{wanted} is not below {top}. Type its path instead.")
    try:
        with os.scandir(path) as entries:
            names = sorted(
                (entry.name for entry in entries if not entry.name.startswith(".")), key=str.casefold
            )
    except OSError as error:
        raise TableError(f"{path} can't be listed ({error.strerror}). Choose another folder.") from error
    inside = [each for name in names if _resolved(each := path / name).is_relative_to(top)]
    folders = [each for each in inside if os.path.isdir(each)]
    files = [
        each for each in inside if os.path.isfile(each) and each.suffix.lower().removeprefix(".") in endings
    ]
    steps = path.relative_to(top).parts
    return Folder(
        path,
        tuple(top.joinpath(*steps[:depth]) for depth in range(len(steps) + 1)),
        tuple(folders[:MOST_ENTRIES]),
        tuple(files[:MOST_ENTRIES]),
        max(len(folders), len(files)) > MOST_ENTRIES,
    )


def _resolved(path: Path) -> Path:
    """A path without links; `Path.resolve` fails at links that lead to each other, of which somebody may have some."""
    return Path(os.path.realpath(path))
