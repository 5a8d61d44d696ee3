"""History: the value of every defined slice over the saved runs of a folder, and whether it is open, mended or back."""

from __future__ import annotations

import html
import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slicecore.cached_properties import cached_property
from slicecore.errors import DefinitionError
from slicecore.gate.run import KIND, Run, SliceOfRun, read_run
from slicecore.thresholds import reaches
from slicecore.transfer.definition import WHOLE

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

OPEN, MENDED, BACK, UNKNOWN = "open", "mended", "back", "unknown"
"""States of a slice in a run."""

_MENDED = 0.5  # share of the drop of the definition below which a slice is mended
_SYMBOLS = {OPEN: "circle", MENDED: "circle-open", BACK: "diamond", UNKNOWN: "x-thin"}


@dataclass(frozen=True)
class Entry:
    """A slice in a run, with its drop against the whole of the run and its state."""

    run: Run
    slice: SliceOfRun
    drop: float
    state: str


@dataclass(frozen=True, eq=False)
class History:
    """Runs in the order of their time.

    Attributes
    ----------
    runs : the runs.
    """

    runs: tuple[Run, ...]

    @cached_property
    def slices(self) -> dict[str, list[Entry]]:
        """Entries of every slice by its name, in the order of the runs."""
        names = dict.fromkeys(each.name for run in self.runs for each in run.slices)
        return {name: _entries(name, self.runs) for name in names}

    @property
    def state(self) -> dict[str, str]:
        """State of every slice in the last run that knows it."""
        known = {
            name: [entry.state for entry in entries if entry.state != UNKNOWN]
            for name, entries in self.slices.items()
        }
        return {name: states[-1] if states else UNKNOWN for name, states in known.items()}

    def to_frame(self) -> pd.DataFrame:
        """A row per slice and run: slice, run, time, support, value, interval, drop against the whole, state, means."""
        import pandas as pd

        rows = [
            {
                "slice": name,
                "run": run_name(entry.run),
                "time": entry.run.time,
                "support": entry.slice.support,
                "value": entry.slice.value,
                "interval_low": entry.slice.interval[0],
                "interval_high": entry.slice.interval[1],
                "overall_value": entry.run.value,
                "drop": entry.drop,
                "state": entry.state,
                "means": entry.slice.means,
            }
            for name, entries in self.slices.items()
            for entry in entries
        ]
        columns = ["slice", "run", "time", "support", "value", "interval_low", "interval_high"]
        return pd.DataFrame(rows, columns=[*columns, "overall_value", "drop", "state", "means"])

    def figure(self) -> Figure:
        """Chart of the values over the runs: a line per slice with 95 % intervals, the whole dashed; hollow: mended."""
        from plotly.graph_objects import Figure, Scatter

        figure = Figure()
        places = list(range(len(self.runs)))
        place_of = {id(run): place for place, run in enumerate(self.runs)}
        values = [_finite(run.value) for run in self.runs]
        figure.add_trace(
            Scatter(x=places, y=values, name=WHOLE, mode="lines", line={"dash": "dash", "color": "gray"})
        )
        for name, entries in self.slices.items():
            known = [entry for entry in entries if math.isfinite(entry.slice.value)]
            figure.add_trace(
                Scatter(
                    x=[place_of[id(entry.run)] for entry in known],
                    y=[entry.slice.value for entry in known],
                    name=html.escape(name),
                    mode="lines+markers",
                    marker={"symbol": [_SYMBOLS[entry.state] for entry in known], "size": 9},
                    error_y=_errors(known),
                    text=[f"{entry.slice.support} clips, {entry.state}" for entry in known],
                )
            )
        first = self.runs[0]
        figure.update_layout(
            xaxis={
                "tickmode": "array",
                "tickvals": places,
                "ticktext": [html.escape(run_name(run)) for run in self.runs],
            },
            yaxis={"title": html.escape(first.title), "tickformat": ".0%" if first.is_rate else None},
            hovermode="x unified",
        )
        return figure

    def __repr__(self) -> str:
        states = ", ".join(f"{name} {state}" for name, state in self.state.items())
        return f"History({len(self.runs)} runs: {states})"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>{self.to_frame().to_html(index=False)}"


