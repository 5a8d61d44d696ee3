"""Predictions in files of their own, joined to a table by the ids or the audio files of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from slicecore.errors import TableError
from slicecore.table.cells import as_seconds, as_text
from slicecore.table.readers import frames
from slicecore.table.readers.registry import format_of, read_rows
from slicecore.table.readers.rows import Rows
from slicecore.table.roles import Roles, filled_in, guess_roles, of_one_kind, require
from slicecore.table.timed_words import words_of_clips
from slicecore.wording import counted

if TYPE_CHECKING:
    import pandas as pd

PredictionFiles = Mapping[str, Any] | Sequence[Any] | str | Path
"""Files of predictions by the name of their model; or files alone, which give the names."""

_LEADERBOARD = re.compile(r"MODEL_(.+?)_DATASET_.+")
_NAMED = 3


def joined(rows: Rows, given: Roles, files: PredictionFiles) -> tuple[Rows, Roles]:
    """Rows with a column per model whose predictions are in files of their own.

    A row and a prediction belong together by their ids, else by their audio files (and starts, where clips are parts),
    else by the names of these with and without ending, else by another column of the same name: by that which brings
    most of them together.

    Parameters
    ----------
    rows
        The table.
    given
        Roles that the user gave.
    files
        Paths of files of any format, or tables in memory, by the name of the model. A file without a name goes by its
        own name.

    Returns
    -------
    rows, given
        With the new columns, which are predictions; clips and predictions that have no counterpart are in `rows.notes`.

    Raises
    ------
    TableError
        If a file can't be read, has no texts, a name is taken, or no prediction belongs to any row.
    """
    named_columns = dict.fromkeys(name for name in given.all if name not in given.predictions)
    require(tuple(named_columns), tuple(rows.frame.columns), "roles")
    known = filled_in(given, _known(rows))
    own = _Keys(rows, known)
    frame, notes = rows.frame, list(rows.notes)
    names: list[str] = []
    for name, file in named(files).items():
        texts, more = _texts(own, file, name)
        for column, cells in texts.items():
            if column in frame.columns:
                raise TableError(
                    f"The table has a column “{column}” already. Give these predictions another name."
                )
            frame = frame.assign(**{column: cells})
            names.append(column)
        notes += more
    if given.predictions:
        given = replace(given, predictions=tuple(dict.fromkeys((*given.predictions, *names))))
    own_columns = tuple(name for name in known.predictions if name in rows.frame.columns)
    earlier = of_one_kind(rows.frame, own_columns)
    roles = replace(rows.roles, predictions=(*earlier, *names))
    return replace(rows, frame=frame, roles=roles, notes=tuple(notes)), given


def named(files: PredictionFiles) -> dict[str, Any]:
    """Files by the name of their model.

    It is the given one, else that in the name of a file of the Open ASR leaderboard (`MODEL_name_DATASET_…`), else the
    file's name without its ending.

    Raises
    ------
    TableError
        If two have the same name.
    """
    if isinstance(files, Mapping):
        if not all(str(name).strip() for name in files):
            raise TableError("A file of predictions has an empty name. Name its model.")
        return {str(name): file for name, file in files.items()}
    listed = list(files) if isinstance(files, (list, tuple)) else [files]
    return _by_name(
        (model_name(file) if isinstance(file, (str, Path)) else f"predictions {number}", file)
        for number, file in enumerate(listed, 1)
    )


def _by_name(files: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    by_name: dict[str, Any] = {}
    for name, file in files:
        if name in by_name:
            raise TableError(
                f"Two files of predictions are called “{name}”. Name the models: {name}-2={file}"
            )
        by_name[name] = file
    return by_name


def model_name(file: str | Path) -> str:
    """Name of the model whose predictions are in a file, by the name of the file."""
    stem = Path(Path(file).name.removesuffix(".gz")).stem
    match = _LEADERBOARD.fullmatch(stem)
    return match[1] if match else stem


def named_files(entries: Sequence[str]) -> dict[str, str]:
    """Files by the name of their model, from texts such as `base=base.jsonl`, or a file alone.

    Raises
    ------
    TableError
        If two have the same name.
    """
    return _by_name(map(_name_and_file, entries))


def _name_and_file(entry: str) -> tuple[str, str]:
    name, equals, file = entry.partition("=")
    if not equals or _is_there(entry):
        name, file = model_name(entry), entry
    if not name.strip() or not file.strip():
        raise TableError(f"“{entry}” is no file of predictions. Write NAME=FILE, or FILE alone.")
    return name.strip(), file.strip()


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError:  # a name that is too long for one
        return False


@dataclass(frozen=True, eq=False)
class _Match:
    """Rows and predictions brought together by one kind of key."""

    own: Sequence[str]
    others: Sequence[str]
    row_of: Mapping[str, int]
    count: int
    double: str


class _Keys:
    """What tells the rows of a table apart, by kind."""

    def __init__(self, rows: Rows, roles: Roles) -> None:
        self.rows = rows
        self.roles = roles
        frame = rows.frame
        self.kinds: dict[str, list[str]] = {}
        if roles.id is not None:
            self.kinds["id"] = as_text(frame[roles.id]).tolist()
        if roles.audio is not None:
            self._add_files(as_text(frame[roles.audio]).tolist(), self._starts())
        self.other_columns = [name for name in frame.columns if name not in roles.all]

    def column(self, name: str) -> list[str]:
        """Cells of a column without a role."""
        texts: list[str] = as_text(self.rows.frame[name]).tolist()
        return texts

    def examples(self) -> str:
        """Some keys, for messages."""
        shown = [
            f"{kind} “{keys[0]}”"
            for kind, keys in self.kinds.items()
            if keys and not kind.startswith("column")
        ]
        return ", ".join(shown[:2]) or "neither ids nor audio files"

    def _add_files(self, files: list[str], starts: list[str]) -> None:
        names = [PurePosixPath(file.replace("\\", "/")).name for file in files]
        stems = [PurePosixPath(name).stem for name in names]
        for kind, cells in (("audio file", files), ("file name", names), ("name without ending", stems)):
            self.kinds[kind] = [f"{c}{s}" if c else "" for c, s in zip(cells, starts, strict=True)]

    def _starts(self) -> list[str]:
        if self.roles.start is None:
            return [""] * len(self.rows.frame)
        seconds = as_seconds(self.rows.frame[self.roles.start], self.rows.numbers).fillna(0.0)
        return [f" at {start:.3f} s" for start in seconds.tolist()]


_PAIRS = (
    ("id", "id"),
    ("audio file", "audio file"),
    ("file name", "file name"),
    ("name without ending", "name without ending"),
    ("id", "name without ending"),
    ("name without ending", "id"),
    ("id", "file name"),
    ("file name", "id"),
)


def _texts(own: _Keys, file: Any, name: str) -> tuple[dict[str, pd.Series], list[str]]:
    """Columns of predictions for the rows of a table, and sentences about what has no counterpart."""
    import pandas as pd

    label = Path(file).name if isinstance(file, (str, Path)) else name
    has_parts = own.roles.audio is not None and own.roles.start is not None
    if has_parts and isinstance(file, (str, Path)) and format_of(Path(file)).name == "ctm":
        cells, notes = words_of_clips(own.rows, own.roles, Path(file))
        return {name: pd.Series(cells, dtype=str)}, notes
    rows = read_rows(Path(file)) if isinstance(file, (str, Path)) else frames.read(file, name)
    roles = filled_in(Roles(), _known(rows))
    columns = of_one_kind(rows.frame, roles.predictions) or tuple(filter(None, [roles.reference]))
    if not columns:
        raise TableError(
            f"“{label}” has no column of predictions. Its columns are {', '.join(map(str, rows.frame.columns[:10]))}; "
            "call the one with the texts “pred_text”."
        )
    match = _best(own, _Keys(rows, roles), label)
    at = [match.row_of.get(key, -1) for key in match.own]
    texts = {}
    for column in columns:
        cells = as_text(rows.frame[column]).tolist()
        title = name if len(columns) == 1 else f"{name} {column}"
        texts[title] = pd.Series([cells[row] if row >= 0 else "" for row in at], dtype=str)
    without = [key or f"row {own.rows.numbers[row]}" for row, key in enumerate(match.own) if at[row] < 0]
    taken = set(match.own)
    unused = [key for key in match.others if key not in taken]
    notes = []
    if without:
        notes.append(
            f"“{label}” has no prediction for {len(without):,} of {len(at):,} clips, first {_first(without)}; theirs "
            "count as empty."
        )
    if unused:
        notes.append(
            f"Left out: {counted(len(unused), 'prediction')} of “{label}” for no clip, first {_first(unused)}."
        )
    return texts, notes


def _best(own: _Keys, others: _Keys, label: str) -> _Match:
    pairs = [pair for pair in _PAIRS if pair[0] in own.kinds and pair[1] in others.kinds]
    matches = [_match(own.kinds[mine], others.kinds[theirs]) for mine, theirs in pairs]
    usable = [match for match in matches if match.count and not match.double]
    if usable:
        return max(usable, key=lambda match: match.count)
    for name in own.other_columns:
        if name in others.other_columns:
            match = _match(own.column(name), others.column(name))
            # A column that happens to have some equal values is no key.
            if match.count == len(match.own) and not match.double:
                return match
    doubled = next((match.double for match in matches if match.count), "")
    if doubled:
        raise TableError(
            f"“{label}” has several predictions for “{doubled}”. Keep one of them, or add a column “id”."
        )
    raise TableError(
        f"No prediction of “{label}” belongs to a row of the table: the table has {own.examples()}; “{label}” has "
        f"{others.examples()}. Give both the same ids or audio files."
    )


def _match(own: Sequence[str], others: Sequence[str]) -> _Match:
    row_of: dict[str, int] = {}
    double = ""
    for row, key in enumerate(others):
        if key and row_of.setdefault(key, row) != row and not double:
            double = key
    return _Match(own, others, row_of, sum(key in row_of for key in own), double)


def _known(rows: Rows) -> Roles:
    """Roles that the format says, and those that names of other columns suggest."""
    guess = guess_roles([column for column in rows.frame.columns if column not in rows.roles.all])
    return filled_in(rows.roles, guess)


def _first(keys: Sequence[str]) -> str:
    return ", ".join(keys[:_NAMED])
