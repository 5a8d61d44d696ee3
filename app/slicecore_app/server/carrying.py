"""Judgements of other times, models and tables, looked for beside the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from slicecore.carry_over.known_tables import KnownTables, known_tables
from slicecore.embedding import Cancelled
from slicecore.errors import StorageError
from slicecore.storage.home import cache_folder
from slicecore.storage.verdicts.elsewhere import other_workspaces
from slicecore_app.server import warm
from slicecore_app.server.jobs import Job
from slicecore_app.server.open_table import CARRIED, OpenTable

QUICK_S = 0.25
"""Work that ends within this time is waited for."""


@dataclass(frozen=True, eq=False)
class Carrying:
    """The tables whose judgements are carried over, as far as one run of the page knows them.

    Attributes
    ----------
    known : None until they are read; those of before while another table's verdicts have changed.
    job : the work under way, None when it is over.
    problem : the reason why they could not be read, "" in the usual case.
    key : name of the work among the table's jobs; forgotten, it is tried again.
    """

    known: KnownTables | None
    job: Job | None
    problem: str
    key: str


def carrying(table: OpenTable, is_measured: bool) -> Carrying:
    """Begin to read the tables that were judged, where that is not done: after another was judged, it is done again.

    So it is once the clips `is_measured`, as each then has the hash of its sound. Raises StorageError where the
    verdicts of the table were never there.
    """
    verdicts = table.verdicts()
    try:
        workspaces = other_workspaces(verdicts.name)
    except StorageError as error:
        return Carrying(_read_before(table), None, str(error), "")

    def work(job: Job) -> KnownTables:
        warm.first_page_is_out.wait()
        path = Path(table.source.path)
        return known_tables(verdicts, table.data, path, cache_folder(), workspaces)

    key = f"carry over {is_measured} {sorted(workspaces.items())}"
    job = table.jobs.start(key, work, Cancelled, group=CARRIED)
    if warm.first_page_is_out.is_set():
        job.wait_while_new(QUICK_S)
    if job.state == "running":
        return Carrying(_read_before(table), job, "", key)
    return Carrying(job.result, None, job.error, key)


def _read_before(table: OpenTable) -> KnownTables | None:
    done = [job.result for job in table.jobs.of(CARRIED) if job.state == "done"]
    return done[-1] if done else None
