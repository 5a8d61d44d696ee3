"""Weighted Ward linkage inside many groups at once, compiled."""

import numpy as np
from numba import njit
from numpy.typing import NDArray


def ward_merges(
    centroids: NDArray[np.float64], weights: NDArray[np.float64], bounds: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Binary merges of every group by Ward's criterion on weighted points.

    Merging two clusters of weight a and b costs ab/(a + b) times the squared distance of their centroids, the
    growth of the sum of squares. A nearest-neighbour chain finds the dendrogram in linear memory (Murtagh, A survey
    of recent advances in hierarchical clustering algorithms, 1983).

    Parameters
    ----------
    centroids, weights
        (n, d) and (n,), the rows of a group adjacent. Both are used as working space.
    bounds
        (g + 1,) first row of every group, and n.

    Returns
    -------
    numpy.ndarray
        (n - g, 2) pairs of rows, children before parents, group after group. After a merge (a, b), a stands for both.
    """
    n = len(centroids)
    merges = np.empty((n - len(bounds) + 1, 2), dtype=np.int64)
    _merge(centroids, weights, bounds, merges, np.ones(n, dtype=np.bool_), np.empty(n + 1, dtype=np.int64))
    return merges


@njit(cache=True, nogil=True)
def _merge(
    centroids: NDArray[np.float64],
    weights: NDArray[np.float64],
    bounds: NDArray[np.int64],
    merges: NDArray[np.int64],
    alive: NDArray[np.bool_],
    chain: NDArray[np.int64],
) -> None:
    """As `ward_merges`; `alive`, all True, and `chain` are working space for every row, and one more."""
    d = centroids.shape[1]
    done = 0
    for group in range(len(bounds) - 1):
        first, last = bounds[group], bounds[group + 1]
        length = 0
        for _ in range(last - first - 1):
            if length == 0:
                row = first
                while not alive[row]:
                    row += 1
                chain[0] = row
                length = 1
            while True:
                tip = chain[length - 1]
                nearest = -1
                lowest = np.inf
                if length > 1:  # ties go back along the chain, so that its costs fall strictly and it ends
                    nearest = chain[length - 2]
                    lowest = _merge_cost(centroids, weights, tip, nearest, d)
                for other in range(first, last):
                    if alive[other] and other != tip:
                        cost = _merge_cost(centroids, weights, tip, other, d)
                        if cost < lowest:
                            lowest = cost
                            nearest = other
                if length > 1 and nearest == chain[length - 2]:
                    break
                chain[length] = nearest
                length += 1
            length -= 2
            a, b = min(tip, nearest), max(tip, nearest)
            total = weights[a] + weights[b]
            for j in range(d):
                centroids[a, j] = (weights[a] * centroids[a, j] + weights[b] * centroids[b, j]) / total
            weights[a] = total
            alive[b] = False
            merges[done, 0] = a
            merges[done, 1] = b
            done += 1


@njit(cache=True, nogil=True)
def _merge_cost(
    centroids: NDArray[np.float64], weights: NDArray[np.float64], a: int, b: int, d: int
) -> float:
    square = 0.0
    for j in range(d):
        difference = centroids[a, j] - centroids[b, j]
        square += difference * difference
    return weights[a] * weights[b] / (weights[a] + weights[b]) * square
