"""The database of reviews: its connections and transactions, in SQLite or PostgreSQL."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from slicecore.errors import StorageError
from slicecore.storage.home import WORKSPACES, home_folder
from slicecore.storage.permissions import make_file, make_folder
from slicecore.storage.verdicts import old_files, place, postgres_address, schema, upgrade

_log = logging.getLogger(__name__)
_WAIT_S = 10
"""Seconds that a writer waits for another one."""
_IDLE_S = 30
"""Seconds after which PostgreSQL gives up a transaction whose machine says nothing more, so that its lock goes."""
_BOTH = "Give sqlite:///folder/reviews.sqlite or postgresql://user:password@host/database."


@dataclass(frozen=True)
class Access:
    """A connection within a transaction, and the workspace (its id) that is read or written through it."""

    connection: sa.Connection
    workspace: int

    def rows(self, query: sa.Select[Any], **values: object) -> list[sa.Row[Any]]:
        """All rows of a query that asks for a `workspace` and for values by their names."""
        return list(self.connection.execute(query, {"workspace": self.workspace, **values}))

    def add(self, table: sa.Table, **values: object) -> int:
        """Add a row to a numbered table, to which nobody else writes meanwhile; returns its number."""
        ((newest,),) = self.rows(_highest_number(table))
        number = int(newest or 0) + 1
        row = {"workspace": self.workspace, "number": number, **values}
        self.connection.execute(_insertion(table), row)
        return number


@cache
def _highest_number(table: sa.Table) -> sa.Select[Any]:
    return sa.select(sa.func.max(table.c.number)).where(table.c.workspace == sa.bindparam("workspace"))


@cache
def _insertion(table: sa.Table) -> sa.Insert:
    return sa.insert(table)


class Database:
    """A database whose tables are made, and brought up to date, when it is opened first.

    Parameters
    ----------
    address
        sqlite:///… or postgresql://…
    old_files
        Folder of the workspaces that have files of earlier versions, which are taken in when a workspace is made.

    Raises
    ------
    StorageError
        From every method, when the database can't be read or written.
    """

    def __init__(self, address: str, old_files: Path | None = None) -> None:
        self._url = _url(address)
        self._old_files = old_files
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self.file = Path(self._url.database or "") if self.is_sqlite else None
        self._engine = _sqlite(self._url) if self.is_sqlite else _postgres(self._url)
        with self._explained():
            self._make_file()
            with self._engine.connect() as connection:
                is_current = upgrade.is_current(connection)
            if not is_current:
                with self._writing() as connection:
                    upgrade.upgrade(connection)

    @property
    def name(self) -> str:
        """Name of the database for people: its file, or its address without a password."""
        return place.name_of(self._url)

    def close(self) -> None:
        """Close connections that wait for the next use."""
        self._engine.dispose()

    @contextmanager
    def writing(self, workspace: str) -> Iterator[Access]:
        """Access to a workspace to which nobody else writes meanwhile; a workspace that is new is made.

        What was written is there for all others together, when nothing fails, or not at all.
        """
        with self._explained():
            self._make_file()
            with self._writing() as connection:
                yield Access(connection, self._locked(connection, workspace))

    @contextmanager
    def reading(self, workspace: str) -> Iterator[Access]:
        """Access to a workspace as it is at one time; to nothing where there is no such workspace."""
        with self.open() as connection:
            yield Access(connection, connection.scalar(_WORKSPACE, {"name": workspace}) or 0)

    @contextmanager
    def open(self) -> Iterator[sa.Connection]:
        """A connection on which all that is read is of one time."""
        with self._explained(), self._engine.begin() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection

    @contextmanager
    def writing_all(self) -> Iterator[sa.Connection]:
        """A connection to write to any workspace; all other writers wait."""
        with self._explained():
            self._make_file()
            with self._writing() as connection:
                _lock_workspaces(connection)
                yield connection

    def take_in_old_files(self) -> None:
        """Make the workspaces of which there are files of earlier versions; those that can't be read are left out."""
        if self._old_files is None:
            return
        known = set(self.names())
        for file in sorted(self._old_files.glob(f"*/{old_files.FILE}")):
            if file.parent.name not in known:
                try:
                    with self.writing(file.parent.name):
                        pass
                except StorageError as error:
                    _log.warning("%s None is carried over from there.", error)

    def has(self, workspace: str) -> bool:
        """True if there is a workspace of that name."""
        with self.reading(workspace) as access:
            return access.workspace > 0

    def names(self) -> list[str]:
        """Names of the workspaces."""
        with self.open() as connection:
            return list(connection.scalars(sa.select(schema.workspaces.c.name)))

    def _locked(self, connection: sa.Connection, workspace: str) -> int:
        # One writer per workspace: a number that is taken is seen by whoever takes the next one, and pages that ask
        # for what is newer than a number miss nothing. SQLite has one writer at a time anyway.
        name = {"name": workspace}
        if connection.scalar(_WORKSPACE, name) is None:
            _lock_workspaces(connection)
            if connection.scalar(_WORKSPACE, name) is None:
                made = add_workspace(connection, workspace)
                if self._old_files:
                    old_files.take_in(connection, made, self._old_files / workspace)
        return int(connection.scalars(_LOCKED_WORKSPACE, name).one())

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    def _make_file(self) -> None:
        if self.file:
            make_folder(self.file.parent)
            make_file(self.file)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError, UnicodeError, DamagedError) as error:
            reason = getattr(error, "orig", None) or error if isinstance(error, DBAPIError) else error
            what = "Their file is" if self.file else "They are in"
            raise StorageError(
                f"Verdicts can't be read or saved: {_sentence(reason)}. {what} {self.name}."
            ) from error


