"""Measures of the nodes of a tree, compiled: scatter, split, gap, and agreement with the nodes of another tree."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

_SMALLEST_NODE = 3  # two clips agree by accident


def measure_nodes(
    points: NDArray[np.float32],
    weights: NDArray[np.float64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Describe every node of a binary tree.

    Parameters
    ----------
    points, weights
        (n, d) and (n,) in the order of the tree.
    start, end
        (nodes,) interval of every node, children before parents.
    left, right
        (nodes,) children; -1 at a leaf.

    Returns
    -------
    scatter
        Sum of squares of a node's clips about their centroid.
    split
        Part of it that lies between the two children (the Ward cost of the merge); 0 at a leaf.
    gap
        Distance of the children's centroids in standard deviations of the clips along the line between them, each
        about its own child's centroid. A uniform bar cut in two has 3.46. 0 at a leaf.
    """
    nodes, d = len(start), points.shape[1]
    weight, centroid, direction = np.zeros(nodes), np.zeros((nodes, d)), np.zeros(d)
    scatter, split, gap = np.zeros(nodes), np.zeros(nodes), np.zeros(nodes)
    _measure(points, weights, start, end, left, right, weight, centroid, direction, scatter, split, gap)
    return scatter, split, gap


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def _measure(
    points: NDArray[np.float32],
    weights: NDArray[np.float64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    weight: NDArray[np.float64],
    centroid: NDArray[np.float64],
    direction: NDArray[np.float64],
    scatter: NDArray[np.float64],
    split: NDArray[np.float64],
    gap: NDArray[np.float64],
) -> None:
    """As `measure_nodes`: weight, centroid and the measures of every node, written; direction is working space."""
    d = points.shape[1]
    for v in range(len(start)):
        if left[v] < 0:
            for i in range(start[v], end[v]):
                weight[v] += weights[i]
                for j in range(d):
                    centroid[v, j] += weights[i] * points[i, j]
            for j in range(d):
                centroid[v, j] /= weight[v]
            for i in range(start[v], end[v]):
                square = 0.0
                for j in range(d):
                    square += (points[i, j] - centroid[v, j]) ** 2
                scatter[v] += weights[i] * square
            continue
        a, b = left[v], right[v]
        weight[v] = weight[a] + weight[b]
        square = 0.0
        for j in range(d):
            centroid[v, j] = (weight[a] * centroid[a, j] + weight[b] * centroid[b, j]) / weight[v]
            direction[j] = centroid[b, j] - centroid[a, j]
            square += direction[j] ** 2
        split[v] = weight[a] * weight[b] / weight[v] * square
        scatter[v] = scatter[a] + scatter[b] + split[v]
        if square == 0:
            continue
        distance = np.sqrt(square)
        along = 0.0
        for child in (a, b):
            for i in range(start[child], end[child]):
                projection = 0.0
                for j in range(d):
                    projection += (points[i, j] - centroid[child, j]) * direction[j]
                along += weights[i] * (projection / distance) ** 2
        variance = along / max(weight[v] - 2, 1.0)
        gap[v] = distance / np.sqrt(max(variance, 1e-12 * square))


@njit(cache=True, nogil=True)
def pass_up(
    parent: NDArray[np.int64],
    split: NDArray[np.float64],
    support: NDArray[np.int32],
    share: NDArray[np.float64],
) -> None:
    """Give every node the larger of its own support and those of its children whose split is not much smaller.

    Parameters
    ----------
    parent, split
        (nodes,) children before parents, the root last.
    support
        (nodes, k) changed in place.
    share
        (k,) what the split of a child must exceed as a share of its parent's.
    """
    for v in range(len(parent) - 1):
        p = parent[v]
        for k in range(len(share)):
            if support[v, k] > support[p, k] and split[v] > share[k] * split[p]:
                support[p, k] = support[v, k]


def agreement(
    order: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    other_leaf: NDArray[np.int64],
    other_parent: NDArray[np.int64],
    other_size: NDArray[np.int64],
    agreed: NDArray[np.float64],
    twin: NDArray[np.int64],
    other_agreed: NDArray[np.float64],
    other_twin: NDArray[np.int64],
) -> None:
    """Best Jaccard index of every node of one tree with a node of another, and the reverse.

    Nodes of fewer than three clips and the whole do not count.

    Parameters
    ----------
    order, start, end
        The first tree.
    other_leaf
        Leaf of every clip in the other tree, by row.
    other_parent, other_size
        (nodes,) of the other tree.
    agreed, twin, other_agreed, other_twin
        Written: the best index (0 where no node shares a clip) and the node that has it, the lowest on ties.
    """
    shared, touched = np.zeros((2, len(other_parent)), dtype=np.int64)
    _agree(
        order,
        start,
        end,
        other_leaf,
        other_parent,
        other_size,
        agreed,
        twin,
        other_agreed,
        other_twin,
        shared,
        touched,
    )


@njit(cache=True, nogil=True)
def _agree(
    order: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    other_leaf: NDArray[np.int64],
    other_parent: NDArray[np.int64],
    other_size: NDArray[np.int64],
    agreed: NDArray[np.float64],
    twin: NDArray[np.int64],
    other_agreed: NDArray[np.float64],
    other_twin: NDArray[np.int64],
    shared: NDArray[np.int64],
    touched: NDArray[np.int64],
) -> None:
    """As `agreement`; `shared`, zeros, and `touched` are working space for every node of the other tree."""
    n = len(order)
    for v in range(len(start)):
        size = end[v] - start[v]
        if size < _SMALLEST_NODE or size >= n:
            continue
        count = 0
        for i in range(start[v], end[v]):
            u = other_leaf[order[i]]
            while u >= 0:
                if shared[u] == 0:
                    touched[count] = u
                    count += 1
                shared[u] += 1
                u = other_parent[u]
        for k in range(count):
            u = touched[k]
            common = shared[u]
            shared[u] = 0
            if other_size[u] < _SMALLEST_NODE or other_size[u] >= n:
                continue
            jaccard = common / (size + other_size[u] - common)
            if jaccard > agreed[v] or (jaccard == agreed[v] and u < twin[v]):
                agreed[v] = jaccard
                twin[v] = u
            if jaccard > other_agreed[u]:
                other_agreed[u] = jaccard
                other_twin[u] = v
