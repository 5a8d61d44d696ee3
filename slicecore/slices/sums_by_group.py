"""Sums over the groups that the clips of clusters come from, for all nodes of a tree at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sums_by_group(
    group: NDArray[np.int64],
    value: NDArray[np.float64],
    parent: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sum over the groups in every node of the square of the group's sum of values there.

    In the node where two parts of a group meet, twice the product of their sums is added. The clips of a group in the
    order of the tree begin as one part per leaf; where neighbours meet lower than each of them meets its other
    neighbour they become one part. So every part meets another once, and n steps are enough.

    Parameters
    ----------
    group, value
        (n,) group and value of every clip, in the order of the tree.
    parent, start, end
        (nodes,) the nodes of a binary tree in post-order, see `slicecore.clustering.tree.Tree`. Some may have no clip.

    Returns
    -------
    squares, largest
        (nodes,) the sum, and the number of clips of the group that has most in the node.
    """
    n, nodes = len(group), len(parent)
    squares, largest = np.zeros(nodes), np.zeros(nodes, dtype=np.int64)
    if not n:
        return squares, largest
    has_child = np.bincount(parent[parent >= 0], minlength=nodes) > 0
    leaf = np.flatnonzero(~has_child & (end > start))
    by_group = np.argsort(group, kind="stable")
    place = np.repeat(np.arange(len(leaf), dtype=np.int32), (end - start)[leaf])[by_group]
    of_clip = group[by_group]
    first = np.flatnonzero(
        np.concatenate([[True], (of_clip[1:] != of_clip[:-1]) | (place[1:] != place[:-1])])
    )
    total, count = np.add.reduceat(value[by_group], first), np.diff(first, append=n)
    place, of_part = place[first], of_clip[first]
    squares += np.bincount(leaf[place], total**2, minlength=nodes)
    np.maximum.at(largest, leaf[place], count)

    # The node in which every part meets the next one of its group; the last one meets none.
    meeting = np.full(len(first), nodes, dtype=np.int32)
    goes_on = np.flatnonzero(of_part[1:] == of_part[:-1])
    meeting[goes_on] = _meetings(_dividing(parent, start, end, leaf), place[goes_on], place[goes_on + 1])
    while True:
        before = np.concatenate([[nodes], meeting[:-1]])
        open_ = (meeting < nodes) | (before < nodes)
        if not open_.all():  # groups of which one part is left
            total, count, meeting, before = (each[open_] for each in (total, count, meeting, before))
        if not len(meeting):
            break
        left = np.flatnonzero((meeting < before) & (meeting < np.append(meeting[1:], nodes)))
        node, right = meeting[left], left + 1
        np.add.at(squares, node, 2 * total[left] * total[right])
        total[left] += total[right]
        count[left] += count[right]
        np.maximum.at(largest, node, count[left])
        meeting[left] = meeting[right]
        total, count, meeting = (np.delete(each, right) for each in (total, count, meeting))

    below, most = _first_below(parent), largest.tolist()
    for at, above in enumerate(parent.tolist()):
        if above >= 0 and most[at] > most[above]:
            most[above] = most[at]
    running = np.concatenate([[0.0], np.cumsum(squares)])
    return running[1:] - running[below], np.array(most, dtype=np.int64)


def _dividing(
    parent: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64], leaf: NDArray[np.int64]
) -> NDArray[np.int32]:
    """(leaves - 1,) node that divides every leaf with clips from the next one."""
    child = np.flatnonzero((parent >= 0) & (end > start))
    inside = child[start[child] > start[parent[child]]]  # right of a sibling with clips
    dividing = np.zeros(max(0, len(leaf) - 1), dtype=np.int32)
    dividing[np.searchsorted(start[leaf], start[inside]) - 1] = parent[inside]
    return dividing


def _meetings(
    dividing: NDArray[np.int32], first: NDArray[np.int32], second: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Lowest node that has two leaves, of which the first comes first: the highest that divides leaves between them.

    Nodes above others have higher numbers. Largest numbers of an interval are read off those of two intervals whose
    length is a power of two (Bender and Farach-Colton, The LCA problem revisited, LATIN 2000).
    """
    power = np.frexp((second - first).astype(np.float64))[1] - 1  # of two
    largest, found = dividing, np.zeros(len(first), dtype=np.int32)
    for each in range(int(power.max(initial=-1)) + 1):
        pairs = np.flatnonzero(power == each)
        found[pairs] = np.maximum(largest[first[pairs]], largest[second[pairs] - (1 << each)])
        largest = np.maximum(largest[: -(1 << each)], largest[1 << each :])
    return found


def _first_below(parent: NDArray[np.int64]) -> NDArray[np.int64]:
    """First node of the subtree of every node, in post-order."""
    first = list(range(len(parent)))
    for node, above in enumerate(parent.tolist()):
        if above >= 0 and first[node] < first[above]:
            first[above] = first[node]
    return np.array(first, dtype=np.int64)
