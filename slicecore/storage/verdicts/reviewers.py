"""Names of reviewers in a workspace: each is of one person, whatever people call themselves in how many browsers.

The browser that uses a name first has it. Another one judges under the next free name ("Anna 2") until its user says
that both are one person; what was judged under that name is the person's from then on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import count


def introduce(connection: sqlite3.Connection, name: str, browser: str, is_same: bool, time: str) -> str:
    """Name under which somebody judges who goes by `name` in a browser; both are noted, see `Verdicts.introduce`."""
    if not browser:
        return name
    if is_same:
        _add(connection, name, browser, "", time)
        _join(connection, name, browser, time)
        return one_name(connection, name)
    owners = {known: browsers[0] for known, browsers in browsers_by_name(connection).items()}
    taken = next(each for each in _numbered(name) if owners.get(each, browser) == browser)
    _add(connection, taken, browser, name if taken != name else "", time)
    return one_name(connection, taken)


def browsers_by_name(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Browsers in which people judged by the name that they judged under, the first to use it first."""
    browsers: dict[str, list[str]] = {}
    for name, browser in connection.execute("SELECT name, browser FROM reviewers ORDER BY rowid"):
        browsers.setdefault(name, []).append(browser)
    return {name: tuple(each) for name, each in browsers.items()}


def other_names(connection: sqlite3.Connection) -> dict[str, str]:
    """The name that counts, by other names of the same person."""
    return dict(connection.execute("SELECT other, name FROM same_reviewers ORDER BY rowid"))


def one_name(connection: sqlite3.Connection, name: str) -> str:
    """The name that counts of the person with a name."""
    return other_names(connection).get(name, name)


def reviewer_of(connection: sqlite3.Connection, table: str) -> str:
    """Column of SQL: the name that counts of who wrote a row of a table.

    The file may be from before a person could have several.
    """
    if not _has(connection, "same_reviewers"):
        return f"{table}.reviewer"
    return f"COALESCE((SELECT name FROM same_reviewers WHERE other = {table}.reviewer), {table}.reviewer)"


def not_set_aside(connection: sqlite3.Connection) -> str:
    """Condition of SQL on judgements: it was not set aside when two names became one person's."""
    return "number NOT IN (SELECT number FROM set_aside)" if _has(connection, "set_aside") else "1"


def _has(connection: sqlite3.Connection, table: str) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(query, (table,)).fetchone() is not None


def _numbered(name: str) -> Iterator[str]:
    """A name, and those beside it where it is taken."""
    yield name
    for number in count(2):
        yield f"{name or 'reviewer'} {number}"


def _add(connection: sqlite3.Connection, name: str, browser: str, instead_of: str, time: str) -> None:
    # Who first got a name because another was taken, and then chooses it, is somebody else than the other.
    connection.execute(
        "INSERT INTO reviewers (name, browser, time, instead_of) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT DO UPDATE SET instead_of = ?4 WHERE ?4 = ''",
        (name, browser, time, instead_of),
    )


def _join(connection: sqlite3.Connection, name: str, browser: str, time: str) -> None:
    """Make one of a name and of those that a browser got because it was taken."""
    wanted = one_name(connection, name)
    query = "SELECT name FROM reviewers WHERE browser = ? AND instead_of = ? AND name <> ?"
    for (other,) in connection.execute(query, (browser, name, wanted)).fetchall():
        if one_name(connection, other) == wanted:
            continue
        _set_aside(connection, wanted, other)
        connection.execute("INSERT INTO same_reviewers VALUES (?, ?, ?)", (other, wanted, time))
        connection.execute("UPDATE same_reviewers SET name = ? WHERE name = ?", (wanted, other))


def _set_aside(connection: sqlite3.Connection, name: str, other: str) -> None:
    """Set aside what was taken back under one of two names that become one person's, where the other has a judgement.

    Nobody took that back, though it is the older one.
    """
    person = reviewer_of(connection, "judgements")
    query = (
        f"SELECT model, slice_id, {person} AS person, MAX(number) AS newest,"
        " verdict IS NULL AND tags = '[]' AND note = '' FROM judgements"
        f" WHERE {person} IN (?, ?) AND {not_set_aside(connection)} GROUP BY model, slice_id, person ORDER BY newest"
    )
    latest: dict[tuple[str, str], list[tuple[str, int, bool]]] = {}
    for model, slice_id, reviewer, number, is_empty in connection.execute(query, (name, other)):
        latest.setdefault((model, slice_id), []).append((reviewer, number, bool(is_empty)))
    for subject, ((_, number, is_empty), *newer) in latest.items():
        for reviewer, _, newer_is_empty in newer:
            if newer_is_empty and not is_empty:
                connection.execute(
                    "INSERT OR IGNORE INTO set_aside SELECT number FROM judgements WHERE model = ? AND slice_id = ?"
                    f" AND {person} = ? AND number > ? AND own IS NOT NULL",
                    (*subject, reviewer, number),
                )
