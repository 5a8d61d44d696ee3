"""FINCH: levels of clusters that follow from first neighbours.

FINCH (Sarfraz, Sharma, Stiefelhagen: Efficient parameter-free clustering using first neighbor relations, CVPR 2019)
joins every point with its nearest other point; the connected components are the clusters, and their centroids are
clustered the same way until one cluster is left. The levels are those of the `finch-clust` package (a test compares
them); the loop is here because that package builds a square distance matrix of the clusters of every level or falls
back to approximate neighbours of unknown quality, and neither is wanted: memory stays linear.
"""

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.neighbours import EXACT_UP_TO, good_neighbours

_ROWS_AT_ONCE = 1 << 15
"""In the precision of 64 bits."""


def finch_levels(
    points: NDArray[np.floating], weights: NDArray[np.floating], *, exact_up_to: int = EXACT_UP_TO
) -> tuple[list[NDArray[np.int64]], float]:
    """Levels of FINCH, finest first.

    Parameters
    ----------
    points
        (n, d) distinct points, n >= 1.
    weights
        (n,) how many clips each point stands for. A point of several clips is its own first neighbour: the clips
        are identical.
    exact_up_to
        Number of points up to which neighbours are exact.

    Returns
    -------
    levels
        `levels[0]` gives the cluster of every point, `levels[i]` the cluster of every cluster of `levels[i - 1]`.
        As in the package, a level that has one cluster or only one cluster less than the level below is left out.
    recall
        Share of the neighbours that are the nearest, the lowest of all levels.
    """
    neighbours, lowest = good_neighbours(points, exact_up_to=exact_up_to)
    neighbours = np.where(weights > 1, np.arange(len(points)), neighbours)
    levels: list[NDArray[np.int64]] = []
    while True:
        labels, count = _components(neighbours)
        if levels and (count == 1 or len(labels) - count <= 1):
            return levels, lowest
        levels.append(labels)
        points, weights = merge(points, weights, labels, count)
        if count == 1:
            return levels, lowest
        neighbours, recall = good_neighbours(points, exact_up_to=exact_up_to)
        lowest = min(lowest, recall)


def merge(
    points: NDArray[np.floating], weights: NDArray[np.floating], labels: NDArray[np.int64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weighted centroid (count, d) and total weight (count,) of every label."""
    from scipy import sparse

    total = np.bincount(labels, weights=weights, minlength=count).astype(np.float64)
    by_label = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[by_label], np.arange(count + 1))
    centroids = np.empty((count, points.shape[1]))
    begin = 0
    while begin < count:  # not of all points at once: they are in the precision of 32 bits
        end = max(begin + 1, int(np.searchsorted(bounds, bounds[begin] + _ROWS_AT_ONCE, side="right")) - 1)
        rows = by_label[bounds[begin] : bounds[end]]
        membership = sparse.csr_matrix(
            (weights[rows].astype(np.float64), np.arange(len(rows)), bounds[begin : end + 1] - bounds[begin]),
            shape=(end - begin, len(rows)),
        )
        centroids[begin:end] = membership @ points[rows].astype(np.float64)
        begin = end
    centroids /= total[:, None]
    return centroids, total


def _components(neighbours: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    from scipy import sparse

    n = len(neighbours)
    graph = sparse.csr_matrix((np.ones(n), (np.arange(n), neighbours)), shape=(n, n))
    count, labels = sparse.csgraph.connected_components(graph, directed=True, connection="weak")
    return labels.astype(np.int64), int(count)
