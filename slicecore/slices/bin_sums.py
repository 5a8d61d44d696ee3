"""Sums of what clips have over bins of a column, and over intervals of bins."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

MANY = 20_000
"""Clips from which on sparse products are faster than a sum per value."""


def binned(code: NDArray[np.integer], size: int, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(values, size) sums over the bins.

    Parameters
    ----------
    code : (n,) bin of every clip, -1 for none.
    size : number of bins.
    values : (n, values) what is summed.
    """
    n, count = values.shape
    if n < MANY:
        known = code >= 0
        return np.stack([np.bincount(code[known], values[known, at], minlength=size) for at in range(count)])
    # A product with the bins of the clips sums all values of a clip at once, in the same order.
    bins = code.astype(np.int32, copy=False)
    if bins.min(initial=0) < 0:
        bins = np.where(bins < 0, np.int32(size), bins)
    ones, begins = _each_once(n)
    of_bins = sparse.csc_array((ones, bins, begins), shape=(size + 1, n))
    return np.ascontiguousarray((of_bins @ values)[:size].T)


@lru_cache(maxsize=2)
def _each_once(n: int) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Numbers of a matrix that has one in each of n columns, and where the columns begin: thousands are asked for."""
    ones, begins = np.ones(n), np.arange(n + 1, dtype=np.int32)
    for array in (ones, begins):
        array.flags.writeable = False
    return ones, begins


def spanned(sums: NDArray[np.float64], spans: NDArray[np.int64]) -> NDArray[np.float64]:
    """(values, spans) sums over intervals of bins, from (values, bins)."""
    return between(sums, spans, 1)


def between(sums: NDArray[np.float64], spans: NDArray[np.int64], axis: int) -> NDArray[np.float64]:
    """The same along any axis, which has the bins; intervals that go round the clock along axis 1 alone."""
    shape = list(sums.shape)
    shape[axis] = 1
    running = np.concatenate([np.zeros(shape), np.cumsum(sums, axis=axis)], axis=axis)
    inside = np.take(running, spans[:, 1], axis=axis) - np.take(running, spans[:, 0], axis=axis)
    round_the_clock = np.flatnonzero(spans[:, 0] > spans[:, 1])
    if len(round_the_clock):  # of one column alone
        inside[:, round_the_clock] += sums.sum(axis=1, keepdims=True)
    return inside
