"""Records of what a reviewer changes: a judgement, a refusal, a mark, a reference, who judges; on disk or not yet.

Each names its table, model and slice or clip, so that it stays right whatever is opened meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from slicecore.errors import VerdictError
from slicecore.storage.verdicts import (
    LONGEST_NOTE,
    UNCHANGED,
    AssignmentConflictError,
    Change,
    LineLengthError,
    Newest,
    NoteLengthError,
    Origin,
    Refusal,
)
from slicecore.wording import counted


@dataclass(frozen=True)
class Subject:
    """The slice of a model (or of two compared) that is judged; without a model the clip whose reference is marked."""

    table: str  # name of its workspace
    model: str
    id: str

    @property
    def about(self) -> str:
        """Name of table and model, by which an event says what it is about."""
        return f"{self.table} {self.model}"

    def is_on(self, table: str, slice_id: str) -> bool:
        """True for a slice of a table, whatever the model."""
        return (self.table, self.id) == (table, slice_id)


@dataclass(frozen=True)
class SliceChange:
    """A judgement of one slice as the reader wants it.

    Attributes
    ----------
    title
        Name of the slice on the page.
    seen
        Number of the newest judgement that the page showed when the reader judged.
    own
        Name and reason, where the slice becomes one of the reader's own by it.
    event
        Name of the press in the browser on this slice, which is written once however often it arrives.
    origin
        The judgement that was carried over to the slice, where this confirms or changes it.
    room
        Characters that the note may have.
    tag_steps
        Tags that the reader added (True) to several slices and took off, in their order; `change` has those since.
    packed
        Rows of the clips as a text (`packed_rows`), by which another session knows them again.
    is_again
        True where it has waited in a session before this one.
    """

    subject: Subject
    title: str
    clip_ids: tuple[str, ...]
    change: Change
    seen: int = 0
    own: tuple[str, str] | None = None
    event: str = ""
    origin: Origin | None = None
    room: int = LONGEST_NOTE
    tag_steps: tuple[tuple[str, bool], ...] = ()
    packed: str = ""
    is_again: bool = False


@dataclass(frozen=True)
class SliceChanges:
    """Judgements of slices that are written together: of one, or of several that were chosen in the list.

    `left_out` were chosen with them, and stay as somebody else has judged them meanwhile.
    """

    parts: tuple[SliceChange, ...]
    left_out: tuple[SliceChange, ...] = ()

    @property
    def subject(self) -> Subject:
        """Subject of the first; no slice is in two records that wait."""
        return self.parts[0].subject

    @property
    def title(self) -> str:
        """Name of the slice, or the number of those that are judged together."""
        return self.parts[0].title if len(self.parts) == 1 else counted(len(self.parts), "problem")


@dataclass(frozen=True)
class SharedNotes:
    """Tags and a text for the notes of several slices, as the reader wrote them; refused ones wait as such.

    Attributes
    ----------
    about
        Name of the table and model of the slices.
    slices
        Ids of the slices, of which some may not be there any more.
    event
        Name of the press.
    seen
        Number of the newest judgement that the page showed then.
    is_long
        Whether the length of the text is what they were refused for.
    """

    about: str
    slices: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    line: str
    event: str = ""
    seen: int = 0
    is_long: bool = False

    @property
    def subject(self) -> Subject:
        """Subject that is none of a slice: a judgement may wait at the same time."""
        return Subject("", self.about, f"notes {' '.join(sorted(self.slices))}")

    @property
    def title(self) -> str:
        """Number of the slices."""
        return counted(len(self.slices), "problem")


@dataclass(frozen=True)
class UnplacedWords:
    """Words that can't be written for now, as an event has them (`kept_words.py`).

    Attributes
    ----------
    about
        Name of the table and model of which they are.
    key
        Name that no other words have.
    title
        Name of what they are about.
    event
        The event that brings them again.
    why
        "cleared" or "changed": the selection, or the table or the model, before they came, and the reader says whether
        they are to be saved; "elsewhere": they are, as soon as their table, and model, are on the page.
    count
        Number of words.
    """

    about: str
    key: str
    title: str
    event: Mapping[str, Any]
    why: str
    count: int = 1

    @property
    def subject(self) -> Subject:
        """Subject that is none of a slice: a judgement may wait at the same time."""
        return Subject("", self.about, f"unplaced {self.key}")


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
    assignment that the page showed. `left_out` are the titles of those that stay as somebody else has assigned them.
    """

    subject: Subject
    titles: Mapping[str, str]
    assignees: Mapping[str, str]
    clips: Mapping[str, Sequence[str]]
    seen: int = 0
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Name of the slice, or the number of those that were assigned together."""
        names = list(self.titles.values())
        return names[0] if len(names) == 1 else counted(len(names), "slice")


@dataclass(frozen=True)
class Naming:
    """A slice that becomes one of the reader's own under a name, or that gets another one.

    Its `subject` is none of a slice: a judgement of that may wait at the same time. `reason` says how its clips were
    chosen; None for a slice that is there, of which only the name changes. `packed` are the rows of its clips, as of a
    `SliceChange`.
    """

    subject: Subject
    slice_id: str
    name: str
    clip_ids: tuple[str, ...]
    reason: str | None
    packed: str = ""

    @property
    def title(self) -> str:
        """Name that the slice gets."""
        return self.name

    @classmethod
    def of(
        cls, table: str, slice_id: str, name: str, clips: Sequence[str], reason: str | None, packed: str = ""
    ) -> Naming:
        """The naming of a slice of a table; it holds for every model."""
        return cls(cls.place(table, slice_id), slice_id, name, tuple(clips), reason, packed)

    @staticmethod
    def place(table: str, slice_id: str) -> Subject:
        """The subject of the name of a slice."""
        return Subject(table, "", f"named {slice_id}")


@dataclass(frozen=True)
class Removal:
    """A slice of somebody's own that goes off the list, with what is said of it.

    Its `subject` is none of a slice, nor that of its name. `title` is its name, and `seen` has the numbers of the
    newest records that the page showed: it stays where it was changed since.
    """

    subject: Subject
    slice_id: str
    title: str
    seen: Newest

    @classmethod
    def of(cls, table: str, slice_id: str, title: str, seen: Newest) -> Removal:
        """The removal of a slice of a table."""
        return cls(cls.place(table, slice_id), slice_id, title, seen)

    @staticmethod
    def place(table: str, slice_id: str) -> Subject:
        """The subject of the removal of a slice."""
        return Subject(table, "", f"removed {slice_id}")


Record = (
    SliceChanges | SharedNotes | UnplacedWords | Decline | Mark | Correction | Assignees | Naming | Removal
)


def press_on(event: str, slice_id: str, slices: int) -> str:
    """Name of a press on one of the slices to which it goes."""
    return f"{event} {slice_id}" if event and slices > 1 else event


def subjects_of(record: Record) -> tuple[Subject, ...]:
    """Subjects of a record: its own, or those of all slices that it judges or assigns."""
    if isinstance(record, SliceChanges):
        return tuple(part.subject for part in record.parts)
    if isinstance(record, Assignees):
        return tuple(replace(record.subject, id=f"assigned {slice_id}") for slice_id in record.titles)
    return (record.subject,)


def own_slices_of(record: Record) -> tuple[str, ...]:
    """Ids of the slices that a record judges, or makes somebody's own."""
    if isinstance(record, SliceChanges):
        return tuple(part.subject.id for part in record.parts)
    return (record.slice_id,) if isinstance(record, Naming) else ()


