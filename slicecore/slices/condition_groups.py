"""Groups of clips that conditions describe, their prices and how far they stand out.

A group has one condition (a value, either of some values, all below or above a cut of a number, or all between two
cuts), two, or three. Its price is the description length of its conditions: the logarithm of how many groups of its
kind there are. So no kind of groups drowns another, however many of them there are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore.cached_properties import cached_property
from slicecore.slices import cluster_null
from slicecore.slices.bin_sums import MANY, between, binned, spanned
from slicecore.slices.bins import Bins, Spans, fewest_bits
from slicecore.slices.clip_groups import ClipGroups, each_in_a_group
from slicecore.slices.clip_scores import ClipScores
from slicecore.slices.condition import Condition
from slicecore.slices.copies import once_each
from slicecore.slices.group_effects import GroupEffects
from slicecore.slices.options import ONE_GROUP
from slicecore.slices.rate_function import RateFunction
from slicecore.slices.result import Scan
from slicecore.thresholds import reaches
from slicecore.work_threads import in_threads

_MOST_CROSSED = 1 << 14  # bins of a pair of columns; pairs with more are left out


@dataclass(frozen=True)
class GroupSettings:
    """Constants of the groups, chosen by `benchmarks/metadata.py` on seeds below 10000 (docs/detection.md).

    Attributes
    ----------
    most_joined : values of a column that a condition may join.
    extended_from : gain of a pair from which on a third condition is looked for.
    least_gain : gain that the first group must exceed; the k-th one log(k) less, as more of them may be false where
        there are more (Benjamini and Hochberg).
    """

    most_joined: int = 4
    extended_from: float = -2.0
    least_gain: float = -2.0


SETTINGS = GroupSettings()


def least_gain(count: int) -> float:
    """Gain that the last one of so many groups must exceed."""
    return SETTINGS.least_gain - math.log(count)


@dataclass(frozen=True)
class Group:
    """Clips that meet conditions on one column, or on two or three.

    Attributes
    ----------
    parts : position of every column, and the intervals of its bins.
    support : number of clips.
    evidence : how far the group stands out beyond the margin of the minimum drop, see `rate_function`.
    price : evidence that such a group needs.
    """

    parts: tuple[tuple[int, Spans], ...]
    support: int
    evidence: float
    price: float

    @property
    def gain(self) -> float:
        """Evidence less the price."""
        return self.evidence - self.price


@dataclass(frozen=True, eq=False)
class PairSums:
    """Groups of two conditions that have enough clips, those of a pair of columns after those of the one before.

    Attributes
    ----------
    pair : (groups,) pair of columns of every group, among all of `ConditionGroups.pairs`.
    at_a, at_b : (groups,) conditions on the first and the second column, among its coarse spans.
    sums : (values, groups) sums over the clips of every group of `ConditionGroups.values`.
    """

    pair: NDArray[np.int64]
    at_a: NDArray[np.int64]
    at_b: NDArray[np.int64]
    sums: NDArray[np.float64]


class Prices:
    """Prices of the groups of one family: those of the table, or those with a measurement.

    Parameters
    ----------
    columns
        All columns.
    measured
        The family.
    pairs
        Pairs of columns of the family.
    """

    def __init__(self, columns: list[Bins], measured: bool, pairs: list[tuple[int, int]]) -> None:
        family = [column for column in columns if column.measured == measured]
        self._columns = _log(len(family))
        self._numbers = _log(sum(len(column.inner) > 0 for column in family))
        self._joined = _log(sum(column.is_joined and column.size > 2 for column in family))
        self._pairs = _log(len(pairs))
        self._thirds = _log(len(columns) - 2)

    def simple(self, column: Bins) -> float:
        """Price of a value, or of all below or above a cut."""
        return self._columns + _log(len(column.simple))

    def inner(self, column: Bins) -> float:
        """Price of all between two cuts."""
        return self._numbers + _log(len(column.inner))

    def joined(self, column: Bins, count: int) -> float:
        """Price of so many values together; infinite where they are not joined."""
        if not column.is_joined or count >= column.size:
            return math.inf
        return self._joined + _log(math.comb(column.size, count))

    def pair(self, a: Bins, b: Bins) -> float:
        """Price of a condition on each of two columns."""
        return self._pairs + _log(len(a.coarse_spans) * len(b.coarse_spans))

    def third(self, column: Bins) -> float:
        """Price of a third condition, besides that of the pair; infinite where the column gives none."""
        if not len(column.coarse_spans):
            return math.inf
        return self._thirds + _log(len(column.coarse_spans))


class ConditionGroups:
    """All groups of a table, their clips and how far they stand out.

    Parameters
    ----------
    scan
        The scan; its metric, thresholds and comparison count.
    columns
        The columns as bins.
    pairs
        Whether conditions on several columns are crossed.
    clip_groups
        Groups that the clips come in, such as speakers; None where nothing is known of groups.
    copies
        (n,) row that stands for every clip, see `slicecore.slices.copies`: support, evidence and test count copies
        once. None where there are none.

    Attributes
    ----------
    clips : rows of the clips that count, in their order; `scores` and `effects` are of these.
    distinct : (n,) 1 for each of them, 0 for other copies.
    against : what a group is compared with, as in the options of the scan.
    weight, excess : (n,) weight and score beyond the margin of the clips that count, 0 for others.
    values : (n, 6) what is summed over groups: `distinct`, numerators, denominators, `excess`, `weight` and its square.
    """

    def __init__(
        self,
        scan: Scan,
        columns: list[Bins],
        pairs: bool,
        clip_groups: ClipGroups | None = None,
        copies: NDArray[np.int64] | None = None,
    ) -> None:
        costs = self.costs = scan.costs
        self.n = len(costs)
        self.clips = np.arange(self.n) if copies is None else np.unique(copies)
        self.distinct = self._of_all(np.ones(len(self.clips)))
        self.min_support = scan.min_support
        self.min_drop = scan.min_drop
        self.against = scan.options.against
        errors, words = (once_each(values, copies) for values in (costs.excess(), costs.denominator))
        self.scores = ClipScores.of(errors[self.clips], words[self.clips])
        self.effects = None
        if clip_groups is not None:
            group = each_in_a_group(clip_groups.code[self.clips])
            self.effects = GroupEffects.of(self.scores, np.unique(group, return_inverse=True)[1])
        if self.effects is not None:
            self.scores = replace(self.scores, residual=self.effects.residual)
            columns = [
                replace(column, is_joined=column.is_joined and self._has_several(column, self.effects))
                for column in columns
            ]
        self.columns = columns
        margin = cluster_null.SETTINGS.margin * scan.min_drop
        self.rate = RateFunction.of(self.scores.residual, self.scores.deviation)
        self.weight = self._of_all(self.scores.weight)
        self.excess = self._of_all(self.scores.score - margin * self.scores.per_rate)
        self.values = np.stack(
            [
                self.distinct,
                costs.numerator,
                costs.denominator,
                self.excess,
                self.weight,
                self.weight**2,
            ],
            axis=1,
        )
        self.coarse = [column.coarse for column in columns]
        self._alone = [
            spanned(binned(coarse, column.coarse_size, self.distinct[:, None]), column.coarse_spans)[0]
            for coarse, column in zip(self.coarse, columns, strict=True)
        ]
        self.pairs = [
            (a, b)
            for a, b in combinations(range(len(columns)), 2)
            if pairs and 0 < columns[a].coarse_size * columns[b].coarse_size <= _MOST_CROSSED
        ]
        self.prices = {
            measured: Prices(columns, measured, self.pairs_of(measured)) for measured in (False, True)
        }

    @property
    def inputs(self) -> list[NDArray]:
        """Everything on which the groups and how far they stand out depend, besides calibrated constants."""
        effects = self.effects
        of_groups = (
            [] if effects is None else [effects.own, effects.effect, effects.group, effects.sensitivity]
        )
        of_columns = [
            part
            for column in self.columns
            for part in (column.code, column.simple, column.inner, column.coarse_edges, column.coarse_spans)
        ]
        kinds = np.array([(column.size, column.measured, column.is_joined) for column in self.columns])
        return [
            *(self.clips, self.scores.residual, self.scores.weight, self.scores.per_rate, self.distinct),
            *(
                self.excess,
                np.array(self.pairs),
                np.array([self.min_support]),
                kinds,
                *of_columns,
                *of_groups,
            ),
        ]

    @cached_property
    def pair_sums(self) -> PairSums:
        """All groups of two conditions."""
        nothing = np.zeros(0, dtype=np.int64)
        found = [(nothing, nothing, np.zeros((self.values.shape[1], 0)))] * len(self.pairs)

        def find(number: int) -> None:
            a, b = self.pairs[number]
            crossed = self._crossed(a, b)
            at_a, at_b = np.nonzero(self._are_groups(a, b, crossed[0]))
            found[number] = at_a, at_b, crossed[:, at_a, at_b]

        in_threads(find, range(len(self.pairs)), threaded=self.n >= MANY)
        pair = np.repeat(np.arange(len(self.pairs)), [len(at_a) for at_a, _, _ in found])
        return PairSums(
            pair,
            np.concatenate([nothing, *(at_a for at_a, _, _ in found)]),
            np.concatenate([nothing, *(at_b for _, at_b, _ in found)]),
            np.concatenate([self.values[:0].T, *(sums for _, _, sums in found)], axis=1),
        )

    def pairs_of(self, measured: bool) -> list[tuple[int, int]]:
        """Pairs of columns of a family."""
        return [
            (a, b)
            for a, b in self.pairs
            if (self.columns[a].measured or self.columns[b].measured) == measured
        ]

    def thirds_of(self, measured: bool) -> list[int]:
        """Columns for a third condition of a family."""
        return [i for i, column in enumerate(self.columns) if measured or not column.measured]

    def members(self, group: Group) -> NDArray[np.int64]:
        """Rows of the clips of a group."""
        return np.flatnonzero(np.all([self.columns[i].mask(spans) for i, spans in group.parts], axis=0))

    def conditions(self, group: Group) -> tuple[Condition, ...]:
        """Conditions that the clips of a group have in common."""
        return tuple(self.columns[i].condition(spans) for i, spans in group.parts)

    def is_measured(self, group: Group) -> bool:
        """True if any of its conditions is on a measurement."""
        return any(self.columns[i].measured for i, _ in group.parts)

    def is_slice(self, rows: NDArray[np.integer]) -> bool:
        """True if some clips meet the thresholds."""
        if self.distinct[rows].sum() < self.min_support:
            return False
        sums = self.costs.numerator[rows].sum(), self.costs.denominator[rows].sum()
        return bool(reaches(self.drops(*map(np.atleast_1d, sums)), self.min_drop)[0])

    def _of_all(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) values of the clips that count, 0 for the others."""
        of_all = np.zeros(self.n)
        of_all[self.clips] = values
        return of_all

    def _has_several(self, column: Bins, effects: GroupEffects) -> bool:
        """True where some value is that of several groups: speakers are not joined with each other."""
        code, groups = column.code[self.clips], len(effects.effect)
        known = code >= 0
        pairs, counts = np.unique(
            code[known].astype(np.int64) * groups + effects.group[known], return_counts=True
        )
        largest = np.zeros(column.size, dtype=np.int64)
        np.maximum.at(largest, pairs // groups, counts)
        return bool(np.any(largest < ONE_GROUP * np.bincount(code[known], minlength=column.size)))

    def is_of_one_group(self, rows: NDArray[np.integer]) -> bool:
        """True where nearly all of some clips come from one group, one speaker say."""
        if self.effects is None:
            return False
        counts = np.bincount(self.effects.group[self.counted(rows)])
        return bool(counts.max(initial=0) >= ONE_GROUP * counts.sum())

    def counted(self, rows: NDArray[np.integer]) -> NDArray[np.integer]:
        """Positions in `clips` of those of some rows that count."""
        if len(self.clips) == self.n:
            return rows
        return np.searchsorted(self.clips, rows[self.distinct[rows] > 0])

    def evidence(self, rows: NDArray[np.integer]) -> float:
        """Distance by which some clips stand out."""
        weight = self.weight[rows]
        return float(self.evidence_of(self.excess[rows].sum(), weight.sum(), (weight**2).sum()))

    def evidence_of(self, excess: ArrayLike, weights: ArrayLike, squares: ArrayLike) -> NDArray[np.float64]:
        """Evidence of groups from the sums of their excess, of the weights and of their squares."""
        return self.evidence_at(excess, weights, self.scores.per_deviation(weights, squares))

    def evidence_at(
        self, excess: ArrayLike, weights: ArrayLike, per_deviation: ArrayLike
    ) -> NDArray[np.float64]:
        """Evidence of groups whose excess has a standard deviation by chance, of which one over it is given."""
        excess = np.maximum(0, excess)
        z = excess * np.asarray(per_deviation)
        return z * z / 2 * self.rate.share_at(excess * self.per_mean(weights))

    def per_mean(self, weights: ArrayLike) -> NDArray[np.float64]:
        """Factors that make sums of scores means in standard deviations."""
        return 1 / (self.scores.deviation * np.maximum(weights, 1e-12))

    def _crossed(self, a: int, b: int) -> NDArray[np.float64]:
        """(values, groups of a, groups of b) sums over the clips of every group of a pair of columns."""
        left, right = self.columns[a], self.columns[b]
        # With a bin before the others for clips that are in none.
        rows, width = left.coarse_size + 1, right.coarse_size + 1
        code = self.coarse[a].astype(fewest_bits(rows * width))
        code += 1
        code *= width
        code += self.coarse[b]
        code += 1
        cells = binned(code, rows * width, self.values).reshape(-1, rows, width)[:, 1:, 1:]
        return between(between(cells, left.coarse_spans, 1), right.coarse_spans, 2)

    def _are_groups(self, a: int, b: int, support: NDArray[np.float64]) -> NDArray[np.bool_]:
        """True if groups of a pair have enough clips, and not all clips of one of both conditions."""
        smaller = np.minimum(self._alone[a][:, None], self._alone[b][None, :])
        return (support >= self.min_support) & (support < smaller) & (support < len(self.clips))

    def drops(self, numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
        """Drops of groups from the sums of their costs, -inf where unknown."""
        whole: tuple = float(self.costs.numerator.sum()), float(self.costs.denominator.sum())
        if self.against == "rest":
            whole = whole[0] - numerator, whole[1] - denominator
        drops = self.costs.drop(_ratio(numerator, denominator), _ratio(*whole))
        drops = np.where(np.isnan(drops), -np.inf, drops)
        if not self.costs.adds_up:
            drops = np.where(drops > 0, np.inf, drops)  # its value is asked for later
        return drops


def _ratio(numerator: ArrayLike, denominator: ArrayLike) -> NDArray[np.float64]:
    unknown = np.full(np.shape(numerator), np.nan)
    return np.divide(numerator, denominator, out=unknown, where=np.asarray(denominator) > 1e-9)


def _log(count: int) -> float:
    return math.log(max(1, count))
