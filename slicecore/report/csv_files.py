"""CSV of tables: RFC 4180, UTF-8, without cells that a spreadsheet would run; of large tables by compiled kernels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.report.csv_text import SUSPECT, harmless
from slicecore.storage.atomic import write_whole
from slicecore.work_threads import in_order

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

_DECIMALS = 6
_ROWS_AT_ONCE = 1 << 17
_PLAIN = 1e-4, 1e9
"""Magnitudes of numbers that Arrow writes as Python does but for the ".0" of whole ones."""


def to_csv(table: pd.DataFrame) -> bytes:
    """CSV bytes of a table: UTF-8, CRLF, quoted by RFC 4180, cells that a spreadsheet would run made harmless.

    See `harmless` of `slicecore.report.csv_text`; `original` there gives the text of a cell back.
    """
    return b"".join(_parts(table))


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write `to_csv(table)` to a file, whole or not at all. Raises OSError."""

    def write(part: Path) -> None:
        with part.open("wb") as file:
            file.writelines(_parts(table))

    write_whole(path, write)


def _parts(table: pd.DataFrame) -> Iterator[bytes | memoryview]:
    """`to_csv` in parts of some rows: the text of millions of clips takes gigabytes."""
    named = table.rename(columns=_harmless)
    yield _by_pandas(named.iloc[:0], header=True)
    # How a point in time is written depends on all of its column.
    at_once = len(table) if any(dtype.kind in "mM" for dtype in table.dtypes) else _ROWS_AT_ONCE
    are_plain = table.shape[1] > 1 and all(map(_is_plain, table.dtypes))

    def some(begin: int) -> bytes | memoryview:
        part = named.iloc[begin : begin + at_once].copy()
        for place in range(part.shape[1]):  # by its place: two columns may have one name
            column = part.iloc[:, place]
            if column.dtype.kind == "f":
                part.isetitem(place, column.round(_DECIMALS).array)
            elif column.dtype.kind not in "iub":
                part.isetitem(place, _harmless_cells(column).array)
        by_arrow = are_plain and all(map(_is_plain, part.dtypes))
        return _by_arrow(part) if by_arrow else _by_pandas(part, header=False)

    yield from in_order(some, range(0, len(table), at_once or 1))


def _by_pandas(table: pd.DataFrame, header: bool) -> bytes:
    return table.to_csv(index=False, header=header, lineterminator="\r\n").encode("utf-8")


def _is_plain(dtype: Any) -> bool:
    """True for the types whose cells `_by_arrow` writes: whole numbers, float64, text of Arrow."""
    return (isinstance(dtype, np.dtype) and (dtype.kind in "iu" or dtype == np.float64)) or _is_of_arrow(
        dtype
    )


def _is_of_arrow(dtype: Any) -> bool:
    import pandas as pd

    return isinstance(dtype, pd.StringDtype) and dtype.storage == "pyarrow"


def _by_arrow(table: pd.DataFrame) -> memoryview:
    """The same bytes as those of pandas, in a third of the time."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = [_cells(table.iloc[:, place]) for place in range(table.shape[1])]
    rows = pc.binary_join_element_wise(*cells, _large(","))
    lines = pc.binary_join_element_wise(rows, _large("\r\n"), _large(""))
    whole = lines.combine_chunks() if isinstance(lines, pa.ChunkedArray) else lines
    _, places, text = whole.buffers()
    ends = np.frombuffer(places, np.int64)[whole.offset : whole.offset + len(whole) + 1]
    return memoryview(text)[ends[0] : ends[-1]]


def _cells(column: pd.Series) -> pa.Array:
    """Cells of a column as they stand in the file, as large strings."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.dtype.kind == "f":
        return _numbers(column.to_numpy())
    if column.dtype.kind in "iu":
        return pc.cast(pa.array(column.to_numpy()), pa.large_string())
    texts = pc.fill_null(pa.array(column.array), "").cast(pa.large_string())
    is_quoted = pc.match_substring_regex(texts, '[",\r\n]')
    if not pc.any(is_quoted).as_py():
        return texts
    doubled = pc.replace_substring(texts, '"', '""')
    return pc.if_else(
        is_quoted, pc.binary_join_element_wise(_large('"'), doubled, _large('"'), _large("")), texts
    )


def _numbers(values: NDArray[np.float64]) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    size, unknown = np.abs(values), np.isnan(values)
    if ((size < _PLAIN[0]) & (size > 0) | (size >= _PLAIN[1])).any():
        texts = pa.array(values.astype(str).tolist(), pa.large_string())
    else:
        texts = pc.cast(pa.array(values), pa.large_string())
        is_whole = pa.array(values == np.floor(values))
        texts = pc.if_else(is_whole, pc.binary_join_element_wise(texts, _large(".0"), _large("")), texts)
    return pc.if_else(pa.array(unknown), _large(""), texts)


def _large(text: str) -> pa.Scalar:
    import pyarrow as pa

    return pa.scalar(text, pa.large_string())


def _harmless_cells(column: pd.Series) -> pd.Series:
    """Cells by `harmless`; of a column of texts few are looked at one by one."""
    if not _is_of_arrow(column.dtype):
        return column.map(_harmless)
    import pyarrow as pa
    import pyarrow.compute as pc

    # Not by pandas, which takes another engine for expressions before its version 3.
    matches = pc.match_substring_regex(pa.array(column.array), SUSPECT)
    suspect = np.asarray(pc.fill_null(matches, False), dtype=bool)
    if not suspect.any():
        return column
    return column.astype(object).where(~suspect, column[suspect].map(_harmless))


def _harmless(cell: object) -> object:
    return harmless(cell) if isinstance(cell, str) else cell
