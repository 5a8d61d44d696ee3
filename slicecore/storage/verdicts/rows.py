"""Rows that are added to the tables of a workspace; none is ever changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple

from slicecore.storage.verdicts.records import (
    Judgement,
    OwnSlice,
    ReferenceCorrection,
    ReferenceMark,
    Refusal,
)


def add_clips(connection: sqlite3.Connection, slice_id: str, clip_ids: Sequence[str]) -> None:
    """Add the clips of a slice, which its id stands for."""
    connection.execute("INSERT OR IGNORE INTO slices VALUES (?, ?)", (slice_id, json.dumps(list(clip_ids))))


def add_judgement(
    connection: sqlite3.Connection, judgement: Judgement, event: str = "", *, own: bool = True
) -> int:
    """Add a judgement; returns its number. One that is not the reviewer's own takes the place of everybody's."""
    cursor = connection.execute(
        "INSERT INTO judgements (slice_id, model, verdict, tags, note, reviewer, time, event, origin, own)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            judgement.slice_id,
            judgement.model,
            judgement.verdict,
            json.dumps(judgement.tags),
            judgement.note,
            judgement.reviewer,
            judgement.time,
            event or None,
            json.dumps(astuple(judgement.origin)) if judgement.origin else None,
            1 if own else None,
        ),
    )
    return int(cursor.lastrowid or 0)


def add_own_slice(connection: sqlite3.Connection, own: OwnSlice, removed: bool = False) -> None:
    """Add the state of a slice that a person made."""
    connection.execute(
        "INSERT INTO own_slices (slice_id, name, reason, removed, reviewer, time) VALUES (?, ?, ?, ?, ?, ?)",
        (own.slice_id, own.name, own.reason, int(removed), own.reviewer, own.time),
    )


def add_mark(connection: sqlite3.Connection, mark: ReferenceMark, wrong: bool) -> int:
    """Add a mark of a reference, or that it is taken back; returns its number."""
    cursor = connection.execute(
        "INSERT INTO reference_marks (clip_id, wrong, reviewer, time) VALUES (?, ?, ?, ?)",
        (mark.clip_id, int(wrong), mark.reviewer, mark.time),
    )
    return int(cursor.lastrowid or 0)


def add_correction(connection: sqlite3.Connection, correction: ReferenceCorrection) -> int:
    """Add a correction of a reference; returns its number."""
    cursor = connection.execute(
        "INSERT INTO corrections (clip_id, original, text, reviewer, time) VALUES (?, ?, ?, ?, ?)",
        (correction.clip_id, correction.original, correction.text, correction.reviewer, correction.time),
    )
    return int(cursor.lastrowid or 0)


def add_refusal(
    connection: sqlite3.Connection, refusal: Refusal, refused: bool, reviewer: str, time: str
) -> int:
    """Add that a judgement carried over is not wanted for a slice, or that this is taken back; returns its number."""
    cursor = connection.execute(
        "INSERT INTO refusals (slice_id, model, from_workspace, from_model, from_slice, refused, reviewer, time)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (refusal.slice_id, refusal.model, *refusal.origin, int(refused), reviewer, time),
    )
    return int(cursor.lastrowid or 0)
