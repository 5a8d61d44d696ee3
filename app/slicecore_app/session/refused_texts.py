"""Texts for the notes of several slices that were refused, until the reader shortens, sends or discards them.

Each is a change that waits (`Unsaved`), and unlike others it is no judgement of its slices: these are judged on without
it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from slicecore.storage.verdicts import with_line
from slicecore_app.session.review_records import SharedNotes, SliceChanges, Subject, line_of
from slicecore_app.session.saving import Unsaved


def notes_of(record: SliceChanges) -> SharedNotes:
    """Tags and text that a record puts on its slices, as the reader wrote them."""
    steps = dict(step for part in record.parts for step in part.tag_steps)
    part = record.parts[0]
    return SharedNotes(
        part.subject.about,
        tuple(each.subject.id for each in record.parts),
        tuple(tag for tag, is_added in steps.items() if is_added),
        tuple(tag for tag, is_added in steps.items() if not is_added),
        line_of(record),
        part.event.removesuffix(f" {part.subject.id}"),
        min(each.seen for each in record.parts),
    )


def with_refused_text(
    unsaved: Mapping[Subject, Unsaved], text: SharedNotes, error: str
) -> dict[Subject, Unsaved]:
    """Changes that wait, with a text that was refused. One for the same slices goes before it, in one with it."""
    place = text.subject
    earlier = unsaved.get(place)
    if earlier is not None and isinstance(earlier.record, SharedNotes):
        text = _together(earlier.record, text)
    left = {subject: each for subject, each in unsaved.items() if subject != place}
    return {**left, place: Unsaved(text, error, is_refused=True)}


def without_refused_text(
    unsaved: Mapping[Subject, Unsaved], taken: SharedNotes, slices: Collection[str]
) -> dict[Subject, Unsaved]:
    """Changes that wait, less the one for the slices of `taken`; for `slices`, where it is for them, it waits on."""
    left = dict(unsaved)
    waiting = left.pop(taken.subject, None)
    if waiting is None or not isinstance(waiting.record, SharedNotes):
        return left
    rest = tuple(each for each in waiting.record.slices if each in slices)
    return with_refused_text(left, replace(waiting.record, slices=rest), waiting.error) if rest else left


def _together(first: SharedNotes, then: SharedNotes) -> SharedNotes:
    if first.event and first.event == then.event:  # it has come again
        return then
    added = (*(tag for tag in first.added if tag not in then.removed), *then.added)
    removed = (*(tag for tag in first.removed if tag not in then.added), *then.removed)
    return replace(
        then,
        added=tuple(dict.fromkeys(added)),
        removed=tuple(dict.fromkeys(removed)),
        line=with_line(first.line, then.line),
    )
