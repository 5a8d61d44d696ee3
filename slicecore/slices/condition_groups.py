"""Groups of clips that conditions describe: one column's intervals of bins, and crossed bins of two columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore.slices import cluster_null
from slicecore.slices.bins import Bins
from slicecore.slices.clip_scores import ClipScores
from slicecore.slices.condition import Condition
from slicecore.slices.result import Scan

_MOST_CROSSED = 1 << 14  # bins of a pair of columns; pairs with more are left out


@dataclass(frozen=True)
class GroupSettings:
    """Constants of the groups, chosen by `benchmarks/explanation.py` and `explanation_chance.py` (docs/explanation.md).

    Attributes
    ----------
    price_of_pair : evidence that a pair of conditions needs more than one of them.
    """

    price_of_pair: float = 3.0


SETTINGS = GroupSettings()


@dataclass(frozen=True)
class Group:
    """Clips that meet one condition (of the interval of bins first to last) or two (a crossed bin).

    Attributes
    ----------
    columns : positions of the columns, one or two.
    first, last : interval of the bins.
    support : number of clips.
    evidence : how far the group stands out beyond the margin of the minimum drop, z²/2.
    gain : evidence less the price of a pair.
    """

    columns: tuple[int, ...]
    first: int
    last: int
    support: int
    evidence: float
    gain: float


class ConditionGroups:
    """All groups of a table, their clips and how far they stand out.

    Parameters
    ----------
    scan
        The scan; its metric, thresholds and comparison count.
    columns
        The columns as bins.
    pairs
        Whether pairs of columns are crossed.
    """

    def __init__(self, scan: Scan, columns: list[Bins], pairs: bool) -> None:
        costs = self._costs = scan.costs
        self.columns = columns
        self.n = len(costs)
        self.min_support = scan.min_support
        self._min_drop = scan.min_drop
        self._against = scan.options.against
        self.scores = ClipScores.of(costs.excess(), costs.denominator)
        margin = cluster_null.SETTINGS.margin * scan.min_drop
        self._excess = self.scores.score - margin * self.scores.per_rate
        self.pairs = [
            (a, b)
            for a, b in combinations(range(len(columns)), 2)
            if pairs and 0 < self._crossed_size(a, b) <= _MOST_CROSSED
        ]

    def members(self, group: Group) -> NDArray[np.int64]:
        """Rows of the clips of a group."""
        a = self.columns[group.columns[0]]
        if len(group.columns) == 1:
            return np.flatnonzero((a.code >= group.first) & (a.code < group.last))
        b = self.columns[group.columns[1]]
        size = len(b.coarse_conditions)
        return np.flatnonzero((a.coarse == group.first // size) & (b.coarse == group.first % size))

    def conditions(self, group: Group) -> tuple[Condition, ...]:
        """Conditions that the clips of a group have in common."""
        a = self.columns[group.columns[0]]
        if len(group.columns) == 1:
            interval = (group.first, group.last)
            return next((condition,) for condition, *place in a.groups if tuple(place) == interval)
        b = self.columns[group.columns[1]]
        size = len(b.coarse_conditions)
        return a.coarse_conditions[group.first // size], b.coarse_conditions[group.first % size]

    def is_measured(self, group: Group) -> bool:
        """True if any of its conditions is on a measurement."""
        return any(self.columns[column].measured for column in group.columns)

    def meet_thresholds(self) -> Iterator[Group]:
        """The groups of every column and of every pair that meet the thresholds and gain something."""
        costs, weight = self._costs, self.scores.weight
        values = (
            np.ones(self.n),
            costs.numerator,
            costs.denominator,
            self._excess,
            weight,
            weight**2,
        )
        for i, column in enumerate(self.columns):
            sums = _binned(column.code, column.size, values)
            running = np.concatenate([np.zeros((len(values), 1)), np.cumsum(sums, axis=1)], axis=1)
            first = np.array([group[1] for group in column.groups])
            last = np.array([group[2] for group in column.groups])
            yield from self._meeting((i,), first, last, running[:, last] - running[:, first])
        for a, b in self.pairs:
            crossed, size = self.crossed(a, b)
            sums = _binned(crossed, size, values)
            bins = np.flatnonzero(self.are_groups(a, b, sums[0]))
            yield from self._meeting((a, b), bins, bins + 1, sums[:, bins])

    def is_slice(self, rows: NDArray[np.int64]) -> bool:
        """True if some clips meet the thresholds."""
        if len(rows) < self.min_support:
            return False
        sums = self._costs.numerator[rows].sum(), self._costs.denominator[rows].sum()
        return bool(self._drops(*map(np.atleast_1d, sums))[0] >= self._min_drop)

    def evidence(self, rows: NDArray[np.int64]) -> float:
        """Distance by which some clips stand out, z²/2."""
        weight = self.scores.weight[rows]
        factor = float(self.scores.per_deviation(weight.sum(), (weight**2).sum()))
        return max(0.0, float(self._excess[rows].sum()) * factor) ** 2 / 2

    def crossed(self, a: int, b: int) -> tuple[NDArray[np.int32], int]:
        """(n,) crossed bin of two columns of every clip, -1 for none, and the number of such bins."""
        left, right = self.columns[a].coarse, self.columns[b].coarse
        size = len(self.columns[b].coarse_conditions)
        return np.where((left >= 0) & (right >= 0), left * size + right, -1), self._crossed_size(a, b)

    def are_groups(self, a: int, b: int, support: NDArray) -> NDArray[np.bool_]:
        """True if the crossed bins are groups: large enough, and not all clips of one of both conditions."""
        alone_a, alone_b = (
            np.bincount(column.coarse[column.coarse >= 0], minlength=len(column.coarse_conditions))
            for column in (self.columns[a], self.columns[b])
        )
        smaller = np.minimum(alone_a[:, None], alone_b[None, :]).ravel()
        return (support >= self.min_support) & (support < smaller) & (support < self.n)

    def _crossed_size(self, a: int, b: int) -> int:
        return len(self.columns[a].coarse_conditions) * len(self.columns[b].coarse_conditions)

    def _meeting(
        self, columns: tuple[int, ...], first: NDArray, last: NDArray, sums: NDArray[np.float64]
    ) -> list[Group]:
        support, numerator, denominator, excess, weights, squares = sums
        drops = self._drops(numerator, denominator)
        if not self._costs.adds_up:
            drops = np.where(drops > 0, np.inf, drops)  # its value is asked for later
        meeting = np.flatnonzero(
            (support >= self.min_support) & (drops >= self._min_drop) & (support < self.n)
        )
        z = np.maximum(0, excess[meeting]) * self.scores.per_deviation(weights[meeting], squares[meeting])
        price = SETTINGS.price_of_pair * (len(columns) - 1)
        return [
            Group(columns, int(first[g]), int(last[g]), int(support[g]), float(e), float(e) - price)
            for g, e in zip(meeting, z * z / 2, strict=True)
            if e > price
        ]

    def _drops(self, numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
        whole: tuple = float(self._costs.numerator.sum()), float(self._costs.denominator.sum())
        if self._against == "rest":
            whole = whole[0] - numerator, whole[1] - denominator
        drops = self._costs.drop(_ratio(numerator, denominator), _ratio(*whole))
        return np.where(np.isnan(drops), -np.inf, drops)


def _ratio(numerator: ArrayLike, denominator: ArrayLike) -> NDArray[np.float64]:
    unknown = np.full(np.shape(numerator), np.nan)
    return np.divide(numerator, denominator, out=unknown, where=np.asarray(denominator) > 1e-9)


def _binned(
    code: NDArray[np.int32], size: int, values: tuple[NDArray[np.float64], ...]
) -> NDArray[np.float64]:
    """(values, size) sums over the bins."""
    known = code >= 0
    if known.all():
        return np.stack([np.bincount(code, value, minlength=size) for value in values])
    return np.stack([np.bincount(code[known], value[known], minlength=size) for value in values])
