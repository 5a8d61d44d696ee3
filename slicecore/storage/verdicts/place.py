"""Places of the database of reviews: a file in the home folder, or what the variable SLICECORE_DATABASE names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from slicecore.storage.home import home_folder

if TYPE_CHECKING:
    from sqlalchemy import URL

VARIABLE = "SLICECORE_DATABASE"
FOLDER, FILE = "reviews", "reviews.sqlite"


def default_file() -> Path:
    """The SQLite file that is used where no other database is named. Raises StorageError where there is no home."""
    return home_folder(FOLDER) / FILE


def default_address() -> str:
    """Address of that file."""
    return f"sqlite:///{default_file()}"


def chosen_address() -> str:
    """Address of the database: SLICECORE_DATABASE, else that of the file in the home folder. Raises StorageError."""
    return os.environ.get(VARIABLE, "").strip() or default_address()


def chosen_name() -> str:
    """Name for people of the database of `chosen_address`. Raises StorageError and ArgumentError."""
    from sqlalchemy import make_url

    return name_of(make_url(chosen_address()))


def name_of(url: URL) -> str:
    """Name of a database for people: its file, or its address without a password."""
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or ""))
    return url.set(drivername="postgresql", query={}).render_as_string()
