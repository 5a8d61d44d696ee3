"""Tables that are in memory already: of pandas, polars, pyarrow, `datasets`, or any that speak Arrow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.audio import embedded
from slicecore.errors import TableError
from slicecore.table.readers.arrow_columns import BYTES, PATH, frame_of, sound_column
from slicecore.table.readers.delimited import require_unique_columns
from slicecore.table.readers.rows import Rows
from slicecore.table.readers.text_files import encodable
from slicecore.table.roles import Roles

if TYPE_CHECKING:
    import pandas as pd

_LOOKED_AT = 100
_SURROGATE = re.compile("[\ud800-\udfff]")
_DECODED = ("array", "sampling_rate")
"""Keys of a sound that `datasets` has decoded."""


def read(table: Any, name: str) -> Rows:
    """Read a table in memory, which is not changed.

    Parameters
    ----------
    table
        A DataFrame of pandas or polars, a `pyarrow.Table`, a `datasets.Dataset`, or any table with the interface
        `__arrow_c_stream__`. Recordings inside it are written to temporary files.
    name
        Name for messages.

    Raises
    ------
    TableError
        If it has no rows, two columns of one name, or is no table.
    """
    import pandas as pd

    rows = (
        _of_pandas(table, name)
        if isinstance(table, pd.DataFrame)
        else _of_arrow(_as_arrow(table, name), name)
    )
    if not len(rows.frame):
        raise TableError(f"“{name}” has no rows.")
    require_unique_columns(list(rows.frame.columns), name)
    return rows


def _of_pandas(table: pd.DataFrame, name: str) -> Rows:
    frame = table.reset_index(drop=True)
    frame.columns = [encodable(str(column)) for column in frame.columns]
    require_unique_columns(list(frame.columns), name)
    lengths = frame.select_dtypes("timedelta")
    frame = frame.assign(**{str(column): lengths[column].dt.total_seconds() for column in lengths})
    frame = _encodable(frame)
    numbers = range(2, len(frame) + 2)
    decoded = next((column for column in frame.columns if _hold(frame[column], _DECODED)), None)
    if decoded is not None:
        raise TableError(
            f"Column “{decoded}” of “{name}” holds decoded sounds. Give the dataset itself, or paths of sound files."
        )
    sound = next((column for column in frame.columns if _hold(frame[column], (BYTES,))), None)
    if sound is None:
        return Rows(frame, numbers, from_text=False)
    cells = [cell if isinstance(cell, dict) else {} for cell in frame[sound].tolist()]
    for number, cell in zip(numbers, cells, strict=True):
        if not isinstance(cell.get(BYTES), bytes | None):
            raise TableError(
                f"Row {number}: “{BYTES}” in column “{sound}” is of the type {type(cell[BYTES]).__name__}. It has to "
                "be the bytes of a sound file, or None."
            )
    places = [_kept(cell.get(BYTES)) for cell in cells]
    frame = frame.assign(**{sound: [str(cell.get(PATH) or "") for cell in cells]})
    return Rows(frame, numbers, Roles(audio=sound), places=places, from_text=False)


def _encodable(frame: pd.DataFrame) -> pd.DataFrame:
    """The table without halves of surrogate pairs, which columns of objects may hold."""
    changed = {}
    for name in frame.columns:
        if frame[name].dtype != np.dtype(object):
            continue
        cells = frame[name].tolist()
        if any(isinstance(cell, str) and not cell.isascii() and _SURROGATE.search(cell) for cell in cells):
            texts = [encodable(cell) if isinstance(cell, str) else cell for cell in cells]
            changed[name] = np.array(texts, dtype=object)
    return frame.assign(**changed)


def _hold(column: pd.Series, keys: Sequence[str]) -> bool:
    """True for a column of dictionaries with these keys, as `datasets` gives recordings to pandas."""
    import pandas as pd

    if not pd.api.types.is_object_dtype(column):
        return False
    cells = column.dropna().head(_LOOKED_AT)
    return bool(len(cells)) and all(
        isinstance(cell, dict) and all(key in cell for key in keys) for cell in cells
    )


def _of_arrow(table: Any, name: str) -> Rows:
    import pyarrow as pa

    numbers = range(1, table.num_rows + 1)
    require_unique_columns(table.column_names, name)
    try:
        sound = sound_column(table.schema)
        if sound is None:
            return Rows(frame_of(table)[0], numbers, from_text=False)
        content = table[sound]
        places = [_kept(cell.as_py()) for cell in embedded.content(content)]
        frame = frame_of(table.drop_columns([sound]))[0]
        frame[sound] = [cell or "" for cell in _paths(content)]
    except (pa.ArrowException, ValueError, OverflowError, NotImplementedError) as error:
        raise TableError(f"“{name}” can't be read as a table: {error}.") from error
    return Rows(frame, numbers, Roles(audio=sound), places=places, from_text=False)


def _paths(column: Any) -> list[str | None]:
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    if not kinds.is_struct(column.type) or not any(field.name == PATH for field in column.type):
        return [None] * len(column)
    paths: list[str | None] = pc.struct_field(column, PATH).to_pylist()
    return paths


def _as_arrow(table: Any, name: str) -> Any:
    import pyarrow as pa

    if isinstance(table, dict):
        raise TableError(
            f"“{name}” is a {type(table).__name__}, not a table with rows. Choose a part: {', '.join(map(str, table))}."
        )
    if _is_hugging_face(table):
        if not hasattr(table, "num_rows"):
            raise TableError(f"“{name}” is read row by row. Load the dataset without streaming.")
        # The recordings as they are stored: decoding them here would need packages that we do without.
        return table.with_format("arrow")[:]
    if hasattr(table, "__arrow_c_stream__"):
        return pa.table(table)
    raise TableError(
        f"A table is a path, a DataFrame of pandas or polars, a pyarrow.Table or a datasets.Dataset, not "
        f"{type(table).__name__}."
    )


def _is_hugging_face(table: Any) -> bool:
    return type(table).__module__.partition(".")[0] == "datasets"


def _kept(content: bytes | None) -> Any:
    return None if content is None else embedded.kept(content)
