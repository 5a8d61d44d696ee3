"""The cache of embeddings on disk: an SQLite file, safe with several processes, and safe to delete.

A clip is known by the hash of its file's content, so a renamed or copied file finds its vector again. The hash is
remembered together with path, size and modification time, so that unchanged files need not be read.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from types import TracebackType

import numpy as np

from slicecore.embedding.outcome import Outcome, labels_from_text, labels_to_text
from slicecore.errors import SlicecoreError

_log = logging.getLogger(__name__)

_FILE = "embeddings-2.sqlite"
_AT_ONCE = 500
"""Values in one query; SQLite may be built to take no more than 999."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS models (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS files (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS results (
    model INTEGER NOT NULL, digest BLOB NOT NULL, vector BLOB, checksum INTEGER, reason TEXT, labels TEXT,
    UNIQUE (model, digest)
);
"""


@dataclass(frozen=True)
class Stamp:
    """A file as it was when it was looked at."""

    path: Path
    size: int
    modified_ns: int

    @classmethod
    def of(cls, path: Path) -> Stamp:
        """Look at a file. Raises OSError."""
        status = path.stat()
        return cls(path, status.st_size, status.st_mtime_ns)


def content_digest(path: str | Path) -> bytes:
    """Hash of a file's content, 16 bytes. Raises OSError."""
    digest = blake2b(digest_size=16)
    with Path(path).open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.digest()


class Store:
    """An open cache of embeddings; use it in one thread, as a context manager."""

    def __init__(self, folder: Path) -> None:
        path = folder / _FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            try:
                self._connection = _connect(path)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError as error:
                _log.warning("The cache %s is damaged (%s); a new one is begun.", path, error)
                for suffix in ("", "-wal", "-shm"):
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
                self._connection = _connect(path)
        except (OSError, sqlite3.Error) as error:
            raise SlicecoreError(
                f"The cache in “{folder}” can't be opened: {error}. Set SLICECORE_HOME to a folder you can write to."
            ) from error

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def digests(self, stamps: Iterable[Stamp]) -> dict[Path, bytes]:
        """Remembered content hash by path, for files that haven't changed since."""
        wanted = {os.fsencode(stamp.path): stamp for stamp in stamps}
        found = {}
        for path, size, modified, digest in self._look_up(
            "SELECT path, size, modified_ns, digest FROM files WHERE path IN ({})", list(wanted)
        ):
            if (size, modified) == (wanted[path].size, wanted[path].modified_ns):
                found[wanted[path].path] = digest
        return found

    def outcomes(self, model_key: str, digests: Iterable[bytes]) -> dict[bytes, Outcome]:
        """What is stored for these contents under a model. A damaged vector counts as not stored."""
        found = {}
        for digest, vector, checksum, reason, labels in self._look_up(
            "SELECT digest, vector, checksum, reason, labels FROM results WHERE model = ? AND digest IN ({})",
            list(set(digests)),
            [self._model(model_key)],
        ):
            if vector is None:
                found[digest] = Outcome(None, reason)
            elif zlib.crc32(vector) == checksum:
                found[digest] = Outcome(
                    np.frombuffer(vector, np.dtype("<f4")), labels=labels_from_text(labels)
                )
            else:
                _log.warning("A stored vector is damaged; it is computed again.")
        return found

    def known(self, model_key: str) -> set[bytes]:
        """All contents that have a result under a model."""
        query = "SELECT digest FROM results WHERE model = ?"
        return {digest for (digest,) in self._connection.execute(query, [self._model(model_key)])}

    def keep(
        self, model_key: str, outcomes: Mapping[bytes, Outcome], files: Iterable[tuple[Stamp, bytes]] = ()
    ) -> None:
        """Store results and content hashes, all or nothing. Raises SlicecoreError if the disk is full."""
        results = []
        for digest, outcome in outcomes.items():
            vector = None if outcome.vector is None else np.asarray(outcome.vector, np.dtype("<f4")).tobytes()
            checksum = None if vector is None else zlib.crc32(vector)
            labels = labels_to_text(outcome.labels)
            results.append((self._model(model_key), digest, vector, checksum, outcome.reason, labels))
        try:
            with self._connection:
                self._connection.executemany(
                    "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?)", results
                )
                self._connection.executemany(
                    "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                    [
                        (os.fsencode(stamp.path), stamp.size, stamp.modified_ns, digest)
                        for stamp, digest in files
                    ],
                )
        except sqlite3.OperationalError as error:
            raise SlicecoreError(f"The cache can't be written: {error}. Is the disk full?") from error

    def _model(self, key: str) -> int:
        row = self._connection.execute("SELECT id FROM models WHERE key = ?", [key]).fetchone()
        if row is None:
            with self._connection:
                self._connection.execute("INSERT OR IGNORE INTO models (key) VALUES (?)", [key])
            row = self._connection.execute("SELECT id FROM models WHERE key = ?", [key]).fetchone()
        return int(row[0])

    def _look_up(self, query: str, values: Sequence[object], first: Sequence[object] = ()) -> Iterator[tuple]:
        for start in range(0, len(values), _AT_ONCE):
            some = values[start : start + _AT_ONCE]
            yield from self._connection.execute(query.format(", ".join("?" * len(some))), [*first, *some])


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=60)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # With WAL a power cut can lose the last transactions, but never damages the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
