"""The table of clips: a `Dataset`, read from a file or made of a DataFrame."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.audio.clip import Clip
from slicecore.audio.file_checks import check_file
from slicecore.cached_properties import cached_property
from slicecore.errors import AudioError, ClipError, TableError, TableWarning
from slicecore.table.cells import Clips, as_seconds, as_text
from slicecore.table.ids import derived_ids, own_ids
from slicecore.table.overview import dataset_html, summary
from slicecore.table.predictions import PredictionFiles, joined, named
from slicecore.table.readers import frames
from slicecore.table.readers.registry import read_rows
from slicecore.table.readers.rows import Rows
from slicecore.table.roles import Roles, as_numbers, filled_in, number_role, require, resolve_roles
from slicecore.table.speakers import group_choices, guess_groups

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Reading:
    """Arguments of `read` by which a file was read, as far as it does not say them itself."""

    format: str | None = None
    folder: str | Path | None = None
    predictions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, repr=False)
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
        Names of all other columns whose cells are single values.
    numbers : (n,)
        Number of each row, as an editor of its file shows it.
    notes
        Sentences about what was left out when it was read.
    reading
        How it was read.
    """

    name: str
    path: Path | None
    table: pd.DataFrame
    roles: Roles
    ids: np.ndarray
    clips: Sequence[Clip | None]
    metadata: tuple[str, ...]
    numbers: Sequence[int]
    notes: tuple[str, ...] = ()
    reading: Reading = Reading()

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        return f"Dataset({summary(self)})"

    def _repr_html_(self) -> str:
        return dataset_html(self)

    @cached_property
    def audio_paths(self) -> list[Path | str | None]:
        """Absolute path or URL per row; None where there is none."""
        return [None if clip is None else clip.path for clip in self.clips]

    @cached_property
    def named_clips(self) -> int:
        """Number of rows that name a sound."""
        clips = self.clips
        return clips.named if isinstance(clips, Clips) else sum(clip is not None for clip in clips)

    def file_name(self, row: int) -> str:
        """Name of a row's audio file without its folder; "" where there is none."""
        clip = self.clips[row]
        return "" if clip is None else file_name(clip.path)

    def clip_name(self, row: int) -> str:
        """Name of a clip for people: its id where the table has ids, else its audio file, with the part that it is."""
        clip = None if self.roles.id is not None else self.clips[row]
        if clip is None:
            return str(self.ids[row])
        name = self.file_name(row)
        if not clip.is_part:
            return name
        return (
            f"{name} from {clip.start:g} s" if clip.end is None else f"{name} {clip.start:g}–{clip.end:g} s"
        )

    @property
    def reference(self) -> pd.Series:
        """References, (n,) of str; "" where predictions are numbers that need none (see `read`, `mean_of`)."""
        if self.roles.reference is None:
            if self.roles.predictions:
                return self.prediction.map(lambda _: "")
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

    @contextmanager
    def counting_rows(self) -> Iterator[None]:
        """Errors about a clip name its row as an editor of the file shows it, see `numbers`."""
        try:
            yield
        except ClipError as error:
            raise error.numbered(self.numbers) from error.__cause__

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
        if name == self.roles.predictions[0]:
            return self
        others = tuple(other for other in self.roles.predictions if other != name)
        return replace(self, roles=replace(self.roles, predictions=(name, *others)))


def read(
    table: str | Path | Any,
    *,
    audio: str | None = None,
    reference: str | None = None,
    prediction: str | Sequence[str] | None = None,
    id: str | None = None,
    start: str | None = None,
    end: str | None = None,
    folder: str | Path | None = None,
    format: str | None = None,
    predictions: PredictionFiles | None = None,
    mean_of: str | None = None,
    labelled: bool = True,
) -> Dataset:
    """Read a table of clips from a file or a folder, or take one that is in memory.

    Parameters
    ----------
    table
        A file or a folder of any format of docs/formats.md, recognised by what it holds: CSV or TSV, JSON lines or a
        JSON array, a NeMo manifest, Parquet …; or a DataFrame of pandas or polars, a `pyarrow.Table` or a
        `datasets.Dataset`.
    audio, reference, prediction, id
        Column names; `prediction` may be several, one per model. A role not given is what the format says, else
        guessed from the column names (see `roles.guess_roles`). The audio and the id column may be missing
        altogether. Columns of a DataFrame whose names are numbers go by these as text. Audio is a path or a URL that
        fsspec knows (`s3://…`, `https://…`).
    start, end
        Columns that say which part of the audio file a clip is, in seconds. Empty cells stand for its beginning and
        its end.
    folder
        Where relative audio paths start, a URL perhaps; the table's own folder if None, and the working directory for
        tables in memory.
    format
        Name of the format, such as "nemo", if it is not recognised or not rightly.
    predictions
        Files of predictions by the name of the model, `{"base": "base.jsonl", "large": "hyp.trn"}`, or a list of files
        that give the names. Each may be of any format. They are joined by ids, else by audio files; clips and
        predictions without a counterpart are told in `notes`, and as a `TableWarning`.
    mean_of
        Column with a number per clip that is looked at by its mean. Where the table has no references or no
        predictions, it stands in the place of the prediction, and there is no reference.
    labelled
        False where clips are enough: the table may have no references and no predictions, or be a folder of recordings.

    Raises
    ------
    TableError
        If the file can't be read, a column is missing or can't be guessed, an id is empty or not unique, or a start or
        end is no time.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"file": ["a.wav"], "text": ["good morning"], "hyp": ["good day"], "room": ["hall"]})
    >>> table.to_csv("calls.csv", index=False)
    >>> data = sc.read("calls.csv")
    >>> data.roles.audio, data.roles.reference, data.roles.predictions
    ('file', 'text', ('hyp',))
    >>> data.metadata
    ('room',)
    """
    given = _given(audio, reference, prediction, id, start, end)
    if isinstance(table, str) and not table.strip():
        raise TableError("The path of the table is empty. Give that of a file or a folder.")
    path = Path(table) if isinstance(table, (str, Path)) else None
    rows = frames.read(table, "table") if path is None else read_rows(path, format, labelled)
    files = {} if predictions is None else named(predictions)
    if files:
        rows, given = joined(rows, given, files)
    own = Path()
    if path is not None:
        own = rows.folder or (path.absolute() if path.is_dir() else path.absolute().parent)
    if mean_of is not None:
        given, labelled = number_role(rows.frame, filled_in(given, rows.roles), str(mean_of)), False
    data = _build(
        rows,
        given,
        name="table" if path is None else _name(path),
        path=None if path is None else path.absolute(),
        folder=folder if folder is not None else own,
        labelled=labelled,
    )
    data = replace(data, reading=Reading(format, folder, files))
    for note in data.notes:
        warnings.warn(note, TableWarning, stacklevel=2)
    return data


