"""Compiled kernels of the evidence of groups in the permutation test: single, joined, with a third condition."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from slicecore.slices.rate_function import STEPS_PER_DEVIATION

_TINY = 1e-12


@njit(cache=True, nogil=True)
def share_at(share: NDArray[np.float64], mean: float) -> float:
    """Share of the normal rate at a mean in standard deviations."""
    steps = mean * STEPS_PER_DEVIATION
    at = int(steps)
    if at >= len(share) - 1:
        return share[-1]
    return share[at] + (steps - at) * (share[at + 1] - share[at])


@njit(cache=True, nogil=True)
def evidence_of(
    total: float, weights: float, squares: float, deviation: float, n: int, share: NDArray[np.float64]
) -> float:
    """Evidence of a group from its sum of scores, and the sums of the weights and of their squares."""
    if total <= 0:
        return 0.0
    spread = max(squares - weights * weights / n, _TINY)
    return (
        total * total / (2 * deviation * deviation * spread) * share_at(share, total / (deviation * weights))
    )


@njit(cache=True, nogil=True)
def best_joined(
    sums: NDArray[np.float32],
    weights: NDArray[np.float64],
    squares: NDArray[np.float64],
    price: NDArray[np.float32],
    least: float,
    deviation: float,
    n: int,
    share: NDArray[np.float64],
) -> float:
    """Largest evidence - price of values of a column together, neighbours in the order of the worst ones."""
    most = min(len(price) + 1, len(sums))
    order = np.zeros(most, dtype=np.int64)
    taken = np.zeros(len(sums), dtype=np.bool_)
    count = 0
    while count < most:
        worst = -1
        for code in range(len(sums)):
            if not taken[code] and (worst < 0 or sums[code] * squares[worst] > sums[worst] * squares[code]):
                worst = code
        if evidence_of(sums[worst], weights[worst], squares[worst], deviation, n, share) < least:
            break
        taken[worst] = True
        order[count] = worst
        count += 1
    best = -np.inf
    for begin in range(count):
        total, weight, square = 0.0, 0.0, 0.0
        for end in range(begin, count):
            total += sums[order[end]]
            weight += weights[order[end]]
            square += squares[order[end]]
            if end > begin:
                evidence = evidence_of(total, weight, square, deviation, n, share)
                best = max(best, evidence - price[end - begin - 1])
    return best


@njit(cache=True, nogil=True)
def best_third(
    scores: NDArray[np.float32],
    weight: NDArray[np.float32],
    rows: NDArray[np.int64],
    coarse: NDArray[np.int32],
    coarse_start: NDArray[np.int64],
    span_first: NDArray[np.int64],
    span_last: NDArray[np.int64],
    span_bounds: NDArray[np.int64],
    a: int,
    b: int,
    third_price: NDArray[np.float32],
    min_support: int,
    deviation: float,
    share: NDArray[np.float64],
) -> float:
    """Largest evidence - price of a third condition of the clips of a pair of columns."""
    best = -np.inf
    for column in range(len(coarse)):
        if column in (a, b) or third_price[column] == np.inf:
            continue
        size = coarse_start[column + 1] - coarse_start[column]
        sums = np.zeros((4, size + 1))
        for row in rows:
            code = coarse[column, row] + 1
            if code > 0:
                sums[0, code] += 1
                sums[1, code] += scores[row]
                sums[2, code] += weight[row]
                sums[3, code] += weight[row] * weight[row]
        for code in range(size):
            for k in range(4):
                sums[k, code + 1] += sums[k, code]
        for span in range(span_bounds[column], span_bounds[column + 1]):
            begin, end = span_first[span], span_last[span]
            count = sums[0, end] - sums[0, begin]
            total = sums[1, end] - sums[1, begin]
            if count < min_support or count >= len(rows) or total <= 0:
                continue
            weights, squares = sums[2, end] - sums[2, begin], sums[3, end] - sums[3, begin]
            evidence = evidence_of(total, weights, squares, deviation, len(scores), share)
            best = max(best, evidence - third_price[column])
    return best
