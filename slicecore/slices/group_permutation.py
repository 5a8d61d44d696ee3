"""Sums over groups that columns and pairs of columns cut a table into, under shuffling; compiled."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from slicecore.slices.permutation import mixed

WIDTH = 16
"""Shuffles that are summed side by side."""


@njit(cache=True, nogil=True)
def shuffled_maxima_of_groups(  # noqa: PLR0912
    scores: NDArray[np.float32],
    fine: NDArray[np.int32],
    fine_sizes: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    bounds: NDArray[np.int64],
    per_deviation: NDArray[np.float32],
    coarse: NDArray[np.int32],
    coarse_sizes: NDArray[np.int64],
    pairs: NDArray[np.int64],
    pair_start: NDArray[np.int64],
    pair_per_deviation: NDArray[np.float32],
    seed: np.uint64,
) -> NDArray[np.float32]:
    """Largest z²/2 over all groups, for `WIDTH` shuffles of the scores.

    Parameters
    ----------
    scores
        (n,) one per clip, centred.
    fine
        (columns, n) bin of every clip in every column, -1 for none.
    fine_sizes
        (columns,) number of bins.
    first, last, per_deviation
        (groups,) groups of one column: an interval of its bins, and the factor that makes a sum of scores a z.
    bounds
        (columns + 1,) first group of every column.
    coarse, coarse_sizes
        Bins for pairs of columns, as `fine` and `fine_sizes`.
    pairs
        (pairs, 2) columns that are crossed.
    pair_start, pair_per_deviation
        Factor of every crossed bin (a * size of b + b), pair after pair, 0 for those that are no group; where each pair
        begins.
    seed
        Of the shuffles.

    Returns
    -------
    numpy.ndarray
        (WIDTH,)
    """
    n = len(scores)
    block = np.empty((n, WIDTH), dtype=np.float32)
    shuffled = scores.copy()
    state = seed
    for w in range(WIDTH):
        for i in range(n - 1, 0, -1):  # Fisher and Yates
            state = state + np.uint64(0x9E3779B97F4A7C15)
            j = np.int64((mixed(state) >> np.uint64(32)) * np.uint64(i + 1) >> np.uint64(32))
            shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
        for i in range(n):
            block[i, w] = shuffled[i]
    largest = np.zeros(WIDTH, dtype=np.float32)
    for column in range(len(fine_sizes)):
        sums = np.zeros((fine_sizes[column] + 1, WIDTH), dtype=np.float32)
        codes = fine[column]
        for i in range(n):
            code = codes[i]
            if code >= 0:
                for w in range(WIDTH):
                    sums[code + 1, w] += block[i, w]
        for code in range(fine_sizes[column]):
            for w in range(WIDTH):
                sums[code + 1, w] += sums[code, w]
        for group in range(bounds[column], bounds[column + 1]):
            for w in range(WIDTH):
                z = (sums[last[group], w] - sums[first[group], w]) * per_deviation[group]
                largest[w] = max(largest[w], z)
    for pair in range(len(pairs)):
        left, right = coarse[pairs[pair, 0]], coarse[pairs[pair, 1]]
        size = coarse_sizes[pairs[pair, 1]]
        crossed = np.zeros((coarse_sizes[pairs[pair, 0]] * size, WIDTH), dtype=np.float32)
        for i in range(n):
            if left[i] >= 0 and right[i] >= 0:
                code = left[i] * size + right[i]
                for w in range(WIDTH):
                    crossed[code, w] += block[i, w]
        for code in range(len(crossed)):
            factor = pair_per_deviation[pair_start[pair] + code]
            if factor > 0:
                for w in range(WIDTH):
                    largest[w] = max(largest[w], crossed[code, w] * factor)
    return (largest * largest / 2).astype(np.float32)