def file_name(path: str | Path) -> str:
    """Name of a file, or of what a URL names, without its folder."""
    return str(path).replace("\\", "/").rstrip("/").rpartition("/")[2]


def as_dataset(table: Dataset | str | Path | Any, labelled: bool = True) -> Dataset:
    """A data set as it is, or what `read` makes of a table. Raises TableError."""
    return table if isinstance(table, Dataset) else read(table, labelled=labelled)


def from_table(
    table: Any,
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
    labelled: bool = True,
) -> Dataset:
    """Make a `Dataset` of a table in memory, such as a DataFrame, which is not changed.

    Parameters
    ----------
    table
        One row per clip, of a kind that `read` takes. An index is dropped.
    name, path
        Name of the data set, and the file it came from.
    folder
        Where relative audio paths start; the working directory if None.
    audio, reference, prediction, id, start, end, labelled
        As in `read`.

    Raises
    ------
    TableError
        As in `read`.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"utterance": ["good morning"], "guess": ["good day"]})
    >>> data = sc.from_table(table, name="calls", reference="utterance", prediction="guess")
    >>> data.prediction.tolist()
    ['good day']
    """
    given = _given(audio, reference, prediction, id, start, end)
    rows = frames.read(table, name)
    return _build(rows, given, name=name, path=path, folder=folder or Path(), labelled=labelled)


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
    rows: Rows,
    given: Roles,
    *,
    name: str,
    path: Path | None,
    folder: str | Path,
    labelled: bool = True,
) -> Dataset:
    frame, numbers = rows.frame, rows.numbers
    if not len(frame.columns):
        raise TableError(
            f"“{name}” has rows without any field. A table needs columns, one of them with the audio files."
        )
    roles = resolve_roles(frame, filled_in(given, rows.roles), labelled)
    times = [column for column in (roles.start, roles.end) if column is not None]
    seconds = {column: as_seconds(frame[column], numbers) for column in times}
    texts = {column: as_text(frame[column]) for column in roles.all if column not in times}
    frame = frame.assign(**texts, **seconds)
    metadata = tuple(
        column for column in frame.columns if column not in roles.all and _has_values(frame[column])
    )
    ids = own_ids(frame[roles.id], numbers) if roles.id else derived_ids(frame, roles)
    if rows.from_text:
        frame = frame.assign(**{column: as_numbers(frame[column]) for column in metadata})
    places = rows.places if roles.audio == rows.roles.audio else None
    clips = Clips(frame, roles, folder, numbers, places)
    return Dataset(name, path, frame, roles, ids, clips, metadata, numbers, rows.notes)


def _has_values(column: pd.Series) -> bool:
    """False for a column whose cells are lists in Arrow: vectors, which mean something to an embedding alone."""
    import pandas as pd
    import pyarrow.types as kinds

    return not (isinstance(column.dtype, pd.ArrowDtype) and kinds.is_nested(column.dtype.pyarrow_dtype))


def _name(path: Path) -> str:
    """Name of a table for people: the file's without its ending, or the folder's."""
    name = path.absolute().name if path.is_dir() else Path(path.name.removesuffix(".gz")).stem
    return name or str(path)


def _given(
    audio: str | None,
    reference: str | None,
    prediction: str | Sequence[str] | None,
    id: str | None,
    start: str | None,
    end: str | None,
) -> Roles:
    """Roles by the names that were given, as text: in a DataFrame they may be numbers."""
    columns = (None if name is None else str(name) for name in (audio, reference, id, start, end))
    several = isinstance(prediction, Sequence) and not isinstance(prediction, str)
    names = () if prediction is None else tuple(prediction) if several else (prediction,)
    audio, reference, id, start, end = columns
    return Roles(audio, reference, tuple(map(str, names)), id, start, end)
