"""JSON lines and JSON arrays of objects, an object per row."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slicecore.errors import TableError
from slicecore.table.readers.delimited import require_unique_columns
from slicecore.table.readers.rows import Rows, numbered
from slicecore.table.readers.text_files import Head, encodable, open_text

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, Any]

_BLOCK = 20_000
_DEEPEST = 4
"""Objects inside objects become columns with dots in their names, down to this depth; the rest is text."""
_SHOWN = 40


def read(path: Path) -> Rows:
    """Read JSON lines (an object a line) or a JSON array of objects, gzipped or not.

    Objects inside an object become columns of their own, `speaker.gender`; lists stay text.

    Raises
    ------
    TableError
        If the file can't be read or holds something else.
    """
    numbers = array("q")
    columns = _Columns()
    for number, record in records(path):
        numbers.append(number)
        columns.add(flattened(record, f"Row {number} of “{path.name}”"))
    if not len(numbers):
        raise TableError(f"“{path.name}” has no rows.")
    frame = columns.frame()
    require_unique_columns(list(frame.columns), path.name)
    return Rows(frame, numbered(numbers), from_text=False)


def records(path: Path) -> Iterator[tuple[int, Record]]:
    """Objects of a file of JSON with their numbers: of the line, or of the entry of an array, from 1.

    Raises
    ------
    TableError
        As `read`.
    """
    return _of_array(path) if Head(path).is_array else _of_lines(path)


def flattened(record: Mapping[str, Any], where: str) -> Record:
    """The object with the entries of inner objects beside its own, under names with dots.

    Parameters
    ----------
    where
        Its row, for messages.

    Raises
    ------
    TableError
        If two entries would have the same name.
    """
    flat: Record = {}
    for name, value in _entries(record, "", 1):
        if name in flat:
            raise TableError(f"{where} has more than one entry “{name[:_SHOWN]}”. Rename one.")
        flat[name] = value
    return flat


def frame_of(records: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """A table with a row per object and a column per name that some object has."""
    columns = _Columns()
    for record in records:
        columns.add(record)
    return columns.frame()


def _entries(record: Mapping[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        key = f"{prefix}{name}".strip() or "column"
        if isinstance(value, dict) and value and depth < _DEEPEST:
            yield from _entries(value, f"{key}.", depth + 1)
        else:
            yield key, value


def _of_lines(path: Path) -> Iterator[tuple[int, Record]]:
    with open_text(path) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                value = _loaded(line)
            except ValueError as error:
                if number == 1 and line.lstrip().startswith("{") and _is_one_object(path):
                    raise TableError(
                        f"“{path.name}” is a single JSON object, not a row per line. Write a list of objects, or an "
                        "object per line (pandas: to_json(orient='records', lines=True))."
                    ) from error
                raise TableError(
                    f"Row {number} of “{path.name}” is no JSON: {error}. Correct that line."
                ) from error
            yield number, _require_object(value, number, path)


def _of_array(path: Path) -> Iterator[tuple[int, Record]]:
    with open_text(path) as file:
        text = file.read()
    try:
        values = _loaded(text)
    except ValueError as error:
        raise TableError(
            f"“{path.name}” is no JSON: {error}. Write it again, or an object per line."
        ) from error
    for number, value in enumerate(values, start=1):
        yield number, _require_object(value, number, path)


def _loaded(text: str) -> Any:
    """The value of a JSON text. Raises ValueError."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise ValueError(
            f"{error.msg[:1].lower()}{error.msg[1:]} ({where}character {error.colno})"
        ) from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _is_one_object(path: Path) -> bool:
    with open_text(path) as file:
        try:
            return isinstance(_loaded(file.read()), dict)
        except ValueError:
            return False


def _require_object(value: Any, number: int, path: Path) -> Record:
    if not isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False)
        raise TableError(
            f"Row {number} of “{path.name}” is {text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}, not an object. "
            'Each row is an object such as {"audio": "a.wav", "text": "…", "pred_text": "…"}.'
        )
    return value


class _Columns:
    """Columns of JSON values that grow row by row; blocks of them take no Python object per cell."""

    def __init__(self) -> None:
        self._pending: dict[str, list[Any]] = {}
        self._blocks: dict[str, list[Any]] = {}
        self._rows = 0
        self._packed = 0

    def add(self, record: Mapping[str, Any]) -> None:
        """Add a row."""
        at = self._rows - self._packed
        for name, value in record.items():
            cells = self._pending.setdefault(name, [])
            if len(cells) < at:
                cells.extend([None] * (at - len(cells)))
            cells.append(value)
        self._rows += 1
        if self._rows - self._packed == _BLOCK:
            self._pack()

    def frame(self) -> pd.DataFrame:
        """All rows; a column is of numbers or of truth values where all its values are, else of text."""
        import pandas as pd
        import pyarrow as pa

        self._pack()
        columns = {}
        for name, blocks in self._blocks.items():
            kinds = {block.type for block in blocks if block.null_count < len(block)}
            kind = next(iter(kinds)) if len(kinds) == 1 else pa.large_string()
            if kinds == {pa.int64(), pa.float64()}:
                kind = pa.float64()
            cast = [_as_kind(block, kind) for block in blocks]
            columns[encodable(name)] = pa.chunked_array(cast, kind)
        if not columns:
            return pd.DataFrame(index=range(self._rows))
        return pa.Table.from_arrays(list(columns.values()), names=list(columns)).to_pandas()

    def _pack(self) -> None:
        import pyarrow as pa

        count = self._rows - self._packed
        if not count:
            return
        for name in self._pending:
            if name not in self._blocks:
                # A column that begins only now was empty before.
                self._blocks[name] = [pa.nulls(self._packed, pa.large_string())] if self._packed else []
        for name, blocks in self._blocks.items():
            cells = self._pending.get(name, [])
            cells.extend([None] * (count - len(cells)))
            blocks.append(_packed(cells))
        self._pending = {}
        self._packed = self._rows


def _packed(cells: list[Any]) -> Any:
    """Values as an Arrow array of truth values, whole numbers, numbers or text."""
    import pyarrow as pa

    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {bool}:
        return pa.array(cells, pa.bool_())
    if kinds and kinds <= {int, float}:
        try:
            return pa.array(cells, pa.int64() if kinds == {int} else pa.float64(), from_pandas=True)
        except (pa.ArrowException, OverflowError):
            return pa.array([None if cell is None else float_of(cell) for cell in cells], pa.float64())
    texts = [None if cell is None else _text(cell) for cell in cells]
    try:
        return pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        return pa.array([None if text is None else encodable(text) for text in texts], pa.large_string())


def float_of(number: float) -> float:
    """A number of any length as a float, infinite where it is too large for one."""
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _as_kind(block: Any, kind: Any) -> Any:
    import pyarrow as pa

    if block.type == kind:
        return block
    if kind != pa.large_string():
        return block.cast(kind, safe=False) if block.null_count < len(block) else pa.nulls(len(block), kind)
    return pa.array([None if cell is None else _text(cell) for cell in block.to_pylist()], kind)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
