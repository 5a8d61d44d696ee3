"""The table of clips: a `Dataset`, read from a file or made of a DataFrame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import numpy as np

from slicecore.audio.clip import Clip
from slicecore.audio.file_checks import check_file
from slicecore.audio.remote import is_url
from slicecore.errors import AudioError, TableError
from slicecore.table.csv_reader import read_cells, require_unique_columns
from slicecore.table.ids import derived_ids, own_ids
from slicecore.table.roles import Roles, as_numbers, require, resolve_roles
from slicecore.table.speakers import group_choices, guess_groups

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Dataset:
    """A table of clips, never mutated.

    Attributes
    ----------
    name
        Name for people: the file's name without its ending.
    path
        The file it was read from, or None.
    table
        The rows, with the index 0 … n-1. Columns of a role are text, a missing one is "".
    roles
        The columns that mean something to the analysis.
    ids : (n,) str
        One per clip, unique. See `slicecore.table.ids.derived_ids` for tables without an id column.
    clips
        The sound of each row; None where the cell is empty or the table has no audio column.
    metadata
        Names of all other columns.
    """

    name: str
    path: Path | None
    table: pd.DataFrame
    roles: Roles
    ids: np.ndarray
    clips: list[Clip | None]
    metadata: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.table)

    @cached_property
    def audio_paths(self) -> list[Path | str | None]:
        """Absolute path or URL per row; None where there is none."""
        return [None if clip is None else clip.path for clip in self.clips]

    @property
    def reference(self) -> pd.Series:
        """References, (n,) of str."""
        if self.roles.reference is None:
            raise TableError(f"“{self.name}” has no reference column.")
        return self.table[self.roles.reference]

    @property
    def prediction(self) -> pd.Series:
        """Predictions of the first model, (n,) of str."""
        if not self.roles.predictions:
            raise TableError(f"“{self.name}” has no prediction column.")
        return self.table[self.roles.predictions[0]]

    @cached_property
    def predictions(self) -> dict[str, pd.Series]:
        """Predictions of each model, by column name."""
        return {name: self.table[name] for name in self.roles.predictions}

    @cached_property
    def row_of_id(self) -> dict[str, int]:
        """Row of every clip by its id."""
        return {str(clip_id): row for row, clip_id in enumerate(self.ids)}

    @cached_property
    def guessed_groups(self) -> tuple[str, ...]:
        """Names of groups that the clips probably come in, the surest first; see `speakers.group_column`."""
        return guess_groups(self)

    @cached_property
    def group_choices(self) -> tuple[str, ...]:
        """Names of groups that are offered: the guessed ones, then columns in which many clips share many values."""
        return group_choices(self)

    def with_prediction(self, name: str) -> Dataset:
        """Return the same data set with the prediction column `name` first.

        Raises
        ------
        TableError
            If `name` is no prediction of this data set.
        """
        require([name], self.roles.predictions, "prediction")
        others = tuple(other for other in self.roles.predictions if other != name)
        return replace(self, roles=replace(self.roles, predictions=(name, *others)))


def read(
    path: str | Path,
    *,
    audio: str | None = None,
    reference: str | None = None,
    prediction: str | Sequence[str] | None = None,
    id: str | None = None,
    start: str | None = None,
    end: str | None = None,
    folder: str | Path | None = None,
) -> Dataset:
    """Read a table of clips from a CSV or TSV file (UTF-8; comma, semicolon or tab).

    Parameters
    ----------
    path
        The file.
    audio, reference, prediction, id
        Column names; `prediction` may be several, one per model. A role not given is guessed from the column
        names (see `roles.guess_roles`). The audio and the id column may be missing altogether. Audio is a path or a
        URL that fsspec knows (`s3://…`, `https://…`).
    start, end
        Columns that say which part of the audio file a clip is, in seconds. Empty cells stand for its beginning and
        its end.
    folder
        Where relative audio paths start, a URL perhaps; the file's own folder if None.

    Raises
    ------
    TableError
        If the file can't be read, a column is missing or can't be guessed, an id is empty or not unique, or a start or
        end is no time.
    """
    path = Path(path)
    columns, rows, numbers = read_cells(path)
    import pandas as pd

    frame = pd.DataFrame(dict(zip(columns, zip(*rows, strict=True), strict=True)), dtype=str)
    return _build(
        frame,
        numbers,
        name=path.stem,
        path=path.absolute(),
        folder=folder if folder is not None else path.absolute().parent,
        given=Roles(audio, reference, _as_names(prediction), id, start, end),
        from_text=True,
    )


def from_table(
    table: pd.DataFrame,
    *,
    name: str,
    path: Path | None = None,
    folder: str | Path | None = None,
    audio: str | None = None,
    reference: str | None = None,
    prediction: str | Sequence[str] | None = None,
    id: str | None = None,
    start: str | None = None,
    end: str | None = None,
) -> Dataset:
    """Make a `Dataset` of a DataFrame, which is copied.

    Parameters
    ----------
    table
        One row per clip. Its index is dropped.
    name, path
        Name of the data set, and the file it came from.
    folder
        Where relative audio paths start; the working directory if None.
    audio, reference, prediction, id, start, end
        As in `read`.

    Raises
    ------
    TableError
        As in `read`.
    """
    if not len(table):
        raise TableError(f"“{name}” has no rows.")
    frame = table.reset_index(drop=True)
    frame.columns = [str(column) for column in frame.columns]
    require_unique_columns(list(frame.columns), name)
    return _build(
        frame,
        range(2, len(frame) + 2),
        name=name,
        path=path,
        folder=folder or Path(),
        given=Roles(audio, reference, _as_names(prediction), id, start, end),
        from_text=False,
    )


def check_audio(data: Dataset) -> dict[int, str]:
    """Look for audio files that can't be there, without opening any.

    Returns
    -------
    dict
        Row index -> reason in plain words. Whether a file decodes shows only when it is embedded.
    """
    reasons = {}
    for row, clip in enumerate(data.clips):
        if clip is None:
            reasons[row] = "No audio path in the table"
            continue
        if isinstance(clip.path, str):
            continue  # asking every storage takes too long here
        try:
            check_file(clip.path)
        except AudioError as error:
            reasons[row] = str(error)
    return reasons


def _build(
    frame: pd.DataFrame,
    numbers: Sequence[int],
    *,
    name: str,
    path: Path | None,
    folder: str | Path,
    given: Roles,
    from_text: bool,
) -> Dataset:
    roles = resolve_roles(frame, given)
    times = [column for column in (roles.start, roles.end) if column is not None]
    seconds = {column: _seconds(frame[column], numbers) for column in times}
    texts = {column: _as_text(frame[column]) for column in roles.all if column not in times}
    frame = frame.assign(**texts, **seconds)
    metadata = tuple(column for column in frame.columns if column not in roles.all)
    ids = own_ids(frame[roles.id], numbers) if roles.id else derived_ids(frame, roles)
    if from_text:
        frame = frame.assign(**{column: as_numbers(frame[column]) for column in metadata})
    return Dataset(name, path, frame, roles, ids, _clips(frame, roles, folder, numbers), metadata)


def _clips(
    frame: pd.DataFrame, roles: Roles, folder: str | Path, numbers: Sequence[int]
) -> list[Clip | None]:
    if roles.audio is None:
        return [None] * len(frame)
    absolute = folder if is_url(folder) else Path(folder).absolute()
    paths = [_located(cell, absolute) if cell.strip() else None for cell in frame[roles.audio].tolist()]
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


def _located(cell: str, folder: str | Path) -> str | Path:
    if cell.startswith("file://"):
        return Path(url2pathname(unquote(urlsplit(cell).path)))
    if is_url(cell):
        return cell
    return f"{folder.rstrip('/')}/{cell}" if isinstance(folder, str) else folder / cell


def _seconds(column: pd.Series, numbers: Sequence[int]) -> pd.Series:
    """Times as float64, NaN where a cell is empty. Raises TableError."""
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


def _as_text(column: pd.Series) -> pd.Series:
    import pandas as pd

    if pd.api.types.is_float_dtype(column) and ((present := column.dropna()) % 1 == 0).all():
        # Whole numbers became floats only because a cell is missing: "3", not "3.0".
        column = column.map(dict(zip(present, present.astype(int).astype(str), strict=True)))
    texts = ["" if missing else str(v) for v, missing in zip(column.tolist(), column.isna(), strict=True)]
    return pd.Series(texts, index=column.index, name=column.name, dtype=str)


def _as_names(prediction: str | Sequence[str] | None) -> tuple[str, ...]:
    if prediction is None:
        return ()
    return (prediction,) if isinstance(prediction, str) else tuple(prediction)
