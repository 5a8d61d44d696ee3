"""Verdicts on slices, marks of wrong references and slices that reviewers made: an SQLite file per workspace.

It is written at every click and nothing in it is ever overwritten. Whatever depends on what is already there is read,
checked and written in one transaction, so that no word of another reviewer is replaced unseen.
"""

from __future__ import annotations

import enum
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from slicecore.errors import StorageError, VerdictError

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
_COLUMNS = "slice_id, model, verdict, tags, note, reviewer, time, clip_ids, number"


class Unchanged(enum.Enum):
    """The part of a judgement that a change leaves as it is."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED
_TABLES = ("judgements", "own_slices", "reference_marks")


class ConflictError(VerdictError):
    """Another reviewer has judged the slice meanwhile; `other` is the judgement that would be replaced unseen."""

    def __init__(self, other: Judgement) -> None:
        super().__init__(
            f"Slice {other.slice_id} was judged by {other.reviewer or 'somebody'} at {other.time}. Nothing was written."
        )
        self.other = other


@dataclass(frozen=True)
class Judgement:
    """The verdict, tags and note of one reviewer on one slice of one model at one time.

    Attributes
    ----------
    slice_id : str
        Id of the slice, a hash of its clips.
    model : str
        The name of a prediction column, or of two that were compared as `name_of_comparison` gives it.
    verdict : str or None
        One of `VERDICTS`, None when only tags or a note were given or a verdict was taken back.
    tags : tuple of str
    note, reviewer : str
    time : str
        ISO 8601, UTC, to the second.
    clip_ids : tuple of str
        The slice's clips, so that it can be exported when no scan finds it any more.
    number : int
        Grows with every judgement of the workspace; 0 for one that is not written.
    """

    slice_id: str
    model: str
    verdict: str | None
    tags: tuple[str, ...]
    note: str
    reviewer: str
    time: str
    clip_ids: tuple[str, ...]
    number: int = 0

    @property
    def is_empty(self) -> bool:
        """True if there is neither verdict nor tag nor note: everything was taken back."""
        return not (self.verdict or self.tags or self.note)


@dataclass(frozen=True)
class Amendment:
    """A change of a judgement as it was written: the judgement before it, which may be empty, and the one since."""

    before: Judgement
    since: Judgement


@dataclass(frozen=True)
class Workspace:
    """All that is current in a workspace, read at one time.

    Attributes
    ----------
    newest : tuple of int
        Numbers of the latest judgement, own slice and mark of a reference.
    judgements : dict
        Latest judgement by slice id, of one model, those that are empty left out.
    own_slices, marked_references : dict
        By slice id and by clip id.
    tags : tuple of str
        Every tag used, most used first.
    """

    newest: tuple[int, int, int]
    judgements: dict[str, Judgement]
    own_slices: dict[str, OwnSlice]
    marked_references: dict[str, ReferenceMark]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class OwnSlice:
    """A slice that a person made: clips inside a lasso, of a filter, like another clip.

    Attributes
    ----------
    slice_id : str
        A hash of its clips, as that of a found slice.
    name, reason : str
        Its name, and how its clips were chosen: "your selection: accent = scottish".
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
    """A reference that a person who listened called wrong. It holds for every model.

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
    """Name under which judgements are kept of where a model is worse than another one.

    A judgement of a difference is one of neither model alone.
    """
    return f"{model} \u2212 {other}"


@dataclass(frozen=True)
class Change:
    """A change of a judgement: a new verdict, tags or note; UNCHANGED leaves them as they are.

    With `toggles`, a verdict that the slice already has is taken back.
    """

    verdict: str | Unchanged | None = UNCHANGED
    tags: tuple[str, ...] | Unchanged = UNCHANGED
    note: str | Unchanged = UNCHANGED
    toggles: bool = False

    def check(self) -> None:
        """Raise VerdictError where the verdict is none of `VERDICTS`."""
        if isinstance(self.verdict, str) and self.verdict not in VERDICTS:
            raise VerdictError(f"Verdict {self.verdict!r} is none of {', '.join(VERDICTS)}.")

    def apply(self, before: Judgement) -> Judgement:
        """The judgement with this change."""
        verdict = before.verdict if isinstance(self.verdict, Unchanged) else self.verdict
        if self.toggles and verdict == before.verdict:
            verdict = None
        tags = before.tags if isinstance(self.tags, Unchanged) else self.tags
        clean = tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
        note = before.note if isinstance(self.note, Unchanged) else self.note
        return replace(before, verdict=verdict, tags=clean, note=note)

    def then(self, later: Change) -> Change:
        """The change that both are together, this one first."""
        verdict, toggles = later.verdict, later.toggles
        if isinstance(verdict, Unchanged):
            verdict, toggles = self.verdict, self.toggles
        elif toggles and not isinstance(self.verdict, Unchanged):
            verdict, toggles = None if verdict == self.verdict else verdict, False
        tags = self.tags if isinstance(later.tags, Unchanged) else later.tags
        note = self.note if isinstance(later.note, Unchanged) else later.note
        return Change(verdict, tags, note, toggles)


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
        with self._transaction() as database:
            columns = [row[1] for row in database.execute("PRAGMA table_info(judgements)")]
            if "event" not in columns:  # a file from before there were events
                database.execute("ALTER TABLE judgements ADD COLUMN event TEXT")
            database.execute(
                "CREATE UNIQUE INDEX IF NOT EXISTS judgements_by_event ON judgements (event) WHERE event IS NOT NULL"
            )

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
        unless_newer_than: int | None = None,
    ) -> Judgement:
        """Write one judgement to disk and return it. Earlier ones stay in the history.

        Parameters
        ----------
        unless_newer_than
            Number of the newest judgement that the reviewer has seen; None: it is written in any case.

        Raises
        ------
        VerdictError
            When the verdict is not one of `VERDICTS` or None.
        ConflictError
            When the slice has a judgement newer than that. Nothing is written then.
        """
        change = Change(verdict, tuple(tags), note)
        return self.amend(
            slice_id,
            change,
            model=model,
            clip_ids=clip_ids,
            reviewer=reviewer,
            unless_newer_than=unless_newer_than,
        ).since

    def amend(
        self,
        slice_id: str,
        change: Change,
        *,
        model: str,
        clip_ids: Sequence[str],
        reviewer: str = "",
        unless_newer_than: int | None = None,
        own: tuple[str, str] | None = None,
        event: str = "",
    ) -> Amendment:
        """Change the latest judgement on a slice in one transaction: read, check, write.

        Parameters
        ----------
        change
            New verdict, tags, note; what it leaves out stays as it is.
        unless_newer_than
            As for `judge`.
        own
            Name and reason, where the slice becomes one of the reviewer's own by this.
        event
            Unique name of what asks for this, "source:number"; it is written once, however often it is asked for, and
            a judgement of the same source counts as seen. "": no name.

        Raises
        ------
        VerdictError, ConflictError
            As `judge`.
        """
        change.check()
        with self._transaction() as database:
            repeated = self._repeated(database, event)
            if repeated:
                return repeated
            before = self._latest(database, slice_id, model)
            if before is None:
                before = _nothing(slice_id, model, clip_ids)
            is_unseen = unless_newer_than is not None and before.number > unless_newer_than
            if is_unseen and not self._is_of(database, before, event):
                raise ConflictError(before)
            _write_clips(database, slice_id, clip_ids)
            if own is not None:
                _write_own(database, (slice_id, *own, 0, reviewer, _now()))
            since = replace(
                change.apply(before), reviewer=reviewer, time=_now(), clip_ids=tuple(clip_ids), number=0
            )
            number = _write_judgement(database, since, event)
        return Amendment(before, replace(since, number=number))

    def current(self, model: str) -> dict[str, Judgement]:
        """Latest judgement of every slice of a model, by slice id; empty ones are left out."""
        with self._open() as database:
            return self._current(database, model)

    def workspace(self, model: str) -> Workspace:
        """Everything that is current, with the judgements of a model."""
        with self._open() as database:
            database.execute("BEGIN")  # all of it at one time
            return Workspace(
                newest=_newest(database),
                judgements=self._current(database, model),
                own_slices=_own_slices(database),
                marked_references=_marked(database),
                tags=tuple(_tags(database)),
            )

    def history(self, slice_id: str, model: str) -> list[Judgement]:
        """All judgements of one slice, oldest first."""
        query = (
            f"SELECT {_COLUMNS} FROM judgements JOIN slices USING (slice_id)"
            " WHERE slice_id = ? AND model = ? ORDER BY number"
        )
        with self._open() as database:
            return [_judgement(row) for row in database.execute(query, (slice_id, model))]

    def tags(self) -> list[str]:
        """Every tag used in this workspace, most used first."""
        with self._open() as database:
            return _tags(database)

    def keep(
        self, slice_id: str, *, clip_ids: Sequence[str], name: str, reason: str = "", reviewer: str = ""
    ) -> OwnSlice:
        """Write a slice that a person made and return it. One of the same clips gets the new name and reason.

        Raises
        ------
        VerdictError
            When the name is empty or there are no clips.
        """
        if not len(clip_ids):
            raise VerdictError("A slice needs a name and at least one clip.")
        own = OwnSlice(slice_id, _checked(name), reason, reviewer, _now(), tuple(map(str, clip_ids)))
        with self._transaction() as database:
            _write_clips(database, slice_id, own.clip_ids)
            _write_own(database, (slice_id, own.name, reason, 0, reviewer, own.time))
        return own

    def rename(self, slice_id: str, name: str, reviewer: str = "") -> None:
        """Give a slice that a person made another name.

        Raises
        ------
        VerdictError
            When there is no such slice (any more), or the name is empty.
        """
        with self._transaction() as database:
            own = self._own(database, slice_id)
            _write_own(database, (slice_id, _checked(name), own.reason, 0, reviewer, _now()))

    def remove(self, slice_id: str, reviewer: str = "") -> None:
        """Take a slice that a person made off the list, with its judgements. Both stay in the history.

        Raises
        ------
        VerdictError
            When there is no such slice (any more).
        """
        with self._transaction() as database:
            own = self._own(database, slice_id)
            _write_own(database, (slice_id, own.name, own.reason, 1, reviewer, _now()))
            models = database.execute(
                "SELECT DISTINCT model FROM judgements WHERE slice_id = ?", (slice_id,)
            ).fetchall()
            for (model,) in models:
                _write_judgement(
                    database, Judgement(slice_id, model, None, (), "", reviewer, _now(), own.clip_ids)
                )

    def own_slices(self) -> dict[str, OwnSlice]:
        """The slices that people made and did not remove, by id, those made first before the others."""
        with self._open() as database:
            return _own_slices(database)

    def mark_reference(self, clip_id: str, wrong: bool, reviewer: str = "") -> bool:
        """Call the reference of a clip wrong, or take that back. Returns whether this changed anything.

        A mark that is there stays as it is, with the name of the one who made it first.
        """
        return self.mark(clip_id, wrong, reviewer) > 0

    def mark(
        self, clip_id: str, wrong: bool, reviewer: str = "", *, unless_newer_than: int | None = None
    ) -> int:
        """Do the same; returns the number of the mark, 0 where nothing had to change.

        Raises
        ------
        VerdictError
            When the clip has a mark with a higher number than `unless_newer_than`.
        """
        with self._transaction() as database:
            query = "SELECT number, wrong FROM reference_marks WHERE clip_id = ? ORDER BY number DESC LIMIT 1"
            number, was_wrong = database.execute(query, (clip_id,)).fetchone() or (0, False)
            if unless_newer_than is not None and number > unless_newer_than:
                raise VerdictError(
                    f"The reference of {clip_id} was judged elsewhere meanwhile; that is left as it is."
                )
            if bool(was_wrong) == wrong:
                return 0
            cursor = database.execute(
                "INSERT INTO reference_marks (clip_id, wrong, reviewer, time) VALUES (?, ?, ?, ?)",
                (clip_id, int(wrong), reviewer, _now()),
            )
            return int(cursor.lastrowid or 0)

    def marked_references(self) -> dict[str, ReferenceMark]:
        """The clips whose reference is called wrong, by id, those marked first before the others."""
        with self._open() as database:
            return _marked(database)

    def newest(self) -> tuple[int, int, int]:
        """Numbers of the latest judgement, own slice and mark of a reference; one grows with whatever is written."""
        with self._open() as database:
            return _newest(database)

    def _current(self, database: sqlite3.Connection, model: str) -> dict[str, Judgement]:
        query = (
            f"SELECT {_COLUMNS} FROM judgements JOIN slices USING (slice_id) WHERE number IN"
            " (SELECT MAX(number) FROM judgements WHERE model = ? GROUP BY slice_id) ORDER BY number"
        )
        latest = (_judgement(row) for row in database.execute(query, (model,)))
        return {judgement.slice_id: judgement for judgement in latest if not judgement.is_empty}

    def _latest(
        self, database: sqlite3.Connection, slice_id: str, model: str, below: int | None = None
    ) -> Judgement | None:
        query = (
            f"SELECT {_COLUMNS} FROM judgements JOIN slices USING (slice_id) WHERE slice_id = ? AND model = ?"
            " AND (? IS NULL OR number < ?) ORDER BY number DESC LIMIT 1"
        )
        row = database.execute(query, (slice_id, model, below, below)).fetchone()
        return _judgement(row) if row else None

    def _repeated(self, database: sqlite3.Connection, event: str) -> Amendment | None:
        """The amendment that an event has already made."""
        query = f"SELECT {_COLUMNS} FROM judgements JOIN slices USING (slice_id) WHERE event = ?"
        row = database.execute(query, (event,)).fetchone() if event else None
        if row is None:
            return None
        since = _judgement(row)
        before = self._latest(database, since.slice_id, since.model, since.number)
        return Amendment(before or _nothing(since.slice_id, since.model, since.clip_ids), since)

    def _is_of(self, database: sqlite3.Connection, judgement: Judgement, event: str) -> bool:
        """True if a judgement comes from the source of an event."""
        query = "SELECT event FROM judgements WHERE number = ?"
        ((other,),) = database.execute(query, (judgement.number,)).fetchall()
        return bool(event and other) and other.rpartition(":")[0] == event.rpartition(":")[0]

    def _own(self, database: sqlite3.Connection, slice_id: str) -> OwnSlice:
        own = _own_slices(database).get(slice_id)
        if own is None:
            raise VerdictError(
                "This slice is no longer on the list: it was removed in another tab or by somebody else."
            )
        return own

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection on which nobody else writes between the look and the word."""
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            yield database

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