_WORKSPACE = sa.select(schema.workspaces.c.id).where(schema.workspaces.c.name == sa.bindparam("name"))
_LOCKED_WORKSPACE = _WORKSPACE.with_for_update()


class DamagedError(Exception):
    """Something in the database is not as it was written."""


def add_workspace(connection: sa.Connection, name: str) -> int:
    """Add a workspace; returns its id."""
    made = sa.insert(schema.workspaces).values(name=name).returning(schema.workspaces.c.id)
    return int(connection.scalars(made).one())


_databases: dict[str, Database] = {}
_opening = threading.Lock()


def database(address: str = "") -> Database:
    """The database at an address, by default the chosen one; opened once in a process. Raises StorageError."""
    address = address or place.chosen_address()
    with _opening:
        if address not in _databases:
            # Files of earlier versions go to the database that is used first; from there others get their words by
            # a backup, which is newer.
            is_first = address == place.default_address() or not place.default_file().exists()
            _databases[address] = Database(address, home_folder(WORKSPACES) if is_first else None)
        return _databases[address]


def existing_database(address: str = "") -> Database:
    """The same, of reviews that there are: a file that is missing is an error, where an empty one would be made.

    So whoever backs up the wrong account's reviews is told, and has no backup with nothing in it.
    """
    url = _url(address or place.chosen_address())
    file = Path(url.database or "")
    if url.get_backend_name() == "sqlite" and not file.exists():
        is_default = file == place.default_file()
        if not (is_default and any(home_folder(WORKSPACES).glob(f"*/{old_files.FILE}"))):
            raise StorageError(
                f"There are no reviews: {file} is not there. Say where they are by --database, {place.VARIABLE} or "
                "SLICECORE_HOME."
            )
    return database(address)


def _url(address: str) -> sa.URL:
    try:
        url = sa.make_url(address)
    except ArgumentError as error:
        raise StorageError(f"“{address.rpartition('@')[2]}” is no address of a database. {_BOTH}") from error
    kind = url.get_backend_name() if url.drivername in ("sqlite", "postgresql", "postgresql+pg8000") else ""
    if kind == "sqlite" and url.database and url.database != ":memory:":
        return url.set(database=str(Path(url.database).expanduser().absolute()))
    if kind == "postgresql" and url.database:
        return postgres_address.checked_address(url)
    raise StorageError(f"“{url.render_as_string()}” is no database for reviews. {_BOTH}")


def _sqlite(url: sa.URL) -> sa.Engine:
    file = Path(url.database or "")
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=5,
        max_overflow=15,
        connect_args={"timeout": _WAIT_S},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, record: Any) -> None:
        record.info["of"] = _identity(file)
        connection.isolation_level = (
            None  # transactions begin below, where they also hold for what is only read
        )
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        connection.execute(
            "PRAGMA synchronous=FULL"
        ).fetchall()  # a word that is saved survives a pulled plug

    @event.listens_for(engine, "checkout")
    def taken(connection: sqlite3.Connection, record: Any, _: object) -> None:
        if record.info["of"] != _identity(file):
            raise DisconnectionError(
                "It was of another file, or of the process that this one was forked from."
            )

    @event.listens_for(engine, "begin")
    def began(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _identity(file: Path) -> tuple[int, ...]:
    """Process and file that a connection is of: the file may be replaced meanwhile."""
    try:
        status = file.stat()
    except OSError:
        return (os.getpid(),)
    return os.getpid(), status.st_dev, status.st_ino


def _postgres(url: sa.URL) -> sa.Engine:
    try:
        import pg8000
    except ImportError as error:
        raise StorageError("PostgreSQL needs a package more: pip install 'slicecore[postgres]'.") from error
    assert pg8000
    url, settings = postgres_address.with_settings(url)
    engine = sa.create_engine(
        url,
        connect_args=settings,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
    )
    # What failed is told once, as the error of whoever asked; that a connection to a server that has gone can't be
    # closed either is none.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET SESSION lock_timeout = '{_WAIT_S}s'")
        cursor.execute(f"SET SESSION idle_in_transaction_session_timeout = '{_IDLE_S}s'")
        cursor.close()
        connection.commit()

    return engine


def _lock_workspaces(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE workspaces IN EXCLUSIVE MODE")


def _sentence(error: BaseException) -> str:
    """Why something failed, in the words of the database; pg8000 has them in a dictionary."""
    words = error.args[0] if error.args else ""
    text = str(words.get("M", "")) if isinstance(words, dict) else str(error)
    text, *_ = text.partition(" (timeout is ")  # pg8000 adds its own settings to a host that does not answer
    return text.strip().rstrip(".") or type(error).__name__
