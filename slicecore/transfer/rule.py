"""Rules: the conditions that describe a slice, from those that are known, and the clips that meet them elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import DefinitionError
from slicecore.filtering.clip_filter import LEAST_PRECISION, LEAST_RECALL, describing_condition
from slicecore.filtering.columns import EMPTY, Column, filter_values
from slicecore.measurements import CATALOGUE
from slicecore.measurements.text_catalogue import FROM_PREDICTION
from slicecore.slices.condition import Condition, Part, part_of_times
from slicecore.table.left_out import columns_left_out
from slicecore.table.time_stamps import time_stamps_of
from slicecore.transfer.definition import Rule

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.slices.metadata_slices import MetadataSlice
    from slicecore.table.dataset import Dataset


class RuleSearch:
    """Search for the rule that describes groups of clips of a table.

    Parameters
    ----------
    data
        The clips.
    measured
        (n, columns) such as `Measurements.table`; None where nothing is measured.
    metadata_slices
        Slices that conditions describe, which are candidates as they are.
    """

    def __init__(
        self, data: Dataset, measured: pd.DataFrame | None, metadata_slices: Sequence[MetadataSlice] = ()
    ) -> None:
        left_out = columns_left_out(data.table, data.metadata)
        self._of_table = {
            name: Column(name, filter_values(data.table[name]))
            for name in data.metadata
            if name not in left_out
        }
        names = (
            [] if measured is None else [n for n in CATALOGUE if n in measured and n not in FROM_PREDICTION]
        )
        self._measured = {
            name: Column(name, measured[name].to_numpy(np.float64), CATALOGUE[name].unit, "measured")
            for name in names
            if measured is not None
        }
        self._metadata_slices = metadata_slices

    def rule(self, members: NDArray[np.int64]) -> Rule | None:
        """The rule with the largest F1 for some clips; None where none has enough precision and recall.

        Parameters
        ----------
        members
            Rows of the clips.
        """
        rules = [self._of_slice(each, members) for each in self._metadata_slices]
        for columns, measured in ((self._of_table, False), (self._measured, True)):
            best = describing_condition(members, columns) if columns else None
            if best:
                condition = _labelled(best.condition) if measured else best.condition
                rules.append(Rule((condition,), (measured,), best.precision, best.recall))
        good = [r for r in rules if r.precision >= LEAST_PRECISION and r.recall >= LEAST_RECALL]
        return max(good, key=lambda r: (round(_f1(r), 9), -len(r.conditions)), default=None)

    def _of_slice(self, described: MetadataSlice, members: NDArray[np.int64]) -> Rule:
        common = len(np.intersect1d(described.slice.members, members, assume_unique=True))
        measured = tuple(condition.column not in self._of_table for condition in described.conditions)
        return Rule(
            described.conditions, measured, common / described.slice.support, common / max(1, len(members))
        )


def clips_that_meet(rule: Rule, data: Dataset, measured: pd.DataFrame | None) -> NDArray[np.bool_]:
    """Mask of the clips of a table that meet a rule, (n,).

    Parameters
    ----------
    rule
        The rule.
    data
        The clips.
    measured
        Their measurements; None where nothing is measured.

    Raises
    ------
    DefinitionError
        A column of the rule is missing, or nothing of it is measured.
    """
    mask = np.ones(len(data), dtype=bool)
    for condition, is_measured in zip(rule.conditions, rule.measured, strict=True):
        cells = _cells(condition, is_measured, data, measured)
        mask &= replace(condition, part=Part.WHOLE).meets(cells)
    return mask


def is_measured(rule: Rule) -> bool:
    """True if a rule needs measurements of the clips."""
    return any(rule.measured)


def _cells(
    condition: Condition, measured: bool, data: Dataset, measurements: pd.DataFrame | None
) -> NDArray[Any]:
    name = condition.column
    if measured:
        if measurements is None or name not in measurements or not measurements[name].notna().any():
            raise DefinitionError(f"“{CATALOGUE[name].label}” is not measured of any clip of “{data.name}”.")
        return measurements[name].to_numpy(np.float64)
    if name not in data.table.columns:
        raise DefinitionError(f"“{data.name}” has no column “{name}”.")
    cells = data.table[name]
    if condition.part != Part.WHOLE:
        return _parts(cells, condition.part, data.name)
    first = condition.value[0] if isinstance(condition.value, tuple) else condition.value
    if not isinstance(first, str):
        import pandas as pd

        numbers = pd.to_numeric(cells, errors="coerce").to_numpy(np.float64)
        if not np.isfinite(numbers).any():
            raise DefinitionError(f"The column “{name}” of “{data.name}” holds no numbers.")
        return numbers
    # Numbers of few values are compared as texts: "3" whether the column was read as 3 or, with an empty cell, as 3.0.
    return np.array([_as_text(cell) for cell in filter_values(cells).tolist()], dtype=object)


def _parts(cells: pd.Series, part: Part, table: str) -> NDArray[Any]:
    import pandas as pd

    times = time_stamps_of(pd.Series(cells.to_numpy(object)))
    if times is None or (part == Part.HOUR and times.hour is None):
        lacking = "times of the day" if times is not None else "dates"
        raise DefinitionError(f"The column “{cells.name}” of “{table}” holds no {lacking}.")
    return part_of_times(times, part, len(cells))


def _as_text(cell: object) -> str:
    if isinstance(cell, float):
        return EMPTY if np.isnan(cell) else str(int(cell)) if cell.is_integer() else str(cell)
    return str(cell)


def _labelled(condition: Condition) -> Condition:
    measurement = CATALOGUE[condition.column]
    return Condition(
        condition.column,
        condition.operator,
        condition.value,
        measurement.label,
        measurement.unit,
        condition.part,
    )


def _f1(rule: Rule) -> float:
    return 2 * rule.precision * rule.recall / max(rule.precision + rule.recall, 1e-12)
