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

    Where two children meet, every group adds twice the product of its sums in the two. The clips of the smaller child
    are gone through, so that a clip is looked at once for every time that its cluster at least doubles; the sums of its
    group are differences of running sums.

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
    small_enough = (int(group.max(initial=0)) + 1) * (n + 1) < np.iinfo(np.int32).max
    kind = np.int32 if small_enough else np.int64  # keys of half the length are found faster
    first_key = (group * (n + 1)).astype(kind)
    key = first_key[by_group] + by_group.astype(kind)
    running = np.concatenate([[0.0], np.cumsum(value[by_group])])
    place, before = np.empty(n, dtype=kind), np.full(n, -1, dtype=kind)
    place[by_group] = np.arange(n, dtype=kind)
    follows = group[by_group[1:]] == group[by_group[:-1]]
    before[by_group[1:][follows]] = by_group[:-1][follows]  # the clip of the same group before each
    start, end = start.astype(kind), end.astype(kind)

    squares, largest = np.zeros(nodes), np.zeros(nodes, dtype=np.int64)
    leaf = np.flatnonzero(np.bincount(parent[parent >= 0], minlength=nodes) == 0)
    small, _ = _siblings(parent, end - start)
    looked_up, into = np.concatenate([leaf, small]), np.concatenate([leaf, parent[small]])
    sizes = (end - start)[looked_up]
    for part in _parts(sizes):
        at = np.repeat(np.arange(part.start, part.stop), sizes[part])
        clip = np.arange(len(at)) - np.repeat(np.cumsum(sizes[part]) - sizes[part], sizes[part])
        clip += start[looked_up[at]]
        is_first = before[clip] < start[looked_up[at]]  # of its group in the smaller child
        clip, at = clip[is_first], at[is_first]
        of_group, child, node = first_key[clip], looked_up[at], into[at]
        first, last = place[clip], np.searchsorted(key, of_group + end[child])
        # The smaller child has one end in common with the node in which the two meet; the larger has the other.
        begins = start[child] == start[node]
        outer = np.searchsorted(key, of_group + np.where(begins, end[node], start[node]))
        of_child = running[last] - running[first]
        of_other = np.where(begins, running[outer] - running[last], running[first] - running[outer])
        added = of_child * np.where(child == node, of_child, 2 * of_other)
        squares += np.bincount(node, added, minlength=nodes)
        np.maximum.at(largest, node, np.where(begins, outer - first, last - outer))
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
