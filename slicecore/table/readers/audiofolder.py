"""Folders with recordings and a table `metadata`, as Hugging Face's `audiofolder` reads them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from slicecore.errors import TableError
from slicecore.table.readers import delimited, json_rows, parquet
from slicecore.table.readers.rows import Rows
from slicecore.table.roles import Roles

FILE = "file_name"
_READERS = {
    "metadata.csv": delimited.read,
    "metadata.jsonl": json_rows.read,
    "metadata.parquet": parquet.read,
}


def tables(folder: Path) -> list[Path]:
    """The tables of metadata in a folder, else those in the folders in it."""
    own = [folder / name for name in _READERS if (folder / name).is_file()]
    if own:
        return own
    inner = sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    return [path / name for path in inner for name in _READERS if (path / name).is_file()]


def read(folder: Path) -> Rows:
    """Read the table of metadata of a folder. Paths start where the table is.

    Raises
    ------
    TableError
        If there is no such table or several, or it has no column `file_name`.
    """
    if not folder.is_dir():
        raise TableError(f"“{folder}” is no folder. An audiofolder is one with a table metadata.csv in it.")
    found = tables(folder)
    if not found:
        raise TableError(f"There is no {', '.join(_READERS)} in “{folder}”.")
    if len(found) > 1:
        named = ", ".join(path.relative_to(folder).as_posix() for path in found[:5])
        raise TableError(f"“{folder}” holds several tables: {named}. Name one of them, or its folder.")
    rows = _READERS[found[0].name](found[0])
    ending = f"_{FILE}"
    audio = next((name for name in rows.frame.columns if name == FILE or name.endswith(ending)), None)
    if audio is None:
        raise TableError(
            f"“{found[0].name}” has no column “{FILE}” with the names of the recordings. Rename the one that has them."
        )
    return replace(rows, roles=Roles(audio), folder=found[0].absolute().parent, places=None)
