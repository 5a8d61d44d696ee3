"""Gate of defined slices: what got worse, as an exit code, as tests and as files; runs, and their history."""

from slicecore.gate.checking import check, new_slices
from slicecore.gate.history import Entry, History, of_runs
from slicecore.gate.outputs import junit, markdown, to_json
from slicecore.gate.pytest_checks import GatedSlice, load
from slicecore.gate.result import Check, Gate, NewSlice
from slicecore.gate.run import Run, SliceOfRun, read_run

__all__ = [
    "Check",
    "Entry",
    "Gate",
    "GatedSlice",
    "History",
    "NewSlice",
    "Run",
    "SliceOfRun",
    "check",
    "junit",
    "load",
    "markdown",
    "new_slices",
    "of_runs",
    "read_run",
    "to_json",
]
