"""Largest gain of any group that conditions describe, for scores that were dealt out to the clips anew.

It looks through the same groups as `slicecore.slices.condition_candidates`. Every clip lies in one cell of every
column, and of every pair of columns; the scores are summed over the clips of each cell, and the cells of a group are
added up, both as products with sparse matrices, for all permutations of a block at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.slices.rate_function import RateFunction

if TYPE_CHECKING:
    from scipy import sparse

_TINY = 1e-12
_MOST_ENTRIES = 1 << 20  # cells of clips that are summed at once


@dataclass(frozen=True, eq=False)
class Evidence:
    """Evidence of groups from their sums of scores, of weights and of the squares of these.

    Attributes
    ----------
    deviation : standard deviation of the residuals.
    n : number of clips.
    rate : rate function of the residuals.
    """

    deviation: float
    n: int
    rate: RateFunction

    def __call__(
        self, total: NDArray[np.float64], weights: NDArray[np.float64], squares: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Evidence of every group; 0 where its sum of scores is below 0."""
        total = np.maximum(total, 0)
        spread = np.maximum(squares - weights * weights / self.n, _TINY)
        share = self.rate.share_at(total / (self.deviation * np.maximum(weights, _TINY)))
        return total * total / (2 * self.deviation * self.deviation * spread) * share


