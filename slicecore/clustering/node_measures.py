"""Measures of the nodes of a tree: scatter, split, gap, and agreement with the nodes of another tree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.groups import intervals

if TYPE_CHECKING:
    from scipy import sparse

_SMALLEST_NODE = 3  # two clips agree by accident
_NUMBERS_AT_ONCE = 1 << 21
"""Numbers of a block that is worked on at once."""


def by_height(left: NDArray[np.int64], right: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Inner nodes whose children are leaves, then those whose children are among these and leaves, and so on.

    Parameters
    ----------
    left, right
        (nodes,) children, before their parents; -1 at a leaf.
    """
    heights, lefts, rights = [0] * len(left), left.tolist(), right.tolist()
    for v, child in enumerate(lefts):
        if child >= 0:
            heights[v] = 1 + max(heights[child], heights[rights[v]])
    height = np.array(heights)
    order = np.argsort(height, kind="stable")
    bounds = np.searchsorted(height[order], np.arange(1, height.max(initial=0) + 2))
    yield from (order[begin:end] for begin, end in pairwise(bounds.tolist()))


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
    weight, centroid, scatter = np.zeros(nodes), np.zeros((nodes, d)), np.zeros(nodes)
    leaves = np.flatnonzero(left < 0)
    weight[leaves] = np.add.reduceat(weights, start[leaves])
    for block in _blocks(end[leaves] - start[leaves], d):
        of_block = leaves[block]
        first, last = start[of_block[0]], end[of_block[-1]]
        here, of_clips = points[first:last].astype(np.float64), weights[first:last, None]
        begin = start[of_block] - first
        centroid[of_block] = np.add.reduceat(here * of_clips, begin) / weight[of_block, None]
        here -= np.repeat(centroid[of_block], end[of_block] - start[of_block], axis=0)
        scatter[of_block] = np.add.reduceat(of_clips[:, 0] * np.einsum("ij,ij->i", here, here), begin)
    split, square = np.zeros(nodes), np.zeros(nodes)
    for level in by_height(left, right):
        a, b = left[level], right[level]
        weight[level] = weight[a] + weight[b]
        direction = centroid[b] - centroid[a]
        centroid[level] = centroid[a] + (weight[b] / weight[level])[:, None] * direction
        square[level] = np.einsum("ij,ij->i", direction, direction)
        split[level] = weight[a] * weight[b] / weight[level] * square[level]
        scatter[level] = scatter[a] + scatter[b] + split[level]
    gap = np.zeros(nodes)
    inner = np.flatnonzero(square > 0)
    for block in _blocks(end[inner] - start[inner], 1):
        v = inner[block]
        variance = _along(points, weights, start, end, left[v], right[v], centroid) / np.maximum(
            weight[v] - 2, 1
        )
        gap[v] = square[v] / np.sqrt(np.maximum(variance, 1e-12 * square[v] ** 2))
    return scatter, split, gap


