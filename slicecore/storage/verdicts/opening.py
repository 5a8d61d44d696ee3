"""The verdicts of a table, found by its path in the database that is chosen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.storage.home import WORKSPACES, home, workspace_name
from slicecore.storage.verdicts import place

if TYPE_CHECKING:
    from slicecore.storage.verdicts.store import Verdicts


def verdicts_of(table: str | Path) -> Verdicts:
    """The verdicts of a table. Raises StorageError where they can't be read."""
    from slicecore.storage.verdicts.database import database
    from slicecore.storage.verdicts.store import Verdicts

    return Verdicts(workspace_name(table), database())


def require_database() -> None:
    """Open the database that is chosen, so that one that does not answer is an error at the start."""
    from slicecore.storage.verdicts.database import database

    database()


def is_judged(table: str | Path) -> bool:
    """True if the page was opened on a table, so that there may be verdicts. Raises StorageError."""
    name = workspace_name(table)
    if (home() / WORKSPACES / name / "verdicts.sqlite").is_file():
        return True
    if not os.environ.get(place.VARIABLE) and not place.default_file().is_file():
        return False
    from slicecore.storage.verdicts.database import database

    return database().has(name)
