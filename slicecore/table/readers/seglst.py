"""SegLST, the segments of MeetEval: a JSON list of objects with session, speaker, times and words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.errors import TableError
from slicecore.table.readers import json_rows
from slicecore.table.readers.nist import sound_of
from slicecore.table.readers.rows import Rows
from slicecore.table.roles import Roles

if TYPE_CHECKING:
    import pandas as pd

KEYS = frozenset({"session_id", "words"})


def read(path: Path) -> Rows:
    """Read segments. Their recording is `audio_path`, else a file beside the table named as the session.

    Raises
    ------
    TableError
        If the file can't be read or a segment has no words or no session.
    """
    rows = json_rows.read(path)
    frame = rows.frame
    for key in sorted(KEYS):
        if key not in frame.columns:
            raise TableError(f"“{path.name}” is no SegLST: no segment has “{key}”.")
    audio, places = "audio_path", None
    if audio not in frame.columns:
        audio = "session_id"
        places = [sound_of(name, path) for name in _texts(frame[audio])]
    times = ("start_time", "end_time") if {"start_time", "end_time"} <= set(frame.columns) else (None, None)
    return Rows(frame, rows.numbers, Roles(audio, "words", (), None, *times), places=places, from_text=False)


def _texts(column: pd.Series) -> list[str]:
    return ["" if cell is None or cell != cell else str(cell) for cell in column.astype(object).tolist()]  # noqa: PLR0124
