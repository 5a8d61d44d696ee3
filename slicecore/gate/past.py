"""Past of defined slices for a report: the history of a folder of runs as plain data."""

from __future__ import annotations

from pathlib import Path

from slicecore.gate.history import History, history_if_any, run_name
from slicecore.report.html.past import Past, PastSlice, PastValue

RUNS = "runs"
"""Folder beside a table in which gates save its runs."""


def past_of(known: History) -> Past:
    """The history as a report takes it."""
    place_of = {id(run): place for place, run in enumerate(known.runs)}
    return Past(
        runs=tuple(run_name(run) for run in known.runs),
        overall=tuple(run.value for run in known.runs),
        slices=tuple(
            PastSlice(
                name,
                known.state[name],
                tuple(
                    PastValue(place_of[id(entry.run)], entry.slice.value, entry.slice.interval, entry.state)
                    for entry in entries
                ),
            )
            for name, entries in known.slices.items()
        ),
        is_rate=known.runs[0].is_rate,
    )


def past_beside(table: Path) -> Past | None:
    """The past of the slices of a table by the runs beside it; None without any. Raises DefinitionError."""
    known = history_if_any(table.parent / RUNS)
    return past_of(known) if known else None
