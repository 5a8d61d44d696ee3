"""Rows that are added to the tables of a workspace; none is ever changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple

import sqlalchemy as sa

from slicecore.storage.verdicts import schema
from slicecore.storage.verdicts.database import Access
from slicecore.storage.verdicts.records import (
    Judgement,
    OwnSlice,
    ReferenceCorrection,
    ReferenceMark,
    Refusal,
)

_KNOWN = sa.select(schema.slices.c.slice_id).where(
    schema.slices.c.workspace == sa.bindparam("workspace"),
    schema.slices.c.slice_id == sa.bindparam("slice_id"),
)


def add_clips(access: Access, slice_id: str, clip_ids: Sequence[str]) -> None:
    """Add the clips of a slice, which its id stands for."""
    if not access.rows(_KNOWN, slice_id=slice_id):
        row = {"workspace": access.workspace, "slice_id": slice_id, "clip_ids": json.dumps(list(clip_ids))}
        access.connection.execute(sa.insert(schema.slices), row)


def add_judgement(access: Access, judgement: Judgement, event: str = "", *, own: bool = True) -> int:
    """Add a judgement; returns its number. One that is not the reviewer's own takes the place of everybody's."""
    return access.add(
        schema.judgements,
        slice_id=judgement.slice_id,
        model=judgement.model,
        verdict=judgement.verdict,
        tags=json.dumps(judgement.tags),
        note=judgement.note,
        reviewer=judgement.reviewer,
        time=judgement.time,
        event=event or None,
        origin=json.dumps(astuple(judgement.origin)) if judgement.origin else None,
        own=1 if own else None,
    )


def add_own_slice(access: Access, own: OwnSlice, removed: bool = False) -> None:
    """Add the state of a slice that a person made."""
    access.add(
        schema.own_slices,
        slice_id=own.slice_id,
        name=own.name,
        reason=own.reason,
        removed=int(removed),
        reviewer=own.reviewer,
        time=own.time,
    )


def add_mark(access: Access, mark: ReferenceMark) -> int:
    """Add a mark of a reference, or that it is taken back; returns its number."""
    return access.add(
        schema.reference_marks,
        clip_id=mark.clip_id,
        wrong=int(mark.wrong),
        reviewer=mark.reviewer,
        time=mark.time,
    )


def add_correction(access: Access, correction: ReferenceCorrection) -> int:
    """Add a correction of a reference; returns its number."""
    return access.add(
        schema.corrections,
        clip_id=correction.clip_id,
        original=correction.original,
        text=correction.text,
        reviewer=correction.reviewer,
        time=correction.time,
    )


def add_refusal(access: Access, refusal: Refusal, refused: bool, reviewer: str, time: str) -> int:
    """Add that a judgement carried over is not wanted for a slice, or that this is taken back; returns its number."""
    from_workspace, from_model, from_slice = refusal.origin
    return access.add(
        schema.refusals,
        slice_id=refusal.slice_id,
        model=refusal.model,
        from_workspace=from_workspace,
        from_model=from_model,
        from_slice=from_slice,
        refused=int(refused),
        reviewer=reviewer,
        time=time,
    )