def history(folder: str | Path) -> History:
    """Read the runs that `slicecore gate --save` has written to a folder, or as run.json to folders in it.

    Parameters
    ----------
    folder
        The folder. Files that are no runs are left alone.

    Raises
    ------
    DefinitionError
        It has no runs, one of them is spoilt, or they have different metrics.

    Examples
    --------
    >>> definitions = result.definitions(verdicts=None)
    >>> mended = clips.assign(prediction=clips["reference"])
    >>> sc.gate.check(definitions, clips, name="v1").run.save("runs/v1.json")
    >>> sc.gate.check(definitions, mended, name="v2").run.save("runs/v2.json")
    >>> list(sc.history("runs").state.values())
    ['mended']
    """
    folder = Path(folder)
    try:
        is_folder = folder.is_dir()
        known = history_if_any(folder) if is_folder and os.listdir(folder) else None
    except OSError as error:
        raise DefinitionError(
            f"{error.filename or folder} can't be read ({error.strerror}). Give a folder with runs that can be read."
        ) from error
    if not is_folder:
        raise DefinitionError(
            f"{folder} is no folder. Give the folder with the runs that slicecore gate --save has written."
        )
    if known is None:
        raise DefinitionError(f"{folder} has no runs. Save one there with slicecore gate --save.")
    return known


def history_if_any(folder: Path) -> History | None:
    """History of the runs of a folder; None where none of its files is a run.

    Raises
    ------
    DefinitionError
        One of the runs is spoilt, or they have different metrics.
    """
    runs = [read_run(path) for path in candidates(folder) if _is_run(path)]
    return of_runs(runs) if runs else None


def candidates(folder: Path) -> list[Path]:
    """Files that may be runs: the JSON files of a folder and the files run.json in folders in it."""
    files = [*sorted(folder.glob("*.json")), *sorted(folder.glob("*/run.json"))]
    return [path for path in files if path.is_file()]


def of_runs(runs: Sequence[Run]) -> History:
    """History of some runs.

    Raises
    ------
    DefinitionError
        They have different metrics.
    """
    for run in runs:
        if (run.metric, run.normalisation) != (runs[0].metric, runs[0].normalisation):
            raise DefinitionError(
                f"The runs have different metrics: {runs[0].metric} ({runs[0].normalisation}) and {run.metric} "
                f"({run.normalisation}). Keep those of each in a folder of its own."
            )
    return History(tuple(sorted(runs, key=lambda run: (run.time, run.name))))


def run_name(run: Run) -> str:
    """Name of a run for people: its version, else its time."""
    return run.name or run.time.replace("T", " ").removesuffix("+00:00")


def _is_run(path: Path) -> bool:
    """True for a run, also one that is spoilt or can't be read: reading it then says so."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        return True
    except ValueError:
        return False
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return f'"{KIND}"' in text
    return isinstance(record, dict) and KIND in record


def _entries(name: str, runs: Sequence[Run]) -> list[Entry]:
    """A slice in all runs that have it.

    It is open until its drop is below half of what it was when it was defined, and the interval excludes that; then
    mended, until its drop is above half again, and the interval excludes none; then back.
    """
    entries: list[Entry] = []
    state = OPEN
    for run in runs:
        for each in run.slices:
            if each.name == name:
                drop, low, high = _drops(run, each)
                if math.isfinite(drop):
                    state = _next_state(state, drop, low, high, each.defined_drop)
                entries.append(Entry(run, each, drop, state if math.isfinite(drop) else UNKNOWN))
    return entries


def _next_state(state: str, drop: float, low: float, high: float, defined: float) -> str:
    if not reaches(drop, _MENDED * defined) and high < defined:
        return MENDED
    if state == MENDED and reaches(drop, _MENDED * defined) and low > 0:
        return BACK
    return state


def _drops(run: Run, each: SliceOfRun) -> tuple[float, float, float]:
    """Drop of a slice against the whole of its run, and of both bounds of its interval, the lower first."""
    sign = -1.0 if run.higher_is_better else 1.0
    drop, *bounds = (sign * (value - run.value) for value in (each.value, *each.interval))
    return drop, min(bounds), max(bounds)


def _errors(entries: Sequence[Entry]) -> dict[str, Any]:
    above = [max(0.0, entry.slice.interval[1] - entry.slice.value) for entry in entries]
    below = [max(0.0, entry.slice.value - entry.slice.interval[0]) for entry in entries]
    return {"type": "data", "symmetric": False, "array": above, "arrayminus": below, "thickness": 1}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
