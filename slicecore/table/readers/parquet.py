"""Parquet files and folders of their parts; recordings inside them stay there until they are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from slicecore.audio import embedded
from slicecore.errors import TableError
from slicecore.table.readers.arrow_columns import BYTES, PATH, frame_of, sound_column
from slicecore.table.readers.delimited import require_unique_columns
from slicecore.table.readers.rows import Rows
from slicecore.table.roles import Roles

MARK = b"PAR1"

_PART = re.compile(r"(.+?)-\d{5}-of-\d{5}(?:-[0-9a-f]+)?")
"""Name of a part as `datasets` writes it: test-00000-of-00002."""


def is_folder_of_parts(folder: Path) -> bool:
    """Return whether a folder, or its folder `data`, holds Parquet files."""
    return bool(_parts(folder))


def read(path: Path) -> Rows:
    """Read a Parquet file, or a folder with the parts of one table.

    A column of structs with `bytes` and `path` holds recordings, as the datasets of Hugging Face have them. Only their
    paths are read; the sound is named by its place in the file.

    Raises
    ------
    TableError
        If a file can't be read, the parts don't fit together, or a folder holds several tables.
    """
    import pyarrow as pa

    files = _files_of(path)
    try:
        schema = _schema(files[0])
        require_unique_columns(schema.names, path.name)
        sound = sound_column(schema)
        tables = []
        places: list[str | None] = []
        for file in files:
            tables.append(_without_sound(file, sound))
            places.extend(_places(file, sound))
        table = pa.concat_tables(tables, promote_options="permissive")
        if not table.num_rows:
            raise TableError(f"“{path.name}” has no rows.")
        frame, left_out = frame_of(table)
    except (pa.ArrowException, OSError, ValueError, OverflowError, NotImplementedError) as error:
        raise TableError(
            f"“{path.name}” can't be read as Parquet: {_first_line(error)}. Write it again."
        ) from error
    require_unique_columns(list(frame.columns), path.name)
    notes = (f"Columns of lists, maps or bytes are not read: {', '.join(left_out)}.",) if left_out else ()
    if sound is None:
        return Rows(frame, range(1, len(frame) + 1), from_text=False, notes=notes)
    frame[sound] = _paths(frame, sound)
    return Rows(
        frame.drop(columns=[f"{sound}.{PATH}"], errors="ignore"),
        range(1, len(frame) + 1),
        Roles(audio=sound),
        folder=files[0].parent,
        places=places,
        from_text=False,
        notes=notes,
    )


def _paths(frame: Any, sound: str) -> Any:
    """Paths of the recordings as the table has them, "" where it has none."""
    import pandas as pd

    if f"{sound}.{PATH}" in frame.columns:
        return frame[f"{sound}.{PATH}"].fillna("")
    return pd.Series([""] * len(frame), dtype=str)


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    parts = _parts(path)
    if not parts:
        raise TableError(f"There is no Parquet file in “{path}”.")
    tables = {_table_of(part): part for part in parts}
    if len(tables) > 1:
        named = ", ".join(sorted(file.name for file in tables.values())[:5])
        raise TableError(f"“{path}” holds several tables: {named}. Name one of them.")
    return parts


def _parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.parquet")) or sorted((folder / "data").glob("*.parquet"))


def _table_of(part: Path) -> str:
    match = _PART.fullmatch(part.stem)
    return match[1] if match else part.stem


def _schema(file: Path) -> Any:
    from pyarrow import parquet

    return parquet.read_schema(file)


def _without_sound(file: Path, sound: str | None) -> Any:
    """The table of a file, of its recordings only the paths."""
    from pyarrow import parquet

    source = parquet.ParquetFile(file)
    columns = []
    for field in source.schema_arrow:
        if field.name != sound:
            columns.append(field.name)
        elif _has_paths(field.type):
            columns.append(f"{sound}.{PATH}")
    return source.read(columns=columns)


def _has_paths(kind: Any) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_struct(kind)) and any(kind.field(i).name == PATH for i in range(kind.num_fields))


def _places(file: Path, sound: str | None) -> Iterator[str | None]:
    """Place of the sound of every row that has some inside the file."""
    from pyarrow import parquet

    source = parquet.ParquetFile(file)
    if sound is None:
        return
    leaf = _leaf(source, sound)
    first = 0
    for group in range(source.num_row_groups):
        count = source.metadata.row_group(group).num_rows
        for row, is_inside in enumerate(_inside(source, group, leaf, count), start=first):
            yield embedded.url(file, leaf, row) if is_inside else None
        first += count


def _leaf(source: Any, sound: str) -> str:
    import pyarrow.types as kinds

    is_struct = kinds.is_struct(source.schema_arrow.field(sound).type)
    return f"{sound}.{BYTES}" if is_struct else sound


def _inside(source: Any, group: int, leaf: str, count: int) -> Sequence[bool]:
    """Which rows of a group have a recording inside the file."""
    facts = source.metadata.row_group(group)
    for number in range(facts.num_columns):
        chunk = facts.column(number)
        if chunk.path_in_schema == leaf:
            nulls = (
                chunk.statistics.null_count if chunk.is_stats_set and chunk.statistics.has_null_count else -1
            )
            if nulls in (0, count):
                return [nulls == 0] * count
    column = source.read_row_group(group, columns=[leaf]).column(0)
    valid = column.is_valid()
    if leaf.endswith(f".{BYTES}"):
        valid = embedded.content(column).is_valid()
    values: list[bool] = valid.to_pylist()
    return values


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
