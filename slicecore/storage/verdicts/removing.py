"""Removal of a slice that a person made: with its judgements, unless it was changed or judged meanwhile."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from slicecore.storage.verdicts import queries, rows, schema
from slicecore.storage.verdicts.database import Access
from slicecore.storage.verdicts.newer_words import ChangedSliceError
from slicecore.storage.verdicts.records import Judgement, Newest, OwnSlice

_NUMBER = sa.select(sa.func.max(schema.own_slices.c.number)).where(
    schema.own_slices.c.workspace == sa.bindparam("workspace"),
    schema.own_slices.c.slice_id == sa.bindparam("slice_id"),
)


def remove(access: Access, slice_id: str, reviewer: str, time: str, seen: Newest | None) -> int:
    """Take a slice off the list, see `Verdicts.remove`; returns the number of the last judgement that says so."""
    own = queries.own_slice(access, slice_id)
    newer = _newer_word(access, own, seen) if seen is not None else None
    if newer is not None:
        raise ChangedSliceError(newer)
    rows.add_own_slice(access, replace(own, reviewer=reviewer, time=time), removed=True)
    none = Judgement(slice_id, "", None, (), "", reviewer, time, own.clip_ids)
    models = queries.judged_models(access, slice_id)
    numbers = [rows.add_judgement(access, replace(none, model=model), own=False) for model in models]
    return max(numbers, default=0)


def _newer_word(access: Access, own: OwnSlice, seen: Newest) -> OwnSlice | Judgement | None:
    """The slice, where it is newer than was seen, or else the newest of the judgements of it that are."""
    ((number,),) = access.rows(_NUMBER, slice_id=own.slice_id)
    if number > seen.own_slice:
        return own
    judged = (each for each in queries.latest_judgements(access) if each.slice_id == own.slice_id)
    newest = max(judged, key=lambda each: each.number, default=None)
    return newest if newest is not None and newest.number > seen.judgement else None
