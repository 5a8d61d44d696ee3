"""Bins of the columns of a table: the clips that meet conditions on one column can be summed at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.measurements.measurement import Measurement
from slicecore.slices.bin_sums import MANY
from slicecore.slices.condition import Condition, Operator, Part
from slicecore.table.metadata import Values, quantities_of, values_of
from slicecore.table.time_stamps import WEEKDAYS, TimeStamps, time_stamps_of
from slicecore.work_threads import in_threads

if TYPE_CHECKING:
    import pandas as pd

Spans = tuple[tuple[int, int], ...]
"""Intervals of bins, each from a bin up to another one."""

QUANTILES = tuple(np.arange(1, 20) / 20)
"""Quantiles at which quantities are cut; conditions are on all that is below or above a cut, or between two."""

COARSE = (0.1, 0.25, 0.75, 0.9)
"""Quantiles at which quantities are cut for pairs; some of `QUANTILES`."""

_LAST_HOUR = 23.0
_STEPS = (86400.0, 3600.0, 60.0, 1.0)  # seconds; the longest of which a column has enough different ones
_FEWEST_STEPS = 10
_EACH = 24  # different whole numbers, such as hours, up to which every one is a bin of its own
_DIGITS = 3  # of a cut, or of the spread of the quantity where that takes more
_NO_SPANS = np.zeros((0, 2), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Bins:
    """A column cut into bins.

    Attributes
    ----------
    column : its name.
    code : (n,) the bin of every clip, -1 for none.
    size : number of bins.
    simple : (conditions, 2) first bin and the one after the last: a value, or all that is below or above a cut.
    inner : (conditions, 2) the same between two cuts; round the clock where the first one is larger.
    coarse_edges : (coarse bins + 1,) first bin of every coarse one, and the number of bins. They are for pairs.
    coarse_spans : (conditions, 2) first coarse bin and the one after the last, for pairs.
    names : of values, in the order of the bins; None for a quantity.
    cuts : (size - 1,) between the bins of a quantity.
    whole : whether a quantity has whole numbers only.
    part : of a time.
    label, unit : what people call the column, and the unit of a quantity.
    measured : whether it was measured; else the table says it, or a label.
    is_joined : whether a condition may join several values.
    """

    column: str
    code: NDArray[np.signedinteger]
    size: int
    simple: NDArray[np.int64]
    inner: NDArray[np.int64]
    coarse_edges: NDArray[np.int64]
    coarse_spans: NDArray[np.int64]
    names: tuple[str, ...] | None = None
    cuts: NDArray[np.float64] | None = None
    whole: bool = False
    part: Part = Part.WHOLE
    label: str = ""
    unit: str = ""
    measured: bool = False
    is_joined: bool = False

    @property
    def coarse(self) -> NDArray[np.signedinteger]:
        """(n,) the coarse bin of every clip, -1 for none, in as few bits as hold them."""
        of_bins = np.searchsorted(self.coarse_edges, np.arange(self.size + 1), side="right") - 1
        of_bins[-1] = -1  # of clips in no bin
        return of_bins.astype(fewest_bits(self.coarse_size))[self.code]

    @property
    def coarse_size(self) -> int:
        """Number of coarse bins."""
        return max(0, len(self.coarse_edges) - 1)

    def condition(self, spans: Spans) -> Condition:
        """Condition that the clips in some intervals of bins meet."""
        if self.names is not None:
            names = tuple(self.names[code] for first, last in spans for code in range(first, last))
            if len(names) == 1:
                return self._compared(Operator.EQUAL, names[0])
            return self._compared(Operator.ONE_OF, names)
        return self._compared(*self._interval(spans[0][0], spans[-1][1]))

    def mask(self, spans: Spans) -> NDArray[np.bool_]:
        """(n,) whether clips lie in some intervals of bins."""
        inside = np.zeros(len(self.code), dtype=bool)
        for first, last in spans:
            inside |= (self.code >= first) & (self.code < last)
        return inside

    def _compared(self, operator: Operator, value: str | float | tuple) -> Condition:
        return Condition(self.column, operator, value, self.label, self.unit, self.part)

    def _interval(self, first: int, last: int) -> tuple[Operator, float | tuple[float, float]]:
        """Comparison that the numbers of an interval of bins meet."""
        cuts = [-math.inf, *(() if self.cuts is None else self.cuts.tolist()), math.inf]
        low, high = cuts[first], cuts[last]
        if self.part == Part.HOUR:
            return Operator.BETWEEN, (max(low, 0.0), min(high - 1, _LAST_HOUR))
        if first == 0:
            return Operator.BELOW, high
        if last == self.size:
            return Operator.AT_LEAST, low
        if not self.whole:
            return Operator.WITHIN, (low, high)
        return (Operator.EQUAL, low) if high - low == 1 else (Operator.BETWEEN, (low, high - 1))


def bins_of(
    metadata: pd.DataFrame,
    measured: pd.DataFrame,
    catalogue: Mapping[str, Measurement],
    min_support: int,
    counted: NDArray[np.bool_] | None = None,
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
    counted
        (n,) clips that count; all of them by default. Others, such as copies, are only put into the bins.

    Returns
    -------
    list of Bins
        Of the columns that give any condition.
    """
    if counted is None:
        counted = np.ones(len(metadata), dtype=bool)
    stamps = {name: time_stamps_of(metadata[name]) for name in metadata.columns}
    times = {name: of_column for name, of_column in stamps.items() if of_column is not None}
    names = [name for name in metadata.columns if name not in times]
    columns = [_of_values(values, min_support, counted) for values in values_of(metadata, names)]
    columns += [
        bins
        for name, of_column in times.items()
        for bins in _of_times(str(name), of_column, min_support, counted)
    ]
    quantities = [
        (name, table[name], table is measured)
        for table in (quantities_of(metadata, names), measured)
        for name in table.columns
    ]
    found: dict[int, Bins] = {}

    def cut(at: int) -> None:
        name, numbers, is_measured = quantities[at]
        measurement = catalogue.get(name) if is_measured else None
        label, unit = (measurement.label, measurement.unit) if measurement else (str(name), "")
        bins = _of_quantity(str(name), numbers.to_numpy(np.float64), min_support, counted)
        found[at] = replace(bins, label=label, unit=unit, measured=is_measured)

    in_threads(cut, range(len(quantities)), threaded=len(metadata) >= MANY)
    columns += [found[at] for at in range(len(quantities))]
    return [column for column in columns if len(column.simple) or len(column.inner)]


