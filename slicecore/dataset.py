"""The table of clips: which column plays which role, and how a file becomes a `Dataset`."""

from __future__ import annotations

import difflib
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slicecore.clip import Clip
from slicecore.csv_file import read_cells, refuse_double_columns
from slicecore.errors import TableError

if TYPE_CHECKING:
    import pandas as pd

# fmt: off
_AUDIO = (
    "audio", "audio_path", "audio_filepath", "audio_file", "audio_filename", "wav", "wav_path", "path",
    "file", "filepath", "file_path", "filename", "file_name", "clip", "recording", "sound",
)
_REFERENCE = (
    "sentence", "reference", "ref", "transcript", "transcription", "reference_text", "ref_text", "text",
    "target", "ground_truth", "label", "truth", "expected",
)
_PREDICTION = (
    "prediction", "predictions", "pred", "predicted", "pred_text", "hypothesis", "hyp", "hyp_text", "asr",
    "asr_text", "output", "recognized", "recognised",
)
_ID = (
    "id", "clip_id", "utt_id", "utterance_id", "uid", "key",
)
# fmt: on


@dataclass(frozen=True)
class Roles:
    """Names of the columns that mean something to the analysis; None where there is no such column."""

    audio: str | None = None
    reference: str | None = None
    predictions: tuple[str, ...] = ()
    id: str | None = None


@dataclass(frozen=True, eq=False)
class Dataset:
    """A table of clips, never mutated.

    Attributes
    ----------
    name
        What people call it: the file's name without its ending.
    path
        The file it was read from, or None.
    table
        The rows, with the index 0 … n-1. Columns of a role are text, a missing one is "".
    roles
        Which column is what.
    ids : (n,) str
        One per clip, unique. See `derived_ids` for tables without an id column.
    clips
        Where the sound of each row is; None where the cell is empty or the table has no audio column.
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
        """What was said, (n,) of str."""
        if self.roles.reference is None:
            raise TableError(f"“{self.name}” has no reference column.")
        return self.table[self.roles.reference]

    @property
    def prediction(self) -> pd.Series:
        """What the first model heard, (n,) of str."""
        if not self.roles.predictions:
            raise TableError(f"“{self.name}” has no prediction column.")
        return self.table[self.roles.predictions[0]]

    @cached_property
    def predictions(self) -> dict[str, pd.Series]:
        """What each model heard, by column name."""
        return {name: self.table[name] for name in self.roles.predictions}

    @cached_property
    def row_of_id(self) -> dict[str, int]:
        """Row of every clip by its id."""
        return {str(clip_id): row for row, clip_id in enumerate(self.ids)}

    def with_prediction(self, name: str) -> Dataset:
        """Return the same data set with the prediction column `name` first.

        Raises
        ------
        TableError
            If `name` is no prediction of this data set.
        """
        _require([name], self.roles.predictions, "prediction")
        others = tuple(other for other in self.roles.predictions if other != name)
        return replace(self, roles=replace(self.roles, predictions=(name, *others)))


def read(
    path: str | Path,
    *,
    audio: str | None = None,
    reference: str | None = None,
    prediction: str | Sequence[str] | None = None,
    id: str | None = None,
    folder: str | Path | None = None,
) -> Dataset:
    """Read a table of clips from a CSV or TSV file (UTF-8; comma, semicolon or tab).

    Parameters
    ----------
    path
        The file.
    audio, reference, prediction, id
        Column names; `prediction` may be several, one per model. A role not given is guessed from the column
        names (see `guess_roles`). The audio and the id column may be missing altogether.
    folder
        Where relative audio paths start; the file's own folder if None.

    Raises
    ------
    TableError
        If the file can't be read, a column is missing or can't be guessed, or an id is empty or not unique.
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
        folder=Path(folder).absolute() if folder is not None else path.absolute().parent,
        given=Roles(audio, reference, _as_names(prediction), id),
        from_text=True,
    )


