"""Repair of a damaged SQLite file: bits that rotted, a disk that lied, a copy that broke off."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from slicecore.storage.atomic import move
from slicecore.storage.permissions import make_file

_MOST_MISSED = 100_000
"""Row numbers in a row without a readable row after which the rest of a table is given up."""


DAMAGE: tuple[type[Exception], ...] = (sqlite3.DatabaseError, UnicodeDecodeError)
"""Errors that may mean damage, see `is_damage`; Python can't decode some messages about damaged schemas."""


def is_damage(error: Exception, path: Path) -> bool:
    """True if an error means that a file is damaged, not that it is locked or the disk is full.

    With statements that are always the same, an error of SQL means that tables are not as they were made. A file that
    may be written to and is called read-only claims to be of a later version of SQLite.
    """
    code = getattr(error, "sqlite_errorcode", None)  # errors of the module itself have none
    if code == sqlite3.SQLITE_READONLY:
        return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return type(error) in DAMAGE or code == sqlite3.SQLITE_ERROR


def repair(
    path: Path,
    connect: Callable[[Path], sqlite3.Connection],
    is_whole: Callable[[str, Sequence], bool],
) -> None:
    """Replace a damaged file by one with the rows that can still be read.

    Processes that notice the damage at the same time wait for each other; the later ones find the new file.

    Parameters
    ----------
    path
        The file.
    connect
        Opens a file and makes its tables where there are none.
    is_whole
        Called with the name of a table and a row; returns whether the row is undamaged. Others are dropped.

    Raises
    ------
    OSError
        If the file can't be replaced.
    """
    with exclusive(path):
        if _is_sound(path, connect):
            return
        fresh = path.with_name(f"{path.name}.new")
        _remove(fresh)
        with contextlib.closing(connect(fresh)) as target:
            tables = [name for (name,) in target.execute(_TABLES)]
            with target:
                for table, row in _readable(path, tables):
                    if is_whole(table, row):
                        marks = ", ".join("?" * len(row))
                        target.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        _remove(path)
        move(fresh, path)


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Let one process at a time prepare a file: while this context lasts, others wait for theirs."""
    lock_file = path.with_name(f"{path.name}.lock")
    try:
        lock = _locked(lock_file)
    except DAMAGE as error:
        if not is_damage(error, lock_file):
            raise
        _remove(lock_file)  # a lock has no content that could be lost
        lock = _locked(lock_file)
    with contextlib.closing(lock):
        yield
        lock.execute("COMMIT")


def _locked(path: Path) -> sqlite3.Connection:
    make_file(path)
    lock = sqlite3.connect(path, timeout=600, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except BaseException:
        lock.close()
        raise
    return lock


def _is_sound(path: Path, connect: Callable[[Path], sqlite3.Connection]) -> bool:
    try:
        with contextlib.closing(connect(path)) as connection:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except DAMAGE as error:
        if not is_damage(error, path):
            raise
        return False


def _readable(path: Path, tables: Sequence[str]) -> Iterator[tuple[str, tuple]]:
    """Names of tables, each with one of its rows. Rows on damaged pages are left out."""
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as source:
        for table in tables:
            try:
                last = source.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] or 0
            except sqlite3.OperationalError:  # a table without row numbers
                rows = _up_to_the_damage(source, table)
            except DAMAGE:
                # Its end can't be read; no row takes less than ten bytes.
                rows = _around_the_damage(source, table, path.stat().st_size // 10)
            else:
                rows = _around_the_damage(source, table, last)
            yield from ((table, row) for row in rows)


def _around_the_damage(source: sqlite3.Connection, table: str, last: int) -> Iterator[tuple]:
    """Rows of a table; where a page is damaged, go on at the next row number that can be read."""
    query = f"SELECT rowid, * FROM {table} NOT INDEXED WHERE rowid > ? ORDER BY rowid"
    at, missed = 0, 0
    while at < last and missed < _MOST_MISSED:
        try:
            for number, *row in source.execute(query, [at]):
                at, missed = number, 0
                yield tuple(row)
            return
        except DAMAGE:
            at, missed = at + 1, missed + 1


def _up_to_the_damage(source: sqlite3.Connection, table: str) -> Iterator[tuple]:
    with contextlib.suppress(*DAMAGE):
        yield from source.execute(f"SELECT * FROM {table}")


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
