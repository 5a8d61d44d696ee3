"""Folders with nothing but recordings, for tables of clips that need no transcripts."""

from __future__ import annotations

import os
from pathlib import Path

from slicecore.errors import TableError
from slicecore.table.readers.rows import Rows
from slicecore.table.readers.text_files import encodable
from slicecore.table.roles import Roles

AUDIO = "audio"
ENDINGS = frozenset(
    (
        *(".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".mp4", ".aac", ".aif", ".aiff", ".au", ".sph"),
        *(".wma", ".webm", ".caf", ".amr", ".3gp"),
    )
)
"""Endings of the files that are taken for recordings."""


def read(folder: Path) -> Rows:
    """A row per recording in a folder and those in it, by their paths from it.

    Raises
    ------
    TableError
        If it is no folder, or there is none.
    """
    import pandas as pd

    if not folder.is_dir():
        raise TableError(f"“{folder}” is no folder with recordings.")
    files = sorted(_recordings(folder))
    if not files:
        raise TableError(
            f"There are no recordings in “{folder}”: no file ends in {', '.join(sorted(ENDINGS))}."
        )
    names = [encodable(file) for file in files]
    # A name that is no UTF-8 is another one in the table.
    places = None if names == files else [folder.absolute() / file for file in files]
    numbers = range(1, len(files) + 1)
    return Rows(pd.DataFrame({AUDIO: names}), numbers, Roles(AUDIO), places=places, folder=folder.absolute())


def has_recordings(folder: Path) -> bool:
    """Return whether a folder has recordings, not counting those in its folders."""
    return any(_is_recording(path.name) for path in folder.iterdir())


def _is_recording(name: str) -> bool:
    return Path(name).suffix.lower() in ENDINGS and not name.startswith(".")


def _recordings(folder: Path) -> list[str]:
    """Paths from the folder, with hidden files and folders, and links to folders, left out."""
    paths = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths += [
            (Path(place) / name).relative_to(folder).as_posix() for name in files if _is_recording(name)
        ]
    return paths
