"""Paired bootstrap: by how much the value of a group got worse between two runs on the same clips."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics.costs import Costs

DRAWS = 4000
_PROBABILITIES = (0.025, 0.975)
_MOST_UNITS = 2000
"""Units above which random ones are drawn together: the interval of so many is the same within its own error."""
_DRAWS_AT_ONCE = 1 << 21


@dataclass(frozen=True)
class Change:
    """Change of the value of some clips from one run to another.

    Attributes
    ----------
    before, after : values of both runs on these clips.
    worse : by how much the second is worse, in units of the metric; negative where it is better.
    interval : 95 % bootstrap interval of `worse`.
    p_worse, p_better : chance of such a change by accident, one-sided: small where it surely is worse, or better.
    clips, units : number of clips, and of what was drawn: clips, or the groups that they come in.
    """

    before: float
    after: float
    worse: float
    interval: tuple[float, float]
    p_worse: float
    p_better: float
    clips: int
    units: int


def paired_change(
    before: Costs, after: Costs, units: NDArray[np.int64] | None = None, seed: int = 0
) -> Change:
    """Change between two runs on the same clips, by the paired bootstrap.

    Both runs are drawn together, so that clips that are hard for both do not count as a difference (Bisani and Ney,
    Bootstrap estimates for confidence intervals in ASR performance evaluation, ICASSP 2004). Where clips come in
    groups, such as speakers, whole groups are drawn. The draws do not depend on the order of the clips. Percentiles of
    few units lie too close together: they are those that an interval by Student's t has for so many (the expanded
    percentile interval of Hesterberg, What teachers should know about the bootstrap, 2015, section 5.2).

    Parameters
    ----------
    before, after
        The metric in both runs, of the same clips in the same order.
    units
        (n,) group of every clip; every clip by itself by default.
    seed
        Of the draws.

    Returns
    -------
    Change
        All NaN, and p 1, where one of the runs has no value.
    """
    n = len(before)
    worse = float(after.drop(after.value(), before.value()))
    unit = np.arange(n) if units is None else np.unique(units, return_inverse=True)[1]
    sums = _sums(before, after, unit)
    count = len(sums)
    if np.isnan(worse) or not count:
        return Change(before.value(), after.value(), worse, (math.nan, math.nan), 1.0, 1.0, n, count)
    rng = np.random.default_rng(seed)
    sums = sums[np.lexsort(sums.T)]
    if count > _MOST_UNITS:
        part = rng.permutation(count) % _MOST_UNITS
        sums = np.stack([np.bincount(part, column) for column in sums.T], axis=1)
    drawn = drawn_sums(sums, rng)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = drawn[:, 0::2] / drawn[:, 1::2]
    changes = after.drop(values[:, 1], values[:, 0])
    changes = changes[np.isfinite(changes)]
    if not len(changes):
        return Change(before.value(), after.value(), worse, (math.nan, math.nan), 1.0, 1.0, n, count)
    low, high = np.quantile(changes, [percentile_for(p, count) for p in _PROBABILITIES])
    # One draw more than there are, so that no p is 0 (Davison and Hinkley, Bootstrap methods, 1997, section 4.2).
    shares = [(1 + np.count_nonzero(side)) / (1 + len(changes)) for side in (changes <= 0, changes >= 0)]
    p_worse, p_better = (_p_of_share(share, count) for share in shares)
    return Change(
        before.value(),
        after.value(),
        worse,
        (float(low), float(high)),
        float(p_worse),
        float(p_better),
        n,
        count,
    )


def percentile_for(probability: float, units: int) -> float:
    """Share of the draws below a bound that is to have a probability below it, for so many units."""
    from scipy.special import ndtr, stdtrit

    if units < 2:
        return probability
    return float(ndtr(math.sqrt(units / (units - 1)) * stdtrit(units - 1, probability)))


def _p_of_share(share: float, units: int) -> float:
    """The reverse: the probability for which so large a share of the draws stands."""
    from scipy.special import ndtri, stdtr

    if units < 2 or share >= 1:
        return 1.0
    return float(stdtr(units - 1, ndtri(share) * math.sqrt((units - 1) / units)))


def _sums(before: Costs, after: Costs, unit: NDArray[np.int64]) -> NDArray[np.float64]:
    """(units, 4) numerator and denominator of both runs."""
    columns = (before.numerator, before.denominator, after.numerator, after.denominator)
    return np.stack([np.bincount(unit, column) for column in columns], axis=1)


def drawn_sums(sums: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Sums of as many units as there are, drawn with replacement.

    Parameters
    ----------
    sums
        (units, columns).
    rng
        Of the draws.

    Returns
    -------
    (draws, columns)
    """
    count = len(sums)
    at_once = max(1, _DRAWS_AT_ONCE // count)
    drawn = np.empty((DRAWS, sums.shape[1]))
    for begin in range(0, DRAWS, at_once):
        block = drawn[begin : begin + at_once]
        picked = rng.integers(0, count, size=(len(block), count))
        picked += count * np.arange(len(block))[:, None]
        times = np.bincount(picked.ravel(), minlength=len(block) * count).reshape(len(block), count)
        block[:] = times @ sums
    return drawn
