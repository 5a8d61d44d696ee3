"""On-disk cache of results per clip: an SQLite file, safe with several processes, and safe to delete.

A clip is known by the hash of its file's content, so a renamed or copied file finds its vector again. The hash is
remembered together with path, size and modification time, so that unchanged files need not be read.
"""

from __future__ import annotations

import contextlib
import functools
import json
import logging
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, TypeVar

import numpy as np

from slicecore.errors import StorageError
from slicecore.storage.outcome import Outcome, labels_from_text, labels_to_text
from slicecore.storage.permissions import make_file, make_folder
from slicecore.storage.repair import DAMAGE, exclusive, is_damage, repair
from slicecore.storage.stamp import Stamp

_log = logging.getLogger(__name__)

_FILE = "embeddings-3.sqlite"
_AT_ONCE = 900
"""Values in one query; SQLite may be built to take no more than 999."""

_IN_ORDER_FROM, _MOST_OTHERS, _ROWS_AT_ONCE = 10_000, 4, 10_000
"""So many results are read in their order in the file, where no more than so many lie there for each that is wanted."""

_USE_NOTED_S = 3600
"""A result that is used again within this time is not marked again: marking takes writing."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS models (id INTEGER PRIMARY KEY, key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS recordings (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, version TEXT NOT NULL, digest BLOB NOT NULL, checksum INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS results (
    model INTEGER NOT NULL, digest BLOB NOT NULL, vector BLOB, reason TEXT, labels TEXT, checksum INTEGER NOT NULL,
    used INTEGER NOT NULL, UNIQUE (model, digest)
);
"""

Value = TypeVar("Value")


_Rows = list[tuple]
_Digests = Collection[bytes]


class Result(NamedTuple):
    """A stored outcome: hash of the content, vector as float32 or None, reason, labels as text or None."""

    digest: bytes
    vector: bytes | None
    reason: str
    labels: str | None


@dataclass(frozen=True)
class ModelSize:
    """Results of one model in the cache: the model's key, "" where it is lost, their number, their bytes."""

    key: str
    entries: int
    bytes: int


