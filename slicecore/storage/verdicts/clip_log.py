"""Log of the clips that a table has had: their ids and the hashes of their sound, in a file of its workspace's folder.

It says which clips a judgement was made among, and by which hash another table may have the same ones. It is no word of
anybody and may have a million rows, so it is not in the database of reviews: no verdict waits while a table is noted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import StorageError
from slicecore.storage.permissions import make_file, make_folder
from slicecore.storage.verdicts.rows_of_ids import RowsOfIds

FILE = "clips.sqlite"
_AT_ONCE = 1 << 16  # entries that are objects of Python at a time
_SCHEMA = """
CREATE TABLE IF NOT EXISTS clips (
    number INTEGER PRIMARY KEY, clip_id TEXT NOT NULL, content BLOB NOT NULL, since INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS tables (path TEXT PRIMARY KEY);
"""


class LoggedClip(NamedTuple):
    """A clip as a table had it at one time.

    Attributes
    ----------
    clip_id : its id.
    content : hash of its sound; b"" as long as it is not known.
    since : judgements with a larger number were made when the table had it.
    """

    clip_id: str
    content: bytes
    since: int


class LoggedClips(Sequence[LoggedClip]):
    """A log of clips, oldest first, as columns: there may be millions.

    Hashes are all of one length; zeros at their end, which numpy leaves out, make no difference between two.

    Parameters
    ----------
    ids : (m,) of str.
    contents : (m,) hashes of their sounds, b"" where one is not known.
    since : (m,) numbers, see `LoggedClip`.
    """

    def __init__(self, ids: NDArray[np.str_], contents: NDArray[np.bytes_], since: NDArray[np.int64]) -> None:
        self.ids, self.contents, self.since = ids, contents, since

    @classmethod
    def of(cls, clips: Iterable[tuple[str, bytes, int]]) -> LoggedClips:
        """Logged clips as columns."""
        clips, parts = iter(clips), [cls(np.zeros(0, np.str_), np.zeros(0, np.bytes_), np.zeros(0, np.int64))]
        while some := list(islice(clips, _AT_ONCE)):
            ids, contents, since = zip(*some, strict=True)
            parts.append(
                cls(np.array(ids, np.str_), np.array(contents, np.bytes_), np.array(since, np.int64))
            )
        return cls.joined(parts)

    @classmethod
    def joined(cls, parts: Sequence[LoggedClips]) -> LoggedClips:
        """Several logs as one."""
        return cls(
            np.concatenate([part.ids for part in parts]),
            np.concatenate([part.contents for part in parts]),
            np.concatenate([part.since for part in parts]),
        )

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, at: int) -> LoggedClip: ...
    @overload
    def __getitem__(self, at: slice) -> LoggedClips: ...
    def __getitem__(self, at: int | slice) -> LoggedClip | LoggedClips:
        if isinstance(at, slice):
            return LoggedClips(self.ids[at], self.contents[at], self.since[at])
        return LoggedClip(str(self.ids[at]), bytes(self.contents[at]), int(self.since[at]))


class ClipLog:
    """The log of one workspace. Raises StorageError from every method, when the file can't be read or written."""

    def __init__(self, workspace: Path) -> None:
        self.path = workspace / FILE

    def note(
        self, ids: Sequence[str] | RowsOfIds, contents: Sequence[bytes], since: int, table: Path
    ) -> LoggedClips:
        """Add the clips that the table has now, where they differ from those noted last; returns the whole log.

        Parameters
        ----------
        ids, contents
            Of every clip; a content that is not known is b"".
        since
            Number of the newest judgement.
        table
            The table's file.
        """
        row_of_id = ids if isinstance(ids, RowsOfIds) else RowsOfIds(ids)
        sounds = np.asarray(contents, dtype=np.bytes_)
        with _opened(self.path) as connection:
            connection.executescript(_SCHEMA)
            connection.execute("BEGIN IMMEDIATE")
            log = LoggedClips.of(_entries(connection))
            rows = row_of_id.rows(log.ids)
            latest, is_new = np.zeros(len(sounds), log.contents.dtype), np.ones(len(sounds), bool)
            latest[rows[rows >= 0]] = log.contents[rows >= 0]  # of several entries of a clip the last stays
            is_new[rows[rows >= 0]] = False
            new = np.flatnonzero(is_new | (sounds != b"") & (sounds != latest))
            number = since if len(log) else 0
            added = ((str(row_of_id.ids[row]), contents[row], number) for row in new.tolist())
            connection.executemany("INSERT INTO clips (clip_id, content, since) VALUES (?, ?, ?)", added)
            connection.execute("INSERT OR REPLACE INTO tables VALUES (?)", (str(table),))
        if not len(new):
            return log
        return LoggedClips.joined(
            [log, LoggedClips(row_of_id.ids[new], sounds[new], np.full(len(new), number))]
        )

    def entries(self, clip_ids: Collection[str] | None = None) -> LoggedClips:
        """The log, oldest first, of some clips or of all; empty where nothing was noted."""
        if not self.path.is_file():
            return LoggedClips.of([])
        with _opened(self.path) as connection:
            return LoggedClips.of(_entries(connection, clip_ids))

    def table(self) -> Path | None:
        """File of the table; None where nothing was noted."""
        if not self.path.is_file():
            return None
        with _opened(self.path) as connection:
            row = connection.execute("SELECT path FROM tables").fetchone()
        return Path(row[0]) if row else None


def _entries(
    connection: sqlite3.Connection, clip_ids: Collection[str] | None = None
) -> Iterator[tuple[str, bytes, int]]:
    some = "" if clip_ids is None else "WHERE clip_id IN (SELECT value FROM json_each(?))"
    return connection.execute(
        f"SELECT clip_id, content, since FROM clips {some} ORDER BY number",
        () if clip_ids is None else (json.dumps(list(clip_ids)),),
    )


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a file, which is made if it is not there; its writes are kept if nothing fails.

    Raises
    ------
    StorageError
        When the file can't be read or written.
    """
    # A connection per call: Streamlit's threads come and go, and a connection belongs to one thread.
    try:
        make_folder(path.parent)
        make_file(path)
        connection = sqlite3.connect(path, timeout=10)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"The log of clips can't be opened: {error}. Its file is {path}.") from error
    try:
        with connection:
            yield connection
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StorageError(
            f"The log of clips can't be read or saved: {error}. Its file is {path}."
        ) from error
    finally:
        connection.close()
