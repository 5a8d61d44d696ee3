"""Files of earlier versions, a folder per workspace: taken into the database once, and left as they are."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from slicecore.errors import StorageError
from slicecore.storage.verdicts import schema

_log = logging.getLogger(__name__)
FILE, VIEWS = "verdicts.sqlite", "views.json"
_NUMBERED_BY_ROW = ("reviewers", "same_reviewers")
"""Tables of the files in which the order of rows was that of writing, without a number of their own."""


def take_in(connection: sa.Connection, workspace: int, folder: Path) -> None:
    """Copy all rows and views of a workspace's files, if there are any, into a database.

    Raises
    ------
    StorageError
        When they can't be read.
    """
    file = folder / FILE
    if file.is_file():
        try:
            with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=10)) as source:
                for table, rows in _rows(source, workspace):
                    if rows:
                        connection.execute(sa.insert(table), rows)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise StorageError(
                f"Verdicts of an earlier version can't be read: {error}. Their file is {file}. Move it away to begin "
                "without them."
            ) from error
    views = [{"workspace": workspace, **view} for view in _views(folder / VIEWS)]
    if views:
        connection.execute(sa.insert(schema.views), views)


def _rows(source: sqlite3.Connection, workspace: int) -> Iterator[tuple[sa.Table, list[dict[str, object]]]]:
    source.execute("BEGIN")  # all of it at one time
    names = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in schema.OF_A_WORKSPACE:
        if table.name not in names:  # the file is from before there was any
            continue
        there = [row[1] for row in source.execute(f"PRAGMA table_info({table.name})")]
        columns = [column.name for column in table.columns if column.name in there]
        wanted = ["rowid AS number", *columns] if table.name in _NUMBERED_BY_ROW else columns
        cursor = source.execute(f"SELECT {', '.join(wanted)} FROM {table.name}")
        known = [entry[0] for entry in cursor.description]
        empty = {
            column.name: None if column.nullable else ""
            for column in table.columns
            if column.name not in known
        }
        yield (
            table,
            [{**empty, **dict(zip(known, row, strict=True)), "workspace": workspace} for row in cursor],
        )


def _views(file: Path) -> list[dict[str, str]]:
    """The views of a file, the last one under the name ""; none where it can't be read."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        views = {**stored["named"], "": stored["last"]}
        return [
            {"name": str(name), "parts": json.dumps({str(part): str(value) for part, value in view.items()})}
            for name, view in views.items()
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        _log.warning("The views in %s can't be read (%s); none are taken over.", file, error)
        return []
