"""Queries: what is current in the tables of a workspace, and how it came about."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from slicecore.errors import VerdictError
from slicecore.storage.verdicts import schema
from slicecore.storage.verdicts.database import Access, DamagedError
from slicecore.storage.verdicts.records import (
    Amendment,
    Judgement,
    Newest,
    Origin,
    OwnSlice,
    ReferenceCorrection,
    ReferenceMark,
    Refusal,
    unjudged,
)
from slicecore.storage.verdicts.reviewers import not_set_aside, reviewer_of

_judged, _clips = schema.judgements, schema.slices
_NEWS = (  # in the order of `Newest`
    schema.judgements,
    schema.own_slices,
    schema.reference_marks,
    schema.refusals,
    schema.corrections,
    schema.assignments,
)
MOST_LISTS = 512
"""Lists of clips, and of tags, that are kept as they were read."""
_LAST = 2**31 - 1
"""A number above all."""


def _is(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Condition: a column has the value that is given under its name when the query is asked."""
    return column == sa.bindparam(column.key)


def _of(table: sa.Table) -> sa.ColumnElement[bool]:
    """Condition: the clips are those of the slice of a row."""
    return sa.and_(_clips.c.workspace == table.c.workspace, _clips.c.slice_id == table.c.slice_id)


# Queries are made once: to make one takes longer than to ask it.
_JUDGEMENTS = (
    sa.select(
        _judged.c.slice_id,
        _judged.c.model,
        _judged.c.verdict,
        _judged.c.tags,
        _judged.c.note,
        reviewer_of(_judged),
        _judged.c.time,
        _clips.c.clip_ids,
        _judged.c.number,
        _judged.c.origin,
    )
    .join(_clips, _of(_judged))
    .where(_is(_judged.c.workspace))
    .order_by(_judged.c.number)
)
_ON_SLICE = _JUDGEMENTS.where(_is(_judged.c.slice_id), _is(_judged.c.model))
_BELOW = _ON_SLICE.where(_judged.c.number < sa.bindparam("below")).order_by(None)
_NEWEST_ON_SLICE = _BELOW.order_by(_judged.c.number.desc()).limit(1)
_NEWEST_OF_REVIEWER = _NEWEST_ON_SLICE.where(
    sa.or_(reviewer_of(_judged) == sa.bindparam("reviewer"), _judged.c.own.is_(None)),
    not_set_aside(_judged),
)
_BY_EVENT = _JUDGEMENTS.where(_is(_judged.c.event))
_EVENT = sa.select(_judged.c.event).where(_is(_judged.c.workspace), _is(_judged.c.number))
_MODELS = sa.select(_judged.c.model).where(_is(_judged.c.workspace), _is(_judged.c.slice_id)).distinct()
_TAGS = (
    sa.select(_judged.c.tags, sa.func.count())
    .where(_is(_judged.c.workspace), _judged.c.tags != "[]")
    .group_by(_judged.c.tags)
)


def _latest() -> sa.Select[Any]:
    """Latest judgement of every reviewer, slice and model. One that stands for all takes the place of those before."""
    stands_for_all = sa.case((_judged.c.own.is_(None), _judged.c.number), else_=0)
    since = (
        sa.select(_judged.c.model, _judged.c.slice_id, sa.func.max(stands_for_all).label("number"))
        .where(_is(_judged.c.workspace))
        .group_by(_judged.c.model, _judged.c.slice_id)
        .subquery()
    )
    each = (
        sa.select(_judged.c.number, _judged.c.model, _judged.c.slice_id, reviewer_of(_judged).label("person"))
        .join(since, sa.and_(_judged.c.model == since.c.model, _judged.c.slice_id == since.c.slice_id))
        .where(_is(_judged.c.workspace), _judged.c.number >= since.c.number, not_set_aside(_judged))
        .subquery()
    )
    newest = sa.select(sa.func.max(each.c.number)).group_by(each.c.model, each.c.slice_id, each.c.person)
    return _JUDGEMENTS.where(_judged.c.number.in_(newest))


