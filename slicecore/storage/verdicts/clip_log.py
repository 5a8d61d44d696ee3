"""Log of the clips that a table has had: their ids and the hashes of their sound, in a file of its workspace's folder.

It says which clips a judgement was made among, and by which hash another table may have the same ones. It is no word of
anybody and may have a million rows, so it is not in the database of reviews: no verdict waits while a table is noted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from slicecore.errors import StorageError
from slicecore.storage.permissions import make_file, make_folder

FILE = "clips.sqlite"
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


class ClipLog:
    """The log of one workspace. Raises StorageError from every method, when the file can't be read or written."""

    def __init__(self, workspace: Path) -> None:
        self.path = workspace / FILE

    def note(
        self, ids: Sequence[str], contents: Sequence[bytes], since: int, table: Path
    ) -> list[LoggedClip]:
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
        with _opened(self.path) as connection:
            connection.executescript(_SCHEMA)
            connection.execute("BEGIN IMMEDIATE")
            # The log shares what the table holds: a million ids and hashes of its own would take a hundred megabytes.
            clip_of, sound_of = dict(zip(ids, ids, strict=True)), dict(zip(contents, contents, strict=True))
            log = [
                LoggedClip(
                    clip_of.get(clip.clip_id, clip.clip_id),
                    sound_of.get(clip.content, clip.content),
                    clip.since,
                )
                for clip in _entries(connection)
            ]
            latest = {clip.clip_id: clip.content for clip in log}
            new = [
                LoggedClip(clip_id, content, since if log else 0)
                for clip_id, content in zip(ids, contents, strict=True)
                if clip_id not in latest or content not in (b"", latest[clip_id])
            ]
            connection.executemany("INSERT INTO clips (clip_id, content, since) VALUES (?, ?, ?)", new)
            connection.execute("INSERT OR REPLACE INTO tables VALUES (?)", (str(table),))
        return [*log, *new]

    def entries(self, clip_ids: Collection[str] | None = None) -> list[LoggedClip]:
        """The log, oldest first, of some clips or of all; empty where nothing was noted."""
        if not self.path.is_file():
            return []
        with _opened(self.path) as connection:
            return list(_entries(connection, clip_ids))

    def table(self) -> Path | None:
        """File of the table; None where nothing was noted."""
        if not self.path.is_file():
            return None
        with _opened(self.path) as connection:
            row = connection.execute("SELECT path FROM tables").fetchone()
        return Path(row[0]) if row else None


def _entries(connection: sqlite3.Connection, clip_ids: Collection[str] | None = None) -> Iterator[LoggedClip]:
    some = "" if clip_ids is None else "WHERE clip_id IN (SELECT value FROM json_each(?))"
    rows = connection.execute(
        f"SELECT clip_id, content, since FROM clips {some} ORDER BY number",
        () if clip_ids is None else (json.dumps(list(clip_ids)),),
    )
    return (LoggedClip(clip_id, bytes(content), since) for clip_id, content, since in rows)


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
