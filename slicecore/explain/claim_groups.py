"""Difference between clips with a property and clips without it, where clips come in groups, such as speakers.

Clips of one bad speaker are many clips and one speaker. So every group gives one number: by how much its clips with the
property are worse than clips without it, of the same group as far as that is known. These numbers are averaged as in a
meta-analysis with random effects (DerSimonian and Laird, Meta-analysis in clinical trials, 1986): where groups differ
they count nearly alike, however many clips each has. The interval is that of a jackknife, which leaves out one group at
a time: a difference that one group makes by itself is within it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.explain.claim_difference import Difference, Side
from slicecore.explain.claim_limits import LIMITS

_TINY = 1e-12


@dataclass(frozen=True)
class GroupedDifference:
    """Difference between clips with a property and clips without it, by groups.

    Attributes
    ----------
    groups : groups of clips with the property that tell something about it.
    without : groups of the clips without it.
    difference : None where either are too few.
    """

    groups: int
    without: int
    difference: Difference | None


def difference_by_groups(
    side: Side,
    other: Side,
    groups: tuple[NDArray[np.int64], NDArray[np.int64]],
    inside: NDArray[np.int64],
) -> GroupedDifference | None:
    """Difference of two sets of clips within strata, where every group of clips counts about once.

    What a group's own clips without the property are worse than the usual is taken off: wholly where the group has
    clips in the slice, else shrunken by what groups differ at all. A group without such clips, and of which the slice
    has more than some stray ones, tells nothing: it may be the reason itself.

    Parameters
    ----------
    side, other
        Errors, words (above 0) and stratum of the clips with the property and of those without it.
    groups
        Group of every clip of the two sides, 0 to n - 1.
    inside
        (n,) clips of every group in the slice.

    Returns
    -------
    The numbers of groups and the difference; None where no stratum has both sides.
    """
    rate = _rates(side, other)
    having = _Residuals.of(side, rate, groups[0])
    without = _Residuals.of(other, rate, groups[1])
    if not len(having.errors):
        return None
    n = len(inside)
    per_word = max(having.per_word(), without.per_word(len(np.unique(without.strata)) - 1))
    levels = _Levels.of(without, inside > 0, per_word)
    clips, words = np.bincount(having.group, minlength=n), np.bincount(having.group, having.words, n)
    tells = (clips > 0) & ((levels.words > 0) | (inside < LIMITS.own_part * (inside + clips)))
    count, count_without = int(tells.sum()), int((levels.words > 0).sum())
    if min(count, count_without) < LIMITS.fewest_groups:
        return GroupedDifference(count, count_without, None)

    excess = np.bincount(having.group, having.errors, n)[tells] / words[tells] - levels.taken[tells]
    variance = per_word / words[tells] + levels.variance[tells]
    variance += _between(excess, variance)
    weight = _shares(1 / np.maximum(variance, _TINY))
    a_word, taken = np.zeros(n), np.zeros(n)
    a_word[tells] = weight / words[tells]
    taken[tells] = weight * levels.part[tells] / np.maximum(levels.words[tells], _TINY)
    share = having.shares(a_word, len(rate))
    of_rates = without.variance(share - without.shares(taken, len(rate)), per_word)
    free = (max(1 / float((weight**2).sum()) - 1, 1.0), count_without - 1.0)
    reach = _reach((_jackknife(excess, weight, variance), of_rates), free)
    difference, usual = float((weight * excess).sum()), float((share * np.nan_to_num(rate)).sum())
    interval = (difference - reach, difference + reach)
    return GroupedDifference(count, count_without, Difference(usual + difference, usual, interval))


def _rates(side: Side, other: Side) -> NDArray[np.float64]:
    """Errors per word of the clips without the property, by stratum; NaN where a stratum does not have both sides."""
    size = int(max(side[2].max(initial=0), other[2].max(initial=0))) + 1
    words = [np.bincount(strata, words, size) for _, words, strata in (side, other)]
    both = (words[0] > 0) & (words[1] > 0)
    rates = np.bincount(other[2], other[0], size) / np.maximum(words[1], _TINY)
    return np.where(both, rates, np.nan)


@dataclass(frozen=True, eq=False)
class _Residuals:
    """Clips of one side in the strata that have both: errors above those expected of their stratum."""

    errors: NDArray[np.float64]
    words: NDArray[np.float64]
    strata: NDArray[np.int64]
    group: NDArray[np.int64]

    @classmethod
    def of(cls, side: Side, rate: NDArray[np.float64], group: NDArray[np.int64]) -> _Residuals:
        errors, words, strata = side
        residual = errors - rate[strata] * words
        kept = ~np.isnan(residual)
        return cls(residual[kept], words[kept], strata[kept], group[kept])

    def per_word(self, fitted: int = 0) -> float:
        """Variance of the errors per word among the clips of a group; among all where few share their group.

        `fitted` values of strata were computed from the same clips.
        """
        n, codes, groups = len(self.group), self.group, self.groups
        if n - groups - fitted < LIMITS.fewest:
            codes, groups = np.zeros_like(codes), 1
        level = np.bincount(codes, self.errors) / np.maximum(np.bincount(codes, self.words), _TINY)
        residual = self.errors - level[codes] * self.words
        free = max(n - groups - fitted, 1)
        return float((residual**2).sum() / self.words.sum()) * n / free

    @property
    def groups(self) -> int:
        """Number of groups."""
        return int(np.count_nonzero(np.bincount(self.group)))

    def shares(self, a_word: NDArray[np.float64], size: int) -> NDArray[np.float64]:
        """(size,) sums by stratum of what a word counts by its group."""
        return np.bincount(self.strata, a_word[self.group] * self.words, size).astype(np.float64)

    def variance(self, share: NDArray[np.float64], per_word: float) -> float:
        """Variance of the sum of the strata's values times their share: by groups, and at least that of clips."""
        words = np.bincount(self.strata, self.words, len(share))
        per_error = share / np.maximum(words, _TINY)
        sums = np.bincount(self.group, per_error[self.strata] * self.errors)
        by_groups = float((sums**2).sum()) * self.groups / max(self.groups - 1, 1)
        return max(by_groups, per_word * float((per_error**2 * words).sum()))


