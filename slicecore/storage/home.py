"""Where slicecore keeps what it remembers between runs."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import platformdirs


def home() -> Path:
    """Folder of everything kept: the variable SLICECORE_HOME, else the user's data folder. Created if missing."""
    named = os.environ.get("SLICECORE_HOME")
    return _made(
        Path(named).expanduser() if named else platformdirs.user_data_path("slicecore", appauthor=False)
    )


def cache_folder() -> Path:
    """Folder of embeddings, trees and positions; safe to delete."""
    return _made(home() / "cache")


def workspace_folder(data_path: str | Path) -> Path:
    """Folder of what reviewers said about one table; two tables of one name in different places don't share it."""
    path = Path(data_path).resolve()
    stem = re.sub(r"[^\w.-]+", "_", path.stem)[:60] or "table"
    digest = hashlib.blake2b(os.fsencode(path), digest_size=5).hexdigest()
    return _made(home() / "workspaces" / f"{stem}-{digest}")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