def _of_values(values: Values, min_support: int, counted: NDArray[np.bool_]) -> Bins:
    counts = np.bincount(values.code[counted & (values.code >= 0)], minlength=len(values.names))
    frequent = np.flatnonzero((counts >= min_support) & (counts < np.count_nonzero(counted)))
    place = np.full(len(values.names) + 1, -1, fewest_bits(len(frequent)))  # the last for empty cells
    place[frequent] = np.arange(len(frequent))
    edges = np.arange(len(frequent) + 1)
    spans = np.stack([edges[:-1], edges[1:]], axis=1)
    return Bins(
        values.column,
        place[values.code],
        len(frequent),
        spans,
        _NO_SPANS,
        edges,
        spans,
        names=tuple(values.names[i] for i in frequent),
        is_joined=True,
    )


def _of_times(column: str, times: TimeStamps, min_support: int, counted: NDArray[np.bool_]) -> list[Bins]:
    """The moment, the hour of the day and the weekday of a column of times."""
    known = times.seconds[~np.isnan(times.seconds)]
    step = next((step for step in _STEPS if len(np.unique(known // step)) >= _FEWEST_STEPS), _STEPS[0])
    moment = _of_quantity(column, times.seconds // step, min_support, counted)
    cuts = None if moment.cuts is None else moment.cuts * step
    parts = [replace(moment, part=Part.MOMENT, cuts=cuts, whole=False)]
    if times.hour is not None:
        parts.append(_of_hours(column, times.hour, min_support, counted))
    day = np.where(np.isnan(times.weekday), -1, times.weekday).astype(np.int64)
    counts = np.bincount(day[day >= 0], minlength=len(WEEKDAYS))
    weekday = _of_values(Values(column, WEEKDAYS, day, counts), min_support, counted)
    return [*parts, replace(weekday, part=Part.WEEKDAY)]


def _of_hours(column: str, hours: NDArray[np.float64], min_support: int, counted: NDArray[np.bool_]) -> Bins:
    """The hours of the day, which go round the clock."""
    bins = replace(_of_quantity(column, hours, min_support, counted), part=Part.HOUR)
    clips = np.bincount(bins.code[counted & (bins.code >= 0)], minlength=bins.size)
    before = np.concatenate([[0], np.cumsum(clips)])
    first, last = np.triu_indices(max(0, bins.size - 1), 1)
    night = np.stack([last + 1, first + 1], axis=1)  # from late on, and until early
    size = before[-1] - before[night[:, 0]] + before[night[:, 1]]
    meets = (size >= min_support) & (size <= (before[-1] + 1) // 2)
    return replace(bins, inner=np.concatenate([bins.inner, night[meets]]))


def _of_quantity(
    column: str, numbers: NDArray[np.float64], min_support: int, counted: NDArray[np.bool_]
) -> Bins:
    finite = np.isfinite(numbers)
    known = numbers[counted & finite]
    whole = bool((numbers[finite] == np.floor(numbers[finite])).all())
    cuts, coarse = _cuts(known, whole)
    size = len(cuts) + 1
    code = np.searchsorted(cuts, numbers, side="right").astype(fewest_bits(size))
    code[np.isnan(numbers)] = -1
    before = np.concatenate([[0], np.cumsum(np.bincount(code[counted & (code >= 0)], minlength=size))])
    first, last = np.triu_indices(size + 1, 1)
    clips = before[last] - before[first]
    most = min(int(np.count_nonzero(counted)) - 1, (int(before[-1]) + 1) // 2)
    spans = np.stack([first, last], axis=1)[(clips >= min_support) & (clips <= most)]
    is_inner = (spans[:, 0] > 0) & (spans[:, 1] < size)
    edges = _coarse_edges(coarse, cuts)
    return Bins(
        column,
        code,
        size,
        spans[~is_inner],
        spans[is_inner],
        edges,
        _coarse_spans(before[edges], most),
        cuts=cuts,
        whole=whole,
    )


def fewest_bits(size: int) -> type[np.signedinteger]:
    """Type of bins up to a number, with -1 for none: there may be a hundred columns of a million clips."""
    return next((kind for kind in (np.int8, np.int16) if size <= np.iinfo(kind).max), np.int32)


def _cuts(known: NDArray[np.float64], whole: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ascending numbers of few digits near the quantiles, and near those of coarse bins, each with clips on both sides.

    They are rounded to three digits, or to three digits of the spread where that is finer: numbers with an offset, such
    as years or seconds since 1970, keep their cuts. Whole numbers are cut at whole numbers.
    """
    if not len(known):
        return np.zeros(0), np.zeros(0)
    least, most = float(known.min()), float(known.max())
    quantiles = np.quantile(known, (*QUANTILES, *COARSE)).tolist()
    spread = quantiles[len(QUANTILES) - 1] - quantiles[0] or most - least
    fine, coarse = (
        np.unique([_rounded(cut, spread, whole) for cut in part])
        for part in (quantiles[: len(QUANTILES)], quantiles[len(QUANTILES) :])
    )
    if whole and len(different := np.unique(known)) <= _EACH:
        fine = different
    fine, coarse = (cuts[(cuts > least) & (cuts <= most)] for cuts in (fine, coarse))
    return fine, coarse


def _coarse_edges(coarse: NDArray[np.float64], cuts: NDArray[np.float64]) -> NDArray[np.int64]:
    """Bins with which coarse ones begin, and the number of bins; none where there is no cut."""
    if not len(cuts):
        return np.zeros(0, dtype=np.int64)
    inner = np.unique(np.searchsorted(cuts, coarse) + 1)
    return np.array([0, *inner[inner <= len(cuts)], len(cuts) + 1])


def _coarse_spans(before: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Coarse intervals for pairs: all below or above an edge where these are few, and all between the last of those."""
    size = len(before) - 1
    low = [end for end in range(1, size) if before[end] <= most]
    high = [begin for begin in range(1, size) if before[-1] - before[begin] <= most]
    spans = [(0, end) for end in low] + [(begin, size) for begin in high]
    if low and high and low[-1] < high[0]:
        spans.append((low[-1], high[0]))
    return np.array(spans, dtype=np.int64).reshape(-1, 2)


def _rounded(cut: float, spread: float, whole: bool) -> float:
    sizes = [abs(size) for size in (cut, spread) if size]
    if not sizes:
        return cut
    decimals = _DIGITS - 1 - math.floor(math.log10(min(sizes)))
    return float(round(cut, min(decimals, 0) if whole else decimals))
