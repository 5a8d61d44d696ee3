"""First neighbours, and the FINCH levels that follow from them.

FINCH (Sarfraz, Sharma, Stiefelhagen: Efficient parameter-free clustering using first neighbor relations, CVPR 2019)
joins every point with its nearest other point; the connected components are the clusters, and their centroids are
clustered the same way until one cluster is left. The levels are those of the `finch-clust` package (a test compares
them); the loop is here because that package builds a square distance matrix of the clusters of every level or falls
back to approximate neighbours, and neither is wanted: memory stays linear and the neighbours exact.
"""

import numpy as np
from numpy.typing import NDArray

_BLOCK_ELEMENTS = 1 << 24  # scores held at a time: 64 MiB of float32


def first_neighbours(
    points: NDArray[np.floating], *, block_elements: int = _BLOCK_ELEMENTS
) -> NDArray[np.int64]:
    """Nearest other row of every row, by Euclidean distance; ties go to the lowest row.

    Blocked float32 products select the candidates; wherever rounding leaves more than one, exact float64 distances
    decide, so the answer depends neither on the size of the blocks nor on the number of threads.

    Parameters
    ----------
    points
        (n, d) finite coordinates, n >= 1.
    block_elements
        How many scores are computed at a time.

    Returns
    -------
    numpy.ndarray
        (n,) row numbers. A single row is its own neighbour.
    """
    n, d = points.shape
    nearest = np.zeros(n, dtype=np.int64)
    if n == 1:
        return nearest
    centred = (points - points.mean(axis=0, dtype=np.float64)).astype(np.float32)
    half_square = np.einsum("ij,ij->i", centred, centred) / 2
    # The row with the largest x·y − |y|²/2 is nearest to x; an extra column puts both terms into one product.
    queries = np.hstack([centred, np.ones((n, 1), dtype=np.float32)])
    targets = np.hstack([centred, -half_square[:, None]])
    rounding = 4 * np.finfo(np.float32).eps * np.sqrt(d + 1)
    rows_per_block = max(1, min(n, block_elements // n))
    for begin in range(0, n, rows_per_block):
        rows = np.arange(begin, min(n, begin + rows_per_block))
        scores = queries[rows] @ targets.T
        scores[rows - begin, rows] = -np.inf
        best = scores.argmax(axis=1)
        nearest[rows] = best
        slack = rounding * (half_square[rows] + half_square[best])
        close = scores >= (scores[rows - begin, best] - slack)[:, None]
        for i in np.flatnonzero(np.count_nonzero(close, axis=1) > 1):
            candidates = np.flatnonzero(close[i])
            nearest[begin + i] = candidates[_nearest_of(points[begin + i], points[candidates])]
    return nearest


def finch_levels(points: NDArray[np.floating], weights: NDArray[np.floating]) -> list[NDArray[np.int64]]:
    """Levels of FINCH, finest first.

    Parameters
    ----------
    points
        (n, d) distinct points, n >= 1.
    weights
        (n,) how many clips each point stands for. A point of several clips is its own first neighbour: the clips
        are identical.

    Returns
    -------
    list of numpy.ndarray
        `levels[0]` gives the cluster of every point, `levels[i]` the cluster of every cluster of `levels[i - 1]`.
        As in the package, a level that has one cluster or only one cluster less than the level below is left out.
    """
    neighbours = first_neighbours(points)
    neighbours = np.where(weights > 1, np.arange(len(points)), neighbours)
    levels: list[NDArray[np.int64]] = []
    while True:
        labels, count = _components(neighbours)
        if levels and (count == 1 or len(labels) - count <= 1):
            return levels
        levels.append(labels)
        points, weights = merge(points, weights, labels, count)
        if count == 1:
            return levels
        neighbours = first_neighbours(points)


def merge(
    points: NDArray[np.floating], weights: NDArray[np.floating], labels: NDArray[np.int64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weighted centroid (count, d) and total weight (count,) of every label."""
    from scipy import sparse

    total = np.bincount(labels, weights=weights, minlength=count).astype(np.float64)
    membership = sparse.csr_matrix(
        (weights, (labels, np.arange(len(labels)))), shape=(count, len(labels)), dtype=np.float64
    )
    return (membership @ points) / total[:, None], total


def _nearest_of(point: NDArray[np.floating], candidates: NDArray[np.floating]) -> int:
    difference = candidates.astype(np.float64) - point
    return int(np.einsum("ij,ij->i", difference, difference).argmin())


def _components(neighbours: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    from scipy import sparse

    n = len(neighbours)
    graph = sparse.csr_matrix((np.ones(n), (np.arange(n), neighbours)), shape=(n, n))
    count, labels = sparse.csgraph.connected_components(graph, directed=True, connection="weak")
    return labels.astype(np.int64), int(count)
