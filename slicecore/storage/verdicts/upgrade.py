"""Bringing the tables of a database up to date, by the migrations beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from slicecore.errors import StorageError
from slicecore.storage.verdicts.schema import HEAD

if TYPE_CHECKING:
    from alembic.config import Config

_VERSION = sa.table("alembic_version", sa.column("version_num"))
_LOCK = 5_318_008_051
"""Number of the lock in PostgreSQL under which one process at a time makes or changes tables."""


def version(connection: sa.Connection) -> str | None:
    """The latest migration of a database; None before the first."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(sa.select(_VERSION.c.version_num))


def is_current(connection: sa.Connection) -> bool:
    """True if the tables are those of this version."""
    return version(connection) == HEAD


def upgrade(connection: sa.Connection) -> None:
    """Make or change the tables, within a transaction that writes.

    Raises
    ------
    StorageError
        When a newer version of slicecore has changed them.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    found = version(connection)
    if found == HEAD:  # another process was faster
        return
    from alembic import command
    from alembic.script import ScriptDirectory

    settings = migrations()
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    if found is not None and found not in known:
        raise StorageError(
            "The database of the reviews was made by a newer version of slicecore. Install that version or a later one."
        )
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


def migrations() -> Config:
    """Alembic's settings for the migrations of this package."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings
