"""The SQLite file of a workspace: its tables, connections and transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from slicecore.errors import StorageError
from slicecore.storage.permissions import make_file, make_folder

_SCHEMA = """
CREATE TABLE IF NOT EXISTS slices (slice_id TEXT PRIMARY KEY, clip_ids TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS judgements (
    number INTEGER PRIMARY KEY, slice_id TEXT NOT NULL REFERENCES slices, model TEXT NOT NULL,
    verdict TEXT, tags TEXT NOT NULL, note TEXT NOT NULL, reviewer TEXT NOT NULL, time TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS judgements_of ON judgements (model, slice_id, number);
CREATE TABLE IF NOT EXISTS own_slices (
    number INTEGER PRIMARY KEY, slice_id TEXT NOT NULL REFERENCES slices, name TEXT NOT NULL, reason TEXT NOT NULL,
    removed INTEGER NOT NULL, reviewer TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reference_marks (
    number INTEGER PRIMARY KEY, clip_id TEXT NOT NULL, wrong INTEGER NOT NULL, reviewer TEXT NOT NULL,
    time TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refusals (
    number INTEGER PRIMARY KEY, slice_id TEXT NOT NULL REFERENCES slices, model TEXT NOT NULL,
    from_workspace TEXT NOT NULL, from_model TEXT NOT NULL, from_slice TEXT NOT NULL, refused INTEGER NOT NULL,
    reviewer TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reviewers (
    name TEXT NOT NULL, browser TEXT NOT NULL, time TEXT NOT NULL, instead_of TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (name, browser));
CREATE TABLE IF NOT EXISTS same_reviewers (other TEXT PRIMARY KEY, name TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS corrections (
    number INTEGER PRIMARY KEY, clip_id TEXT NOT NULL, original TEXT NOT NULL, text TEXT, reviewer TEXT NOT NULL,
    time TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS set_aside (number INTEGER PRIMARY KEY REFERENCES judgements);
"""
_ADDED = {
    "judgements": ("event TEXT", "origin TEXT", "own INTEGER"),
    "reviewers": ("instead_of TEXT NOT NULL DEFAULT ''",),
}
"""Columns that files from before there were any lack."""


class Database:
    """A file whose tables are made, and brought up to date, when it is opened first.

    A judgement is `own` where it is of its reviewer alone. One without, as files from before several reviewers have it,
    stands for all: it takes the place of everybody's before it.

    Raises
    ------
    StorageError
        From every method, when the file can't be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self.open() as connection:
            connection.executescript(_SCHEMA)
        with self.transaction() as connection:
            for table, columns in _ADDED.items():
                names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                for column in columns:
                    if column.split()[0] not in names:
                        connection.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
            connection.execute(
                "CREATE UNIQUE INDEX IF NOT EXISTS judgements_by_event ON judgements (event) WHERE event IS NOT NULL"
            )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection on which nobody else writes between what is read and what is written."""
        with self.open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """A connection whose writes are kept if nothing fails."""
        with opened(self.path) as connection:
            yield connection


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a file, which is made if it is not there; its writes are kept if nothing fails.

    Raises
    ------
    StorageError
        When the file can't be read or written.
    """
    # A connection per call: Streamlit's threads come and go, and a connection belongs to one thread.
    try:
        make_folder(path.parent)
        make_file(path)
        connection = sqlite3.connect(path, timeout=10)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"Verdicts can't be opened: {error}. Their file is {path}.") from error
    try:
        with connection:
            yield connection
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StorageError(f"Verdicts can't be read or saved: {error}. Their file is {path}.") from error
    finally:
        connection.close()