class Store:
    """An open cache; a context manager, which several threads may use."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / _FILE
        self._lock = threading.RLock()
        try:
            make_folder(folder)
            try:
                self._connection = _open(self.path)
            except DAMAGE as error:
                if not is_damage(error, self.path):
                    raise
                self._repair(error)
        except (OSError, sqlite3.Error) as error:
            raise StorageError(
                f"The cache in “{folder}” can't be opened: {error}. Is the disk full? Else it may be "
                "somebody else's. Set SLICECORE_HOME to a folder you can write to."
            ) from error

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def digests(self, stamps: Iterable[Stamp]) -> dict[Path | str, bytes]:
        """Remembered content hash by path or URL, for files that haven't changed since."""
        wanted = {os.fsencode(stamp.path): stamp for stamp in stamps if stamp.version}
        query = "SELECT path, size, version, digest, checksum FROM recordings WHERE path IN ({})"
        return {
            wanted[row[0]].path: row[3]
            for rows in self._look_up(query, list(wanted))
            for row in rows
            if _is_whole("recordings", row) and _is_state_of(wanted.get(row[0]), row)
        }

    def outcomes(self, model_key: str, digests: Iterable[bytes]) -> dict[bytes, Outcome]:
        """Stored outcomes of a model by content hash. A damaged one counts as not stored."""
        return {
            result.digest: Outcome(
                None if result.vector is None else np.frombuffer(result.vector, np.dtype("<f4")),
                result.reason,
                labels_from_text(result.labels),
            )
            for part in self.results(model_key, set(digests))
            for result in part
        }

    def results(self, model_key: str, digests: Collection[bytes]) -> Iterator[list[Result]]:
        """Stored outcomes of a model as they lie in the file, in parts; `digests` is a set. None is damaged."""
        now, is_damaged = int(time.time()), False
        for rows in self._rows(_number(model_key), digests):
            results, used = [], []
            for rowid, *row in rows:
                if not _is_whole("results", row):
                    _log.warning("A stored result is damaged; it is computed again.")
                    is_damaged = True
                    continue
                results.append(Result(*row[1:5]))
                if not now - _USE_NOTED_S <= row[6] <= now:  # later than now: the clock has gone back
                    used.append((now, rowid))
            if used:
                self._write([("UPDATE results SET used = ? WHERE rowid = ?", used)])
            yield results
        if is_damaged:
            self._try(self._index_anew)

    def keep(
        self, model_key: str, outcomes: Mapping[bytes, Outcome], files: Iterable[tuple[Stamp, bytes]] = ()
    ) -> None:
        """Store results and content hashes, all or nothing. Raises StorageError if the disk is full."""
        model, now = _number(model_key), int(time.time())
        results = []
        for digest, outcome in outcomes.items():
            vector = None if outcome.vector is None else np.asarray(outcome.vector, np.dtype("<f4")).tobytes()
            labels = labels_to_text(outcome.labels)
            checksum = _checksum(model, digest, vector, outcome.reason, labels)
            results.append((model, digest, vector, outcome.reason, labels, checksum, now))
        known = [
            (*state, digest, _checksum_of_file(*state, digest))
            for stamp, digest in files
            if (state := (os.fsencode(stamp.path), stamp.size, stamp.version))[2]
        ]
        self._write(
            [
                ("INSERT OR IGNORE INTO models VALUES (?, ?)", [(model, model_key)] if results else []),
                ("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", results),
                ("INSERT OR REPLACE INTO recordings VALUES (?, ?, ?, ?, ?)", known),
            ]
        )

    def sizes(self) -> list[ModelSize]:
        """Number and size of the results of each model, the largest first."""
        query = (
            "SELECT iif(typeof(key) = 'text', key, ''), count(*), "
            "sum(coalesce(length(vector), 0) + coalesce(length(labels), 0)) "
            "FROM results LEFT JOIN models ON results.model = models.id GROUP BY model ORDER BY 3 DESC"
        )
        return self._try(lambda: [ModelSize(*row) for row in self._connection.execute(query)])

    def bytes(self) -> int:
        """Size on disk of the pages in use."""

        def ask() -> int:
            pages, free, size = (
                int(self._connection.execute(f"PRAGMA {name}").fetchone()[0])
                for name in ("page_count", "freelist_count", "page_size")
            )
            return (pages - free) * size

        return self._try(ask)

    def prune(self, most_bytes: int) -> int:
        """Remove the results used longest ago until the cache is no larger; returns their number."""
        removed = 0
        while (over := self.bytes() - most_bytes) > 0:
            oldest = self._try(lambda over=over: self._oldest(over))  # type: ignore[misc]
            if not oldest:
                break
            self._write([("DELETE FROM results WHERE rowid = ?", [(rowid,) for rowid in oldest])])
            removed += len(oldest)
        self._give_space_back()
        return removed

    def clear(self, model_key: str | None = None) -> None:
        """Remove the results of one model, or everything; with "" those of models whose names are lost."""
        if model_key is None:
            self._write([(f"DELETE FROM {table}", [()]) for table in ("results", "recordings", "models")])
        elif not model_key:
            named = "SELECT id FROM models WHERE typeof(key) = 'text'"
            self._write([(f"DELETE FROM results WHERE model NOT IN ({named})", [()])])
        else:
            number = [(_number(model_key),)]
            self._write(
                [("DELETE FROM results WHERE model = ?", number), ("DELETE FROM models WHERE id = ?", number)]
            )
        self._give_space_back()

    def _oldest(self, enough: int) -> list[int]:
        """Rows to remove, those used longest ago first, that take about `enough` bytes.

        What is of later than now comes first: it was there before the clock went back.
        """
        rows, total = [], 0
        for rowid, size in self._connection.execute(
            "SELECT rowid, 100 + coalesce(length(vector), 0) + coalesce(length(labels), 0) FROM results "
            "ORDER BY used <= ?, used, rowid",
            [int(time.time())],
        ):
            rows.append(rowid)
            total += size
            if total >= enough:
                break
        return rows

    def _give_space_back(self) -> None:
        def work() -> None:
            # As a script: `execute` would free a single page.
            self._connection.executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);")

        self._try(work)

    def _write(self, statements: Sequence[tuple[str, Sequence[tuple]]]) -> None:
        def work() -> None:
            with self._connection:
                for query, rows in statements:
                    self._connection.executemany(query, rows)

        self._try(work)

    def _rows(self, model: int, digests: _Digests) -> Iterator[_Rows]:
        """Rows of results, each with its number: by the index, or all in their order where most are wanted.

        Of a million rows the index leads to each in 7 µs, which takes 2 where they are read one after the other.
        """
        last, end = 0, 0
        if len(digests) >= _IN_ORDER_FROM:
            [(first, end)] = self._ask("SELECT coalesce(min(rowid), 1), coalesce(max(rowid), 0) FROM results")
            last = first - 1
        if end - last > _MOST_OTHERS * len(digests) or not end:
            query = "SELECT rowid, * FROM results WHERE model = ? AND digest IN ({})"
            yield from self._look_up(query, list(digests), [model])
            return
        query = "SELECT rowid, * FROM results NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT ?"
        while rows := self._ask(query, [last, _ROWS_AT_ONCE]):
            last = rows[-1][0]
            yield [row for row in rows if row[1] == model and row[2] in digests]

    def _look_up(self, query: str, values: Sequence[object], first: Sequence[object] = ()) -> Iterator[_Rows]:
        for start in range(0, len(values), _AT_ONCE):
            some = values[start : start + _AT_ONCE]
            yield self._ask(query.format(", ".join("?" * len(some))), [*first, *some])

    def _ask(self, query: str, values: Sequence[object] = ()) -> _Rows:
        return self._try(lambda: self._connection.execute(query, values).fetchall())

    def _try(self, work: Callable[[], Value]) -> Value:
        """Do something with the file; once more if it turned out to be damaged and was repaired."""
        try:
            with self._lock:
                try:
                    return work()
                except DAMAGE as error:
                    if not is_damage(error, self.path):
                        raise
                    self._connection.close()
                    self._repair(error)
                    return work()
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"The cache {self.path} can't be read or written: {error}. Is the disk full?"
            ) from error

    def _index_anew(self) -> None:
        """Make the index of results anew: it may be what is damaged, and hide what is stored next."""
        try:
            self._connection.execute("REINDEX results")
        except sqlite3.IntegrityError as error:  # a result is there twice, of which the index knew one
            self._connection.close()
            self._repair(error)

    def _repair(self, error: Exception) -> None:
        _log.warning("The cache %s is damaged (%s); the readable rows are saved.", self.path, error)
        repair(self.path, _connect, _is_whole)
        self._connection = _open(self.path)


