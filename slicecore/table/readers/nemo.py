"""Manifests of NeMo and of the Open ASR leaderboard: JSON lines with `audio_filepath`, `text` and `pred_text`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slicecore.errors import TableError
from slicecore.table.readers import json_rows
from slicecore.table.readers.rows import Rows
from slicecore.table.roles import Roles

if TYPE_CHECKING:
    import pandas as pd

AUDIO = "audio_filepath"


def read(path: Path) -> Rows:
    """Read a manifest. Where a row has an `offset`, its clip is the part from there on, `duration` seconds long.

    Without an offset the clip is the whole file, whatever its duration says.

    Raises
    ------
    TableError
        If the file can't be read, has no `audio_filepath`, or an offset or a duration is no number.
    """
    rows = json_rows.read(path)
    frame = rows.frame
    if AUDIO not in frame.columns:
        raise TableError(f"“{path.name}” is no NeMo manifest: no row has “{AUDIO}”.")
    reference = "text" if "text" in frame.columns else None
    start, end = None, None
    if "offset" in frame.columns and frame["offset"].notna().any():
        start, end = "offset", free_name("end", frame)
        frame[end] = _ends(frame, rows, path)
    return Rows(frame, rows.numbers, Roles(AUDIO, reference, start=start, end=end), from_text=False)


def free_name(name: str, frame: pd.DataFrame) -> str:
    """A name for a new column: this one, or the first of `name 2`, `name 3`, … that no column has."""
    number, free = 1, name
    while free in frame.columns:
        number += 1
        free = f"{name} {number}"
    return free


def _ends(frame: pd.DataFrame, rows: Rows, path: Path) -> np.ndarray:
    """Offset and duration of each row, added; NaN where it has no duration or no offset."""
    offset = _seconds(frame, "offset", rows, path)
    if "duration" not in frame.columns:
        return np.full(len(frame), np.nan)
    # Decimals as people write them: 12.3 and not 12.299999999999999.
    return np.round(offset + _seconds(frame, "duration", rows, path), 6)


def _seconds(frame: pd.DataFrame, name: str, rows: Rows, path: Path) -> np.ndarray:
    import pandas as pd

    seconds = pd.to_numeric(frame[name], errors="coerce").astype(float)
    wrong = np.flatnonzero((seconds.isna() & frame[name].notna()) | np.isinf(seconds))
    if len(wrong):
        raise TableError(
            f"Row {rows.numbers[wrong[0]]} of “{path.name}”: “{frame[name].iat[wrong[0]]}” in “{name}” is no number of "
            "seconds. Write it like 12.5."
        )
    values: np.ndarray = seconds.to_numpy()
    return values