@dataclass(frozen=True, eq=False)
class CellGroups:
    """Groups of clips that consist of cells.

    Attributes
    ----------
    members : (groups, cells) 1 where a cell belongs to a group.
    per_deviation, per_mean, price : (groups, 1) factors that make a sum of scores a z, and a mean in standard
        deviations; the price.
    """

    members: sparse.csr_array
    per_deviation: NDArray[np.float32]
    per_mean: NDArray[np.float32]
    price: NDArray[np.float32]

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.members.shape[1]

    def gains(
        self, sums: NDArray[np.float32], rate: RateFunction, least: float = np.inf
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Groups, permutations and gains: the largest of every permutation, and all of at least `least`.

        Parameters
        ----------
        sums
            (cells, permutations) sums of scores.
        """
        if not len(self.price):
            return np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0)
        totals = self.members @ sums
        z = np.maximum(totals * self.per_deviation, 0)
        most = z * z / 2 - self.price  # of normal scores; skewness only makes it less
        highest = most.argmax(axis=0)
        permutation = np.arange(sums.shape[1])
        floor = self._gain(highest, permutation, totals, most, rate)
        group, permutation = np.nonzero(most >= np.minimum(floor, least))
        return group, permutation, self._gain(group, permutation, totals, most, rate)

    def _gain(
        self,
        group: NDArray[np.intp],
        permutation: NDArray[np.intp],
        totals: NDArray[np.float32],
        most: NDArray[np.float32],
        rate: RateFunction,
    ) -> NDArray[np.float64]:
        price = self.price[group, 0]
        share = rate.share_at(np.maximum(totals[group, permutation] * self.per_mean[group, 0], 0))
        return (most[group, permutation] + price) * share - price


@dataclass(frozen=True, eq=False)
class JoinedValues:
    """Values of a column of which a condition may join several.

    Attributes
    ----------
    cells : of the values, a range of those of `ConditionMaxima.single`.
    weights, squares : (values,) sums of the weights of their clips, and of the squares of these.
    price : price of two together, of three and so on; inf where so many are not joined.
    least : evidence that each of them must have.
    """

    cells: slice
    weights: NDArray[np.float64]
    squares: NDArray[np.float64]
    price: NDArray[np.float64]
    least: float

    def largest(self, sums: NDArray[np.float32], evidence: Evidence) -> NDArray[np.float64]:
        """(permutations,) largest gain of values together, neighbours in the order of the worst ones."""
        scores = sums[self.cells].astype(np.float64)
        worst = np.argsort(-scores / np.maximum(self.squares, _TINY)[:, None], axis=0, kind="stable")
        worst = worst[: len(self.price) + 1]
        scores = np.take_along_axis(scores, worst, axis=0)
        weights, squares = self.weights[worst], self.squares[worst]
        counts = np.logical_and.accumulate(evidence(scores, weights, squares) >= self.least, axis=0)
        best = np.full(scores.shape[1], -np.inf)
        running = [
            np.cumsum(np.vstack([np.zeros_like(values[:1]), values]), axis=0)
            for values in (scores, weights, squares)
        ]
        for count in range(2, len(worst) + 1):
            totals = (values[count:] - values[:-count] for values in running)
            gains = np.where(counts[count - 1 :], evidence(*totals) - self.price[count - 2], -np.inf)
            best = np.maximum(best, gains.max(axis=0))
        return best


@dataclass(frozen=True, eq=False)
class ThirdConditions:
    """Conditions that are asked for besides those of a pair.

    Attributes
    ----------
    cells : (n, columns) cell of every clip in every column, those of one column after those of the one before.
    members : (conditions, cells) 1 where a cell meets a condition.
    column, price : (conditions,)
    min_support : fewest clips of three conditions.
    """

    cells: NDArray[np.int32]
    members: sparse.csr_array
    column: NDArray[np.int64]
    price: NDArray[np.float64]
    min_support: int

    def largest(
        self,
        rows: NDArray[np.intp],
        pair: NDArray[np.int64],
        values: NDArray[np.float64],
        evidence: Evidence,
    ) -> float:
        """Largest evidence - price of a third condition of the clips of a group of two columns.

        Parameters
        ----------
        rows
            Clips of the group.
        pair
            The two columns.
        values
            (rows, 4) 1, scores, weights and their squares.
        evidence
            Of groups.
        """
        shape = len(rows), self.cells.shape[1]
        of_rows = ClipCells(lambda clips: self.cells[rows[clips]], *shape, self.members.shape[1])
        in_cells = of_rows.sums(values)
        count, total, weights, squares = (self.members @ in_cells).T
        gains = evidence(total, weights, squares) - self.price
        counts = (count >= self.min_support) & (count < len(rows)) & (total > 0) & ~np.isin(self.column, pair)
        return float(gains[counts].max(initial=-np.inf))


@dataclass(frozen=True, eq=False)
class PairGroups:
    """Groups of two conditions.

    Attributes
    ----------
    bins : (n, columns) coarse bin of every clip from 1 on, 0 for none.
    pairs : (pairs, 2) columns that are crossed.
    width, start : (pairs,) cells per bin of the first column, and the first cell of the pair.
    pair : (groups,) pair of every group.
    groups : the groups as cells.
    """

    bins: NDArray[np.int32]
    pairs: NDArray[np.int64]
    width: NDArray[np.int32]
    start: NDArray[np.int32]
    pair: NDArray[np.int64]
    groups: CellGroups

    def cells(self, clips: slice) -> NDArray[np.int32]:
        """(clips, pairs) cell of some clips in every pair of columns."""
        bins, (a, b) = self.bins[clips], self.pairs.T
        return bins[:, a] * self.width + bins[:, b] + self.start

    @cached_property
    def clip_cells(self) -> ClipCells:
        """The cells of all clips in all pairs."""
        return ClipCells(self.cells, len(self.bins), len(self.pairs), self.groups.size)

    def rows(self, group: int) -> NDArray[np.intp]:
        """Clips of a group."""
        members, pair = self.groups.members, int(self.pair[group])
        a, b = self.pairs[pair]
        first, last = np.append(self.start, self.groups.size)[pair : pair + 2]
        inside = np.zeros(last - first, dtype=bool)
        inside[members.indices[members.indptr[group] : members.indptr[group + 1]] - first] = True
        return np.flatnonzero(inside[self.bins[:, a] * self.width[pair] + self.bins[:, b]])


@dataclass(frozen=True, eq=False)
class ConditionMaxima:
    """All groups of a family, laid out for permutations.

    Attributes
    ----------
    single, cells : groups of one condition, and the (n, columns) cell of every clip in every column.
    joined : columns of which values are joined.
    pairs, thirds : groups of two conditions, and conditions for groups of three; None where nothing is crossed.
    evidence : of groups of any kind.
    weight : (n,) weights of the clips.
    extended_from : gain of a pair from which on a third condition is looked for.
    """

    single: CellGroups
    cells: NDArray[np.int32]
    joined: list[JoinedValues]
    pairs: PairGroups | None
    thirds: ThirdConditions | None
    evidence: Evidence
    weight: NDArray[np.float32]
    extended_from: float

    def largest(self, block: NDArray[np.float32]) -> NDArray[np.float64]:
        """(permutations,) largest gain over all groups; `block` is (n, permutations), weighted residuals."""
        rate = self.evidence.rate
        largest = np.full(block.shape[1], -np.inf)
        sums = self._single_cells.sums(block)
        for values in self.joined:
            largest = np.maximum(largest, values.largest(sums, self.evidence))
        _, permutation, gain = self.single.gains(sums, rate)
        np.maximum.at(largest, permutation, gain)
        if self.pairs is None:
            return largest
        groups = self.pairs.groups
        found = groups.gains(self.pairs.clip_cells.sums(block), rate, self.extended_from)
        np.maximum.at(largest, found[1], found[2])
        if self.thirds is not None:
            wide = found[2] >= self.extended_from
            for group, at in zip(found[0][wide].tolist(), found[1][wide].tolist(), strict=True):
                third = self._third(group, block[:, at])
                largest[at] = max(largest[at], third - groups.price[group, 0])
        return largest

    @cached_property
    def _single_cells(self) -> ClipCells:
        n, columns = self.cells.shape
        return ClipCells(lambda clips: self.cells[clips], n, columns, self.single.size)

    def _third(self, group: int, scores: NDArray[np.float32]) -> float:
        """Largest gain of a third condition besides those of a group of two, the price of these apart."""
        assert self.pairs is not None and self.thirds is not None
        rows = self.pairs.rows(group)
        values = np.column_stack(
            [np.ones(len(rows)), scores[rows], self.weight[rows], self.weight[rows] ** 2]
        )
        return self.thirds.largest(rows, self.pairs.pairs[self.pairs.pair[group]], values, self.evidence)


def as_members(cells: NDArray[np.int64], count: NDArray[np.int64], size: int) -> sparse.csr_array:
    """(groups, size) 1 where a cell belongs to a group; `cells` of all groups, so many of each group."""
    from scipy import sparse  # not above: where all maxima are cached there is nothing to sum

    bounds = np.concatenate([[0], np.cumsum(count)])
    return sparse.csr_array((np.ones(len(cells), dtype=np.float32), cells, bounds), shape=(len(count), size))


@dataclass(frozen=True, eq=False)
class ClipCells:
    """Cell of every clip in each of several parts, such as columns, for sums over the clips of every cell.

    Attributes
    ----------
    cells : gives the (clips, parts) cells of some clips.
    n, parts, size : number of clips, of parts and of cells.
    """

    cells: Callable[[slice], NDArray[np.int32]]
    n: int
    parts: int
    size: int

    def sums(self, values: NDArray[np.floating]) -> NDArray[np.floating]:
        """(size, k) sums over the clips of every cell of (n, k) values."""
        sums = np.zeros((self.size, values.shape[1]), dtype=values.dtype)
        for clips, of_cells in self._all if self._fits else self._blocks():
            sums += of_cells @ values[clips]
        return sums

    @property
    def _fits(self) -> bool:
        """True where all are kept; of a large table they are made anew every time."""
        return self.n * self.parts <= _MOST_ENTRIES

    @cached_property
    def _all(self) -> list[tuple[slice, sparse.csc_array]]:
        return list(self._blocks())

    def _blocks(self) -> Iterator[tuple[slice, sparse.csc_array]]:
        """Some clips, and (size, clips) 1 where a clip lies in a cell."""
        from scipy import sparse

        step = max(1, _MOST_ENTRIES // max(self.parts, 1))
        for begin in range(0, self.n, step):
            clips = slice(begin, min(begin + step, self.n))
            cells = self.cells(clips)
            ones = np.ones(cells.size, dtype=np.float32)
            bounds = np.arange(len(cells) + 1) * self.parts
            yield clips, sparse.csc_array((ones, cells.ravel(), bounds), shape=(self.size, len(cells)))