def title(key: str) -> str:
    """Title of a key of `ModelSize` for people: family, name and revision of a model."""
    try:
        inner = json.loads(json.loads(key)[0])
    except (ValueError, IndexError, TypeError):
        return key or "unknown"
    if isinstance(inner, dict):
        parts = [str(inner.get(part, "")) for part in ("family", "name", "revision")]
        return " ".join([*parts[:2], parts[2][:12]]).strip()
    return str(inner[0]) if isinstance(inner, list) and inner else str(inner)


def _number(model_key: str) -> int:
    """A model's number; from its key, so that results are readable without the table of models."""
    return int.from_bytes(blake2b(model_key.encode(), digest_size=8).digest(), "little") >> 1


def _checksum(model: int, digest: bytes, vector: bytes | None, reason: str, labels: str | None) -> int:
    checksum = zlib.crc32(digest, model & 0xFFFFFFFF)
    for part in (vector, reason and reason.encode(), labels and labels.encode()):
        if part:
            checksum = zlib.crc32(part, checksum)
    return checksum


def _checksum_of_file(path: bytes, size: int, version: str, digest: bytes) -> int:
    facts = f"{size} {version}\n".encode("utf-8", "surrogatepass")
    return zlib.crc32(digest, zlib.crc32(path, zlib.crc32(facts)))


def _is_whole(table: str, row: Sequence) -> bool:
    """True if a row, all columns of it, is as it was written."""
    try:
        if table == "models":
            number, key = row
            return bool(number == _number(key))
        if table == "recordings":
            path, size, version, digest, checksum = row
            return bool(checksum == _checksum_of_file(path, size, version, digest))
        model, digest, vector, reason, labels, checksum, used = row
        # Nothing, an empty text and empty bytes have one checksum.
        is_vector = vector is None or (isinstance(vector, bytes) and bool(vector))
        are_texts = isinstance(reason, str) and (labels is None or (isinstance(labels, str) and bool(labels)))
        is_as_written = is_vector and are_texts and isinstance(used, int)
        return is_as_written and checksum == _checksum(model, digest, vector, reason, labels)
    except (TypeError, AttributeError, ValueError):
        return False


def _is_state_of(stamp: Stamp | None, row: Sequence) -> bool:
    return stamp is not None and (stamp.size, stamp.version) == (row[1], row[2])


def _open(path: Path) -> sqlite3.Connection:
    # SQLite doesn't wait where two processes want to make a new file write-ahead at the same time.
    with exclusive(path):
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    make_file(path)
    connection = sqlite3.connect(path, timeout=60, check_same_thread=False)
    # Text that is no longer UTF-8 is damaged like any other: its checksum says so.
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    try:
        # Before there is any table: space of removed results is given back.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        # With WAL a power cut can lose the last transactions, but never damages the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("DROP TABLE IF EXISTS files")  # of a version without checksums of recordings
        connection.executescript(_SCHEMA)
        if _tables(connection) != _our_tables():
            raise sqlite3.DatabaseError("its tables are of another kind")
    except BaseException:
        connection.close()
        raise
    return connection


def _tables(connection: sqlite3.Connection) -> list[tuple]:
    """Everything that is defined in a file, as its schema has it."""
    return connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()


@functools.cache
def _our_tables() -> list[tuple]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_SCHEMA)
        return _tables(connection)
