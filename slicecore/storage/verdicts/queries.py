"""Queries: what is current in the tables of a workspace, and how it came about."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import fields
from typing import Any

from slicecore.errors import VerdictError
from slicecore.storage.verdicts.records import (
    Amendment,
    Judgement,
    Origin,
    OwnSlice,
    ReferenceCorrection,
    ReferenceMark,
    Refusal,
    unjudged,
)
from slicecore.storage.verdicts.reviewers import not_set_aside, reviewer_of

_TABLES = ("judgements", "own_slices", "reference_marks", "refusals", "corrections")


def opinions(connection: sqlite3.Connection, model: str) -> dict[str, tuple[Judgement, ...]]:
    """Latest judgement of every reviewer on the slices of a model, by slice id, the newest last; no empty ones."""
    by_slice: dict[str, list[Judgement]] = {}
    for judgement in _latest(connection, model):
        by_slice.setdefault(judgement.slice_id, []).append(judgement)
    return {slice_id: tuple(each) for slice_id, each in by_slice.items()}


def current_judgements(connection: sqlite3.Connection, model: str) -> dict[str, Judgement]:
    """The judgement that counts of every slice of a model, by slice id: the newest of a reviewer's latest."""
    newest = {judgement.slice_id: judgement for judgement in _latest(connection, model)}
    return dict(sorted(newest.items(), key=lambda item: item[1].number))


def every_judgement(connection: sqlite3.Connection) -> tuple[Judgement, ...]:
    """The judgement that counts of every slice and model, oldest first."""
    newest = {(judgement.model, judgement.slice_id): judgement for judgement in _latest(connection)}
    return tuple(sorted(newest.values(), key=lambda judgement: judgement.number))


def _latest(connection: sqlite3.Connection, model: str | None = None) -> list[Judgement]:
    """Latest judgement of every reviewer, slice and model, oldest first; empty ones are left out.

    One that stands for all takes the place of those before it (see `Database`). The file may be from before judgements
    had an origin, or reviewers of their own.
    """
    names = [row[1] for row in connection.execute("PRAGMA table_info(judgements)")]
    select = _judgements(connection) if "origin" in names else _judgements(connection, origin="NULL")
    stands_for_all = "own IS NULL" if "own" in names else "1"
    query = (
        f"{select} WHERE number IN (SELECT MAX(number)"
        " FROM judgements JOIN (SELECT model AS of_model, slice_id AS of_slice,"
        f" MAX(CASE WHEN {stands_for_all} THEN number ELSE 0 END) AS since FROM judgements GROUP BY model, slice_id)"
        " ON model = of_model AND slice_id = of_slice WHERE number >= since AND (?1 IS NULL OR model = ?1)"
        f" AND {not_set_aside(connection)}"
        f" GROUP BY model, slice_id, {reviewer_of(connection, 'judgements')}) ORDER BY number"
    )
    latest = (_judgement(row) for row in connection.execute(query, (model,)))
    return [judgement for judgement in latest if not judgement.is_empty]


def refusals(connection: sqlite3.Connection, model: str) -> tuple[Refusal, ...]:
    """Judgements carried over that reviewers did not want for slices of a model, oldest first."""
    query = (
        "SELECT slice_id, clip_ids, model, from_workspace, from_model, from_slice, refused FROM refusals"
        " JOIN slices USING (slice_id) WHERE model = ? AND number IN (SELECT MAX(number) FROM refusals"
        " GROUP BY slice_id, model, from_workspace, from_model, from_slice) ORDER BY number"
    )
    return tuple(
        Refusal(slice_id, _list(clip_ids), of, (workspace, judged, origin))
        for slice_id, clip_ids, of, workspace, judged, origin, refused in connection.execute(query, (model,))
        if refused
    )


def latest_judgement(
    connection: sqlite3.Connection,
    slice_id: str,
    model: str,
    below: int | None = None,
    reviewer: str | None = None,
) -> Judgement | None:
    """Latest judgement on a slice, of those with a number below `below`; with a reviewer, what theirs is by then.

    That is one of their own, or one from before there were several reviewers.
    """
    query = (
        f"{_judgements(connection)} WHERE slice_id = ?1 AND model = ?2 AND (?3 IS NULL OR number < ?3)"
        f" AND (?4 IS NULL OR {reviewer_of(connection, 'judgements')} = ?4 OR own IS NULL)"
        f" AND (?4 IS NULL OR {not_set_aside(connection)}) ORDER BY number DESC LIMIT 1"
    )
    row = connection.execute(query, (slice_id, model, below, reviewer)).fetchone()
    latest = _judgement(row) if row else None
    return latest if latest is None or reviewer in (None, latest.reviewer) else None


def history(connection: sqlite3.Connection, slice_id: str, model: str) -> list[Judgement]:
    """All judgements of one slice, oldest first."""
    query = f"{_judgements(connection)} WHERE slice_id = ? AND model = ? ORDER BY number"
    return [_judgement(row) for row in connection.execute(query, (slice_id, model))]


def amendment_of(connection: sqlite3.Connection, event: str) -> Amendment | None:
    """The amendment that an event has already made."""
    query = f"{_judgements(connection)} WHERE event = ?"
    row = connection.execute(query, (event,)).fetchone() if event else None
    if row is None:
        return None
    since = _judgement(row)
    before = latest_judgement(connection, since.slice_id, since.model, since.number, since.reviewer)
    return Amendment(before or unjudged(since.slice_id, since.model, since.clip_ids), since)


