"""Amendments of judgements: those of several slices are read, checked and written together, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from slicecore.storage.verdicts import queries, rows
from slicecore.storage.verdicts.change import LONGEST_NOTE, WantedChange
from slicecore.storage.verdicts.database import Access
from slicecore.storage.verdicts.newer_words import ConflictError
from slicecore.storage.verdicts.records import (
    Amendment,
    Judgement,
    NoteLengthError,
    OwnSlice,
    unjudged,
)


def amend(
    access: Access,
    changes: Mapping[str, WantedChange],
    model: str,
    reviewer: str,
    time: str,
    replaces_all: bool,
) -> dict[str, Amendment]:
    """Change the judgements of a reviewer on slices, by slice id, see `Verdicts.amend_several`."""
    done = {
        slice_id: queries.amendment_of(access, wanted.event)
        or _later(access, slice_id, model, reviewer, wanted)
        for slice_id, wanted in changes.items()
    }
    left = {slice_id: wanted for slice_id, wanted in changes.items() if done[slice_id] is None}
    newest = {slice_id: queries.latest_judgement(access, slice_id, model) for slice_id in left}
    earlier = newest
    if not replaces_all:
        earlier = {
            slice_id: queries.latest_judgement(access, slice_id, model, reviewer=reviewer)
            for slice_id in left
        }
    befores = {
        slice_id: earlier[slice_id] or unjudged(slice_id, model, wanted.clip_ids)
        for slice_id, wanted in left.items()
    }
    unseen = []
    for slice_id, wanted in left.items():
        is_empty = wanted.change.apply(befores[slice_id]).is_empty
        # A reviewer who has no word any more takes the place of nobody's.
        replaced = earlier[slice_id] if is_empty else newest[slice_id]
        if replaced and _is_unseen(access, replaced, wanted):
            unseen.append(replaced)
    if unseen:
        raise ConflictError(*unseen)
    sinces = {
        slice_id: replace(
            wanted.change.apply(befores[slice_id]),
            reviewer=reviewer,
            time=time,
            clip_ids=tuple(wanted.clip_ids),
            number=0,
            origin=wanted.origin or befores[slice_id].origin,
        )
        for slice_id, wanted in left.items()
    }
    _check_lengths(left, befores, sinces)
    for slice_id, wanted in left.items():
        since = sinces[slice_id]
        rows.add_clips(access, slice_id, wanted.clip_ids)
        if wanted.own is not None and slice_id not in queries.own_slices(access):
            rows.add_own_slice(
                access, OwnSlice(slice_id, *wanted.own, reviewer, time, tuple(wanted.clip_ids))
            )
        number = rows.add_judgement(access, since, wanted.event, own=not replaces_all)
        done[slice_id] = Amendment(befores[slice_id], replace(since, number=number))
    return {slice_id: amendment for slice_id, amendment in done.items() if amendment}


def _later(
    access: Access, slice_id: str, model: str, reviewer: str, wanted: WantedChange
) -> Amendment | None:
    """Amendment by the source of a change that comes again, after it, which took it up."""
    latest = queries.latest_judgement(access, slice_id, model, reviewer=reviewer) if wanted.is_again else None
    return queries.amendment_after(access, latest, wanted.event) if latest else None


def _check_lengths(
    changes: Mapping[str, WantedChange], befores: Mapping[str, Judgement], sinces: Mapping[str, Judgement]
) -> None:
    """Raise NoteLengthError about the note that would have the most characters too many, if any would."""
    too_many = {
        slice_id: len(sinces[slice_id].note) - max(wanted.room, len(befores[slice_id].note))
        for slice_id, wanted in changes.items()
    }
    slice_id = max(too_many, key=lambda each: too_many[each], default="")
    if too_many.get(slice_id, 0) > 0:
        raise NoteLengthError(slice_id, len(sinces[slice_id].note), LONGEST_NOTE)


def _is_unseen(access: Access, newest: Judgement, wanted: WantedChange) -> bool:
    """True if a change would replace a judgement that its reviewer has not seen."""
    seen = wanted.unless_newer_than
    is_newer = seen is not None and newest.number > seen
    return is_newer and not queries.is_of_source(access, newest, wanted.event)
