"""Views of a table: the last one, and those that somebody gave a name; text by name, as in the address of the page."""

from __future__ import annotations

import json
from pathlib import Path

import sqlalchemy as sa

from slicecore.storage.home import workspace_name
from slicecore.storage.verdicts import schema
from slicecore.storage.verdicts.database import Access, DamagedError, database

LAST = ""
"""Name of the view that a restart opens."""


def views_of(table: str | Path) -> dict[str, dict[str, str]]:
    """Views of a table by name, the last one under `LAST`. Raises StorageError."""
    known = schema.views
    with database().reading(workspace_name(table)) as access:
        query = sa.select(known.c.name, known.c.parts).where(known.c.workspace == access.workspace)
        return {name: _parts(text) for name, text in access.rows(query)}


def save_view(table: str | Path, name: str, view: dict[str, str]) -> None:
    """Save a view of a table; one of that name is replaced. Raises StorageError."""
    with database().writing(workspace_name(table)) as access:
        _remove(access, name)
        row = {"workspace": access.workspace, "name": name, "parts": json.dumps(view)}
        access.connection.execute(sa.insert(schema.views), row)


def remove_view(table: str | Path, name: str) -> None:
    """Remove a view of a table. Raises StorageError."""
    with database().writing(workspace_name(table)) as access:
        _remove(access, name)


def _remove(access: Access, name: str) -> None:
    known = schema.views
    here = (known.c.workspace == access.workspace, known.c.name == name)
    access.connection.execute(sa.delete(known).where(*here))


def _parts(text: str) -> dict[str, str]:
    try:
        return {str(name): str(value) for name, value in json.loads(text).items()}
    except (ValueError, AttributeError) as error:
        raise DamagedError("a view in it is damaged") from error
