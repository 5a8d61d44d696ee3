"""Probability that a clip of a group exceeds one of another, for many measurements at once (Mann and Whitney)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.groups import rows_of
from slicecore.work_threads import in_threads

if TYPE_CHECKING:
    import pandas as pd

_FEWEST = 5  # measured clips on each side for a comparison
_NEAR = 1e-12  # how close to an end a root may lie, and how closely it is found
_SAMPLE = 5000  # clips from which correlations are taken
_MANY = 20_000  # clips from which on columns are ranked on every processor
_MOST_IN_32_BITS = 1 << 23  # ranks up to it, halves included, are the same in 32 bits


@dataclass(frozen=True, eq=False)
class Comparison:
    """One group against another, in every measurement; each (columns,), NaN where too few clips are measured.

    Attributes
    ----------
    probability : that a clip of the group exceeds one of the others, a tie counting half: U / (n k), the area under
        the receiver operating characteristic (Hanley, McNeil, Radiology 1982).
    p_value : two-sided, of the Mann-Whitney test by the normal approximation with ties.
    inside, outside : number of measured clips.
    """

    probability: NDArray[np.float64]
    p_value: NDArray[np.float64]
    inside: NDArray[np.int64]
    outside: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Ranked:
    """A column by its ranks.

    Attributes
    ----------
    ranks : (n,) equal numbers have the mean of theirs; NaN where there is none.
    ties : sum of t³ - t over the groups of t equal numbers.
    measured : clips with a number.
    quartiles : (5,) the least number, the quartiles, the largest.
    """

    ranks: NDArray[np.floating]
    ties: float
    measured: int
    quartiles: NDArray[np.float64]


class Ranks:
    """Ranks of measurements, taken once per table: a group then costs the sum over its own clips.

    Parameters
    ----------
    table
        n rows, columns of numbers; NaN where a clip is not measured. Columns without two different values are left out.
        Those in 64 bits are not copied.
    known
        Ranks of other columns of the same clips: where the numbers are the same these are taken.

    Attributes
    ----------
    names : the columns.
    columns : (n,) numbers of each.
    quartiles : (columns, 5) the least number of each, its quartiles and the largest.
    """

    def __init__(self, table: pd.DataFrame, known: Ranks | None = None) -> None:
        varied = [name for name in table.columns if table[name].min() < table[name].max()]
        self.names: tuple[str, ...] = tuple(map(str, varied))
        self.n = len(table)
        self.columns: tuple[NDArray[np.float64], ...] = tuple(
            table[name].to_numpy(np.float64) for name in varied
        )
        ranked: dict[int, _Ranked] = {}

        def rank(i: int) -> None:
            there = known and known._ranks_of(self.names[i], self.columns[i])
            ranked[i] = there or _ranked(self.columns[i])

        in_threads(rank, range(len(varied)), threaded=self.n >= _MANY)
        self._of_columns = [ranked[i] for i in range(len(varied))]
        self.quartiles = np.reshape([each.quartiles for each in self._of_columns], (-1, 5))
        self._ties = np.array([each.ties for each in self._of_columns])
        self._measured = np.array([each.measured for each in self._of_columns], dtype=np.int64)

    def compare(
        self, members: Sequence[int] | NDArray, others: Sequence[int] | NDArray | None = None
    ) -> Comparison:
        """Compare a group of clips with others.

        Parameters
        ----------
        members
            Rows of the group, or a mask.
        others
            Rows of what it is compared with, without those of the group; all clips outside it by default.
        """
        group = rows_of(members, self.n)
        of_columns, measured, ties = self._of_columns, self._measured, self._ties
        if others is not None:
            rest = rows_of(others, self.n)
            rows = np.concatenate([group, rest[~np.isin(rest, group)]])
            of_columns = [_ranked(each.ranks[rows]) for each in of_columns]
            ties = np.array([each.ties for each in of_columns])
            measured = np.array([each.measured for each in of_columns], dtype=np.int64)
            group = np.arange(len(group))
        of_group = _rows(of_columns, group)
        inside = (~np.isnan(of_group)).sum(axis=0)
        outside = measured - inside
        enough = (inside >= _FEWEST) & (outside >= _FEWEST)
        pairs = np.maximum(inside * outside, 1).astype(np.float64)
        probability = (np.nansum(of_group, axis=0, dtype=np.float64) - inside * (inside + 1) / 2) / pairs
        total = np.maximum(measured, 2).astype(np.float64)
        variance = (total + 1 - ties / (total * (total - 1))) / (12 * pairs)
        from scipy.special import ndtr

        deviation = np.sqrt(np.maximum(variance, 1e-30))
        p_value = 2 * ndtr(-np.abs(probability - 0.5) / deviation)
        return Comparison(
            np.where(enough, probability, np.nan),
            np.where(enough, np.where(variance > 1e-15, p_value, 1.0), np.nan),
            inside,
            outside,
        )

    def _ranks_of(self, name: str, numbers: NDArray[np.float64]) -> _Ranked | None:
        """Ranks of a column if it has these numbers."""
        if name not in self.names:
            return None
        at = self.names.index(name)
        return self._of_columns[at] if np.array_equal(self.columns[at], numbers, equal_nan=True) else None

    @cached_property
    def correlation(self) -> NDArray[np.float64]:
        """(columns, columns) rank correlation (Spearman), of a sample of the clips where they are many."""
        step = max(1, self.n // _SAMPLE)
        ranks = _rows(self._of_columns, np.arange(0, self.n, step)).astype(np.float64)
        centred = ranks - np.nanmean(ranks, axis=0) if len(ranks) else ranks
        filled = np.nan_to_num(centred)
        known = (~np.isnan(ranks)).astype(np.float64)
        squares = (filled**2).T @ known
        norm = np.sqrt(squares * squares.T)
        product = filled.T @ filled
        return np.divide(product, norm, out=np.zeros_like(product), where=norm > 0)


def probability_interval(
    probability: float, inside: int, outside: int, z: float = 1.96
) -> tuple[float, float]:
    """95 % interval of the probability that a clip of one group exceeds one of another.

    Method 5 of Newcombe (Confidence intervals for an effect size measure based on the Mann-Whitney statistic, part 2,
    Statistics in Medicine 2006): the probabilities t at which the observed one is `z` standard errors away, where the
    variance is t (1 - t) (1 + m (1 - t) / (2 - t) + m t / (1 + t)) / (n k), m = (n + k) / 2 - 1. It stays within 0 and
    1 and has a width also where every pair goes the same way.

    Parameters
    ----------
    probability
        As observed.
    inside, outside
        Number of clips in both groups, n and k.
    z
        Normal quantile of the confidence, 1.96 for 95 %.
    """
    mean = (inside + outside) / 2 - 1

    def beyond(t: float) -> float:
        """Distance of t from the observed probability, less `z` standard errors."""
        variance = t * (1 - t) * (1 + mean * (1 - t) / (2 - t) + mean * t / (1 + t)) / (inside * outside)
        return abs(probability - t) - z * math.sqrt(variance)

    return _root(beyond, probability, 0.0), _root(beyond, probability, 1.0)


def _root(function: Callable[[float], float], inside: float, bound: float) -> float:
    """Place where a function that is negative beside `inside` becomes positive on the way to `bound`."""
    near = inside + _NEAR * (bound - inside)
    if function(near) >= 0:
        return inside
    while abs(bound - near) > _NEAR:  # scipy.optimize takes a tenth of a second to import
        middle = (near + bound) / 2
        if function(middle) < 0:
            near = middle
        else:
            bound = middle
    return near


def _ranked(values: NDArray[np.floating]) -> _Ranked:
    known = ~np.isnan(values)
    rows = None if known.all() else np.flatnonzero(known)
    numbers = values if rows is None else values[rows]
    order, ascending = _sorted(numbers)
    first = np.flatnonzero(np.concatenate([[True], ascending[1:] != ascending[:-1]])[: len(order)])
    equal = np.diff(np.append(first, len(order)))
    kind = np.float32 if len(values) <= _MOST_IN_32_BITS else np.float64
    means = (first + (equal + 1) / 2).astype(kind)
    ranks: NDArray[np.floating] = np.full(len(values), np.nan, kind)
    ranks[order if rows is None else rows[order]] = (
        means if len(means) == len(order) else np.repeat(means, equal)
    )
    times = equal.astype(np.float64)
    ties = float((times * times * times - times).sum())
    return _Ranked(ranks, ties, len(order), _quartiles(numbers, order))


def _quartiles(numbers: NDArray[np.floating], order: NDArray[np.integer]) -> NDArray[np.float64]:
    """Least number, quartiles and largest as `numpy.quantile` gives them, which would sort the numbers again."""
    place = np.array([0, 0.25, 0.5, 0.75, 1]) * (len(order) - 1)
    below = place.astype(np.int64)
    low, high = (
        numbers[order[np.minimum(at, len(order) - 1)]].astype(np.float64) for at in (below, below + 1)
    )
    part, step = place - below, np.where(high > low, high - low, 0.0)
    return np.where(part < 0.5, low + step * part, high - step * (1 - part))


def _rows(of_columns: Sequence[_Ranked], rows: NDArray[np.int64]) -> NDArray[np.floating]:
    """(rows, columns) ranks of some clips."""
    if not of_columns:
        return np.zeros((len(rows), 0))
    return np.stack([each.ranks[rows] for each in of_columns], axis=1)


def _sorted(values: NDArray[np.floating]) -> tuple[NDArray[np.integer], NDArray]:
    """Order of numbers, equal ones in any order, and what is equal where numbers in this order are."""
    with np.errstate(over="ignore"):
        in_32_bits = values.astype(np.float32)
    if not np.array_equal(in_32_bits, values):
        order = np.argsort(values)
        return order, values[order]
    # Number and place in one: integers are sorted ten times as fast as places by their numbers.
    bits = (in_32_bits + np.float32(0)).view(np.uint32)  # there is one zero
    negative = bits >> 31 == 1
    both = np.where(negative, ~bits, bits | np.uint32(1 << 31)).astype(np.uint64)
    both <<= np.uint64(32)
    both |= np.arange(len(values), dtype=np.uint64)
    both.sort()
    order = both.astype(np.uint32)
    both >>= np.uint64(32)
    return order, both
