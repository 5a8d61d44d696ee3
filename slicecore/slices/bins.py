"""Bins of the columns of a table: the clips that meet conditions on one column can be summed at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.measurements.measurement import Measurement
from slicecore.slices.condition import Condition, Operator
from slicecore.table.metadata import Values, quantities_of, values_of

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Quantiles at which quantities are cut; conditions are on all that is below or above a cut."""

OUTER = (0.25, 0.75)
"""Quantiles at which quantities are cut for pairs, into three parts."""

_DIGITS = 3  # of a cut, or of the spread of the quantity where that takes more


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
    columns = [_of_values(values, min_support) for values in values_of(metadata, names)]
    for table in (quantities_of(metadata, names), measured):
        for name in table.columns:
            measurement = catalogue.get(name) if table is measured else None
            label, unit = (measurement.label, measurement.unit) if measurement else (str(name), "")
            numbers = table[name].to_numpy(np.float64)
            bins = _of_quantity(str(name), label, unit, numbers, min_support)
            columns.append(replace(bins, measured=table is measured))
    return [column for column in columns if column.groups]


def _of_values(values: Values, min_support: int) -> Bins:
    n = len(values.code)
    frequent = np.flatnonzero((values.counts >= min_support) & (values.counts < n))
    place = np.full(len(values.names) + 1, -1, dtype=np.int32)  # the last for empty cells
    place[frequent] = np.arange(len(frequent))
    conditions = tuple(Condition(values.column, Operator.EQUAL, values.names[i]) for i in frequent)
    code = place[values.code]
    return Bins(
        values.column,
        code,
        len(frequent),
        tuple((condition, i, i + 1) for i, condition in enumerate(conditions)),
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
        for first, last, operator in ((0, i, Operator.BELOW), (i, len(cuts) + 1, Operator.AT_LEAST)):
            size = before[last] - before[first]
            if min_support <= size < n and size <= (total + 1) / 2:
                groups.append((Condition(column, operator, cut, label, unit), first, last))
    outer = _cuts(numbers[known], OUTER)
    if not len(outer):
        return Bins(column, code, len(cuts) + 1, tuple(groups), np.full(n, -1, dtype=np.int32), ())
    parts = (
        Condition(column, Operator.BELOW, float(outer[0]), label, unit),
        *(Condition(column, Operator.WITHIN, bounds, label, unit) for bounds in pairwise(outer.tolist())),
        Condition(column, Operator.AT_LEAST, float(outer[-1]), label, unit),
    )
    return Bins(column, code, len(cuts) + 1, tuple(groups), _cut(numbers, outer), parts)


def _cuts(known: NDArray[np.float64], quantiles: tuple[float, ...]) -> NDArray[np.float64]:
    """Ascending numbers of few digits near the quantiles, each with clips on both sides.

    They are rounded to three digits, or to three digits of the spread where that is finer: numbers with an offset, such
    as years or seconds since 1970, keep their cuts. Whole numbers are cut at whole numbers.
    """
    known = known[np.isfinite(known)]
    if not len(known):
        return np.zeros(0)
    at = np.quantile(known, quantiles)
    spread = float(at[-1] - at[0]) or float(known.max() - known.min())
    whole = bool((known == np.floor(known)).all())
    rounded = np.unique([_rounded(float(cut), spread, whole) for cut in at])
    return rounded[(rounded > known.min()) & (rounded <= known.max())]


def _rounded(cut: float, spread: float, whole: bool) -> float:
    sizes = [abs(size) for size in (cut, spread) if size]
    if not sizes:
        return cut
    decimals = _DIGITS - 1 - math.floor(math.log10(min(sizes)))
    return float(round(cut, min(decimals, 0) if whole else decimals))


def _cut(numbers: NDArray[np.float64], cuts: NDArray[np.float64]) -> NDArray[np.int32]:
    code = np.searchsorted(cuts, numbers, side="right").astype(np.int32)
    code[np.isnan(numbers)] = -1
    return code
