"""Sums over the groups that the clips of clusters come from, for all nodes of a tree at once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 1 << 22  # clips looked up at once


def sums_by_group(
    group: NDArray[np.int64],
    value: NDArray[np.float64],
    parent: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sum over the groups in every node of the square of the group's sum of values there.

    Where two children meet, every pair of clips of one group, one in each, adds twice the product of their values. The
    clips of the smaller child are gone through, so that a clip is looked up once for every time that its cluster at
    least doubles; the sum of its group in the larger child is a difference of running sums.

    Parameters
    ----------
    group, value
        (n,) group and value of every clip, in the order of the tree.
    parent, start, end
        (nodes,) the nodes of a binary tree in post-order, see `slicecore.clustering.tree.Tree`.

    Returns
    -------
    squares, largest
        (nodes,) the sum, and the number of clips of the group that has most in the node.
    """
    n, nodes = len(group), len(parent)
    by_group = np.lexsort([np.arange(n), group])
    key = group[by_group] * (n + 1) + by_group
    running = np.concatenate([[0.0], np.cumsum(value[by_group])])

    def of_group(clip: NDArray[np.int64], node: NDArray[np.int64]) -> tuple[NDArray, NDArray]:
        """Sum of the values of a clip's group in a node, and the number of these clips."""
        first, last = (np.searchsorted(key, group[clip] * (n + 1) + at[node]) for at in (start, end))
        return running[last] - running[first], last - first

    squares, largest = np.zeros(nodes), np.zeros(nodes, dtype=np.int64)
    is_leaf = np.bincount(parent[parent >= 0], minlength=nodes) == 0
    small, large = _siblings(parent, end - start)
    looked_up = np.concatenate([np.flatnonzero(is_leaf), small])
    meeting = np.concatenate([np.flatnonzero(is_leaf), large])
    into = np.concatenate([np.flatnonzero(is_leaf), parent[small]])
    factor = np.concatenate([np.ones(is_leaf.sum()), np.full(len(small), 2.0)])
    sizes = (end - start)[looked_up]
    for part in _parts(sizes):
        at = np.repeat(np.arange(part.start, part.stop), sizes[part])
        clip = np.arange(len(at)) - np.repeat(np.cumsum(sizes[part]) - sizes[part], sizes[part])
        clip += start[looked_up[at]]
        sums, _ = of_group(clip, meeting[at])
        squares += np.bincount(into[at], factor[at] * value[clip] * sums, minlength=nodes)
        np.maximum.at(largest, into[at], of_group(clip, into[at])[1])
    squares = np.concatenate([[0.0], np.cumsum(squares)])
    below = _first_below(parent)
    most = largest.tolist()
    for node, above in enumerate(parent.tolist()):
        if above >= 0 and most[node] > most[above]:
            most[above] = most[node]
    return squares[1:] - squares[below], np.array(most, dtype=np.int64)


def _siblings(
    parent: NDArray[np.int64], size: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The smaller and the larger child of every node that has two."""
    child = np.flatnonzero(parent >= 0)
    child = child[np.lexsort([size[child], parent[child]])]
    return child[::2], child[1::2]


def _first_below(parent: NDArray[np.int64]) -> NDArray[np.int64]:
    """First node of the subtree of every node, in post-order."""
    first = list(range(len(parent)))
    for node, above in enumerate(parent.tolist()):
        if above >= 0 and first[node] < first[above]:
            first[above] = first[node]
    return np.array(first, dtype=np.int64)


def _parts(sizes: NDArray[np.int64]) -> list[slice]:
    """Ranges of lookups, one after the other, that are made at once."""
    before = np.cumsum(sizes)
    cuts = np.searchsorted(before, np.arange(_AT_ONCE, before[-1] if len(before) else 0, _AT_ONCE))
    bounds = np.unique([0, *cuts, len(sizes)])
    return [slice(int(a), int(b)) for a, b in pairwise(bounds)]