def _wanted_refusals() -> sa.Select[Any]:
    table = schema.refusals
    origin = (table.c.from_workspace, table.c.from_model, table.c.from_slice)
    latest = sa.select(sa.func.max(table.c.number)).where(_is(table.c.workspace))
    return (
        sa.select(table.c.slice_id, _clips.c.clip_ids, table.c.model, *origin)
        .join(_clips, _of(table))
        .where(
            _is(table.c.workspace),
            _is(table.c.model),
            table.c.number.in_(latest.group_by(table.c.slice_id, table.c.model, *origin)),
            table.c.refused != 0,
        )
        .order_by(table.c.number)
    )


def _own() -> sa.Select[Any]:
    table = schema.own_slices
    states = (
        sa.select(sa.func.max(table.c.number).label("last"), sa.func.min(table.c.number).label("first"))
        .where(_is(table.c.workspace))
        .group_by(table.c.slice_id)
        .subquery()
    )
    columns = (
        table.c.slice_id,
        table.c.name,
        table.c.reason,
        reviewer_of(table),
        table.c.time,
        _clips.c.clip_ids,
    )
    return (
        sa.select(*columns)
        .join(_clips, _of(table))
        .join(states, table.c.number == states.c.last)
        .where(_is(table.c.workspace), table.c.removed == 0)
        .order_by(states.c.first)
    )


def _of_clips(table: sa.Table, *columns: sa.ColumnElement[Any]) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Two queries for rows of a table: the latest of every clip, in the order of writing, and the latest of one."""
    every = sa.select(*columns).where(_is(table.c.workspace))
    latest = sa.select(sa.func.max(table.c.number)).where(_is(table.c.workspace)).group_by(table.c.clip_id)
    of_one = every.where(_is(table.c.clip_id)).order_by(table.c.number.desc()).limit(1)
    return every.where(table.c.number.in_(latest)).order_by(table.c.number), of_one


def _newest(tables: Iterable[sa.Table], workspace: sa.ColumnElement[int]) -> list[sa.ScalarSelect[Any]]:
    newest = (sa.select(sa.func.coalesce(sa.func.max(table.c.number), 0)) for table in tables)
    return [
        query.where(table.c.workspace == workspace).scalar_subquery()
        for query, table in zip(newest, tables, strict=True)
    ]


_marks, _texts = schema.reference_marks, schema.corrections
_LATEST, _REFUSALS, _OWN = _latest(), _wanted_refusals(), _own()
_MARKS, _MARK = _of_clips(
    _marks, _marks.c.clip_id, reviewer_of(_marks), _marks.c.time, _marks.c.wrong, _marks.c.number
)
_CORRECTIONS, _CORRECTION = _of_clips(
    _texts,
    _texts.c.clip_id,
    _texts.c.original,
    _texts.c.text,
    reviewer_of(_texts),
    _texts.c.time,
    _texts.c.number,
)
_NEWEST = sa.select(*_newest(_NEWS, sa.bindparam("workspace", type_=sa.Integer)))
_STATE = sa.select(
    *(
        sa.select(sa.func.max(column)).where(_is(table.c.workspace)).scalar_subquery()
        for table in (*_NEWS, schema.reviewers, schema.same_reviewers)
        for column in (table.c.number, table.c.time)
    )
)
_NEWEST_OF_ALL = sa.select(
    schema.workspaces.c.name,
    *_newest((schema.judgements, schema.own_slices, schema.same_reviewers), schema.workspaces.c.id),
).order_by(schema.workspaces.c.id)


def latest_judgements(access: Access) -> tuple[Judgement, ...]:
    """Latest judgement of every reviewer, slice and model, oldest first; empty ones are left out."""
    latest = (_judgement(row) for row in access.rows(_LATEST))
    return tuple(judgement for judgement in latest if not judgement.is_empty)


def opinions(latest: Iterable[Judgement], model: str) -> dict[str, tuple[Judgement, ...]]:
    """The judgements of every reviewer on the slices of a model, by slice id, the newest last."""
    by_slice: dict[str, list[Judgement]] = {}
    for judgement in latest:
        if judgement.model == model:
            by_slice.setdefault(judgement.slice_id, []).append(judgement)
    return {slice_id: tuple(each) for slice_id, each in by_slice.items()}


def counting_judgements(latest: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """The judgement that counts of every slice and model, the newest of a reviewer's latest; oldest first."""
    newest = {(judgement.model, judgement.slice_id): judgement for judgement in latest}
    return tuple(sorted(newest.values(), key=lambda judgement: judgement.number))


