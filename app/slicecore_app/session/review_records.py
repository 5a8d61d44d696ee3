"""Records of what a reviewer changes: a judgement, a refusal, a mark, a reference, who judges; on disk or not yet.

Each names its table, model and slice or clip, so that it stays right whatever is opened meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from slicecore.errors import VerdictError
from slicecore.storage.verdicts import (
    AssignmentConflictError,
    Change,
    Judgement,
    Origin,
    ReferenceCorrection,
    Refusal,
)
from slicecore.wording import counted


@dataclass(frozen=True)
class Subject:
    """The slice of a model (or of two compared) that is judged; without a model the clip whose reference is marked."""

    table: str  # name of its workspace
    model: str
    id: str


@dataclass(frozen=True)
class SliceChange:
    """A judgement as the reader wants it.

    Attributes
    ----------
    title
        Name of the slice on the page.
    seen
        Number of the newest judgement that the page showed when the reader judged.
    own
        Name and reason, where the slice becomes one of the reader's own by it.
    event
        Name of the press in the browser, which is written once however often it arrives.
    origin
        The judgement that was carried over to the slice, where this confirms or changes it.
    """

    subject: Subject
    title: str
    clip_ids: tuple[str, ...]
    change: Change
    seen: int = 0
    own: tuple[str, str] | None = None
    event: str = ""
    origin: Origin | None = None


@dataclass(frozen=True)
class Decline:
    """A judgement that is not to be carried over to a slice, or that taken back.

    Its `subject` is none of a slice: a judgement of that may wait at the same time.
    """

    subject: Subject
    title: str
    refusal: Refusal
    takes_back: bool = False


@dataclass(frozen=True)
class Mark:
    """A reference called wrong, or that taken back; `subject.id` is its clip."""

    subject: Subject
    wrong: bool


@dataclass(frozen=True)
class Correction:
    """A corrected reference, or the original put back (`text` None).

    Its `subject` is not that of the mark of the clip, which may wait at the same time. `seen` is the number of the
    newest correction that the page showed.
    """

    subject: Subject
    clip: str
    original: str
    text: str | None
    seen: int = 0


@dataclass(frozen=True)
class Assignees:
    """Slices that somebody is to judge: their titles on the page, who, and their clips, by slice id; "" for nobody.

    Its `subject` is none of a slice: a judgement may wait at the same time. `seen` is the number of the newest
    assignment that the page showed.
    """

    subject: Subject
    titles: Mapping[str, str]
    assignees: Mapping[str, str]
    clips: Mapping[str, Sequence[str]]
    seen: int = 0

    @property
    def title(self) -> str:
        """Name of the slice, or the number of those that were assigned together."""
        names = list(self.titles.values())
        return names[0] if len(names) == 1 else counted(len(names), "slice")


Record = SliceChange | Decline | Mark | Correction | Assignees


@dataclass(frozen=True)
class Step:
    """A change that is on disk: from one judgement to another, of a mark or of a text; `number` is that of the write.

    `text_before` is the corrected reference before a correction, None for the original; `assignees_before` are those
    of the slices that were assigned.
    """

    record: Record
    number: int
    before: Judgement | None = None
    since: Judgement | None = None
    text_before: str | None = None
    assignees_before: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Unsaved:
    """A change that is not on disk, and why: an error, or what it would replace unseen of somebody else."""

    record: Record
    error: str = ""
    other: Judgement | ReferenceCorrection | None = None
    undoes: Step | None = None


@dataclass(frozen=True)
class Status:
    """The state of saving, for the page to put into words.

    Attributes
    ----------
    saved_at
        Time of the last successful write, None before one.
    undone
        The step that this write took back, None if it was no undo.
    withdrawn
        The step that this write was, if it took a verdict back: the same key pressed twice.
    unsaved
        Changes that are not on disk, in their order.
    undo_is_empty
        Whether the latest undo found nothing to take back.
    notice
        A sentence about something that was refused or could not be read; "" for none.
    """

    saved_at: datetime | None
    undone: Step | None
    withdrawn: Step | None
    unsaved: tuple[Unsaved, ...]
    undo_is_empty: bool
    notice: str


def withdraws(step: Step) -> bool:
    """True for a step after which a slice has no verdict any more."""
    before, since = step.before, step.since
    return before is not None and since is not None and bool(before.verdict) and not since.verdict


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
    assert step.before is not None
    change = Change(step.before.verdict, step.before.tags, step.before.note)
    return Unsaved(
        replace(record, change=change, seen=step.number, own=None, origin=None, event=event), undoes=step
    )


def subjects_of(record: Record) -> tuple[Subject, ...]:
    """Subjects of a record: its own, or those of all slices that it assigns."""
    if isinstance(record, Assignees):
        return tuple(replace(record.subject, id=f"assigned {slice_id}") for slice_id in record.titles)
    return (record.subject,)


def reason_of(error: VerdictError, record: Record) -> str:
    """Reason of a refusal, with the name of the slice where it is about one of several."""
    if isinstance(record, Assignees) and isinstance(error, AssignmentConflictError):
        return error.about(record.titles.get(error.other.slice_id, "A slice"))
    return str(error)


def title_of(record: Record) -> str:
    """Name of what a record is about, for messages."""
    if isinstance(record, Mark | Correction):
        return f"The reference of {record.subject.id if isinstance(record, Mark) else record.clip}"
    return record.title
