"""Content of an event of the verdict panel: the state that its page had seen, and the change that it asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slicecore.carry_over.carrying import Carried
from slicecore.storage.verdicts import LONGEST_NOTE, UNCHANGED, Change, Newest
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.server.open_table import CLIP_IDS
from slicecore_app.session.refused_texts import notes_of
from slicecore_app.session.review_records import (
    SharedNotes,
    SliceChange,
    SliceChanges,
    Status,
    is_note,
    press_on,
)
from slicecore_app.session.reviews import ReviewSession

LONGEST_NAME = 60
"""Letters of the name of a reviewer."""


def clip_ids(result: ReviewResult, problem: Problem) -> tuple[str, ...]:
    """Ids of the clips of a slice: the same object for all judgements of it, which every session keeps for its undo."""

    def compute() -> tuple[str, ...]:
        return tuple(result.data.ids[problem.slice.members].tolist())

    return result.table.shared(CLIP_IDS, problem.slice.id, compute)


def seen(event: dict[str, Any]) -> Newest:
    """Numbers of the newest records that the page showed when the event was made; 0 for those that it did not know."""
    numbers = [int(number) for number in event.get("newest") or ()]
    return Newest(*[*numbers, *[0] * len(Newest._fields)][: len(Newest._fields)])


def press(event: dict[str, Any]) -> str:
    """Name of a press over all pages and servers."""
    return str(event.get("press", ""))


def assignee(event: dict[str, Any]) -> str:
    """Name of whoever is to judge, "" for nobody."""
    return str(event["to"]).strip()[:LONGEST_NAME]


def shared_notes(event: dict[str, Any]) -> SharedNotes:
    """Tags and a text for the notes of several slices, as an event has them."""
    return SharedNotes(
        str(event["about"]),
        tuple(dict.fromkeys(map(str, event["slices"]))),
        tuple(map(str, event["added"])),
        tuple(map(str, event["removed"])),
        str(event.get("line", "")).strip(),
        press(event),
        seen(event).judgement,
    )


def notes_that_wait(status: Status, here: str, newest: int) -> list[dict[str, Any]]:
    """Events that would bring tags and texts here once more which wait, for a browser whose page goes.

    `newest` is the number of the newest judgement that is shown of the table and model `here`.
    """
    events = []
    for waiting in status.unsaved:
        record = waiting.record
        if waiting.undoes is not None:
            continue
        if isinstance(record, SharedNotes):
            # Who leaves it there knows what was judged since.
            number = max(record.seen, newest) if record.about == here else record.seen
            events.append(_event_of(replace(record, seen=number)))
        elif isinstance(record, SliceChanges) and is_note(record):
            (part,) = record.parts
            tags = () if part.change.tags is UNCHANGED else part.change.tags
            words = {"slice": part.subject.id, "tags": list(tags), "note": part.change.note}
            events.append(_event(part.subject.about, part.seen, part.event, **words))
        elif isinstance(record, SliceChanges):
            notes = notes_of(record)
            events += [_event_of(notes)] if notes.added or notes.removed or notes.line else []
    return events


def _event_of(notes: SharedNotes) -> dict[str, Any]:
    words = {
        "slices": list(notes.slices),
        "added": list(notes.added),
        "removed": list(notes.removed),
        "line": notes.line,
    }
    return _event(notes.about, notes.seen, notes.event, **words)


def _event(about: str, newest: int, press: str, **words: Any) -> dict[str, Any]:
    return {"kind": "notes", "about": about, "newest": [newest], "press": press, **words}


def slice_change(
    result: ReviewResult,
    reviews: ReviewSession,
    problem: Problem,
    change: Change,
    event: dict[str, Any],
    *,
    carried: Carried | None,
    slices: int = 1,
) -> SliceChange:
    """A change of the judgement of a slice, or of what is carried over to it, by a press on so many slices.

    A selection becomes a slice of one's own by it. So does a slice whose name is carried over.
    """
    own, room = problem.own if problem.draft else None, LONGEST_NOTE
    if carried is not None:
        before = carried.judgement
        change = Change(before.verdict, before.tags, before.note).then(change)
        own, room = carried.judged.named or own, max(room, len(before.note))
    return SliceChange(
        reviews.subject(problem.slice.id),
        slice_name(problem),
        clip_ids=clip_ids(result, problem),
        change=change,
        seen=seen(event).judgement,
        own=(own.name, own.reason) if own else None,
        event=press_on(press(event), problem.slice.id, slices),
        origin=carried.origin if carried else None,
        room=room,
    )
