"""What the cache holds and how large it may get: vectors per model, cluster trees, maps, counts, shuffles."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from slicecore.errors import SlicecoreError
from slicecore.storage.clip_store import Store, title

LIMIT_VARIABLE = "SLICECORE_CACHE_LIMIT"
"""Environment variable with the size that the cache may have after a run, such as 20GB."""

_FOLDERS = ("parts", "trees", "maps", "counts", "shuffles")
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


@dataclass(frozen=True)
class Held:
    """One kind of thing in the cache: `name` for people, how many `entries`, how many `bytes`; a model's `key`."""

    name: str
    entries: int
    bytes: int
    key: str | None = None


def contents(folder: Path) -> list[Held]:
    """What a cache folder holds, results of models first, the largest first."""
    with Store(folder) as store:
        held = [Held(title(one.key), one.entries, one.bytes, one.key) for one in store.sizes()]
    for name in _FOLDERS:
        files = list(_files(folder, name))
        if files:
            held.append(Held(name, len(files), sum(path.stat().st_size for path in files)))
    return held


def prune(folder: Path, most_bytes: int) -> tuple[int, int]:
    """Make the cache no larger than a size.

    Files go first, the oldest first: trees and maps are made again in a moment, parts of a cluster's results were read.
    Then go the results of models, those used longest ago first.

    Returns
    -------
    files, results
        How many of each went.
    """
    files = sorted(
        (path for name in _FOLDERS for path in _files(folder, name)), key=lambda p: p.stat().st_mtime
    )
    with Store(folder) as store:
        left = store.bytes() + sum(path.stat().st_size for path in files)
        gone = 0
        while files and left > most_bytes:
            oldest = files.pop(0)
            left -= oldest.stat().st_size
            oldest.unlink(missing_ok=True)
            gone += 1
        return gone, store.prune(most_bytes) if left > most_bytes else 0


def keep_within_limit(folder: Path) -> None:
    """Make the cache no larger than `LIMIT_VARIABLE` says, if it says something. Raises SlicecoreError."""
    limit = os.environ.get(LIMIT_VARIABLE, "").strip()
    if limit:
        prune(folder, bytes_of(limit))


def clear(folder: Path, name: str | None = None) -> list[Held]:
    """Remove the results of a model, or everything in the cache.

    Parameters
    ----------
    name
        A model as `contents` names it, or the first words of that; None for everything.

    Returns
    -------
    list of Held
        What was removed.

    Raises
    ------
    SlicecoreError
        If there is no such model in the cache.
    """
    held = contents(folder)
    chosen = held if name is None else [one for one in held if _matches(one.name, name)]
    if name is not None and not chosen:
        known = ", ".join(f"“{one.name}”" for one in held) or "nothing"
        raise SlicecoreError(f"The cache holds nothing of “{name}”. It holds {known}.")
    with Store(folder) as store:
        if name is None:
            store.clear()
        for one in chosen:
            if one.key is not None:
                store.clear(one.key)
            else:
                for path in _files(folder, one.name):
                    path.unlink(missing_ok=True)
    return chosen


def bytes_of(size: str) -> int:
    """Read a size such as "500MB" or "1.5 GB", in powers of ten. Raises SlicecoreError."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)b?\s*", size, re.IGNORECASE)
    if not found:
        raise SlicecoreError(f"“{size}” is no size. Write it like 500MB or 2GB.")
    return round(float(found[1]) * _UNITS[found[2].lower()])


def _files(folder: Path, name: str) -> Iterator[Path]:
    return (path for path in (folder / name).glob("*") if path.is_file())


def _matches(name: str, wanted: str) -> bool:
    """Whether a name is the wanted one: all of it, one of its words, or its beginning."""
    return wanted == name or wanted in name.split() or name.startswith(f"{wanted} ")
