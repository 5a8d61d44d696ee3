"""Backups: all rows of the database of reviews in one file, which goes into any other one, SQLite or PostgreSQL."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from slicecore.errors import StorageError
from slicecore.storage.atomic import write_whole
from slicecore.storage.permissions import make_private_file
from slicecore.storage.verdicts import schema
from slicecore.storage.verdicts.database import Database

_CONTENTS = "contents.json"
_KIND = "slicecore reviews"
_TABLES = (schema.workspaces, *schema.OF_A_WORKSPACE)
_BATCH = 1000


@dataclass(frozen=True)
class Count:
    """The number of workspaces, and of all other rows."""

    workspaces: int
    rows: int


def back_up(database: Database, path: Path) -> Count:
    """Write all that is in a database at one time to a file, whole or not at all, which its user alone can read.

    Raises
    ------
    StorageError
        When the database can't be read or the file can't be written.
    """
    counts: dict[str, int] = {}

    def save(part: Path) -> None:
        make_private_file(part)  # names of people, notes and transcripts
        contents: dict[str, Any] = {"kind": _KIND, "version": schema.HEAD, "tables": {}}
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as file, database.open() as connection:
            for table in _TABLES:
                digest, counts[table.name] = hashlib.sha256(), 0
                with file.open(f"{table.name}.jsonl", "w", force_zip64=True) as entry:
                    for row in connection.execute(sa.select(table).order_by(*table.primary_key)):
                        line = json.dumps(row._asdict()).encode() + b"\n"
                        digest.update(line)
                        entry.write(line)
                        counts[table.name] += 1
                contents["tables"][table.name] = {"rows": counts[table.name], "sha256": digest.hexdigest()}
            file.writestr(_CONTENTS, json.dumps(contents, indent=1))

    try:
        write_whole(path, save)
    except OSError as error:
        raise StorageError(f"The backup {path} can't be written: {error.strerror or error}.") from error
    return _count(counts)


def restore(path: Path, database: Database, *, replaces: bool = False) -> Count:
    """Put what a backup has into a database that has nothing yet, all of it or none.

    Parameters
    ----------
    path
        The backup, which is checked whole before anything is written.
    database
        Where it goes.
    replaces
        True: what the database has is removed in the same step.

    Raises
    ------
    StorageError
        When the backup is damaged, when the database has anything that is not to be replaced, or can't be written.
    """
    rows = _checked_rows(path)
    with database.writing_all() as connection:
        if connection.scalar(sa.select(sa.func.count()).select_from(schema.workspaces)):
            if not replaces:
                raise StorageError(
                    f"There are reviews in {database.name}, which would be lost. Back them up, then give --replace, or "
                    "name another database."
                )
            for table in reversed(_TABLES):
                connection.execute(sa.delete(table))
        for table in _TABLES:
            for start in range(0, len(rows[table.name]), _BATCH):
                connection.execute(sa.insert(table), rows[table.name][start : start + _BATCH])
        if connection.dialect.name == "postgresql":  # which counts on its own what was given here
            highest = sa.select(
                sa.func.coalesce(sa.func.max(schema.workspaces.c.id), 0) + 1
            ).scalar_subquery()
            sequence = sa.func.pg_get_serial_sequence("workspaces", "id")
            connection.execute(sa.select(sa.func.setval(sequence, highest, False)))
    return _count({name: len(each) for name, each in rows.items()})


def _checked_rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows of a backup by the name of their table, after everything in it was compared with its checksum."""
    try:
        with zipfile.ZipFile(path) as file:
            contents = json.loads(file.read(_CONTENTS))
            if contents["kind"] != _KIND:
                raise ValueError("it is something else")
            if contents["version"] > schema.HEAD:
                raise StorageError(
                    f"{path} was written by a newer version of slicecore. Install that or a later one."
                )
            rows = {table.name: list(_rows(file, table, contents["tables"])) for table in _TABLES}
    except FileNotFoundError as error:
        raise StorageError(f"There is no file {path}.") from error
    except OSError as error:
        raise StorageError(f"The backup {path} can't be read: {error.strerror or error}.") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        NotImplementedError,
    ) as error:
        raise StorageError(
            f"{path} is no backup of reviews, or damaged ({error}). Nothing was changed."
        ) from error
    known = {row["id"] for row in rows[schema.workspaces.name]}
    for table in schema.OF_A_WORKSPACE:
        if any(row["workspace"] not in known for row in rows[table.name]):
            raise StorageError(f"{path} has rows of no table. Nothing was changed.")
    return rows


def _rows(file: zipfile.ZipFile, table: sa.Table, tables: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if table.name not in tables:  # it is from before there was this table
        return
    content = file.read(f"{table.name}.jsonl")
    lines = content.splitlines()
    wanted = tables[table.name]
    if hashlib.sha256(content).hexdigest() != wanted["sha256"] or len(lines) != wanted["rows"]:
        raise ValueError(f"{table.name} is not as it was written")
    empty = {column.name: None if column.nullable else "" for column in table.columns}
    for line in lines:
        row = json.loads(line)
        if not row.keys() <= empty.keys():
            raise ValueError(f"{table.name} has columns that are not known")
        yield {**empty, **row}


def _count(rows: dict[str, int]) -> Count:
    workspaces = rows.pop(schema.workspaces.name)
    return Count(workspaces, sum(rows.values()))
