"""The formats of tables, recognised by what a file holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from slicecore.errors import TableError
from slicecore.table import csv_reader
from slicecore.table.readers import json_rows, nemo, parquet
from slicecore.table.readers.rows import Rows
from slicecore.table.readers.text_files import Head


@dataclass(frozen=True)
class Format:
    """A format of tables.

    Attributes
    ----------
    name
        What `format` and `--format` call it.
    label
        Its name for people.
    matches
        Whether a file that begins so, or a folder, is of this format.
    read
        Reads it. Raises TableError.
    """

    name: str
    label: str
    matches: Callable[[Head], bool]
    read: Callable[[Path], Rows]


def _keys(head: Head) -> set[str]:
    """Names of the entries of the first objects of a JSON file."""
    return set(re.findall(r'"(\w+)"\s*:', "\n".join(head.lines[:50]))) if head.is_json else set()


# The first that matches is taken: what asks for more stands above what asks for less.
FORMATS = (
    Format(
        "parquet",
        "Parquet",
        lambda head: (
            parquet.is_folder_of_parts(head.path) if head.is_folder else head.start.startswith(parquet.MARK)
        ),
        parquet.read,
    ),
    Format(
        "nemo",
        "NeMo manifest",
        lambda head: not head.is_array and nemo.AUDIO in _keys(head),
        nemo.read,
    ),
    Format("json", "JSON lines or array", lambda head: head.is_json, json_rows.read),
    Format("csv", "CSV or TSV", lambda head: not head.is_folder, csv_reader.read),
)


def format_of(path: Path, name: str | None = None) -> Format:
    """The format of a file or folder: the one of that name, else the one that it is recognised as.

    Raises
    ------
    TableError
        If there is no such file or format, or a folder is of none.
    """
    if name is not None:
        chosen = next((known for known in FORMATS if known.name == name), None)
        if chosen is None:
            raise TableError(f"There is no format “{name}”. Formats are {', '.join(names())}.")
        return chosen
    head = Head(path)
    recognised = next((known for known in FORMATS if known.matches(head)), None)
    if recognised is None:
        raise TableError(f"“{path}” is a folder of no known format. {_tables_in(path)}")
    return recognised


def read_rows(path: Path, name: str | None = None) -> Rows:
    """Rows of a file or folder, in the format of that name or the one that it is recognised as.

    Raises
    ------
    TableError
        As `format_of`, or if it can't be read.
    """
    return format_of(path, name).read(path)


def names() -> tuple[str, ...]:
    """Names of all formats."""
    return tuple(known.name for known in FORMATS)


def _tables_in(folder: Path) -> str:
    endings = (".csv", ".tsv", ".jsonl", ".json", ".parquet")
    tables = sorted(file.name for file in folder.iterdir() if file.suffix.lower() in endings)
    return f"Name the table in it: {', '.join(tables[:5])}." if tables else "Name the table in it."