def _write_judgement(database: sqlite3.Connection, judgement: Judgement, event: str = "") -> int:
    cursor = database.execute(
        "INSERT INTO judgements (slice_id, model, verdict, tags, note, reviewer, time, event)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            judgement.slice_id,
            judgement.model,
            judgement.verdict,
            json.dumps(judgement.tags),
            judgement.note,
            judgement.reviewer,
            judgement.time,
            event or None,
        ),
    )
    return int(cursor.lastrowid or 0)


def _write_own(database: sqlite3.Connection, values: tuple[str | int, ...]) -> None:
    database.execute(
        "INSERT INTO own_slices (slice_id, name, reason, removed, reviewer, time) VALUES (?, ?, ?, ?, ?, ?)",
        values,
    )


def _newest(database: sqlite3.Connection) -> tuple[int, int, int]:
    numbers = ", ".join(f"(SELECT COALESCE(MAX(number), 0) FROM {table})" for table in _TABLES)
    ((judgement, own, mark),) = database.execute(f"SELECT {numbers}").fetchall()
    return judgement, own, mark


def _tags(database: sqlite3.Connection) -> list[str]:
    query = "SELECT value FROM judgements, json_each(judgements.tags) GROUP BY value ORDER BY COUNT(*) DESC, value"
    return [row[0] for row in database.execute(query)]