def from_table(
    table: pd.DataFrame,
    *,
    name: str,
    path: Path | None = None,
    folder: Path | None = None,
    audio: str | None = None,
    reference: str | None = None,
    prediction: str | Sequence[str] | None = None,
    id: str | None = None,
) -> Dataset:
    """Make a `Dataset` of a DataFrame, which is copied.

    Parameters
    ----------
    table
        One row per clip. Its index is dropped.
    name, path
        What to call the data set and which file it came from.
    folder
        Where relative audio paths start; the working directory if None.
    audio, reference, prediction, id
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
    refuse_double_columns(list(frame.columns), name)
    return _build(
        frame,
        range(2, len(frame) + 2),
        name=name,
        path=path,
        folder=(folder or Path()).absolute(),
        given=Roles(audio, reference, _as_names(prediction), id),
        from_text=False,
    )


def guess_roles(columns: Sequence[str]) -> Roles:
    """Guess the roles of columns from names that are common for them, whatever their case.

    The first prediction is the best-known name; every other column that starts with such a name and "_"
    (`hyp_large`) is a further one.
    """
    plain = {column: column.strip().lower().replace(" ", "_").replace("-", "_") for column in columns}

    def first(names: Sequence[str]) -> str | None:
        found = [column for name in names for column, key in plain.items() if key == name]
        return found[0] if found else None

    audio, reference, identity = first(_AUDIO), first(_REFERENCE), first(_ID)
    taken = {audio, reference, identity}
    leading = first(_PREDICTION)
    further = [
        column
        for column, key in plain.items()
        if column not in taken | {leading} and any(key.startswith(f"{name}_") for name in _PREDICTION)
    ]
    return Roles(audio, reference, tuple(([leading] if leading else []) + further), identity)


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
        path = Path(clip.path)
        try:
            status = path.stat()
        except (OSError, ValueError):
            reasons[row] = "File not found"
            continue
        if path.is_dir():
            reasons[row] = "This is a folder, not a file"
        elif status.st_size == 0:
            reasons[row] = "Empty file (0 bytes)"
    return reasons


def derived_ids(table: pd.DataFrame, roles: Roles) -> np.ndarray:
    """Ids for a table without an id column: 12 hex digits of a hash of what the row says.

    The hash is over audio path (as written) and reference where these tell the rows apart, so that ids survive
    a new prediction or metadata column; over the whole row where they do not. Equal rows get "-2", "-3", ….

    Returns
    -------
    (n,) str
    """
    identity = [column for column in (roles.audio, roles.reference) if column is not None]
    keys = _hashes(table, identity) if roles.audio else [""] * len(table)
    shared = {key for key, count in Counter(keys).items() if count > 1}
    if shared:
        whole = _hashes(table, sorted(table.columns))
        keys = [whole[row] if key in shared else key for row, key in enumerate(keys)]
    seen: Counter[str] = Counter()
    ids = []
    for key in keys:
        seen[key] += 1
        ids.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return np.array(ids, dtype=str)


def _hashes(table: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    cells = [[str(cell) for cell in table[column].tolist()] for column in columns]
    # Each cell is preceded by its length, so that no two rows run together to the same text.
    return [
        hashlib.blake2b("".join(f"{len(c)}:{c}" for c in row).encode(), digest_size=6).hexdigest()
        for row in zip(*cells, strict=True)
    ]


def _build(
    frame: pd.DataFrame,
    numbers: Sequence[int],
    *,
    name: str,
    path: Path | None,
    folder: Path,
    given: Roles,
    from_text: bool,
) -> Dataset:
    roles = _settle_roles(frame, given)
    in_roles = [c for c in (roles.audio, roles.reference, *roles.predictions, roles.id) if c is not None]
    frame = frame.assign(**{column: _as_text(frame[column]) for column in in_roles})
    metadata = tuple(column for column in frame.columns if column not in in_roles)
    ids = _own_ids(frame[roles.id], numbers) if roles.id else derived_ids(frame, roles)
    if from_text:
        frame = frame.assign(**{column: _as_numbers(frame[column]) for column in metadata})
    return Dataset(name, path, frame, roles, ids, _clips(frame, roles, folder), metadata)


def _settle_roles(frame: pd.DataFrame, given: Roles) -> Roles:
    columns = list(frame.columns)
    for role in ("audio", "reference", "id"):
        column = getattr(given, role)
        _require([column] if column is not None else [], columns, role)
    _require(given.predictions, columns, "prediction")
    named = {given.audio, given.reference, given.id, *given.predictions}
    guess = guess_roles([column for column in columns if column not in named])
    roles = Roles(
        given.audio if given.audio is not None else guess.audio,
        given.reference if given.reference is not None else guess.reference,
        given.predictions or _of_one_kind(frame, guess.predictions),
        given.id if given.id is not None else guess.id,
    )
    listed = _listed(columns)
    if roles.reference is None:
        raise TableError(
            f"No column looks like a reference (what was really said). Columns are {listed}. "
            "Say which it is with reference=…"
        )
    if not roles.predictions:
        raise TableError(
            f"No column looks like a prediction (what the model heard). Columns are {listed}. "
            "Say which it is with prediction=…"
        )
    if roles.reference in roles.predictions:
        raise TableError(f"Column “{roles.reference}” is given as reference and as prediction.")
    return roles


def _of_one_kind(frame: pd.DataFrame, predictions: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out guessed columns such as `pred_confidence`: numbers beside predictions that are text."""
    if len(predictions) < 2 or _is_numeric(frame[predictions[0]]):
        return predictions
    return (predictions[0], *(name for name in predictions[1:] if not _is_numeric(frame[name])))


