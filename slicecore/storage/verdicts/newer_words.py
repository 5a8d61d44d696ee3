"""Newer words: those of somebody else, or of the same person elsewhere, that a change would replace unseen."""

from __future__ import annotations

from slicecore.errors import VerdictError
from slicecore.storage.verdicts.records import (
    Assignment,
    Judgement,
    OwnSlice,
    ReferenceCorrection,
    ReferenceMark,
)

Word = Judgement | Assignment | ReferenceCorrection | ReferenceMark


def verb_of(word: Word) -> str:
    """Verb for what a word did to its slice or reference: "judged", "marked as wrong"."""
    if isinstance(word, ReferenceMark):
        return "marked as wrong" if word.wrong else "unmarked"
    if isinstance(word, ReferenceCorrection):
        return "corrected"
    return "assigned" if isinstance(word, Assignment) else "judged"


class NewerWordError(VerdictError):
    """There are words newer than were seen; `others` are those that would be replaced. Nothing is written."""

    others: tuple[Word, ...]


class ConflictError(NewerWordError):
    """Other reviewers have judged slices meanwhile; `others` are the judgements that would be replaced unseen."""

    others: tuple[Judgement, ...]

    def __init__(self, *others: Judgement) -> None:
        judged = "; ".join(_said(f"slice {other.slice_id}", other) for other in others)
        super().__init__(f"{judged[:1].upper()}{judged[1:]}. Nothing was written.")
        self.others = others


class AssignmentConflictError(NewerWordError):
    """Somebody else has assigned slices meanwhile; `others` are the assignments that would be replaced unseen."""

    others: tuple[Assignment, ...]

    def __init__(self, *others: Assignment) -> None:
        self.others = others
        super().__init__(self.about("A slice"))

    def about(self, name: str) -> str:
        """A sentence that calls the first of the slices by a name."""
        by, to = self.others[0].reviewer or "somebody", self.others[0].assignee
        what = f"assigned to {to} by {by}" if to else f"taken from its reviewer by {by}"
        return f"{name} was {what} meanwhile; that is left as it is, and nothing was assigned."


class ChangedSliceError(VerdictError):
    """A slice that is to be removed was changed or judged meanwhile: `other` is what is new. Nothing is written."""

    def __init__(self, other: OwnSlice | Judgement) -> None:
        verb = "judged" if isinstance(other, Judgement) else "changed"
        who = other.reviewer or "somebody"
        super().__init__(f"Slice {other.slice_id} was {verb} by {who} at {other.time}. Nothing was written.")
        self.other = other


class ReferenceConflictError(NewerWordError):
    """Somebody else has marked or corrected a reference meanwhile; `others` has what would be replaced unseen."""

    def __init__(self, other: ReferenceCorrection | ReferenceMark) -> None:
        super().__init__(f"{_said(f'The reference of {other.clip_id}', other)}. Nothing was written.")
        self.others = (other,)


class CorrectionConflictError(ReferenceConflictError):
    """Another reviewer has corrected the reference meanwhile; `others` has what would be replaced unseen."""


class MarkConflictError(ReferenceConflictError):
    """Another reviewer has marked the reference meanwhile, or taken that back; `others` has their mark."""


def _said(name: str, word: Word) -> str:
    return f"{name} was {verb_of(word)} by {word.reviewer or 'somebody'} at {word.time}"
