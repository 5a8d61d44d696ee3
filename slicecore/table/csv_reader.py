"""CSV and TSV files: from a file to cells, with messages that name the row."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from pathlib import Path

from slicecore.errors import TableError

_SEPARATORS = ",;\t"

# The longer mark first: that of UTF-32 begins as that of UTF-16 does.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_LOOKED_AT = 1000
_LONGEST_CELL = 2**31 - 1
_BINARY_FORMATS = (
    (b"PK\x03\x04", "a spreadsheet or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an Excel file of the old format"),
    (b"PAR1", "a Parquet file"),
    (b"RIFF", "a sound file"),
)


def read_cells(path: Path) -> tuple[list[str], list[list[str]], list[int]]:
    """Read a CSV or TSV file (UTF-8, or UTF-16 or UTF-32 with its mark; comma, semicolon or tab).

    Returns
    -------
    columns, rows, numbers
        Names of the columns; the cells of every row that isn't blank, as text; the row's number as a spreadsheet
        shows it (the header is row 1).

    Raises
    ------
    TableError
        If the file can't be read, or its rows are malformed.
    """
    text = _read_text(path)
    tabs = path.suffix.lower() in (".tsv", ".tab")
    header = next((line for line in io.StringIO(text) if line.strip()), "")
    if not header:
        raise TableError(f"“{path.name}” is empty.")
    separator = "\t" if tabs else _separator(header)
    try:
        records = _parse(text, separator, csv.QUOTE_MINIMAL)
    except TableError:
        if separator != "\t":
            raise
        # Many writers of tab-separated files leave quotes in texts as they are.
        records = _parse(text, separator, csv.QUOTE_NONE)
    _, columns = records[0]
    columns = [column.strip() or f"column {position}" for position, column in enumerate(columns, start=1)]
    require_unique_columns(columns, path.name)
    if len(records) == 1:
        raise TableError(f"“{path.name}” has a header but no rows.")
    return columns, [cells for _, cells in records[1:]], [number for number, _ in records[1:]]


def require_unique_columns(columns: list[str], name: str) -> None:
    """Raise a `TableError` if two columns have the same name."""
    double = [column for column, count in Counter(columns).items() if count > 1]
    if double:
        raise TableError(f"“{name}” has more than one column “{double[0]}”. Rename one.")


def _read_text(path: Path) -> str:
    if not path.exists():
        raise TableError(f"There is no file “{path}”.")
    if path.is_dir():
        raise TableError(f"“{path}” is a folder. Name the table in it.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TableError(f"“{path}” can't be read: {error.strerror}.") from error
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    if encoding == "utf-8":
        _require_text(content, path.name)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            problem = f"begins as {encoding[:6].upper()} text, but is damaged at byte {error.start}"
        else:
            line = content.count(b"\n", 0, error.start) + 1
            problem = f"is not UTF-8 text (line {line}); it looks like an older Windows or Latin encoding"
        raise TableError(f"“{path.name}” {problem}. Save it as “CSV UTF-8” and read that.") from error


def _require_text(content: bytes, name: str) -> None:
    kind = next((kind for start, kind in _BINARY_FORMATS if content.startswith(start)), None)
    if kind:
        raise TableError(
            f"“{name}” is {kind}, not text. Open it with the program that made it, and save it as “CSV UTF-8”."
        )
    if b"\0" in content[:_LOOKED_AT]:
        raise TableError(
            f"“{name}” looks like UTF-16 text without the mark that says so, or is no text. Save it as “CSV UTF-8”."
        )


def _separator(header: str) -> str:
    outside_quotes = "".join(header.split('"')[::2])
    return max(_SEPARATORS, key=outside_quotes.count)


def _parse(text: str, separator: str, quoting: int) -> list[tuple[int, list[str]]]:
    """Rows that aren't blank with their numbers; all have as many cells as the first."""
    # Python's own limit, 128 KiB, is less than a vector of some models takes as text.
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting, strict=True)  # type: ignore[arg-type]
    records: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if records and len(cells) != len(records[0][1]):
                raise TableError(
                    f"Row {number} has {len(cells)} cells, but the header has {len(records[0][1])}. "
                    "A text with a separator or a line break in it needs quotes around it."
                )
            records.append((number, cells))
    except csv.Error as error:
        raise TableError(f"Row {number + 1} can't be read: {error}. Look at its quotes.") from error
    return records
