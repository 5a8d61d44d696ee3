"""Verdicts of other tables: read, never written, and left alone where they can't be read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicecore.errors import StorageError
from slicecore.storage.home import WORKSPACES, home, table_name
from slicecore.storage.verdicts.clip_log import ClipLog, LoggedClips
from slicecore.storage.verdicts.records import Judgement, OwnSlice

if TYPE_CHECKING:
    from slicecore.storage.verdicts.database import Database

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class JudgedElsewhere:
    """The judgements of another table.

    Attributes
    ----------
    workspace, table : names of its workspace, and of the table.
    judgements : latest of every slice and model.
    own_slices : slices that people made there, by id.
    log : gives the log of its clips, of some ids or of all (None); empty where it was not opened since such logs are
        written.
    """

    workspace: str
    table: str
    judgements: tuple[Judgement, ...]
    own_slices: dict[str, OwnSlice]
    log: Callable[[Collection[str] | None], LoggedClips]


def other_workspaces(own: str) -> dict[str, tuple[int, ...]]:
    """Other workspaces that are known, with the numbers of what is newest there: others when something was written.

    Raises StorageError.
    """
    from slicecore.storage.verdicts.database import database
    from slicecore.storage.verdicts.queries import newest_of_all

    known = database()
    known.take_in_old_files()
    with known.open() as connection:
        return {name: newest for name, newest in newest_of_all(connection).items() if name != own}


def judged_elsewhere(workspaces: Iterable[str]) -> Iterator[JudgedElsewhere]:
    """The judgements of other workspaces; those without any are left out."""
    from slicecore.storage.verdicts.database import database

    for workspace in workspaces:
        try:
            judged = _read(workspace, database())
        except StorageError as error:
            _log.warning(
                "The verdicts of %s can't be read (%s); none is carried over from there.", workspace, error
            )
            continue
        if judged is not None:
            yield judged


def _read(workspace: str, database: Database) -> JudgedElsewhere | None:
    from slicecore.storage.verdicts import queries

    with database.reading(workspace) as access:
        judgements = queries.counting_judgements(queries.latest_judgements(access))
        own_slices = queries.own_slices(access) if judgements else {}
    if not judgements:
        return None
    log = ClipLog(home() / WORKSPACES / workspace)
    table = log.table()
    name = table_name(table) if table else workspace.rpartition("-")[0]
    return JudgedElsewhere(workspace, name, judgements, own_slices, log.entries)
