"""Conflicts: newer words that a change would replace unseen, and what can be done of the change all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from slicecore.storage.verdicts import Assignment, Judgement, OwnSlice, Word, verb_of
from slicecore_app.session.review_records import (
    Assignees,
    Correction,
    Record,
    SliceChange,
    SliceChanges,
    title_of,
)
from slicecore_app.session.saving import Step, Unsaved


def replacing(waiting: Unsaved) -> Unsaved:
    """The change once more, of somebody who has seen what it would replace of others."""
    record, seen = waiting.record, max((other.number for other in waiting.others), default=0)
    if isinstance(record, Correction):
        record = replace(record, seen=seen)
    elif isinstance(record, SliceChanges):
        # Of the others in it nothing newer than they had seen was there by then.
        parts = tuple(replace(part, seen=max(part.seen, seen)) for part in record.parts)
        record = replace(record, parts=parts)
    return replace(waiting, record=record, others=())


def rest_of(waiting: Unsaved) -> SliceChanges | Assignees | None:
    """Those of several slices that no newer word of somebody else holds up, which are left out; None for none."""
    theirs = {other.slice_id for other in waiting.others if isinstance(other, Judgement | Assignment)}
    record = waiting.record
    if not theirs:
        return None
    if isinstance(record, Assignees):
        left_out = {**record.left_out, **_those(record.titles, theirs)}
        titles = {each: title for each, title in record.titles.items() if each not in theirs}
        assignees = {each: name for each, name in record.assignees.items() if each not in theirs}
        return replace(record, titles=titles, assignees=assignees, left_out=left_out) if assignees else None
    if isinstance(record, SliceChanges):
        parts, others = list[SliceChange](), list(record.left_out)
        for part in record.parts:
            (others if part.subject.id in theirs else parts).append(part)
        return SliceChanges(tuple(parts), tuple(others)) if parts else None
    return None


def _those(titles: Mapping[str, str], slices: set[str]) -> dict[str, str]:
    return {slice_id: title for slice_id, title in titles.items() if slice_id in slices}


def left_out_of(record: Record) -> dict[str, str]:
    """Titles of the slices that a record leaves as somebody else has them, by slice id."""
    if isinstance(record, Assignees):
        return dict(record.left_out)
    parts = record.left_out if isinstance(record, SliceChanges) else ()
    return {part.subject.id: part.title for part in parts}


def taken_back(step: Step, undo: Record) -> Step:
    """That of a step which an undo takes back: without what it leaves out."""
    record = step.record
    if isinstance(record, Assignees) and isinstance(undo, Assignees):
        return replace(step, record=replace(record, titles=undo.titles, left_out=undo.left_out))
    if isinstance(record, SliceChanges) and isinstance(undo, SliceChanges):
        subjects = {part.subject for part in undo.parts}
        pairs = zip(record.parts, step.amendments, strict=True)
        parts, amendments = zip(*(pair for pair in pairs if pair[0].subject in subjects), strict=True)
        return replace(step, record=SliceChanges(parts, undo.left_out), amendments=amendments)
    return step


def others_of(record: Record, others: Sequence[Word]) -> list[tuple[str, Word]]:
    """Words of others since, with the names of the slices; one may meanwhile be judged apart from the rest."""
    titles: Mapping[str, str] = {}
    if isinstance(record, SliceChanges):
        titles = {part.subject.id: part.title for part in record.parts}
    elif isinstance(record, Assignees):
        titles = record.titles
    return [
        (titles.get(other.slice_id, "a problem chosen with these"), other)
        if isinstance(other, Judgement | Assignment)
        else (title_of(record), other)
        for other in others
    ]


def stays(title: str, other: OwnSlice | Judgement, mine: str) -> str:
    """Sentence that a slice is not removed, as somebody has changed or judged it since."""
    verb = "judged" if isinstance(other, Judgement) else "changed"
    return f"{title} was {verb} by {by(other, mine)} since, at {clock(other)}; it stays on the list."


def by(other: Word | OwnSlice, mine: str) -> str:
    """Whoever a word is of, for one who goes by the name `mine`: "Bob", "you elsewhere"."""
    return "you elsewhere" if mine and other.reviewer == mine else other.reviewer or "somebody"


def clock(other: Word | OwnSlice) -> str:
    """Time of day of a word."""
    return f"{datetime.fromisoformat(other.time).astimezone():%H:%M}"


def left_as_it_is(record: Record, others: Sequence[Word], mine: str) -> str:
    """Sentence that nothing of a change is taken back, as there are newer words, and whose."""
    said, verb = others_of(record, others), verb_of(others[0])
    if len(said) == 1:
        ((title, other),) = said
        return f"{title} was {verb} by {by(other, mine)} since, at {clock(other)}; that is left as it is."
    names = "; ".join(f"{title} by {by(other, mine)}" for title, other in said)
    return f"{verb.capitalize()} since: {names}. Nothing was taken back."
