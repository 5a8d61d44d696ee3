"""95 % intervals: of the value of a slice, by the bootstrap over its clips; of a share, by its counts."""

import math

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics.costs import Costs

_PROBABILITIES = (0.025, 0.975)
_NORMAL = 1.959963984540054  # upper probability of a normal distribution
_RESAMPLES = 1000
_RESAMPLES_BY_FUNCTION = 200  # of a user's function, which may be slow
_DRAWS_AT_ONCE = 1 << 20
# Below so many clips, and above this skewness of the resampled sum, the expansion is not to be relied on.
_FEWEST_CLIPS = 12
_LARGEST_SKEWNESS = 0.5
_ROUNDS = 30
_EXACT = 1e-9  # a round that moves a bound by less than this share of the interval is the last


def value_interval(costs: Costs, members: NDArray[np.int64]) -> tuple[float, float]:
    """95 % interval of the value of some clips, by the bootstrap over them (percentile method).

    From 12 clips on the two quantiles are computed, not drawn: that a resample's value is at most t says the same as
    that its sum of numerator - t·denominator is at most 0, and the quantiles of such a sum follow from the moments of
    the clips (Cornish-Fisher expansion to the order 1/n; Hall, The bootstrap and Edgeworth expansion, 1992). That is
    closer to the bootstrap of endless resamples than 1000 resamples are. These are drawn where there are fewer clips
    or where a few clips have most of the errors; 200 where the metric is a function of the user's. Resamples without a
    value are left out. The interval does not depend on the order of the rows.
    """
    if costs.adds_up and len(members) >= _FEWEST_CLIPS:
        bounds = _expanded(costs.numerator[members], costs.denominator[members])
        if bounds is not None:
            return bounds
    return _resampled(costs, members)


def proportion_interval(count: int, of: int) -> tuple[float, float]:
    """95 % interval of a share by its counts, `of` at least 1 (Wilson, JASA 22, 1927).

    Unlike the bootstrap it is no point where all or none are counted: 3 of 3 is .44 to 1.
    """
    share, square = count / of, _NORMAL**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _NORMAL * math.sqrt(share * (1 - share) / of + square / (4 * of**2)) / (1 + square / of)
    low = 0.0 if count == 0 else middle - half
    high = 1.0 if count == of else middle + half
    return low, high


def _expanded(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> tuple[float, float] | None:
    """The quantiles from the moments of the clips; None where they can't be relied on."""
    n, mean = len(numerator), float(denominator.mean())
    value = float(numerator.mean()) / mean
    moments = _moments(numerator - value * denominator, denominator - mean)
    variance = moments[0][0]
    if variance <= 1e-18 * float(numerator @ numerator) / n:
        return (_rounded(value), _rounded(value)) if value else (0.0, 0.0)
    low, high = (_quantile(normal, moments, mean, n) for normal in (-_NORMAL, _NORMAL))
    if low is None or high is None or low > 0 or high < 0:
        return None
    known = denominator > 0
    values = numerator[known] / denominator[known]
    return _rounded(max(value + low, float(values.min()))), _rounded(min(value + high, float(values.max())))


def _moments(residual: NDArray[np.float64], words: NDArray[np.float64]) -> list[list[float]]:
    """Second to fourth central moment of residual - t·words over the clips, each as coefficients of a polynomial in t.

    `residual` is numerator - value·denominator and `words` the denominator less its mean; both have mean 0.
    """
    n = len(words)
    powers = [[np.ones(n), x, x**2, x**2 * x, x**2 * x**2] for x in (residual, words)]
    return [
        [
            (-1) ** i * math.comb(order, i) * float(powers[0][order - i] @ powers[1][i]) / n
            for i in range(order + 1)
        ]
        for order in (2, 3, 4)
    ]


def _quantile(normal: float, moments: list[list[float]], mean: float, n: int) -> float | None:
    """Distance of a quantile of the value from the value; None where the iteration doesn't settle."""
    t = 0.0
    for _ in range(_ROUNDS):
        second, third, fourth = (
            sum(coefficient * t**i for i, coefficient in enumerate(moment)) for moment in moments
        )
        if second <= 0:
            return None
        skewness = third / second**1.5 / math.sqrt(n)
        excess = (fourth / second**2 - 3) / n
        if abs(skewness) > _LARGEST_SKEWNESS:
            return None
        z = (
            normal
            + skewness * (normal**2 - 1) / 6
            + excess * (normal**3 - 3 * normal) / 24
            - skewness**2 * (2 * normal**3 - 5 * normal) / 36
        )
        new = z * math.sqrt(second / n) / mean
        if abs(new - t) <= _EXACT * abs(new):
            return new
        t = new
    return None


def _resampled(costs: Costs, members: NDArray[np.int64]) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    size = len(members)
    values = np.empty(_RESAMPLES if costs.adds_up else _RESAMPLES_BY_FUNCTION)
    rows = costs.ordered(members)
    at_once = max(1, _DRAWS_AT_ONCE // size)
    for begin in range(0, len(values), at_once):
        block = values[begin : begin + at_once]
        block[:] = costs.values_of_draws(rows[rng.integers(0, size, size=(len(block), size), dtype=np.int32)])
    low, high = np.nanquantile(values, _PROBABILITIES)
    return float(low), float(high)


def _rounded(bound: float) -> float:
    return float(f"{bound:.9g}")  # the same whatever order the clips were added up in
