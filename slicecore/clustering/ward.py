"""Weighted Ward linkage inside many groups at once."""

import numpy as np
from numpy.typing import NDArray

_ROWS_AT_ONCE, _PAIRS_AT_ONCE = 64, 1 << 20
"""Of a block of distances."""


def ward_merges(
    centroids: NDArray[np.float64], weights: NDArray[np.float64], bounds: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Binary merges of every group by Ward's criterion on weighted points.

    Merging two clusters of weight a and b costs ab/(a + b) times the squared distance of their centroids, the growth of
    the sum of squares. What two clusters are merged to is no nearer to a third one than the nearer of them was, so that
    all pairs that are each other's nearest can be merged at once (Murtagh, A survey of recent advances in hierarchical
    clustering algorithms, 1983). Memory is linear.

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
    n, groups = len(centroids), len(bounds) - 1
    group = np.repeat(np.arange(groups), np.diff(bounds))
    nearest, cost = np.zeros(n, dtype=np.int64), np.zeros(n)
    outdated, gone = np.ones(n, dtype=bool), np.zeros(n, dtype=bool)
    merges = [np.zeros((0, 2), dtype=np.int64)]
    rows = np.arange(n)
    while True:
        left = np.bincount(group[rows], minlength=groups)
        rows = rows[left[group[rows]] > 1]
        if not len(rows):
            found = np.concatenate(merges)
            return found[np.argsort(group[found[:, 0]], kind="stable")]
        looking = rows[outdated[rows]]
        nearest[looking], cost[looking] = _nearest(looking, rows, group, centroids, weights)
        a, b = _mutual(rows, group, nearest, cost)
        merges.append(np.column_stack([a, b]))
        total = weights[a] + weights[b]
        centroids[a] = (weights[a, None] * centroids[a] + weights[b, None] * centroids[b]) / total[:, None]
        weights[a] = total
        gone[b] = True
        changed = np.zeros(n, dtype=bool)
        changed[a] = changed[b] = True
        outdated = changed | changed[nearest]
        rows = rows[~gone[rows]]


def _mutual(
    rows: NDArray[np.int64], group: NDArray[np.int64], nearest: NDArray[np.int64], cost: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of rows that are each other's nearest, the lower first; of a group without any, its cheapest pair.

    With exact numbers every group has one; rounding can make a circle of equally near ones.
    """
    is_mutual = nearest[nearest[rows]] == rows
    has_none = ~np.isin(group[rows], group[rows[is_mutual]])
    cheapest = rows[has_none][np.lexsort([cost[rows[has_none]], group[rows[has_none]]])]
    _, first = np.unique(group[cheapest], return_index=True)
    one = np.concatenate([rows[is_mutual & (rows < nearest[rows])], cheapest[first]])
    return np.minimum(one, nearest[one]), np.maximum(one, nearest[one])


def _nearest(
    looking: NDArray[np.int64],
    rows: NDArray[np.int64],
    group: NDArray[np.int64],
    centroids: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Row of the same group with which a merge costs least, for each of some rows, and the cost."""
    first = np.searchsorted(group[rows], group[looking])
    last = np.searchsorted(group[rows], group[looking], side="right")
    found, costs = np.empty(len(looking), dtype=np.int64), np.empty(len(looking))
    begin = 0
    while begin < len(looking):
        block = slice(
            begin, begin + max(1, min(_ROWS_AT_ONCE, _PAIRS_AT_ONCE // int(last[begin] - first[begin])))
        )
        one, other = looking[block], rows[first[begin] : last[block][-1]]
        middle = centroids[other].mean(axis=0)  # about which rounding takes least
        points, others = centroids[one] - middle, centroids[other] - middle
        squares = np.einsum("ij,ij->i", points, points)[:, None] + np.einsum("ij,ij->i", others, others)
        factor = weights[one, None] * weights[other] / (weights[one, None] + weights[other])
        cost = factor * np.maximum(squares - 2 * (points @ others.T), 0)
        cost[(group[one, None] != group[other]) | (one[:, None] == other)] = np.inf
        at = cost.argmin(axis=1)
        found[block], costs[block] = other[at], cost[np.arange(len(one)), at]
        begin = block.stop
    return found, costs
