"""Changes that wait for another try: which are about a slice, and what a page shows with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from slicecore.storage.verdicts import Change, Judgement, OwnSlice, ReferenceCorrection, Unchanged, Workspace
from slicecore_app.session.review_records import (
    Assignees,
    Correction,
    Naming,
    Removal,
    SliceChange,
    SliceChanges,
    Subject,
)
from slicecore_app.session.saving import Unsaved
from slicecore_app.session.signature import Signature


def waiting_change(unsaved: Mapping[Subject, Unsaved], subject: Subject) -> SliceChange | None:
    """The judgement of a slice that waits for another try, alone or with others; no undo held up."""
    for waiting in unsaved.values():
        record = waiting.record
        if waiting.is_undo_held_up or not isinstance(record, SliceChanges):
            continue
        for part in record.parts:
            if part.subject == subject:
                return part
    return None


def without(unsaved: Mapping[Subject, Unsaved], subjects: Collection[Subject]) -> dict[Subject, Unsaved]:
    """Changes that wait, less those about subjects: of slices that were judged together the others wait on."""
    left = {}
    for subject, waiting in unsaved.items():
        record = waiting.record
        if isinstance(record, SliceChanges):
            parts = tuple(part for part in record.parts if part.subject not in subjects)
            if parts:
                left[parts[0].subject] = replace(waiting, record=replace(record, parts=parts))
        elif subject not in subjects:
            left[subject] = waiting
    return left


def waiting_changes(
    unsaved: Mapping[Subject, Unsaved], table: str, model: str
) -> dict[str, tuple[Change, Signature | None]]:
    """Judgements of a table and model that wait for another try, and with which signature, by slice id."""
    return {
        part.subject.id: (part.change, waiting.signature)
        for waiting in unsaved.values()
        if not waiting.others and isinstance(waiting.record, SliceChanges)
        for part in waiting.record.parts
        if (part.subject.table, part.subject.model) == (table, model)
    }


def verdicts_with(
    changes: Mapping[str, tuple[Change, Signature | None]], workspace: Workspace
) -> dict[str, str]:
    """Verdict by slice id, with changes that wait."""
    verdicts = {slice_id: judged.verdict for slice_id, judged in workspace.judgements.items()}
    for slice_id, (change, _) in changes.items():
        if not isinstance(change.verdict, Unchanged):
            verdicts[slice_id] = change.verdict
    return {slice_id: verdict for slice_id, verdict in verdicts.items() if verdict}


def opinions_with(
    changes: Mapping[str, tuple[Change, Signature | None]],
    workspace: Workspace,
    model: str,
    name_of: Callable[[Signature | None], str],
) -> dict[str, list[Judgement]]:
    """Judgements of all reviewers by slice id, the newest last, with changes that wait; `name_of` a signature."""
    opinions = {slice_id: list(each) for slice_id, each in workspace.opinions.items()}
    for slice_id, (change, signature) in changes.items():
        mine = name_of(signature)
        others = [each for each in opinions.get(slice_id, ()) if each.reviewer != mine]
        before = next((each for each in opinions.get(slice_id, ()) if each.reviewer == mine), None)
        since = change.apply(before or Judgement(slice_id, model, None, (), "", mine, "", ()))
        opinions[slice_id] = [*others, *([] if since.is_empty else [since])]
    return opinions


def corrections_with(
    unsaved: Mapping[Subject, Unsaved],
    workspace: Workspace,
    table: str,
    name_of: Callable[[Signature | None], str],
) -> dict[str, ReferenceCorrection]:
    """Corrected references by clip id, with those that wait; `name_of` a signature."""
    corrections = dict(workspace.corrections)
    for waiting in unsaved.values():
        record = waiting.record
        if not waiting.others and isinstance(record, Correction) and record.subject.table == table:
            corrections.pop(record.clip, None)
            if record.text is not None:
                corrections[record.clip] = ReferenceCorrection(
                    record.clip, record.original, record.text, name_of(waiting.signature), ""
                )
    return corrections


def assignees_with(
    unsaved: Mapping[Subject, Unsaved], workspace: Workspace, table: str, model: str
) -> dict[str, str]:
    """Who is to judge a slice, by slice id, with assignments that wait."""
    assignees = workspace.assignees
    for waiting in unsaved.values():
        record = waiting.record
        is_here = (record.subject.table, record.subject.model) == (table, model)
        if isinstance(record, Assignees) and is_here and not waiting.others:
            assignees |= record.assignees
    return {slice_id: name for slice_id, name in assignees.items() if name}


def waiting_naming(unsaved: Mapping[Subject, Unsaved], subject: Subject) -> Naming | None:
    """The name of a slice that waits for another try."""
    waiting = unsaved.get(subject)
    return waiting.record if waiting is not None and isinstance(waiting.record, Naming) else None


def subjects_on(unsaved: Mapping[Subject, Unsaved], table: str, slice_id: str) -> set[Subject]:
    """Subjects of what waits of a slice: judgements, of all models of its table, and its name."""
    judged = (waiting.record for waiting in unsaved.values() if isinstance(waiting.record, SliceChanges))
    subjects = {part.subject for record in judged for part in record.parts}
    on_it = {subject for subject in subjects if subject.is_on(table, slice_id)}
    return {Naming.place(table, slice_id), *on_it}


def without_removed(unsaved: Mapping[Subject, Unsaved], workspace: Workspace, table: str) -> Workspace:
    """The workspace without the slices whose removal waits, and what is said of them; the same object without any."""
    gone = {
        waiting.record.slice_id
        for waiting in unsaved.values()
        if isinstance(waiting.record, Removal) and waiting.record.subject.table == table
    }
    if not gone:
        return workspace
    return replace(
        workspace,
        own_slices={name: own for name, own in workspace.own_slices.items() if name not in gone},
        judgements={name: each for name, each in workspace.judgements.items() if name not in gone},
        opinions={name: each for name, each in workspace.opinions.items() if name not in gone},
        every_model=tuple(each for each in workspace.every_model if each.slice_id not in gone),
    )


def named_with(
    unsaved: Mapping[Subject, Unsaved],
    workspace: Workspace,
    table: str,
    name_of: Callable[[Signature | None], str],
) -> Workspace:
    """The workspace with the names of slices that wait, the same object where none does; `name_of` a signature."""
    own = dict(workspace.own_slices)
    for waiting in unsaved.values():
        naming = waiting.record
        if not isinstance(naming, Naming) or naming.subject.table != table:
            continue
        known, reviewer = own.get(naming.slice_id), name_of(waiting.signature)
        if naming.reason is not None:
            own[naming.slice_id] = OwnSlice(
                naming.slice_id, naming.name, naming.reason, reviewer, "", naming.clip_ids
            )
        elif known is not None:
            own[naming.slice_id] = replace(known, name=naming.name, reviewer=reviewer)
    return workspace if own == workspace.own_slices else replace(workspace, own_slices=own)
