"""Places of the database of reviews: a file in the home folder, or what the variable SLICECORE_DATABASE names."""

from __future__ import annotations

import os
from pathlib import Path

from slicecore.storage.home import home_folder

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