def is_of_source(connection: sqlite3.Connection, judgement: Judgement, event: str) -> bool:
    """True if a judgement comes from the source of an event."""
    query = "SELECT event FROM judgements WHERE number = ?"
    ((other,),) = connection.execute(query, (judgement.number,)).fetchall()
    return bool(event and other) and other.rpartition(":")[0] == event.rpartition(":")[0]


def judged_models(connection: sqlite3.Connection, slice_id: str) -> list[str]:
    """The models for which a slice was ever judged."""
    query = "SELECT DISTINCT model FROM judgements WHERE slice_id = ?"
    return [model for (model,) in connection.execute(query, (slice_id,))]


def own_slices(connection: sqlite3.Connection) -> dict[str, OwnSlice]:
    """The slices that people made and did not remove, by id, those made first before the others."""
    query = (
        f"SELECT slice_id, name, reason, {reviewer_of(connection, 'own_slices')}, time, clip_ids, removed"
        " FROM own_slices JOIN slices USING (slice_id)"
        " JOIN (SELECT MAX(number) AS last, MIN(number) AS first FROM own_slices GROUP BY slice_id)"
        " ON number = last ORDER BY first"
    )
    return {
        slice_id: OwnSlice(slice_id, name, reason, reviewer, time, _list(clip_ids))
        for slice_id, name, reason, reviewer, time, clip_ids, removed in connection.execute(query)
        if not removed
    }


def own_slice(connection: sqlite3.Connection, slice_id: str) -> OwnSlice:
    """A slice that a person made. Raises VerdictError where there is none (any more)."""
    own = own_slices(connection).get(slice_id)
    if own is None:
        raise VerdictError(
            "This slice is no longer on the list: it was removed in another tab or by somebody else."
        )
    return own


def marked_references(connection: sqlite3.Connection) -> dict[str, ReferenceMark]:
    """The clips whose reference is called wrong, by id, those marked first before the others."""
    query = (
        f"SELECT clip_id, {reviewer_of(connection, 'reference_marks')}, time FROM reference_marks WHERE wrong"
        " AND number IN (SELECT MAX(number) FROM reference_marks GROUP BY clip_id) ORDER BY number"
    )
    return {row[0]: ReferenceMark(*row) for row in connection.execute(query)}


def latest_mark(connection: sqlite3.Connection, clip_id: str) -> tuple[int, bool]:
    """Number of the latest mark of a clip's reference, and whether it calls it wrong; 0 and False if there is none."""
    query = "SELECT number, wrong FROM reference_marks WHERE clip_id = ? ORDER BY number DESC LIMIT 1"
    number, wrong = connection.execute(query, (clip_id,)).fetchone() or (0, False)
    return number, bool(wrong)


def corrections(connection: sqlite3.Connection) -> dict[str, ReferenceCorrection]:
    """The references that are corrected, by clip id, those corrected first before the others."""
    query = (
        f"{_corrections(connection)} WHERE text IS NOT NULL AND number IN"
        " (SELECT MAX(number) FROM corrections GROUP BY clip_id) ORDER BY number"
    )
    return {row[0]: ReferenceCorrection(*row) for row in connection.execute(query)}


def latest_correction(connection: sqlite3.Connection, clip_id: str) -> ReferenceCorrection | None:
    """Latest correction of a clip's reference, which may be that the original was put back."""
    query = f"{_corrections(connection)} WHERE clip_id = ? ORDER BY number DESC LIMIT 1"
    row = connection.execute(query, (clip_id,)).fetchone()
    return ReferenceCorrection(*row) if row else None


def newest_numbers(connection: sqlite3.Connection) -> tuple[int, ...]:
    """Numbers of the latest judgement, own slice, mark of a reference, refusal and correction."""
    numbers = ", ".join(f"(SELECT COALESCE(MAX(number), 0) FROM {table})" for table in _TABLES)
    (newest,) = connection.execute(f"SELECT {numbers}").fetchall()
    return tuple(newest)


def used_tags(connection: sqlite3.Connection) -> list[str]:
    """Every tag used, most used first."""
    query = "SELECT value FROM judgements, json_each(judgements.tags) GROUP BY value ORDER BY COUNT(*) DESC, value"
    return [row[0] for row in connection.execute(query)]


def _judgements(connection: sqlite3.Connection, *, origin: str = "origin") -> str:
    """Beginning of a query for judgements."""
    return (
        f"SELECT slice_id, model, verdict, tags, note, {reviewer_of(connection, 'judgements')}, time, clip_ids,"
        f" number, {origin} FROM judgements JOIN slices USING (slice_id)"
    )


def _corrections(connection: sqlite3.Connection) -> str:
    """Beginning of a query for corrections."""
    reviewer = reviewer_of(connection, "corrections")
    return f"SELECT clip_id, original, text, {reviewer}, time, number FROM corrections"


def _judgement(row: tuple) -> Judgement:
    slice_id, model, verdict, tags, note, reviewer, time, clip_ids, number, origin = row
    clips, came_from = _list(clip_ids), Origin(*_list(origin, len(fields(Origin)))) if origin else None
    return Judgement(slice_id, model, verdict, _list(tags), note, reviewer, time, clips, number, came_from)


def _list(text: object, length: int | None = None) -> tuple[Any, ...]:
    """Entries of a cell that holds them as JSON. Raises the error of a damaged file where it holds anything else."""
    try:
        entries = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        entries = None
    if not isinstance(entries, list) or length not in (None, len(entries)):
        raise sqlite3.DataError("a list in it is damaged")
    return tuple(entries)
