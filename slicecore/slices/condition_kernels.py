"""Compiled kernel of the permutation test of groups that conditions describe.

It looks through the same groups as `slicecore.slices.condition_candidates`, for residuals that were dealt out to the
clips anew (`slicecore.slices.dealing_kernels`).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from slicecore.slices.condition_evidence_kernels import best_joined, best_third, share_at
from slicecore.slices.dealing_kernels import WIDTH


@njit(cache=True, nogil=True)
def group_maxima(
    block: NDArray[np.float32],
    weight: NDArray[np.float32],
    fine: NDArray[np.int32],
    bin_start: NDArray[np.int64],
    bin_weight: NDArray[np.float64],
    bin_square: NDArray[np.float64],
    joined_price: NDArray[np.float32],
    joined_from: NDArray[np.float32],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    bounds: NDArray[np.int64],
    per_deviation: NDArray[np.float32],
    per_mean: NDArray[np.float32],
    price: NDArray[np.float32],
    coarse: NDArray[np.int32],
    coarse_start: NDArray[np.int64],
    span_first: NDArray[np.int64],
    span_last: NDArray[np.int64],
    span_bounds: NDArray[np.int64],
    pairs: NDArray[np.int64],
    pair_start: NDArray[np.int64],
    pair_per_deviation: NDArray[np.float32],
    pair_per_mean: NDArray[np.float32],
    pair_price: NDArray[np.float32],
    third_price: NDArray[np.float32],
    extended_from: float,
    min_support: int,
    deviation: float,
    share: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Largest evidence - price over all groups of a table, for `WIDTH` permutations.

    Parameters
    ----------
    block, weight
        (n, WIDTH) weighted residuals of every permutation, from `dealt_to_clips` or `dealt_to_groups`; (n,) weights.
    fine
        (columns, n) bin of every clip in every column, -1 for none.
    bin_start, bin_weight, bin_square
        (columns + 1,) first bin of every column, and the sums of the weights and of their squares in every bin.
    joined_price
        (columns, sizes) price of so many values of a column together, from two on; inf where values are not joined.
    joined_from
        (columns,) least evidence of each value that is joined with others.
    first, last, per_deviation, per_mean, price
        (groups,) groups of one column: an interval of its bins (from `first` round to `last` where that is less), and
        the factors that make a sum of scores a z, and a mean in standard deviations.
    bounds
        (columns + 1,) first group of every column, and the number of groups.
    coarse, coarse_start
        Bins of all columns for pairs, as `fine` and `bin_start`.
    span_first, span_last, span_bounds
        Groups of one column for pairs, as `first`, `last` and `bounds`.
    pairs, pair_price
        (pairs, 2) columns that are crossed, and the price of their groups.
    pair_start, pair_per_deviation, pair_per_mean
        First group of every pair, and the factors of every one (group of a * number of groups of b + group of b), pair
        after pair, 0 for those that are no group.
    third_price
        (columns,) what a third condition costs; inf where the column gives none.
    extended_from
        Groups of a pair with at least so much evidence - price are searched for a third condition.
    min_support
        Fewest clips of three conditions.
    deviation
        Standard deviation of the residuals.
    share
        Of the rate function, see `slicecore.slices.rate_function`.

    Returns
    -------
    numpy.ndarray
        (WIDTH,)
    """
    largest = np.full(WIDTH, -np.inf, dtype=np.float32)
    for column in range(len(fine)):
        begin, size = bin_start[column], bin_start[column + 1] - bin_start[column]
        sums = _binned(block, fine[column], size + 1, 1)
        if joined_price[column, 0] < np.inf:
            weights, squares = bin_weight[begin : begin + size], bin_square[begin : begin + size]
            for w in range(WIDTH):
                best = best_joined(
                    sums[1:, w],
                    weights,
                    squares,
                    joined_price[column],
                    joined_from[column],
                    deviation,
                    len(block),
                    share,
                )
                largest[w] = max(largest[w], best)
        groups = slice(bounds[column], bounds[column + 1])
        _note_intervals(
            largest,
            sums,
            first[groups],
            last[groups],
            per_deviation[groups],
            per_mean[groups],
            price[groups],
            share,
        )
    for pair in range(len(pairs)):
        a, b = pairs[pair]
        groups = slice(pair_start[pair], pair_start[pair] + _spans(span_bounds, a) * _spans(span_bounds, b))
        _note_pair(
            largest,
            block,
            weight,
            coarse,
            coarse_start,
            span_first,
            span_last,
            span_bounds,
            a,
            b,
            pair_per_deviation[groups],
            pair_per_mean[groups],
            pair_price[pair],
            third_price,
            extended_from,
            min_support,
            deviation,
            share,
        )
    return largest


@njit(cache=True, nogil=True)
def _spans(bounds: NDArray[np.int64], column: int) -> int:
    """Number of the groups of a column."""
    return bounds[column + 1] - bounds[column]


