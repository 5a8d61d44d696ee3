"""What reviewers said about slices: an SQLite file per workspace, written at every click, nothing ever overwritten."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from slicecore.errors import StorageError

VERDICTS = ("real_issue", "false_positive", "reference_error", "unsure")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS slices (slice_id TEXT PRIMARY KEY, clip_ids TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS judgements (
    number INTEGER PRIMARY KEY, slice_id TEXT NOT NULL REFERENCES slices, model TEXT NOT NULL,
    verdict TEXT, tags TEXT NOT NULL, note TEXT NOT NULL, reviewer TEXT NOT NULL, time TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS judgements_of ON judgements (model, slice_id, number);
"""
_COLUMNS = "slice_id, model, verdict, tags, note, reviewer, time, clip_ids"


@dataclass(frozen=True)
class Judgement:
    """What one reviewer said about one slice of one model at one time.

    Attributes
    ----------
    slice_id : str
        Id of the slice, a hash of its clips.
    model : str
        Name of the prediction column that was judged.
    verdict : str or None
        One of `VERDICTS`, None when only tags or a note were given or a verdict was taken back.
    tags : tuple of str
    note, reviewer : str
    time : str
        ISO 8601, UTC, to the second.
    clip_ids : tuple of str
        The slice's clips, so that it can be exported when no scan finds it any more.
    """

    slice_id: str
    model: str
    verdict: str | None
    tags: tuple[str, ...]
    note: str
    reviewer: str
    time: str
    clip_ids: tuple[str, ...]


class Verdicts:
    """The judgements of one workspace.

    Parameters
    ----------
    path : Path
        The database file; made, with its folder, when it is not there.

    Raises
    ------
    StorageError
        From every method, when the file can't be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as database:
            database.executescript(_SCHEMA)

    def judge(
        self,
        slice_id: str,
        *,
        model: str,
        clip_ids: Sequence[str],
        verdict: str | None,
        tags: Sequence[str] = (),
        note: str = "",
        reviewer: str = "",
    ) -> Judgement:
        """Write one judgement to disk and return it. Earlier ones stay in the history.

        Raises
        ------
        ValueError
            When the verdict is not one of `VERDICTS` or None.
        """
        if verdict is not None and verdict not in VERDICTS:
            raise ValueError(f"verdict {verdict!r} is none of {', '.join(VERDICTS)}")
        clean_tags = tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
        time = datetime.now(UTC).isoformat(timespec="seconds")
        judgement = Judgement(slice_id, model, verdict, clean_tags, note, reviewer, time, tuple(clip_ids))
        with self._open() as database:
            database.execute(
                "INSERT OR IGNORE INTO slices VALUES (?, ?)", (slice_id, json.dumps(list(clip_ids)))
            )
            database.execute(
                "INSERT INTO judgements (slice_id, model, verdict, tags, note, reviewer, time)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (slice_id, model, verdict, json.dumps(clean_tags), note, reviewer, time),
            )
        return judgement

    def current(self, model: str) -> dict[str, Judgement]:
        """Latest judgement of every slice of a model, by slice id; those that say nothing any more are left out."""
        query = (
            f"SELECT {_COLUMNS} FROM judgements JOIN slices USING (slice_id) WHERE number IN"
            " (SELECT MAX(number) FROM judgements WHERE model = ? GROUP BY slice_id) ORDER BY number"
        )
        latest = (self._read(row) for row in self._rows(query, (model,)))
        return {one.slice_id: one for one in latest if one.verdict or one.tags or one.note}

    def history(self, slice_id: str, model: str) -> list[Judgement]:
        """All judgements of one slice, oldest first."""
        query = (
            f"SELECT {_COLUMNS} FROM judgements JOIN slices USING (slice_id)"
            " WHERE slice_id = ? AND model = ? ORDER BY number"
        )
        return [self._read(row) for row in self._rows(query, (slice_id, model))]

    def tags(self) -> list[str]:
        """Every tag used in this workspace, most used first."""
        query = (
            "SELECT value FROM judgements, json_each(judgements.tags)"
            " GROUP BY value ORDER BY COUNT(*) DESC, value"
        )
        return [row[0] for row in self._rows(query, ())]

    def _rows(self, query: str, parameters: tuple[str, ...]) -> list[tuple]:
        with self._open() as database:
            return database.execute(query, parameters).fetchall()

    @staticmethod
    def _read(row: tuple) -> Judgement:
        slice_id, model, verdict, tags, note, reviewer, time, clip_ids = row
        return Judgement(
            slice_id,
            model,
            verdict,
            tuple(json.loads(tags)),
            note,
            reviewer,
            time,
            tuple(json.loads(clip_ids)),
        )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # A connection per call: Streamlit's threads come and go, and a connection belongs to one thread.
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(self.path, timeout=10)
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"The verdicts file {self.path} can't be opened: {error}.") from error
        try:
            with database:
                yield database
        except sqlite3.Error as error:
            raise StorageError(f"The verdicts file {self.path} can't be used: {error}.") from error
        finally:
            database.close()