def _along(
    points: NDArray[np.float32],
    weights: NDArray[np.float64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    centroid: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Sum of squares, along the lines between the children of some nodes, of the clips about their child's centroid.

    It is in units of the squared length of the line. The children of a node are adjacent, left before right.
    """
    sizes = np.column_stack([end[left] - start[left], end[right] - start[right]]).ravel()
    before = np.cumsum(sizes) - sizes
    places = np.empty(sizes.sum(), dtype=np.float32)
    directions = (centroid[right] - centroid[left]).astype(np.float32)
    bounds = [*before[::2].tolist(), len(places)]
    for i, (first, last) in enumerate(zip(start[left].tolist(), end[right].tolist(), strict=True)):
        np.dot(points[first:last], directions[i], out=places[bounds[i] : bounds[i + 1]])
    of_clips = weights[intervals(np.column_stack([start[left], start[right]]).ravel(), sizes)]
    mean = np.add.reduceat(of_clips * places, before) / np.add.reduceat(of_clips, before)
    squares = of_clips * (places - np.repeat(mean, sizes)) ** 2
    return np.add.reduceat(squares, before[::2])


def _blocks(sizes: NDArray[np.int64], width: int) -> Iterator[slice]:
    """Slices of consecutive nodes of so many clips, each of about as many numbers as are worked on at once."""
    clips = np.cumsum(sizes)
    begin = 0
    while begin < len(sizes):
        most = (clips[begin - 1] if begin else 0) + _NUMBERS_AT_ONCE // max(width, 1)
        end = max(begin + 1, int(np.searchsorted(clips, most, side="right")))
        yield slice(begin, end)
        begin = end


def pass_up(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    split: NDArray[np.float64],
    support: NDArray[np.int32],
    share: NDArray[np.float64],
) -> None:
    """Give every node the larger of its own support and those of its children whose split is not much smaller.

    Parameters
    ----------
    left, right, split
        (nodes,) children before parents; -1 at a leaf.
    support
        (nodes, k) changed in place.
    share
        (k,) what the split of a child must exceed as a share of its parent's.
    """
    for level in by_height(left, right):
        for child in (left[level], right[level]):
            counts = split[child, None] > share * split[level, None]
            support[level] = np.where(counts, np.maximum(support[level], support[child]), support[level])


def agreement(
    order: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    other_order: NDArray[np.int64],
    other_start: NDArray[np.int64],
    other_end: NDArray[np.int64],
) -> tuple[tuple[NDArray[np.float64], NDArray[np.int64]], tuple[NDArray[np.float64], NDArray[np.int64]]]:
    """Best Jaccard index of every node of one tree with a node of another, and the reverse.

    Nodes of fewer than three clips and the whole do not count.

    Parameters
    ----------
    order, start, end
        The first tree.
    other_order, other_start, other_end
        The other; some clips may be in one of them only.

    Returns
    -------
    tuple of numpy.ndarray
        Of each tree (nodes,) the best index (0 where no node shares a clip) and the node that has it, -1 for none; the
        lowest on ties.
    """
    from scipy import sparse

    n = len(order)
    best, other_best = np.zeros(len(start)), np.zeros(len(other_start))
    twin, other_twin = np.full(len(start), -1), np.full(len(other_start), -1)
    nodes, others = (_counting(*each, n) for each in ((start, end), (other_start, other_end)))
    size, other_size = end[nodes] - start[nodes], other_end[others] - other_start[others]
    leaf, of_node = _leaves(start, end, nodes)
    other_leaf, of_other = _leaves(other_start, other_end, others)
    _, at, other_at = np.intersect1d(order, other_order, assume_unique=True, return_indices=True)
    of_both = sparse.csr_array(
        (np.ones(len(at), dtype=np.int32), (leaf[at], other_leaf[other_at])),
        shape=(of_node.shape[1], of_other.shape[1]),
    )
    clips, among = of_node @ of_both, of_other.T.tocsr()
    for block in _blocks((clips != 0) @ np.diff(among.indptr), 1):
        shared = (clips[block] @ among).tocoo()
        a, b = shared.row + block.start, shared.col
        jaccard = shared.data / (size[a] + other_size[b] - shared.data)
        _raise(best, twin, nodes[a], others[b], jaccard)
        _raise(other_best, other_twin, others[b], nodes[a], jaccard)
    return (best, twin), (other_best, other_twin)


def _counting(start: NDArray[np.int64], end: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    return np.flatnonzero((end - start >= _SMALLEST_NODE) & (end - start < n))


def _leaves(
    start: NDArray[np.int64], end: NDArray[np.int64], nodes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], sparse.csr_array]:
    """Leaf at every place of a tree's order, and (nodes, leaves) 1 where a leaf is in a node."""
    from scipy import sparse

    cuts = np.unique([start, end])
    first, last = np.searchsorted(cuts, start[nodes]), np.searchsorted(cuts, end[nodes])
    leaves = intervals(first, last - first)
    bounds = np.concatenate([[0], np.cumsum(last - first)])
    is_in = sparse.csr_array(
        (np.ones(len(leaves), dtype=np.int32), leaves, bounds), shape=(len(nodes), len(cuts) - 1)
    )
    return np.repeat(np.arange(len(cuts) - 1), np.diff(cuts)), is_in


def _raise(
    best: NDArray[np.float64],
    twin: NDArray[np.int64],
    node: NDArray[np.int64],
    other: NDArray[np.int64],
    jaccard: NDArray[np.float64],
) -> None:
    """Raise the best index of nodes to those of pairs, and note which node has it."""
    before = best.copy()
    np.maximum.at(best, node, jaccard)
    twin[best > before] = np.iinfo(np.int64).max
    has_best = jaccard == best[node]
    np.minimum.at(twin, node[has_best], other[has_best])