@njit(cache=True, nogil=True)
def _note_pair(
    largest: NDArray[np.float32],
    block: NDArray[np.float32],
    weight: NDArray[np.float32],
    coarse: NDArray[np.int32],
    coarse_start: NDArray[np.int64],
    span_first: NDArray[np.int64],
    span_last: NDArray[np.int64],
    span_bounds: NDArray[np.int64],
    a: int,
    b: int,
    per_deviation: NDArray[np.float32],
    per_mean: NDArray[np.float32],
    price: float,
    third_price: NDArray[np.float32],
    extended_from: float,
    min_support: int,
    deviation: float,
    share: NDArray[np.float64],
) -> None:
    """Largest evidence - price of the groups of two columns, and of three conditions in them, noted in `largest`."""
    crossed = _crossed(block, coarse[a], coarse[b], _spans(coarse_start, a), _spans(coarse_start, b))
    group = -1
    for i in range(span_bounds[a], span_bounds[a + 1]):
        for j in range(span_bounds[b], span_bounds[b + 1]):
            group += 1
            if per_deviation[group] == 0:
                continue
            for w in range(WIDTH):
                total = (
                    crossed[span_last[i], span_last[j], w]
                    - crossed[span_first[i], span_last[j], w]
                    - crossed[span_last[i], span_first[j], w]
                    + crossed[span_first[i], span_first[j], w]
                )
                z = max(np.float32(0), total * per_deviation[group])
                if z * z / 2 - price < min(largest[w], extended_from):
                    continue
                gain = z * z / 2 * share_at(share, total * per_mean[group]) - price
                largest[w] = max(largest[w], gain)
                if gain >= extended_from:
                    rows = _members(
                        coarse[a], span_first[i], span_last[i], coarse[b], span_first[j], span_last[j]
                    )
                    third = best_third(
                        block[:, w],
                        weight,
                        rows,
                        coarse,
                        coarse_start,
                        span_first,
                        span_last,
                        span_bounds,
                        a,
                        b,
                        third_price,
                        min_support,
                        deviation,
                        share,
                    )
                    largest[w] = max(largest[w], third - price)


@njit(cache=True, nogil=True)
def _note_intervals(
    largest: NDArray[np.float32],
    sums: NDArray[np.float32],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    per_deviation: NDArray[np.float32],
    per_mean: NDArray[np.float32],
    price: NDArray[np.float32],
    share: NDArray[np.float64],
) -> None:
    """Largest evidence - price of the intervals of a column, noted in `largest` and summed up in `sums`."""
    size = len(sums) - 1
    for code in range(size):
        for w in range(WIDTH):
            sums[code + 1, w] += sums[code, w]
    for group in range(len(first)):
        begin, end = first[group], last[group]
        for w in range(WIDTH):
            total = sums[end, w] - sums[begin, w]
            if end < begin:
                total += sums[size, w]
            z = max(np.float32(0), total * per_deviation[group])
            if z * z / 2 - price[group] > largest[w]:
                evidence = z * z / 2 * share_at(share, total * per_mean[group])
                largest[w] = max(largest[w], evidence - price[group])


@njit(cache=True, nogil=True)
def _members(
    left: NDArray[np.int32],
    left_first: int,
    left_last: int,
    right: NDArray[np.int32],
    right_first: int,
    right_last: int,
) -> NDArray[np.int64]:
    """Rows of the clips of a group of a pair."""
    rows = np.empty(len(left), dtype=np.int64)
    count = 0
    for i in range(len(left)):
        if left_first <= left[i] < left_last and right_first <= right[i] < right_last:
            rows[count] = i
            count += 1
    return rows[:count]


@njit(cache=True, nogil=True)
def _binned(
    block: NDArray[np.float32], codes: NDArray[np.int32], size: int, offset: int
) -> NDArray[np.float32]:
    """(size, WIDTH) sums over the clips of every bin, each at its code and `offset`."""
    sums = np.zeros((size, WIDTH), dtype=np.float32)
    for i in range(len(codes)):
        code = codes[i]
        if code >= 0:
            for w in range(WIDTH):
                sums[code + offset, w] += block[i, w]
    return sums


@njit(cache=True, nogil=True)
def _crossed(
    block: NDArray[np.float32], left: NDArray[np.int32], right: NDArray[np.int32], size_a: int, size_b: int
) -> NDArray[np.float32]:
    """(size of a + 1, size of b + 1, WIDTH) sums over the clips of all crossed bins before each one."""
    flat = np.zeros(((size_a + 1) * (size_b + 1), WIDTH), dtype=np.float32)
    for i in range(len(block)):
        if left[i] >= 0 and right[i] >= 0:
            code = (left[i] + 1) * (size_b + 1) + right[i] + 1
            for w in range(WIDTH):
                flat[code, w] += block[i, w]
    crossed = flat.reshape((size_a + 1, size_b + 1, WIDTH))
    for a in range(1, size_a + 1):
        for b in range(1, size_b + 1):
            for w in range(WIDTH):
                crossed[a, b, w] += crossed[a - 1, b, w] + crossed[a, b - 1, w] - crossed[a - 1, b - 1, w]
    return crossed
