"""Tables of Common Voice: TSV files whose recordings lie in `clips/` beside them."""

from __future__ import annotations

from pathlib import Path

from slicecore.table.readers import delimited
from slicecore.table.readers.rows import Rows
from slicecore.table.roles import Roles

COLUMNS = ("client_id", "path", "sentence")
CLIPS = "clips"


def read(path: Path) -> Rows:
    """Read a table of Common Voice: `validated.tsv`, `test.tsv` and others.

    Names without an ending, as in releases before 2020, are those of MP3 files.

    Raises
    ------
    TableError
        If it can't be read or lacks a column.
    """
    rows = delimited.read(path)
    for column in COLUMNS:
        delimited.require_column(column, rows.frame, path)
    names = rows.frame["path"].tolist()
    places = [Path(name if Path(name).suffix else f"{name}.mp3") if name.strip() else None for name in names]
    clips = path.absolute().parent / CLIPS
    folder = clips if clips.is_dir() else None
    return Rows(rows.frame, rows.numbers, Roles("path", "sentence"), folder=folder, places=places)
