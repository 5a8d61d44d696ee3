"""What reviewers said about slices and about references, and the slices that they made: an SQLite file per workspace.

It is written at every click and nothing in it is ever overwritten.
"""

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
CREATE TABLE IF NOT EXISTS own_slices (
    number INTEGER PRIMARY KEY, slice_id TEXT NOT NULL REFERENCES slices, name TEXT NOT NULL, reason TEXT NOT NULL,
    removed INTEGER NOT NULL, reviewer TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reference_marks (
    number INTEGER PRIMARY KEY, clip_id TEXT NOT NULL, wrong INTEGER NOT NULL, reviewer TEXT NOT NULL,
    time TEXT NOT NULL);
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
        What was judged: the name of a prediction column, or two that were compared as `name_of_comparison` says.
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


@dataclass(frozen=True)
class OwnSlice:
    """A slice that a person made: clips inside a lasso, of a filter, like another clip.

    Attributes
    ----------
    slice_id : str
        A hash of its clips, as that of a found slice.
    name, reason : str
        What it is called, and how its clips were chosen: "your selection: accent = scottish".
    reviewer, time : str
        Who made or renamed it, and when: ISO 8601, UTC, to the second.
    clip_ids : tuple of str
    """

    slice_id: str
    name: str
    reason: str
    reviewer: str
    time: str
    clip_ids: tuple[str, ...]


@dataclass(frozen=True)
class ReferenceMark:
    """That a person who listened called the reference of a clip wrong. It holds for every model.

    Attributes
    ----------
    clip_id : str
        Id of the clip in the table.
    reviewer, time : str
        Who said so and when: ISO 8601, UTC, to the second.
    """

    clip_id: str
    reviewer: str
    time: str


def name_of_comparison(model: str, other: str) -> str:
    """Under which name judgements are kept of where a model is worse than another one.

    What is said of a difference is said of neither model alone.
    """
    return f"{model} \u2212 {other}"


class Verdicts:
    """The judgements, marks and own slices of one workspace.

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
        time = _now()
        judgement = Judgement(slice_id, model, verdict, clean_tags, note, reviewer, time, tuple(clip_ids))
        with self._open() as database:
            _write_clips(database, slice_id, clip_ids)
            _write_judgement(
                database, (slice_id, model, verdict, json.dumps(clean_tags), note, reviewer, time)
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

    def keep(
        self, slice_id: str, *, clip_ids: Sequence[str], name: str, reason: str = "", reviewer: str = ""
    ) -> OwnSlice:
        """Write a slice that a person made and return it. One of the same clips gets the new name and reason.

        Raises
        ------
        ValueError
            When the name is empty or there are no clips.
        """
        if not name.strip() or not len(clip_ids):
            raise ValueError("a slice needs a name and at least one clip")
        own = OwnSlice(slice_id, name.strip(), reason, reviewer, _now(), tuple(map(str, clip_ids)))
        with self._open() as database:
            _write_clips(database, slice_id, own.clip_ids)
            _write_own(database, (slice_id, own.name, reason, 0, reviewer, own.time))
        return own

    def rename(self, slice_id: str, name: str, reviewer: str = "") -> None:
        """Give a slice that a person made another name. Raises KeyError where there is none, ValueError as `keep`."""
        own = self.own_slices()[slice_id]
        self.keep(slice_id, clip_ids=own.clip_ids, name=name, reason=own.reason, reviewer=reviewer)

    def remove(self, slice_id: str, reviewer: str = "") -> None:
        """Take a slice that a person made off the list, with what was said about it. Both stay in the history."""
        own = self.own_slices()[slice_id]
        with self._open() as database:
            _write_own(database, (slice_id, own.name, own.reason, 1, reviewer, _now()))
            models = database.execute(
                "SELECT DISTINCT model FROM judgements WHERE slice_id = ?", (slice_id,)
            ).fetchall()
            for (model,) in models:
                _write_judgement(database, (slice_id, model, None, "[]", "", reviewer, _now()))

    def own_slices(self) -> dict[str, OwnSlice]:
        """The slices that people made and did not remove, by id, those made first before the others."""
        query = (
            "SELECT slice_id, name, reason, reviewer, time, clip_ids, removed, first FROM own_slices"
            " JOIN slices USING (slice_id)"
            " JOIN (SELECT MAX(number) AS last, MIN(number) AS first FROM own_slices GROUP BY slice_id)"
            " ON number = last ORDER BY first"
        )
        found = {}
        for slice_id, name, reason, reviewer, time, clip_ids, removed, _ in self._rows(query, ()):
            if not removed:
                found[slice_id] = OwnSlice(
                    slice_id, name, reason, reviewer, time, tuple(json.loads(clip_ids))
                )
        return found

    def mark_reference(self, clip_id: str, wrong: bool, reviewer: str = "") -> bool:
        """Call the reference of a clip wrong, or take that back. Returns whether this changed anything.

        What was already said stays as it is, with the name of the one who said it first.
        """
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")  # nobody else says something between the look and the word
            query = "SELECT wrong FROM reference_marks WHERE clip_id = ? ORDER BY number DESC LIMIT 1"
            latest = database.execute(query, (clip_id,)).fetchone()
            if bool(latest and latest[0]) == wrong:
                return False
            database.execute(
                "INSERT INTO reference_marks (clip_id, wrong, reviewer, time) VALUES (?, ?, ?, ?)",
                (clip_id, int(wrong), reviewer, _now()),
            )
        return True

    def marked_references(self) -> dict[str, ReferenceMark]:
        """The clips whose reference is called wrong, by id, those marked first before the others."""
        query = (
            "SELECT clip_id, reviewer, time FROM reference_marks WHERE wrong AND number IN"
            " (SELECT MAX(number) FROM reference_marks GROUP BY clip_id) ORDER BY number"
        )
        return {row[0]: ReferenceMark(*row) for row in self._rows(query, ())}

    def newest(self) -> tuple[int, int, int]:
        """Numbers of the latest judgement, own slice and mark of a reference; one grows with whatever is written."""
        tables = ("judgements", "own_slices", "reference_marks")
        numbers = ", ".join(f"(SELECT COALESCE(MAX(number), 0) FROM {table})" for table in tables)
        ((judgement, own, mark),) = self._rows(f"SELECT {numbers}", ())
        return judgement, own, mark

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
            raise StorageError(f"Verdicts can't be opened: {error}. Their file is {self.path}.") from error
        try:
            with database:
                yield database
        except sqlite3.Error as error:
            raise StorageError(
                f"Verdicts can't be read or saved: {error}. Their file is {self.path}."
            ) from error
        finally:
            database.close()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write_clips(database: sqlite3.Connection, slice_id: str, clip_ids: Sequence[str]) -> None:
    database.execute("INSERT OR IGNORE INTO slices VALUES (?, ?)", (slice_id, json.dumps(list(clip_ids))))


def _write_judgement(database: sqlite3.Connection, values: tuple[str | None, ...]) -> None:
    database.execute(
        "INSERT INTO judgements (slice_id, model, verdict, tags, note, reviewer, time) VALUES (?, ?, ?, ?, ?, ?, ?)",
        values,
    )


def _write_own(database: sqlite3.Connection, values: tuple[str | int, ...]) -> None:
    database.execute(
        "INSERT INTO own_slices (slice_id, name, reason, removed, reviewer, time) VALUES (?, ?, ?, ?, ?, ?)",
        values,
    )
