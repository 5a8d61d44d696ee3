"""Repair of a damaged SQLite file: bits that rotted, a disk that lied, a copy that broke off."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_MOST_MISSED = 100_000
"""Row numbers in a row without a readable row after which the rest of a table is given up."""


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether an error means that the file is damaged, not that it is locked or the disk is full.

    With statements that are always the same, an error of SQL means that tables are not as they were made.
    """
    code = getattr(error, "sqlite_errorcode", None)  # errors of the module itself have none
    return type(error) is sqlite3.DatabaseError or code == sqlite3.SQLITE_ERROR


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
        if _is_sound(path):
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
        fresh.replace(path)


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Let one process at a time prepare a file: while this context lasts, others wait for theirs."""
    with contextlib.closing(
        sqlite3.connect(path.with_name(f"{path.name}.lock"), timeout=600, isolation_level=None)
    ) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield
        lock.execute("COMMIT")


def _is_sound(path: Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=60)) as connection:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _readable(path: Path, tables: Sequence[str]) -> Iterator[tuple[str, tuple]]:
    """Names of tables, each with one of its rows. Rows on damaged pages are left out."""
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as source:
        for table in tables:
            try:
                last = source.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] or 0
            except sqlite3.OperationalError:  # a table without row numbers
                rows = _up_to_the_damage(source, table)
            except sqlite3.DatabaseError:
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
        except sqlite3.DatabaseError:
            at, missed = at + 1, missed + 1


def _up_to_the_damage(source: sqlite3.Connection, table: str) -> Iterator[tuple]:
    with contextlib.suppress(sqlite3.DatabaseError):
        yield from source.execute(f"SELECT * FROM {table}")


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
