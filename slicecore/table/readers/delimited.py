"""CSV and TSV files, with messages that name the row."""

from __future__ import annotations

import csv
from array import array
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from slicecore.errors import TableError
from slicecore.table.readers.rows import Rows, TextColumns, numbered
from slicecore.table.readers.swallowed_rows import SwallowedRows
from slicecore.table.readers.text_files import open_text

if TYPE_CHECKING:
    import pandas as pd

_SEPARATORS = ",;\t"
_LONGEST_CELL = 2**31 - 1
_BLOCK = 20_000
_ENDINGS_OF_TABS = (".tsv", ".tab")


def read(path: Path) -> Rows:
    """Read a CSV or TSV file: comma, semicolon or tab; the first row that isn't blank has the names of the columns.

    Raises
    ------
    TableError
        If the file can't be read, or its rows are malformed.
    """
    with open_text(path, newline="") as file:
        header = next((line for line in file if line.strip()), "")
    if not header:
        raise TableError(f"“{path.name}” is empty.")
    is_tabs = path.name.lower().removesuffix(".gz").endswith(_ENDINGS_OF_TABS)
    separator = "\t" if is_tabs else separator_of(header)
    try:
        return _parsed(path, separator, csv.QUOTE_MINIMAL)
    except _QuoteError:
        if separator != "\t":
            raise
        # Many writers of tab-separated files leave quotes in texts as they are.
        return _parsed(path, separator, csv.QUOTE_NONE)


def require_unique_columns(columns: list[str], name: str) -> None:
    """Raise a `TableError` if two columns have the same name."""
    double = [column for column, count in Counter(columns).items() if count > 1]
    if double:
        raise TableError(f"“{name}” has more than one column “{double[0]}”. Rename one.")


def require_column(name: str, frame: pd.DataFrame, path: Path) -> None:
    """Raise a `TableError` if a column that the format demands is missing."""
    if name not in frame.columns:
        raise TableError(
            f"“{path.name}” has no column “{name}”, which its format has. Columns are "
            f"{', '.join(map(str, frame.columns[:10]))}."
        )


def separator_of(header: str) -> str:
    """The separator of cells that a header has most of outside its quotes."""
    outside_quotes = "".join(header.split('"')[::2])
    return max(_SEPARATORS, key=outside_quotes.count)


class _QuoteError(TableError):
    """Rows that may be read when quotes mean nothing."""


def _parsed(path: Path, separator: str, quoting: int) -> Rows:
    with open_text(path, newline="") as file:
        frame, numbers, notes = _records(file, path.name, separator, quoting)
    return Rows(frame, numbered(numbers), notes=notes)


def _records(
    file: TextIO, name: str, separator: str, quoting: int
) -> tuple[pd.DataFrame, array[int], tuple[str, ...]]:
    """Rows that aren't blank, their numbers, and notes; all are as long as the first, which names the columns."""
    # Python's own limit, 128 KiB, is less than a vector of some models takes as text.
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(file, delimiter=separator, quoting=quoting, strict=True)  # type: ignore[arg-type]
    numbers, block = array("q"), []
    names: list[str] = []
    number = line = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if not "".join(cells).strip():
                continue
            if not names:
                names = [cell.strip() or f"column {position}" for position, cell in enumerate(cells, start=1)]
                require_unique_columns(names, name)
                columns, swallowed = TextColumns(names), SwallowedRows(names, separator)
                line = reader.line_num
                continue
            if len(cells) != len(names):
                raise _QuoteError(
                    f"Row {number} has {len(cells)} cells, but the header has {len(names)}. "
                    "A text with a separator or a line break in it needs quotes around it."
                )
            if reader.line_num > line + 1:
                swallowed.look(number, cells)
            line = reader.line_num
            numbers.append(number)
            block.append(cells)
            if len(block) == _BLOCK:
                columns.add(block)
                block.clear()
    except csv.Error as error:
        raise _QuoteError(f"Row {number + 1} can't be read: {error}. Look at its quotes.") from error
    if not len(numbers):
        raise TableError(f"“{name}” has a header but no rows.")
    columns.add(block)
    return columns.frame(), numbers, swallowed.notes()
