"""Tests of a group against the rest: Fisher's, that of Mann and Whitney, and several p values corrected together.

The values are those of `scipy.stats`, whose import takes half a second, a sixth of a search whose clips are measured.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

_EXACT_UP_TO = 8
"""Clips of the smaller side up to which scipy counts the orders of the two sides one by one."""


def fisher_p(inside: ArrayLike, n: int, everywhere: ArrayLike, group: int) -> NDArray[np.float64]:
    """One-sided p of Fisher's exact test: chance of as many clips with a property in a group, or more.

    Parameters
    ----------
    inside
        Clips of the group that have the property.
    n
        All clips.
    everywhere
        Clips that have the property.
    group
        Clips of the group.
    """
    fewer = np.asarray(inside, np.float64) - 1
    known = np.asarray(everywhere, np.float64)
    least, most = np.maximum(known - (n - group), 0), np.minimum(known, group)
    # Outside of what is possible the function has no value.
    within = np.clip(fewer, least, np.maximum(most - 1, least))
    p_value = _more_than()(within, known, float(group), float(n))
    return np.where(fewer < least, 1.0, np.where(fewer >= most, 0.0, p_value))


def _more_than() -> Callable[..., NDArray[np.float64]]:
    """Upper tail of the hypergeometric distribution, of count, those with the property, drawn, and all."""
    try:  # what scipy.stats calls itself
        from scipy.special._ufuncs import _hypergeom_sf as more_than
    except ImportError:
        from scipy.stats import hypergeom

        return lambda count, known, group, n: hypergeom.sf(count, n, known, group)
    return more_than


def q_values(p_values: ArrayLike) -> NDArray[np.float64]:
    """P values corrected together, after Benjamini and Hochberg (1995)."""
    p_value = np.clip(np.asarray(p_values, np.float64), 0, 1)
    order = np.argsort(p_value)
    count = len(p_value)
    corrected = p_value[order] * (count / np.arange(1, count + 1))
    corrected = np.minimum.accumulate(corrected[::-1])[::-1]
    q_value = np.empty(count)
    q_value[order] = corrected
    return np.clip(q_value, 0, 1)


def average_ranks(values: NDArray) -> NDArray[np.float64]:
    """Ranks from 1 on; equal values have the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[place]


def mann_whitney(group: NDArray, rest: NDArray, *, greater: bool = False) -> tuple[float, float]:
    """Statistic U of a group, and p of the test of Mann and Whitney: two-sided, or that the group's values are greater.

    By the normal approximation with ties and a correction for continuity; with few clips and no ties exact.
    """
    k, others = len(group), len(rest)
    values = np.concatenate([group, rest])
    _, count = np.unique(values, return_counts=True)
    if min(k, others) <= _EXACT_UP_TO and (count == 1).all():
        from scipy.stats import mannwhitneyu

        test = mannwhitneyu(group, rest, alternative="greater" if greater else "two-sided")
        return float(test.statistic), float(test.pvalue)
    from scipy.special import ndtr

    statistic = float(average_ranks(values)[:k].sum()) - k * (k + 1) / 2
    larger = statistic if greater else max(statistic, k * others - statistic)
    n, ties = k + others, (count.astype(np.float64) ** 3 - count).sum()
    spread = np.sqrt(k * others / 12 * ((n + 1) - ties / (n * (n - 1))))
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = ndtr(-(larger - k * others / 2 - 0.5) / spread)
    return statistic, float(np.clip(p_value if greater else 2 * p_value, 0, 1))