def of_model(judgements: Iterable[Judgement], model: str) -> dict[str, Judgement]:
    """The judgements of a model, by slice id."""
    return {judgement.slice_id: judgement for judgement in judgements if judgement.model == model}


def refusals(access: Access, model: str) -> tuple[Refusal, ...]:
    """Judgements carried over that reviewers did not want for slices of a model, oldest first."""
    return tuple(
        Refusal(slice_id, _list(clip_ids), of, (workspace, judged, origin))
        for slice_id, clip_ids, of, workspace, judged, origin in access.rows(_REFUSALS, model=model)
    )


def latest_judgement(
    access: Access, slice_id: str, model: str, below: int = _LAST, reviewer: str | None = None
) -> Judgement | None:
    """Latest judgement on a slice, of those with a number below `below`; with a reviewer, what theirs is by then.

    That is one of their own, or one from before there were several reviewers.
    """
    on_slice = {"slice_id": slice_id, "model": model, "below": below}
    if reviewer is None:
        rows = access.rows(_NEWEST_ON_SLICE, **on_slice)
    else:
        rows = access.rows(_NEWEST_OF_REVIEWER, **on_slice, reviewer=reviewer)
    latest = _judgement(rows[0]) if rows else None
    return latest if latest is None or reviewer in (None, latest.reviewer) else None


def history(access: Access, slice_id: str, model: str) -> list[Judgement]:
    """All judgements of one slice, oldest first."""
    return [_judgement(row) for row in access.rows(_ON_SLICE, slice_id=slice_id, model=model)]


def amendment_of(access: Access, event: str) -> Amendment | None:
    """The amendment that an event has already made."""
    rows = access.rows(_BY_EVENT, event=event) if event else []
    if not rows:
        return None
    since = _judgement(rows[0])
    before = latest_judgement(access, since.slice_id, since.model, since.number, since.reviewer)
    return Amendment(before or unjudged(since.slice_id, since.model, since.clip_ids), since)


def is_of_source(access: Access, judgement: Judgement, event: str) -> bool:
    """True if a judgement comes from the source of an event."""
    ((other,),) = access.rows(_EVENT, number=judgement.number)
    return bool(event and other) and _source(str(other))[0] == _source(event)[0]


def amendment_after(access: Access, judgement: Judgement, event: str) -> Amendment | None:
    """The amendment that wrote a judgement, if it is by a later event of the same source than this one."""
    ((other,),) = access.rows(_EVENT, number=judgement.number)
    (source, count), (source_of_other, count_of_other) = _source(event), _source(str(other or ""))
    is_after = source and source == source_of_other and count_of_other > count
    return amendment_of(access, str(other)) if is_after else None


def _source(event: str) -> tuple[str, float]:
    """Source and number of an event: "source:number", with a slice after it where there were several."""
    source, _, number = event.rpartition(":")
    try:
        return source, float(number.partition(" ")[0])
    except ValueError:
        return source, 0.0


def judged_models(access: Access, slice_id: str) -> list[str]:
    """The models for which a slice was ever judged."""
    return [model for (model,) in access.rows(_MODELS, slice_id=slice_id)]