@dataclass(frozen=True, eq=False)
class _Levels:
    """Level of every group, by its clips without the property, as far as it counts.

    Attributes
    ----------
    words : of these clips.
    part : share of the level that is taken off.
    taken : errors per word that are taken off.
    variance : of what remains of the true level.
    """

    words: NDArray[np.float64]
    part: NDArray[np.float64]
    taken: NDArray[np.float64]
    variance: NDArray[np.float64]

    @classmethod
    def of(cls, without: _Residuals, own: NDArray[np.bool_], per_word: float) -> _Levels:
        words = np.bincount(without.group, without.words, len(own)).astype(np.float64)
        level = np.bincount(without.group, without.errors, len(own)) / np.maximum(words, _TINY)
        known, error = words > 0, per_word / np.maximum(words, _TINY)
        others = known & ~own
        between = _between(level[others], error[others])
        part = np.where(known, between / np.maximum(between + error, _TINY), 0.0)
        remains = (1 - part) * between
        whole = known & own
        part[whole], remains[whole] = 1.0, error[whole]
        return cls(words, part, part * level, remains)


def _between(values: NDArray[np.float64], variance: NDArray[np.float64]) -> float:
    """Variance between groups beyond that of their values (DerSimonian and Laird 1986), 0 or more."""
    if len(values) < 2:
        return 0.0
    weight = 1 / np.maximum(variance, _TINY)
    share = _shares(weight)
    excess = float((weight * (values - (share * values).sum()) ** 2).sum()) - (len(values) - 1)
    return max(0.0, excess / max(float(weight.sum() * (1 - (share**2).sum())), _TINY))


def _jackknife(
    values: NDArray[np.float64], weight: NDArray[np.float64], variance: NDArray[np.float64]
) -> float:
    """Variance of a weighted mean of groups by leaving out each of them, at least that of the model."""
    n = len(values)
    change = weight * (values - (weight * values).sum()) / np.maximum(1 - weight, _TINY)
    return max(float((change**2).sum()) * (n - 1) / n, float((weight**2 * variance).sum()))


def _reach(variances: tuple[float, float], free: tuple[float, float]) -> float:
    """Half of the t interval, with the degrees of freedom of Welch and Satterthwaite."""
    from scipy.special import stdtrit

    total = sum(variances)
    parts = sum(part**2 / degrees for part, degrees in zip(variances, free, strict=True))
    degrees = total**2 / parts if parts > 0 else min(free)
    return float(stdtrit(degrees, 0.5 + LIMITS.confidence / 2)) * math.sqrt(total)


def _shares(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    return weight / weight.sum()
