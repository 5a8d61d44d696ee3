"""The tables that this process has open, found by source or by token, and arrays that it has published.

Filled by the pages, read by the routes; never by file path.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from cachetools import LRUCache

from slicecore import limits
from slicecore.audio.clip import Clip
from slicecore.logs import event
from slicecore.table.dataset import Dataset
from slicecore_app.server.memo import Memo
from slicecore_app.server.open_table import OpenTable
from slicecore_app.server.sources import Source, remember_started

if TYPE_CHECKING:
    from slicecore.storage.verdicts import Verdicts

MOST_VERDICTS = 32
MOST_PUBLISHED = 1 << 28
"""Bytes; what was published longest ago goes first. A page that is drawn publishes all that it shows again."""

_log = logging.getLogger(__name__)


class Registry:
    """Open tables, one state of each: the newest are kept, and one whose file has changed is dropped.

    One that works is kept until its last job has ended.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._tables: OrderedDict[Source, OpenTable] = OrderedDict()
        self._lock = threading.Lock()
        self._reading = threading.Lock()

    def open(self, source: Source) -> OpenTable:
        """The table as its file is now; its stamp is read here and nowhere else. Raises TableError."""
        stamp = source.stamp
        with self._reading:
            table = self._known(source)
            if table is None or table.stamp != stamp:
                table = self._read(source, stamp)
                remember_started(source)
        return table

    def reopen(self, table: OpenTable) -> OpenTable:
        """Take nothing for granted that was read for a table: the files that it names may have changed.

        What is being embedded starts again; clips whose files are as they were come from the cache.
        """
        models = [job.name for job in table.analysis_jobs() if job.state == "running"]
        stamp = table.source.stamp  # before the file is read: it may change meanwhile
        with self._reading:
            new = self._read(table.source, stamp)
        for model in models:
            new.analysis_job(model, wait=0)
        return new

    def _read(self, source: Source, stamp: tuple[tuple[str, int], ...]) -> OpenTable:
        """Read the file of a table, which had this stamp, in the place of what was read before."""
        started = time.monotonic()
        table = OpenTable(source.read(), source, stamp, self._drop_oldest)
        event(_log, "A table was read", clips=len(table.data), seconds=_since(started))
        self._put(table)
        return table

    def by_token(self, token: str) -> OpenTable | None:
        """The table behind a token, None if this process does not have it open."""
        with self._lock:
            tables = list(self._tables.values())
        return next((table for table in reversed(tables) if table.token == token), None)

    def __len__(self) -> int:
        with self._lock:
            return len(self._tables)

    def _known(self, source: Source) -> OpenTable | None:
        with self._lock:
            if source in self._tables:
                self._tables.move_to_end(source)
            return self._tables.get(source)

    def _put(self, table: OpenTable) -> None:
        with self._lock:
            before = self._tables.pop(table.source, None)
            self._tables[table.source] = table
        if before is not None:
            before.close()
        self._drop_oldest()

    def _drop_oldest(self) -> None:
        """Let tables go that are too many; never the newest, nor one that works, which is looked at when it rests."""
        with self._lock:
            idle = [source for source, table in self._tables.items() if not table.jobs.running()]
            most = self._most or int(limits.TABLES.value() or len(self._tables))
            newest = next(reversed(self._tables), None)
            too_many = max(0, len(self._tables) - most)
            dropped = [self._tables.pop(source) for source in idle[:too_many] if source != newest]
        for table in dropped:
            table.close()


class Published:
    """Bytes that browsers fetch, by a token that is the same for the same bytes."""

    def __init__(self, most: int = MOST_PUBLISHED) -> None:
        self._lock = threading.Lock()
        # Bytes that are more than all may be are published all the same, alone.
        self._content: LRUCache[str, bytes] = LRUCache(most, lambda content: min(len(content), most))

    def put(self, content: bytes) -> str:
        """Make bytes available; returns their token."""
        token = hashlib.sha256(content).hexdigest()[:16]
        with self._lock:
            self._content.setdefault(token, content)
        return token

    def get(self, token: str) -> bytes | None:
        """The bytes behind a token, None if they were not published or not lately."""
        with self._lock:
            return self._content.get(token)


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)


_tables = Registry()
_published = Published()
_verdicts: Memo[Verdicts] = Memo(MOST_VERDICTS)


def open_table(source: Source) -> OpenTable:
    """The table as its file is now. Raises TableError."""
    return _tables.open(source)


def reopen(table: OpenTable) -> OpenTable:
    """Look at all files of a table anew."""
    return _tables.reopen(table)


def number_of_tables() -> int:
    """Number of tables that are open."""
    return len(_tables)


def dataset(token: str) -> Dataset | None:
    """The table behind a token, None if this process has not opened it."""
    table = _tables.by_token(token)
    return table.data if table else None


def clip(name: str, row: int, reference: str | None = None) -> Mapping[str, object] | None:
    """A clip as the player takes it, by the name that `OpenTable.open_clips` gave; None if there is none.

    With a `reference` as it would be with that. Raises MetricError where that is none.
    """
    table = _tables.by_token(name.partition("-")[0])
    return table.describe(name, row, reference) if table else None


def causes(name: str, row: int) -> tuple[Clip, Sequence[str]] | None:
    """A clip and the causes that are marked in it, by the name that `OpenTable.open_causes` gave; None without one."""
    table = _tables.by_token(name.partition("-")[0])
    names = table.causes(name, row) if table else None
    recording = table.data.clips[row] if table and names is not None else None
    return (recording, names) if recording is not None and names is not None else None


def open_verdicts(verdicts: Verdicts) -> str:
    """Let pages ask whether something was judged elsewhere; returns the token to ask by."""
    token = hashlib.sha256(verdicts.name.encode()).hexdigest()[:16]
    _verdicts.get(token, lambda: verdicts)
    return token


def newest(token: str) -> tuple[int, ...] | None:
    """Numbers of the newest judgements, None if nobody has opened these verdicts. Raises StorageError."""
    verdicts = _verdicts.known(token)
    return verdicts.newest() if verdicts else None


def publish_points(positions: np.ndarray) -> str:
    """Make 2D positions (n, 2) available as float32 bytes; returns the token to fetch them by."""
    return publish(np.ascontiguousarray(positions, np.float32).tobytes())


def publish(content: bytes) -> str:
    """Make bytes available to the pages; returns the token to fetch them by, the same for the same bytes."""
    return _published.put(content)


def published(token: str) -> bytes | None:
    """The bytes behind a token, None if this process has not published them or not lately."""
    return _published.get(token)