def own_slices(access: Access) -> dict[str, OwnSlice]:
    """The slices that people made and did not remove, by id, those made first before the others."""
    return {
        slice_id: OwnSlice(slice_id, name, reason, reviewer, time, _list(clip_ids))
        for slice_id, name, reason, reviewer, time, clip_ids in access.rows(_OWN)
    }


def own_slice(access: Access, slice_id: str) -> OwnSlice:
    """A slice that a person made. Raises VerdictError where there is none (any more)."""
    own = own_slices(access).get(slice_id)
    if own is None:
        raise VerdictError(
            "This slice is no longer on the list: it was removed in another tab or by somebody else."
        )
    return own


def marked_references(access: Access) -> dict[str, ReferenceMark]:
    """The clips whose reference is called wrong, by id, those marked first before the others."""
    every = (_mark(row) for row in access.rows(_MARKS))
    return {each.clip_id: each for each in every if each.wrong}


def latest_mark(access: Access, clip_id: str) -> ReferenceMark | None:
    """Latest mark of a clip's reference, which may be that it was taken back."""
    return next((_mark(row) for row in access.rows(_MARK, clip_id=clip_id)), None)


def corrections(access: Access) -> dict[str, ReferenceCorrection]:
    """The references that are corrected, by clip id, those corrected first before the others."""
    every = (ReferenceCorrection(*row) for row in access.rows(_CORRECTIONS))
    return {each.clip_id: each for each in every if each.text is not None}


def latest_correction(access: Access, clip_id: str) -> ReferenceCorrection | None:
    """Latest correction of a clip's reference, which may be that the original was put back."""
    return next((ReferenceCorrection(*row) for row in access.rows(_CORRECTION, clip_id=clip_id)), None)


def newest_numbers(access: Access) -> Newest:
    """Numbers of the newest records."""
    (newest,) = access.rows(_NEWEST)
    return Newest(*newest)


def state(access: Access) -> tuple[object, ...]:
    """Number and time of the latest row of everything that a workspace consists of: equal where nothing was written."""
    (latest,) = access.rows(_STATE)
    return tuple(latest)


def newest_of_all(connection: sa.Connection) -> dict[str, tuple[int, ...]]:
    """Numbers of the latest judgement, own slice and joined name of every workspace, by its name."""
    return {name: tuple(numbers) for name, *numbers in connection.execute(_NEWEST_OF_ALL)}


def used_tags(access: Access) -> list[str]:
    """Every tag used, most used first."""
    uses: Counter[str] = Counter()
    for tags, times in access.rows(_TAGS):
        for tag in _list(tags):
            uses[tag] += times
    return sorted(uses, key=lambda tag: (-uses[tag], tag))


def _judgement(row: sa.Row[Any]) -> Judgement:
    slice_id, model, verdict, tags, note, reviewer, time, clip_ids, number, origin = row
    clips, came_from = _list(clip_ids), Origin(*_list(origin, len(fields(Origin)))) if origin else None
    return Judgement(slice_id, model, verdict, _list(tags), note, reviewer, time, clips, number, came_from)


def _mark(row: sa.Row[Any]) -> ReferenceMark:
    clip_id, reviewer, time, wrong, number = row
    return ReferenceMark(clip_id, reviewer, time, bool(wrong), number)


def _list(text: object, length: int | None = None) -> tuple[Any, ...]:
    """Entries of a cell that holds them as JSON. Raises DamagedError where it holds anything else."""
    try:
        entries = _entries(text) if isinstance(text, str) else None
    except ValueError:
        entries = None
    if entries is None or length not in (None, len(entries)):
        raise DamagedError("a list in it is damaged")
    return entries


@functools.lru_cache(MOST_LISTS)
def _entries(text: str) -> tuple[Any, ...] | None:
    """Entries of a list: the same object for the same text, None for another thing. Raises ValueError.

    A slice has thousands of clips, and every judgement of it, which every session holds, the same.
    """
    entries = json.loads(text)
    return tuple(entries) if isinstance(entries, list) else None