def _own_slices(database: sqlite3.Connection) -> dict[str, OwnSlice]:
    query = (
        "SELECT slice_id, name, reason, reviewer, time, clip_ids, removed FROM own_slices JOIN slices USING (slice_id)"
        " JOIN (SELECT MAX(number) AS last, MIN(number) AS first FROM own_slices GROUP BY slice_id)"
        " ON number = last ORDER BY first"
    )
    return {
        slice_id: OwnSlice(slice_id, name, reason, reviewer, time, tuple(json.loads(clip_ids)))
        for slice_id, name, reason, reviewer, time, clip_ids, removed in database.execute(query)
        if not removed
    }


def _marked(database: sqlite3.Connection) -> dict[str, ReferenceMark]:
    query = (
        "SELECT clip_id, reviewer, time FROM reference_marks WHERE wrong AND number IN"
        " (SELECT MAX(number) FROM reference_marks GROUP BY clip_id) ORDER BY number"
    )
    return {row[0]: ReferenceMark(*row) for row in database.execute(query)}


def _judgement(row: tuple) -> Judgement:
    slice_id, model, verdict, tags, note, reviewer, time, clip_ids, number = row
    clips = tuple(json.loads(clip_ids))
    return Judgement(slice_id, model, verdict, tuple(json.loads(tags)), note, reviewer, time, clips, number)


def _checked(name: str) -> str:
    if not name.strip():
        raise VerdictError("A slice needs a name and at least one clip.")
    return name.strip()


def _nothing(slice_id: str, model: str, clip_ids: Sequence[str]) -> Judgement:
    """The judgement of a slice that was never judged."""
    return Judgement(slice_id, model, None, (), "", "", "", tuple(clip_ids))
