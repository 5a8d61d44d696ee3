"""Numbers of a result under the names by which a tracker keeps them, as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from slicecore.gate.checking import new_slices
from slicecore.metrics.intervals import value_interval
from slicecore.pipeline.definitions import named_slices
from slicecore.slices.options import CONFIRMED
from slicecore.storage.safe_names import SafeNames, safe_name
from slicecore.transfer.applying import apply
from slicecore.transfer.definition import WHOLE

if TYPE_CHECKING:
    from pathlib import Path

    from slicecore.gate.history import History
    from slicecore.gate.run import Run
    from slicecore.pipeline.result import Result
    from slicecore.transfer.definition import Definitions

_UNKNOWN = (math.nan, math.nan)
OVERALL, SLICES, NEW, HISTORY = "overall", "slices", "new", "history"
"""First parts of the names."""
_COUNTS = frozenset(
    ("clips", "slices", "confirmed_slices", "share_of_errors_in_slices", "support", "drop", "share_of_errors")
)
"""Last parts of the names beside that of the metric."""


@dataclass(frozen=True)
class Number:
    """A number for a tracker: its name, its value, the step and the time (ms since 1970; None for now) it is of."""

    name: str
    value: float
    step: int = 0
    time: int | None = None


@dataclass(frozen=True)
class Numbers:
    """Numbers of a result, those that are not finite left out.

    Attributes
    ----------
    numbers : the numbers.
    slices : first part of the names of a slice's numbers, `slices/Mains hum`, by the name of the slice.
    notes : sentences about names that had to be changed.
    """

    numbers: tuple[Number, ...]
    slices: Mapping[str, str]
    notes: tuple[str, ...]


def numbers_of(result: Result, step: int, definitions: Definitions | None, cache: Path | None) -> Numbers:
    """The numbers of a result.

    With definitions these are the defined slices, and confirmed slices of which none has half; else all slices of the
    scan, or over metadata where there are no clusters, by their names.
    """
    costs = result.costs
    metric = _metric(f"{result.metric}_difference" if costs.compared else result.metric)
    low, high = value_interval(costs, np.arange(len(costs)))
    overall = {
        metric: costs.value(),
        f"{metric}_low": low,
        f"{metric}_high": high,
        "clips": len(result.data),
        "slices": len(result.all_slices),
        "confirmed_slices": sum(slice_.tier == CONFIRMED for slice_ in result.all_slices),
        "share_of_errors_in_slices": result.scan.explained if result.scan.has_clusters else math.nan,
    }
    groups = (
        _of_scan(result, metric)
        if definitions is None
        else _of_definitions(result, metric, definitions, cache)
    )
    names = SafeNames(group.name for group in groups)
    found = [Number(f"{OVERALL}/{name}", value, step) for name, value in overall.items()]
    slices: dict[str, str] = {}
    for group in groups:
        first = f"{group.first}/{names.part[group.name]}"
        slices.setdefault(group.name, first)
        found += [Number(f"{first}/{name}", value, step) for name, value in group.numbers.items()]
    return Numbers(_finite(found), slices, names.sentences())


def history_numbers(history: History) -> tuple[Number, ...]:
    """Value, drop and support of every defined slice over the runs of a history: a step per run, at its time."""
    step_of = {id(run): step for step, run in enumerate(history.runs)}
    names = SafeNames([WHOLE, *history.slices])

    def numbers(run: Run, name: str, values: Mapping[str, float]) -> list[Number]:
        first, step, time = f"{HISTORY}/{names.part[name]}", step_of[id(run)], _milliseconds(run.time)
        return [Number(f"{first}/{each}", value, step, time) for each, value in values.items()]

    found = []
    for run in history.runs:
        found += numbers(run, WHOLE, {_metric(run.metric): run.value})
    for name, entries in history.slices.items():
        for entry in entries:
            metric, slice_ = _metric(entry.run.metric), entry.slice
            values = _values(metric, slice_.value, slice_.interval, entry.drop, slice_.support)
            found += numbers(entry.run, name, values)
    return _finite(found)


@dataclass(frozen=True)
class _Group:
    """A slice: the first part of its names, its own name, its numbers."""

    first: str
    name: str
    numbers: Mapping[str, float]


def _of_scan(result: Result, metric: str) -> list[_Group]:
    groups = []
    for each in named_slices(result):
        slice_ = each.slice
        numbers = _values(metric, slice_.value, slice_.interval, slice_.drop, slice_.support)
        groups.append(_Group(SLICES, each.name, numbers | {"share_of_errors": slice_.share}))
    return groups


def _of_definitions(
    result: Result, metric: str, definitions: Definitions, cache: Path | None
) -> list[_Group]:
    applied = apply(
        definitions,
        result.data,
        embeddings=result.embeddings,
        measurements=result.measurements,
        cache=cache,
    )
    costs = result.costs
    groups = []
    for members in applied.slices:
        if not members.means:
            continue
        value = costs.value(members.rows)
        interval = value_interval(costs, members.rows) if math.isfinite(value) else _UNKNOWN
        drop = float(costs.drop(value, costs.value()))
        numbers = _values(metric, value, interval, drop, len(members.rows))
        groups.append(_Group(SLICES, members.name, numbers))
    confirmed = [
        (each.name, each.slice.members)
        for each in named_slices(result)
        if each.slice.tier in (CONFIRMED, None)  # None: the search made no test
    ]
    for new in new_slices(confirmed, applied, costs):
        groups.append(_Group(NEW, new.name, _values(metric, new.value, _UNKNOWN, new.drop, new.support)))
    return groups


def _values(
    metric: str, value: float, interval: tuple[float, float], drop: float, support: int
) -> dict[str, float]:
    low, high = interval
    return {metric: value, f"{metric}_low": low, f"{metric}_high": high, "drop": drop, "support": support}


def _metric(name: str) -> str:
    """Last part of the names of a metric's values, which is none of the other numbers'."""
    part = safe_name(name)
    return f"{part}_value" if part in _COUNTS else part


def _finite(numbers: Iterable[Number]) -> tuple[Number, ...]:
    return tuple(number for number in numbers if math.isfinite(number.value))


def _milliseconds(time: str) -> int | None:
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
