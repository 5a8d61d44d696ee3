"""Writing of what a reviewer changes: each kind of record as the database takes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from slicecore.storage.verdicts import WantedChange
from slicecore_app.session.review_records import (
    Assignees,
    Correction,
    Decline,
    Mark,
    Naming,
    Record,
    Removal,
    SliceChanges,
)
from slicecore_app.session.saving import Step

if TYPE_CHECKING:
    from slicecore.storage.verdicts import Verdicts


def write(
    record: Record,
    verdicts: Verdicts,
    reviewer: str,
    mine: Sequence[int],
    undoes: Step | None,
    is_late: bool = False,
) -> Step | None:
    """Step of a record that is on disk by then; None where nothing had to be written, and for names.

    Parameters
    ----------
    verdicts
        Those of the table that the record names.
    reviewer
        Name under which it is written.
    mine
        Numbers of the newest writes in this session about what the record is about (`subjects_of`), 0 for none: these
        were seen.
    undoes
        The step that the record takes back, if any.
    is_late
        Whether the record has waited.

    Raises
    ------
    NewerWordError
        When somebody else has written something newer than was seen.
    VerdictError
        When it can be no word.
    StorageError
        When it can't be written.
    """
    subject = record.subject
    if isinstance(record, Mark):
        newest = max(undoes.number, *mine) if undoes else None
        number = verdicts.mark(subject.id, record.wrong, reviewer, unless_newer_than=newest)
        return Step(record, number) if number else None
    if isinstance(record, Naming | Removal):
        return _own_slice(record, verdicts, reviewer, is_late)
    if isinstance(record, Decline):
        return Step(record, verdicts.refuse(record.refusal, reviewer, takes_back=record.takes_back))
    if isinstance(record, Assignees):
        seen_of_slices = {
            slice_id: max(record.seen, own) for slice_id, own in zip(record.titles, mine, strict=True)
        }
        assigned = verdicts.assign(
            record.assignees,
            model=subject.model,
            clips=record.clips,
            reviewer=reviewer,
            unless_newer_than=seen_of_slices,
        )
        return Step(record, assigned.number, assignees_before=assigned.before) if assigned else None
    if isinstance(record, Correction):
        corrected = verdicts.correct(
            record.clip,
            record.text,
            original=record.original,
            reviewer=reviewer,
            unless_newer_than=max(record.seen, *mine),
        )
        before = corrected.before.text if corrected and corrected.before else None
        return Step(record, corrected.since.number, text_before=before) if corrected else None
    assert isinstance(record, SliceChanges)  # refused notes are written as those, once they are taken up
    changes = {
        part.subject.id: WantedChange(
            part.change,
            part.clip_ids,
            max(part.seen, own),
            part.own,
            part.origin,
            part.event,
            part.room,
            part.is_again,
        )
        for part, own in zip(record.parts, mine, strict=True)
    }
    amended = verdicts.amend_several(changes, model=subject.model, reviewer=reviewer)
    amendments = tuple(amended[part.subject.id] for part in record.parts)
    return Step(record, amendments[-1].since.number, amendments)


def _own_slice(record: Naming | Removal, verdicts: Verdicts, reviewer: str, is_late: bool) -> Step | None:
    """Name a slice, or take it off the list, unless it is off by then, as where the word has come before."""
    if isinstance(record, Naming):
        _name(record, verdicts, reviewer)
        return None
    if is_late and record.slice_id not in verdicts.own_slices():
        return None
    return Step(record, verdicts.remove(record.slice_id, reviewer, unless_newer_than=record.seen))


def _name(naming: Naming, verdicts: Verdicts, reviewer: str) -> None:
    """Keep a slice under a name, unless it has that already, as where a word comes again."""
    slice_id, name = naming.slice_id, naming.name
    known = verdicts.own_slices().get(slice_id)
    if known is not None and known.name == name:
        return
    if naming.reason is None:
        verdicts.rename(slice_id, name, reviewer)
    else:
        verdicts.keep(slice_id, clip_ids=naming.clip_ids, name=name, reason=naming.reason, reviewer=reviewer)
