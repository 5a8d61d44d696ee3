"""The last word that somebody said, which undo takes back: one that is on disk, or one that waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from slicecore_app.session.review_records import (
    Naming,
    Record,
    Removal,
    SharedNotes,
    SliceChanges,
    Subject,
    UnplacedWords,
    subjects_of,
)
from slicecore_app.session.saving import Step, Unsaved
from slicecore_app.session.waiting import subjects_on


def last_word(
    steps: Iterable[Step], unsaved: Mapping[Subject, Unsaved], about: str, is_late: bool
) -> Step | Unsaved | None:
    """The last word on a table and model, as far as undo takes it back; None for nothing.

    `about` names both (`Subject.about`). A text that was refused is none: its reader has it in hand. `is_late`: the
    undo was asked for on a page before this one, where nobody had seen what came again from there.
    """
    words: list[Step | Unsaved] = [*steps, *(each for each in unsaved.values() if _can_be_taken_back(each))]
    here = [
        word for word in words if _is_about(word.record.subject, about) and not (is_late and word.is_again)
    ]
    return max(here, key=lambda word: word.said, default=None)


def _is_about(subject: Subject, about: str) -> bool:
    """True for a subject of a table and model, or of a clip of the table, which has no model."""
    return subject.about == about or (not subject.model and about.startswith(subject.about))


def _can_be_taken_back(waiting: Unsaved) -> bool:
    is_text = isinstance(waiting.record, SharedNotes | UnplacedWords)
    is_undo = waiting.undoes is not None
    return not (waiting.is_refused or is_text or is_undo or isinstance(waiting.record, Naming))


def taken_up_by(record: Record, unsaved: Mapping[Subject, Unsaved]) -> tuple[Unsaved, ...]:
    """The words that wait about the subjects of a record, as it takes them up: of several slices those it is about.

    The removal of a slice takes up all that is said of it.
    """
    subjects, taken = {record.subject, *subjects_of(record)}, list[Unsaved]()
    if isinstance(record, Removal):
        subjects |= subjects_on(unsaved, record.subject.table, record.slice_id)
    for waiting in unsaved.values():
        before = waiting.record
        if isinstance(before, SliceChanges):
            parts = tuple(part for part in before.parts if part.subject in subjects)
            if parts:
                taken.append(replace(waiting, record=replace(before, parts=parts)))
        elif before.subject in subjects:
            taken.append(waiting)
    return tuple(taken)


def without_last(unsaved: Mapping[Subject, Unsaved], last: Unsaved) -> dict[Subject, Unsaved]:
    """Changes that wait, less one that is taken back, and with what that had taken up, in the order of saying."""
    left = [each for each in unsaved.values() if each is not last]
    back = sorted([*left, *last.took_up], key=lambda waiting: waiting.said)
    return {waiting.record.subject: waiting for waiting in back}
