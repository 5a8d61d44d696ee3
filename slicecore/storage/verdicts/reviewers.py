"""Names of reviewers in a workspace: each is of one person, whatever people call themselves in how many browsers.

The browser that uses a name first has it. Another one judges under the next free name ("Anna 2") until its user says
that both are one person; what was judged under that name is the person's from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import sqlalchemy as sa

from slicecore.storage.verdicts import schema
from slicecore.storage.verdicts.database import Access

_known, _same, _judged = schema.reviewers, schema.same_reviewers, schema.judgements
_BROWSERS = (
    sa.select(_known.c.name, _known.c.browser)
    .where(_known.c.workspace == sa.bindparam("workspace"))
    .order_by(_known.c.number)
)
_OTHER_NAMES = (
    sa.select(_same.c.other, _same.c.name)
    .where(_same.c.workspace == sa.bindparam("workspace"))
    .order_by(_same.c.number)
)


def introduce(access: Access, name: str, browser: str, is_same: bool, time: str) -> str:
    """Name under which somebody judges who goes by `name` in a browser; both are noted, see `Verdicts.introduce`."""
    if not browser:
        return name
    if is_same:
        _add(access, name, browser, "", time)
        _join(access, name, browser, time)
        return counting_name(access, name)
    owners = {known: browsers[0] for known, browsers in browsers_by_name(access).items()}
    taken = next(each for each in _numbered(name) if owners.get(each, browser) == browser)
    _add(access, taken, browser, name if taken != name else "", time)
    return counting_name(access, taken)


def browsers_by_name(access: Access) -> dict[str, tuple[str, ...]]:
    """Browsers in which people judged by the name that they judged under, the first to use it first."""
    browsers: dict[str, list[str]] = {}
    for name, browser in access.rows(_BROWSERS):
        browsers.setdefault(name, []).append(browser)
    return {name: tuple(each) for name, each in browsers.items()}


def other_names(access: Access) -> dict[str, str]:
    """The name that counts, by other names of the same person."""
    return {row.other: row.name for row in access.rows(_OTHER_NAMES)}


def counting_name(access: Access, name: str) -> str:
    """The name that counts of the person with a name."""
    return other_names(access).get(name, name)


def reviewer_of(table: sa.Table, column: str = "reviewer") -> sa.ColumnElement[str]:
    """Column: the name that counts of who wrote a row of a table, or of whoever else a column of it names."""
    name = table.c[column]
    counting = sa.select(_same.c.name).where(_same.c.workspace == table.c.workspace, _same.c.other == name)
    return sa.func.coalesce(counting.scalar_subquery(), name)


def not_set_aside(judgements: Any) -> sa.ColumnElement[bool]:
    """Condition on judgements: it was not set aside when two names became one person's."""
    aside = schema.set_aside
    numbers = sa.select(aside.c.number).where(aside.c.workspace == judgements.c.workspace)
    return judgements.c.number.not_in(numbers)


def _numbered(name: str) -> Iterator[str]:
    """A name, and those beside it where it is taken."""
    yield name
    for number in count(2):
        yield f"{name or 'reviewer'} {number}"


def _add(access: Access, name: str, browser: str, instead_of: str, time: str) -> None:
    here = (_known.c.workspace == access.workspace, _known.c.name == name, _known.c.browser == browser)
    if access.connection.scalar(sa.select(_known.c.number).where(*here)) is None:
        access.add(_known, name=name, browser=browser, time=time, instead_of=instead_of)
    elif not instead_of:
        # Who first got a name because another was taken, and then chooses it, is somebody else than the other.
        access.connection.execute(sa.update(_known).where(*here).values(instead_of=""))


def _join(access: Access, name: str, browser: str, time: str) -> None:
    """Make one of a name and of those that a browser got because it was taken."""
    wanted = counting_name(access, name)
    query = sa.select(_known.c.name).where(
        _known.c.workspace == sa.bindparam("workspace"),
        _known.c.browser == browser,
        _known.c.instead_of == name,
        _known.c.name != wanted,
    )
    for (other,) in access.rows(query):
        if counting_name(access, other) == wanted:
            continue
        _set_aside(access, wanted, other)
        access.add(_same, other=other, name=wanted, time=time)
        here = (_same.c.workspace == access.workspace, _same.c.name == other)
        access.connection.execute(sa.update(_same).where(*here).values(name=wanted))


def _set_aside(access: Access, name: str, other: str) -> None:
    """Set aside what was taken back under one of two names that become one person's, where the other has a judgement.

    Nobody took that back, though it is the older one.
    """
    counting = other_names(access)
    query = sa.select(
        _judged.c.number,
        _judged.c.model,
        _judged.c.slice_id,
        _judged.c.reviewer,
        _judged.c.own,
        sa.and_(_judged.c.verdict.is_(None), _judged.c.tags == "[]", _judged.c.note == ""),
    ).where(_judged.c.workspace == sa.bindparam("workspace"), not_set_aside(_judged))
    written: dict[tuple[str, str], list[tuple[int, str, bool, bool]]] = {}
    for number, model, slice_id, reviewer, own, is_empty in access.rows(query.order_by(_judged.c.number)):
        person = counting.get(reviewer, reviewer)
        if person in (name, other):
            rows = written.setdefault((model, slice_id), [])
            rows.append((number, person, own is not None, bool(is_empty)))
    for rows in written.values():
        latest = {person: (number, is_empty) for number, person, _, is_empty in rows}
        if len(latest) < 2:
            continue
        older, newer = sorted(latest, key=lambda person: latest[person][0])
        if latest[newer][1] and not latest[older][1]:
            for number, person, is_own, _ in rows:
                if person == newer and is_own and number > latest[older][0]:
                    access.connection.execute(
                        sa.insert(schema.set_aside), {"workspace": access.workspace, "number": number}
                    )
