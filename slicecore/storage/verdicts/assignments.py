"""Assignments in a workspace: which reviewer is to judge which slice. The latest of a slice and model counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from slicecore.storage.verdicts import rows, schema
from slicecore.storage.verdicts.database import Access
from slicecore.storage.verdicts.newer_words import AssignmentConflictError
from slicecore.storage.verdicts.records import Assigned, Assignment
from slicecore.storage.verdicts.reviewers import counting_name, reviewer_of

_table = schema.assignments
_of_model = (_table.c.workspace == sa.bindparam("workspace"), _table.c.model == sa.bindparam("model"))
_LATEST = (
    sa.select(
        _table.c.slice_id,
        _table.c.model,
        reviewer_of(_table, "assignee"),
        reviewer_of(_table),
        _table.c.time,
        _table.c.number,
    )
    .where(
        _table.c.workspace == sa.bindparam("workspace"),
        _table.c.number.in_(
            sa.select(sa.func.max(_table.c.number)).where(*_of_model).group_by(_table.c.slice_id)
        ),
    )
    .order_by(_table.c.number)
)


def assignments(access: Access, model: str) -> dict[str, Assignment]:
    """The assignments of the slices of a model, by slice id; those to nobody are left out."""
    return {slice_id: each for slice_id, each in _latest(access, model).items() if each.assignee}


def assign(
    access: Access,
    assignees: Mapping[str, str],
    model: str,
    clips: Mapping[str, Sequence[str]],
    reviewer: str,
    time: str,
    unless_newer_than: int | Mapping[str, int] | None,
) -> Assigned | None:
    """Write who is to judge slices, see `Verdicts.assign`."""
    latest = _latest(access, model)
    wanted = {slice_id: counting_name(access, name.strip()) for slice_id, name in assignees.items()}
    before = {slice_id: latest[slice_id].assignee if slice_id in latest else "" for slice_id in wanted}
    changed = [slice_id for slice_id in wanted if wanted[slice_id] != before[slice_id]]
    others = []
    for slice_id in changed:
        other = latest.get(slice_id)
        seen = unless_newer_than[slice_id] if isinstance(unless_newer_than, Mapping) else unless_newer_than
        if other and seen is not None and other.number > seen:
            others.append(other)
    if others:
        raise AssignmentConflictError(*others)
    number = 0
    for slice_id in changed:
        rows.add_clips(access, slice_id, clips[slice_id])
        number = access.add(
            _table,
            slice_id=slice_id,
            model=model,
            assignee=wanted[slice_id],
            reviewer=reviewer,
            time=time,
        )
    return Assigned(number, {slice_id: before[slice_id] for slice_id in changed}) if changed else None


def _latest(access: Access, model: str) -> dict[str, Assignment]:
    return {row[0]: Assignment(*row) for row in access.rows(_LATEST, model=model)}
