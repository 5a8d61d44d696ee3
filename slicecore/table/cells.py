"""Cells of columns with a role: as text, as seconds, and as the clips that they name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import numpy as np

from slicecore.audio.clip import Clip
from slicecore.audio.remote import is_url
from slicecore.errors import TableError
from slicecore.table.roles import Roles

if TYPE_CHECKING:
    import pandas as pd


def clips_of(
    frame: pd.DataFrame,
    roles: Roles,
    folder: str | Path,
    numbers: Sequence[int],
    places: Sequence[Path | str | None] | None = None,
) -> list[Clip | None]:
    """The clip of every row, None where it names no sound.

    Parameters
    ----------
    frame
        Columns of audio as text, of start and end as seconds.
    folder
        Where relative paths start.
    numbers
        Number of each row, for messages.
    places
        Where the sound of a row is, if not where its cell says; None for rows that go by their cells.

    Raises
    ------
    TableError
        If an end is not after its start.
    """
    if roles.audio is None:
        return [None] * len(frame)
    absolute = folder if is_url(folder) else Path(folder).absolute()
    cells: list[str | Path] = frame[roles.audio].tolist()
    if places is not None:
        cells = [cell if place is None else place for cell, place in zip(cells, places, strict=True)]
    paths = [_located(cell, absolute) for cell in cells]
    starts = [0.0] * len(frame) if roles.start is None else frame[roles.start].fillna(0.0).tolist()
    ends = [None] * len(frame) if roles.end is None else frame[roles.end].tolist()
    clips: list[Clip | None] = []
    for number, path, start, end in zip(numbers, paths, starts, ends, strict=True):
        last = None if end is None or np.isnan(end) else float(end)
        if last is not None and last <= start:
            raise TableError(
                f"Row {number}: the end in column “{roles.end}” ({last:g} s) is not after the start ({start:g} s)."
            )
        clips.append(None if path is None else Clip(path, float(start), last))
    return clips


def _located(cell: str | Path, folder: str | Path) -> str | Path | None:
    if isinstance(cell, Path):
        return folder / cell if isinstance(folder, Path) else cell
    if not cell.strip():
        return None
    if cell.startswith("file://"):
        return Path(url2pathname(unquote(urlsplit(cell).path)))
    if is_url(cell):
        return cell
    return f"{folder.rstrip('/')}/{cell}" if isinstance(folder, str) else folder / cell


def as_seconds(column: pd.Series, numbers: Sequence[int]) -> pd.Series:
    """Times as float64, NaN where a cell is empty. Raises TableError.

    Parameters
    ----------
    numbers
        Number of each row, for messages.
    """
    import pandas as pd

    text = column.astype(object).where(column.notna(), "").astype(str).str.strip()
    seconds = pd.to_numeric(text.where(text != ""), errors="coerce").astype(float)
    wrong = (text != "") & ~(seconds >= 0) | np.isinf(seconds)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise TableError(
            f"Row {numbers[row]}: “{text.iat[row]}” in column “{column.name}” is not a time in seconds, 0 or more. "
            "Write it like 12.5."
        )
    return seconds


def as_text(column: pd.Series) -> pd.Series:
    """Cells as text, "" where one is empty."""
    import pandas as pd

    if isinstance(column.dtype, pd.StringDtype):
        return column.fillna("").astype(str) if column.hasnans else column
    if pd.api.types.is_float_dtype(column) and ((present := column.dropna()) % 1 == 0).all():
        # Whole numbers became floats only because a cell is missing: "3", not "3.0".
        column = column.map(dict(zip(present, present.astype(int).astype(str), strict=True)))
    texts = ["" if missing else str(v) for v, missing in zip(column.tolist(), column.isna(), strict=True)]
    return pd.Series(texts, index=column.index, name=column.name, dtype=str)
