"""Administration of the cache: its contents by kind, its size limit, and removing what it holds."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from slicecore import limits
from slicecore.errors import SlicecoreError, StorageError
from slicecore.storage.cache_folders import CacheFolder
from slicecore.storage.clip_store import Store, title

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CacheEntry:
    """One kind of thing in the cache.

    Attributes
    ----------
    name
        For people: a model, or one of `CacheFolder`.
    entries, bytes
        How many there are, and their size.
    key
        Key of a model's results; None for the files of a folder.
    """

    name: str
    entries: int
    bytes: int
    key: str | None = None


def contents(folder: Path) -> list[CacheEntry]:
    """Contents of a cache folder: results of models first, the largest first, then the folders of files."""
    with Store(folder) as store:
        held = [
            CacheEntry(title(model.key), model.entries, model.bytes, model.key) for model in store.sizes()
        ]
    for name in CacheFolder:
        items = list(_items(folder, name))
        if items:
            held.append(CacheEntry(name.value, len(items), sum(map(_size, items))))
    return held


def prune(folder: Path, most_bytes: int) -> tuple[int, int]:
    """Make the cache no larger than a size.

    Files go first, the oldest first: trees and maps are made again in a moment. Then go converted models, then the
    results of models, those used longest ago first.

    Returns
    -------
    files, results
        How many of each went.
    """
    candidates = [
        (name.is_costly, _modified(item), item) for name in CacheFolder for item in _items(folder, name)
    ]
    with Store(folder) as store:
        excess = store.bytes() + sum(_size(item) for *_, item in candidates) - most_bytes
        files = 0
        for *_, item in sorted(candidates):
            if excess <= 0:
                break
            size = _size(item)
            try:
                _remove(item)
            except StorageError as error:
                _log.warning("%s", error)
                continue
            excess -= size
            files += 1
        return files, store.prune(most_bytes) if excess > 0 else 0


def size_limit() -> int | None:
    """Bytes that the cache may have after a run, by the environment; None without a limit. Raises SlicecoreError."""
    most = limits.CACHE.value()
    return None if most is None else int(most)


def clear(folder: Path, name: str | None = None) -> list[CacheEntry]:
    """Remove the results of a model, the files of a folder, or everything in the cache.

    Parameters
    ----------
    name
        A model or folder as `contents` names it, or the first words of that; None for everything.

    Returns
    -------
    list of CacheEntry
        What was removed.

    Raises
    ------
    SlicecoreError
        If the cache holds nothing of that name, or a file can't be removed.
    """
    held = contents(folder)
    chosen = held if name is None else [entry for entry in held if _matches(entry.name, name)]
    if name is not None and not chosen:
        known = ", ".join(f"“{entry.name}”" for entry in held) or "nothing"
        raise SlicecoreError(f"The cache holds nothing of “{name}”. It holds {known}.")
    with Store(folder) as store:
        if name is None:
            store.clear()
        for entry in chosen:
            if entry.key is not None:
                store.clear(entry.key)
            # With the results of a model goes what was made of them.
            files = CacheFolder.OUTCOMES if entry.key is not None else CacheFolder(entry.name)
            for item in _items(folder, files):
                _remove(item)
    return chosen


def _items(cache: Path, name: CacheFolder) -> Iterator[Path]:
    """Entries of a folder of the cache: files, or folders such as those of models."""
    return name.within(cache).glob("*")


def _size(item: Path) -> int:
    """Bytes of a file, or of all files in a folder; what another process has removed has none."""
    files = [path for path in item.rglob("*") if path.is_file()] if item.is_dir() else [item]
    return sum(_status(path)[0] for path in files)


def _modified(item: Path) -> float:
    return _status(item)[1]


def _status(path: Path) -> tuple[int, float]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0.0
    return status.st_size, status.st_mtime


def _remove(item: Path) -> None:
    try:
        if item.is_dir():
            shutil.rmtree(item)
        else:
            item.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"“{item}” can't be removed from the cache: {error.strerror}.") from error


def _matches(name: str, wanted: str) -> bool:
    """True if a name is the wanted one: all of it, one of its words, or its beginning."""
    return wanted == name or wanted in name.split() or name.startswith(f"{wanted} ")