def reason_of(error: VerdictError, record: Record) -> str:
    """Reason of a refusal, with the name of the slice where it is about one of several."""
    if isinstance(record, Assignees) and isinstance(error, AssignmentConflictError):
        return error.about(record.titles.get(error.others[0].slice_id, "A slice"))
    if isinstance(record, SliceChanges) and isinstance(error, NoteLengthError):
        about = error.about(next(part.title for part in record.parts if part.subject.id == error.slice_id))
        return about if is_note(record) or line_of(record) else f"{about} Nothing was written."
    return error.about if isinstance(error, LineLengthError) else str(error)


def is_note(record: Record) -> bool:
    """True for a judgement of one slice with a note as the reader wrote it; a text below one carried over is none."""
    if not isinstance(record, SliceChanges) or len(record.parts) > 1:
        return False
    (part,) = record.parts
    return part.change.note is not UNCHANGED and not (part.origin and part.change.lines)


def line_of(record: Record) -> str:
    """The text that a record puts below notes; "" for none."""
    parts = record.parts if isinstance(record, SliceChanges) else ()
    return "\n".join(dict.fromkeys(line.strip() for part in parts for line in part.change.lines))


def title_of(record: Record) -> str:
    """Name of what a record is about, for messages."""
    if isinstance(record, Mark | Correction):
        return f"The reference of {record.subject.id if isinstance(record, Mark) else record.clip}"
    return record.title
