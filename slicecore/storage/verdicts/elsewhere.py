"""Verdicts of other tables: read, never written, and left alone where they can't be read."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from slicecore.errors import StorageError
from slicecore.storage.home import home, table_name
from slicecore.storage.verdicts import queries
from slicecore.storage.verdicts.clip_log import ClipLog, LoggedClip
from slicecore.storage.verdicts.records import Judgement, OwnSlice

_log = logging.getLogger(__name__)
FILE = "verdicts.sqlite"


@dataclass(frozen=True, eq=False)
class JudgedElsewhere:
    """The judgements of another table.

    Attributes
    ----------
    workspace, table : names of the folder of its workspace, and of the table.
    judgements : latest of every slice and model.
    own_slices : slices that people made there, by id.
    log : gives the log of its clips, of some ids or of all (None); empty where it was not opened since such logs are
        written.
    """

    workspace: str
    table: str
    judgements: tuple[Judgement, ...]
    own_slices: dict[str, OwnSlice]
    log: Callable[[Collection[str] | None], list[LoggedClip]]


def other_workspaces(own: Path) -> dict[Path, tuple[int, int]]:
    """Folders of other workspaces that have verdicts, with time and size of that file: others when it has changed."""
    states = {}
    for file in sorted((home() / "workspaces").glob(f"*/{FILE}")):
        if file.parent != own:
            try:
                status = file.stat()
            except OSError:
                continue  # removed meanwhile
            states[file.parent] = (status.st_mtime_ns, status.st_size)
    return states


def judged_elsewhere(workspaces: Iterable[Path]) -> Iterator[JudgedElsewhere]:
    """The judgements of other workspaces; those without any are left out."""
    for workspace in workspaces:
        try:
            judged = _read(workspace)
        except (sqlite3.Error, StorageError, ValueError) as error:
            _log.warning(
                "The verdicts in %s can't be read (%s); none is carried over from there.", workspace, error
            )
            continue
        if judged is not None:
            yield judged


def _read(workspace: Path) -> JudgedElsewhere | None:
    # Read-only: neither made nor brought up to date, which is for those who open the table.
    with closing(
        sqlite3.connect(f"{(workspace / FILE).as_uri()}?mode=ro", uri=True, timeout=2)
    ) as connection:
        if not connection.execute("SELECT 1 FROM judgements LIMIT 1").fetchone():
            return None
        judgements = queries.every_judgement(connection)
        own_slices = queries.own_slices(connection)
    if not judgements:
        return None
    log = ClipLog(workspace)
    table = log.table()
    name = table_name(table) if table else workspace.name.rpartition("-")[0]
    return JudgedElsewhere(workspace.name, name, judgements, own_slices, log.entries)
