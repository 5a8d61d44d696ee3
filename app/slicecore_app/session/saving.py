"""State of saving: changes that are on disk, which undo takes back, changes that are not, and what the page says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from slicecore.storage.verdicts import LONGEST_NOTE, Amendment, Change, Word
from slicecore_app.session.review_records import (
    Assignees,
    Correction,
    Decline,
    Mark,
    Record,
    SharedNotes,
    SliceChanges,
    Subject,
    UnplacedWords,
    press_on,
    subjects_of,
)
from slicecore_app.session.signature import Signature


@dataclass(frozen=True)
class Step:
    """A change that is on disk; `number` is that of the last write.

    `amendments` are the judgements before and since, of the slices of the record in their order; `text_before` is the
    corrected reference before a correction, None for the original; `assignees_before` are those of the slices that
    were assigned. `said` and `is_again` are those of the change.
    """

    record: Record
    number: int
    amendments: tuple[Amendment, ...] = ()
    text_before: str | None = None
    assignees_before: Mapping[str, str] | None = None
    said: int = 0
    is_again: bool = False

    @property
    def numbers(self) -> dict[Subject, int]:
        """Number of the write about each subject of the record."""
        numbers = [each.since.number for each in self.amendments] or [self.number] * len(
            subjects_of(self.record)
        )
        return dict(zip(subjects_of(self.record), numbers, strict=True))


@dataclass(frozen=True)
class Unsaved:
    """A change that is not on disk, and why: an error, or what it would replace unseen of other people.

    `is_refused`: the error is about what the reader wrote, and stays until they change or discard it. `signature` is
    that with which it came, whatever name the reader takes since. `said` is its place among all that is said in the
    session, and `took_up` what had waited about the same slices, which it took up. `is_again`: it has waited in a
    session before this one.
    """

    record: Record
    error: str = ""
    is_refused: bool = False
    others: tuple[Word, ...] = ()
    undoes: Step | None = None
    signature: Signature | None = None
    said: int = 0
    took_up: tuple[Unsaved, ...] = ()
    is_again: bool = False

    @property
    def is_undo_held_up(self) -> bool:
        """True for an undo that meets newer words: nothing of it is lost where it is not done."""
        return self.undoes is not None and bool(self.others)

    @property
    def is_refused_text(self) -> bool:
        """True for a text for the notes of several that goes back into its field: no judgement waits for it."""
        return isinstance(self.record, SharedNotes)

    @property
    def count(self) -> int:
        """Number of words that wait: of several slices one of each."""
        if isinstance(self.record, SharedNotes):
            return len(self.record.slices)
        if isinstance(self.record, UnplacedWords):
            return self.record.count
        return 0 if self.is_undo_held_up else len(subjects_of(self.record))


@dataclass(frozen=True)
class Status:
    """The state of saving, for the page to put into words.

    Attributes
    ----------
    saved_at
        Time of the last successful write, None before one.
    undone
        The step that this write took back, None if it was no undo.
    given_up
        The change that the latest undo took back while it waited, None where it was another one.
    told
        The step that this write was, if the page says what it did: it took a verdict back (the same key pressed twice),
        judged several slices, or left some out.
    unsaved
        Changes that are not on disk, in their order.
    undo_is_empty
        Whether the latest undo found nothing to take back.
    notice
        A sentence about something that was refused or could not be read; "" for none.
    """

    saved_at: datetime | None
    undone: Step | None
    given_up: Record | None
    told: Step | None
    unsaved: tuple[Unsaved, ...]
    undo_is_empty: bool
    notice: str


def is_told(step: Step) -> bool:
    """True for a step after which a slice has no verdict any more, and for one of slices that were chosen together."""
    return is_of_several(step) or any(
        each.before.verdict and not each.since.verdict for each in step.amendments
    )


def is_of_several(step: Step) -> bool:
    """True for a step of slices that were chosen together, whatever was left out of them."""
    record = step.record
    return isinstance(record, SliceChanges) and len(record.parts) + len(record.left_out) > 1


def undoing(step: Step, event: str) -> Unsaved:
    """The change that takes a step back."""
    record = step.record
    if isinstance(record, Mark):
        return Unsaved(replace(record, wrong=not record.wrong), undoes=step)
    if isinstance(record, Correction):
        return Unsaved(replace(record, text=step.text_before, seen=step.number), undoes=step)
    if isinstance(record, Decline):
        return Unsaved(replace(record, takes_back=not record.takes_back), undoes=step)
    if isinstance(record, Assignees):
        before = step.assignees_before or {}
        return Unsaved(replace(record, assignees=before, seen=step.number), undoes=step)
    assert isinstance(record, SliceChanges)  # refused notes are no step
    parts = [
        replace(
            part,
            change=Change(each.before.verdict, each.before.tags, each.before.note),
            seen=each.since.number,
            own=None,
            origin=None,
            room=max(LONGEST_NOTE, len(each.before.note)),
            is_again=False,
            event=press_on(event, part.subject.id, len(record.parts)),
        )
        for part, each in zip(record.parts, step.amendments, strict=True)
    ]
    return Unsaved(SliceChanges(tuple(parts)), undoes=step)