def _require(names: Sequence[str], columns: Sequence[str], role: str) -> None:
    for name in names:
        if name not in columns:
            close = difflib.get_close_matches(name, columns, n=1, cutoff=0.5)
            same = [column for column in columns if column.strip().lower() == name.strip().lower()]
            hint = f" Did you mean “{(same or close)[0]}”?" if same or close else ""
            raise TableError(
                f"There is no column “{name}” for the {role}.{hint} Columns are {_listed(columns)}."
            )
    if len(set(names)) < len(names):
        raise TableError(f"A column is given twice as {role}: {_listed(names)}.")


def _own_ids(column: pd.Series, numbers: Sequence[int]) -> np.ndarray:
    seen: dict[str, int] = {}
    for number, value in zip(numbers, column.tolist(), strict=True):
        if not value.strip():
            raise TableError(f"Row {number}: the id in column “{column.name}” is empty. Every row needs one.")
        if value in seen:
            raise TableError(
                f"Id “{value}” in column “{column.name}” is in row {seen[value]} and again in row {number}. "
                "Ids have to differ."
            )
        seen[value] = number
    return np.array(column.tolist(), dtype=str)


def _clips(frame: pd.DataFrame, roles: Roles, folder: Path) -> list[Clip | None]:
    if roles.audio is None:
        return [None] * len(frame)
    return [Clip(folder / cell) if cell.strip() else None for cell in frame[roles.audio].tolist()]


def _as_text(column: pd.Series) -> pd.Series:
    import pandas as pd

    if pd.api.types.is_float_dtype(column) and ((present := column.dropna()) % 1 == 0).all():
        # Whole numbers became floats only because a cell is missing: "3", not "3.0".
        column = column.map(dict(zip(present, present.astype(int).astype(str), strict=True)))
    texts = ["" if missing else str(v) for v, missing in zip(column.tolist(), column.isna(), strict=True)]
    return pd.Series(texts, index=column.index, name=column.name, dtype=str)


def _is_numeric(column: pd.Series) -> bool:
    import pandas as pd

    return pd.api.types.is_numeric_dtype(_as_numbers(column.fillna("").astype(str)))


def _as_numbers(column: pd.Series) -> pd.Series:
    """Return a column of text as numbers if all cells that aren't empty are plain numbers, else as it is."""
    import pandas as pd

    filled = column[column.str.strip() != ""]
    # "007" is a code, not a number.
    if not len(filled) or filled.str.match(r"\s*[-+]?0\d").any():
        return column
    numbers = pd.to_numeric(filled, errors="coerce")
    if not np.isfinite(numbers.to_numpy(dtype=float)).all():
        return column
    return numbers if len(filled) == len(column) else numbers.reindex(column.index)


def _as_names(prediction: str | Sequence[str] | None) -> tuple[str, ...]:
    if prediction is None:
        return ()
    return (prediction,) if isinstance(prediction, str) else tuple(prediction)


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(columns[:30])
    return shown if len(columns) <= 30 else f"{shown} and {len(columns) - 30} more"
