"""Difference between the errors of clips with a property and of clips without it, with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.explain.claim_limits import LIMITS


@dataclass(frozen=True)
class Difference:
    """Difference between clips with a property and clips without it.

    Attributes
    ----------
    value, without : of the clips with the property and of those without it.
    interval : of the first less the second.
    """

    value: float
    without: float
    interval: tuple[float, float]


Side = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]
"""Errors, words and stratum of the clips of one side."""


def difference_at_equal_length(side: Side, other: Side, confidence: float | None = None) -> Difference | None:
    """Difference of two groups of clips within strata, with its interval.

    Strata are weighted as by Mantel and Haenszel (1959): w = W₁W₀ / (W₁ + W₀) for W₁ and W₀ words. The variance of the
    errors per word is that of the clips around the value of their stratum, pooled over strata, and for either group at
    least that of the other one: a few clips that happen to be alike don't make an interval narrow.

    Parameters
    ----------
    side, other
        Errors, words and stratum of the clips of each group.
    confidence
        Of the interval, two-sided; that of `LIMITS` by default.

    Returns
    -------
    The two values at equal strata and the interval of the first less the second; None where no stratum has both.
    """
    from scipy.special import stdtrit

    size = int(max(side[2].max(initial=0), other[2].max(initial=0))) + 1
    (errors1, words1, spread1, clips1), (errors0, words0, spread0, _) = (
        _sums(*group, size) for group in (side, other)
    )
    both = (words1 > 0) & (words0 > 0)
    if not both.any():
        return None
    w = (words1 * words0 / np.maximum(words1 + words0, 1e-12))[both]
    rate1, rate0 = errors1[both] / words1[both], errors0[both] / words0[both]
    per_word = max(spread1, spread0)
    variance = (w**2 * per_word * (1 / words1[both] + 1 / words0[both])).sum() / w.sum() ** 2
    value, without = float(w @ rate1 / w.sum()), float(w @ rate0 / w.sum())
    level = 0.5 + (LIMITS.confidence if confidence is None else confidence) / 2
    reach = float(stdtrit(max(clips1 - 1, 1), level)) * math.sqrt(variance)
    return Difference(value, without, (value - without - reach, value - without + reach))


def _sums(
    errors: NDArray[np.float64], words: NDArray[np.float64], strata: NDArray[np.int64], size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], float, int]:
    """Errors and words per stratum, variance of the errors per word, and number of clips of a group."""
    of_errors, of_words = (np.bincount(strata, values, size).astype(np.float64) for values in (errors, words))
    rate = of_errors / np.maximum(of_words, 1e-12)
    residual = errors - rate[strata] * words
    free = max(len(errors) - int((of_words > 0).sum()), 1)
    spread = float((residual**2).sum()) / max(float(words.sum()), 1e-12) * len(errors) / free
    return of_errors, of_words, spread, len(errors)
