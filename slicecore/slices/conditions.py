"""Conditions on single columns, such as "accent = scottish" or "Length ≥ 4.1 s", as bins that can be summed at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.measurements.measurement import Measurement
from slicecore.table.metadata import Values, quantities_of, values_of

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Where quantities are cut; conditions are on all that is below or above a cut."""

OUTER = (0.25, 0.75)
"""Where quantities are cut for pairs, into three parts."""

_DIGITS = 3  # of a cut, so that what is shown is what was cut at


@dataclass(frozen=True, order=True)
class Condition:
    """What the clips of a group have in common in one column.

    Attributes
    ----------
    column : its name.
    label : what people call the column.
    value : of a column of values, else "".
    low, high : of a quantity, low <= x < high; infinite where it is open.
    unit : of a quantity, such as "s"; "%" for shares that are stored between 0 and 1.
    """

    column: str
    label: str
    value: str = ""
    low: float = -np.inf
    high: float = np.inf
    unit: str = ""

    @property
    def text(self) -> str:
        """As people read it: "accent = scottish", "Length ≥ 4.1 s", "age 20 to 39"."""
        if self.low == -np.inf and self.high == np.inf:
            return f"{self.label} = {self.value}"
        unit = f" {self.unit}" if self.unit else ""
        if self.high == np.inf:
            return f"{self.label} ≥ {self._shown(self.low)}{unit}"
        if self.low == -np.inf:
            return f"{self.label} < {self._shown(self.high)}{unit}"
        return f"{self.label} {self._shown(self.low)} to {self._shown(self.high)}{unit}"

    def _shown(self, number: float) -> str:
        number = 100 * number if self.unit == "%" else number
        shown = np.format_float_positional(number, precision=_DIGITS, fractional=False, trim="-")
        return shown.replace("-", "−")


@dataclass(frozen=True, eq=False)
class Bins:
    """A column cut into bins.

    Attributes
    ----------
    column : its name.
    code : (n,) int32, the bin of every clip, -1 for none.
    size : number of bins.
    groups : conditions on it, each with the interval of bins that meet it.
    coarse : (n,) int32, bins for pairs of columns, -1 for none.
    coarse_conditions : one per coarse bin.
    measured : whether it was measured; else the table says it, or a label.
    """

    column: str
    code: NDArray[np.int32]
    size: int
    groups: tuple[tuple[Condition, int, int], ...]
    coarse: NDArray[np.int32]
    coarse_conditions: tuple[Condition, ...]
    measured: bool = False


def bins_of(
    metadata: pd.DataFrame, measured: pd.DataFrame, catalogue: Mapping[str, Measurement], min_support: int
) -> list[Bins]:
    """Cut columns into the bins that conditions are made of.

    Parameters
    ----------
    metadata
        A row per clip; columns of values, or of quantities.
    measured
        A row per clip; columns of quantities.
    catalogue
        What the measured columns are called, and their units.
    min_support
        Fewest clips of a condition.

    Returns
    -------
    list of Bins
        Of the columns that give any condition.
    """
    names = list(metadata.columns)
    found = [_of_values(one, min_support) for one in values_of(metadata, names)]
    for table in (quantities_of(metadata, names), measured):
        for name in table.columns:
            one = catalogue.get(name) if table is measured else None
            label, unit = (one.label, one.unit) if one else (str(name), "")
            numbers = table[name].to_numpy(np.float64)
            cut = _of_quantity(str(name), label, unit, numbers, min_support)
            found.append(replace(cut, measured=table is measured))
    return [one for one in found if one.groups]


def _of_values(values: Values, min_support: int) -> Bins:
    n = len(values.code)
    frequent = np.flatnonzero((values.counts >= min_support) & (values.counts < n))
    place = np.full(len(values.names) + 1, -1, dtype=np.int32)  # the last for empty cells
    place[frequent] = np.arange(len(frequent))
    conditions = tuple(Condition(values.column, values.column, values.names[i]) for i in frequent)
    code = place[values.code]
    return Bins(
        values.column,
        code,
        len(frequent),
        tuple((one, i, i + 1) for i, one in enumerate(conditions)),
        code,
        conditions,
    )


def _of_quantity(column: str, label: str, unit: str, numbers: NDArray[np.float64], min_support: int) -> Bins:
    known = ~np.isnan(numbers)
    cuts = _cuts(numbers[known], QUANTILES)
    code = _cut(numbers, cuts)
    before = np.concatenate([[0], np.cumsum(np.bincount(code[known], minlength=len(cuts) + 1))])
    n, total = len(numbers), int(before[-1])
    groups = []
    for i, cut in enumerate(cuts.tolist(), 1):
        for first, last, low, high in ((0, i, -np.inf, cut), (i, len(cuts) + 1, cut, np.inf)):
            size = before[last] - before[first]
            if min_support <= size < n and size <= (total + 1) / 2:
                groups.append((Condition(column, label, "", low, high, unit), first, last))
    outer = _cuts(numbers[known], OUTER)
    edges = [-np.inf, *outer.tolist(), np.inf]
    parts = tuple(Condition(column, label, "", low, high, unit) for low, high in pairwise(edges))
    coarse = _cut(numbers, outer) if len(outer) else np.full(n, -1, dtype=np.int32)
    return Bins(column, code, len(cuts) + 1, tuple(groups), coarse, parts if len(outer) else ())


def _cuts(known: NDArray[np.float64], quantiles: tuple[float, ...]) -> NDArray[np.float64]:
    """Ascending numbers of few digits near the quantiles, each with clips on both sides."""
    if not len(known):
        return np.zeros(0)
    at = np.quantile(known, quantiles)
    rounded = np.unique([float(f"{cut:.{_DIGITS}g}") for cut in at])
    return rounded[(rounded > known.min()) & (rounded <= known.max())]


def _cut(numbers: NDArray[np.float64], cuts: NDArray[np.float64]) -> NDArray[np.int32]:
    code = np.searchsorted(cuts, numbers, side="right").astype(np.int32)
    code[np.isnan(numbers)] = -1
    return code
