"""The maxima of a scan statistic under shuffling, compiled."""

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def shuffled_maxima(
    scores: NDArray[np.float64],
    order: NDArray[np.int64],
    first: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    bounds: NDArray[np.int64],
    per_deviation: NDArray[np.float64],
    price: NDArray[np.float64],
    column: NDArray[np.int64],
    columns: int,
    shuffles: int,
    seed: np.uint64,
) -> NDArray[np.float64]:
    """Largest z²/2 - price over the nodes of all trees, for every shuffle of the scores and every size of node.

    Parameters
    ----------
    scores
        (n,) one per clip.
    order
        Clips of every tree in its order, tree after tree.
    first
        (trees + 1,) where each tree begins in `order`, and its length.
    start, end, per_deviation, price, column
        (nodes,) the nodes of all trees: interval in the order of its tree, factor that makes a sum of scores a z,
        price, size class.
    bounds
        (trees + 1,) first node of every tree, and the number of nodes.

    Returns
    -------
    numpy.ndarray
        (shuffles, columns), -inf where there is no node.
    """
    n = len(scores)
    state = seed
    shuffled = scores.copy()
    running = np.zeros(n + 1)
    maxima = np.full((shuffles, columns), -np.inf)
    for b in range(shuffles):
        for i in range(n - 1, 0, -1):  # Fisher and Yates
            state = state + np.uint64(0x9E3779B97F4A7C15)
            j = np.int64((mixed(state) >> np.uint64(32)) * np.uint64(i + 1) >> np.uint64(32))
            shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
        for tree in range(len(first) - 1):
            for i in range(first[tree + 1] - first[tree]):
                running[i + 1] = running[i] + shuffled[order[first[tree] + i]]
            for v in range(bounds[tree], bounds[tree + 1]):
                z = max(0.0, (running[end[v]] - running[start[v]]) * per_deviation[v])
                statistic = z * z / 2 - price[v]
                maxima[b, column[v]] = max(maxima[b, column[v]], statistic)
    return maxima


@njit(cache=True)
def mixed(state: np.uint64) -> np.uint64:
    """Output of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014)."""
    z = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
