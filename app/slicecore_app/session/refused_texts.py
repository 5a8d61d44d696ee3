"""Texts for the notes of several slices that were refused, until the reader shortens or discards them.

Each is a change that waits (`Unsaved`), and unlike others it is no judgement of its slices: these are judged on without
it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from slicecore_app.session.review_records import (
    SliceChange,
    SliceChanges,
    Subject,
    Unsaved,
    subjects_of,
)


def with_refused_text(
    unsaved: Mapping[Subject, Unsaved], refused: Unsaved, error: str
) -> dict[Subject, Unsaved]:
    """Changes that wait, with one that was refused. A text for the same slices goes before it, in one with it."""
    record = refused.record
    assert isinstance(record, SliceChanges)
    earlier = unsaved.get(_place_of(record))
    if earlier is not None and isinstance(earlier.record, SliceChanges):
        before = {part.subject: part for part in earlier.record.parts}
        parts = (_together(before[part.subject], part) for part in record.parts)
        record = replace(record, parts=tuple(parts))
    left = {subject: each for subject, each in unsaved.items() if each is not earlier}
    return {**left, _place_of(record): Unsaved(record, error, is_refused=True)}


def without_refused_text(
    unsaved: Mapping[Subject, Unsaved], of: Collection[Subject], subjects: Collection[Subject]
) -> dict[Subject, Unsaved]:
    """Changes that wait, less what was refused for the slices `of`; for those not among `subjects` it waits on."""
    left = dict(unsaved)
    place = next((each for each, waiting in left.items() if _is_for(waiting, of)), None)
    waiting = left.pop(place) if place else None
    if waiting is None or not isinstance(waiting.record, SliceChanges):
        return left
    parts = tuple(part for part in waiting.record.parts if part.subject not in subjects)
    rest = replace(waiting, record=replace(waiting.record, parts=parts))
    return with_refused_text(left, rest, waiting.error) if parts else left


def _is_for(waiting: Unsaved, subjects: Collection[Subject]) -> bool:
    return waiting.is_refused_text and set(subjects_of(waiting.record)) == set(subjects)


def _together(first: SliceChange, then: SliceChange) -> SliceChange:
    steps = (*first.tag_steps, *then.tag_steps)
    return replace(then, change=first.change.then(then.change), tag_steps=steps)


def _place_of(record: SliceChanges) -> Subject:
    """Subject of a refused text, which is none of a slice: a judgement may wait at the same time."""
    slices = sorted(part.subject.id for part in record.parts)
    return replace(record.subject, id=f"refused {' '.join(slices)}")
