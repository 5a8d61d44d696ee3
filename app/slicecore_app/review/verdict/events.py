"""Content of an event of the verdict panel: the state that its page had seen, and the change that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slicecore.carry_over.carrying import Carried
from slicecore.storage.verdicts import LONGEST_NOTE, Change, Newest
from slicecore_app.review.problems.naming import slice_name
from slicecore_app.review.review_result import Problem, ReviewResult
from slicecore_app.server.open_table import CLIP_IDS, PACKED_CLIPS
from slicecore_app.session.packed_rows import packed
from slicecore_app.session.review_records import SharedNotes, SliceChange, press_on
from slicecore_app.session.reviews import ReviewSession

LONGEST_NAME = 60
"""Letters of the name of a reviewer."""


def clip_ids(result: ReviewResult, problem: Problem) -> tuple[str, ...]:
    """Ids of the clips of a slice: the same object for all judgements of it, which every session keeps for its undo."""

    def compute() -> tuple[str, ...]:
        return tuple(result.data.ids[problem.slice.members].tolist())

    return result.table.shared(CLIP_IDS, problem.slice.id, compute)


def packed_clips(result: ReviewResult, problem: Problem) -> str:
    """Rows of the clips of a slice as a text, the same object for all as well."""
    return result.table.shared(PACKED_CLIPS, problem.slice.id, lambda: packed(problem.slice.members))


def seen(event: dict[str, Any]) -> Newest:
    """Numbers of the newest records that the page showed when the event was made; 0 for those that it did not know."""
    numbers = [int(number) for number in event.get("newest") or ()]
    return Newest(*[*numbers, *[0] * len(Newest._fields)][: len(Newest._fields)])


def press(event: dict[str, Any]) -> str:
    """Name of a press over all pages and servers."""
    return str(event.get("press", ""))


def said_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """Words of an event on each of its slices, by whichever numbers, in the form of words that wait."""
    if event["kind"] == "assign":
        return {"to": assignee(dict(event)), "seen": seen(dict(event)).assignment}
    said = {name: event[name] for name in ("verdict", "tags", "note") if name in event}
    return {"seen": seen(dict(event)).judgement, **said}


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
        packed=packed_clips(result, problem),
    )
