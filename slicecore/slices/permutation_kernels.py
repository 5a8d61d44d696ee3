"""Compiled kernels of the permutation test of clusters: maxima of the scan statistic.

They deal residuals out to the clips anew and multiply each by the weight of its clip, see
`slicecore.slices.clip_scores`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from slicecore.slices.clip_scores import standing
from slicecore.slices.dealing_kernels import deal_to_groups, shuffle

_standing = njit(cache=True, nogil=True)(standing)


def tree_maxima(
    residuals: NDArray[np.float64],
    nodes: tuple[NDArray, ...],
    columns: int,
    permutations: int,
    seed: np.uint64,
) -> NDArray[np.float64]:
    """Largest standing less price over the nodes of all trees, for every permutation and every size class of nodes.

    Parameters
    ----------
    residuals
        (n,) one per clip.
    nodes
        Of all trees: the clips of every tree in its order, tree after tree, and their weights; (trees + 1,) first
        position of each tree among these, and their number; (nodes,) start and end, intervals in the order of the tree;
        (trees + 1,) first node of every tree, and the number of nodes; (nodes,) factor that makes a sum of scores a z,
        skewness of that z (see `slicecore.slices.clip_scores.standing`), price, and size class.
    columns
        Number of size classes.
    permutations
        How many.
    seed
        Of the generator.

    Returns
    -------
    numpy.ndarray
        (permutations, columns), -inf where there is no node.
    """
    state = seed
    permuted, running = residuals.copy(), np.zeros(len(residuals) + 1)
    maxima = np.full((permutations, columns), -np.inf)
    for row in maxima:
        state = np.uint64(shuffle(permuted, state))
        _note_maxima(row, running, permuted, *nodes)
    return maxima


def grouped_tree_maxima(
    parts: tuple[NDArray, ...],
    nodes: tuple[NDArray, ...],
    columns: int,
    permutations: int,
    seed: np.uint64,
) -> NDArray[np.float64]:
    """As `tree_maxima`, of clips in groups: effects are dealt out to the groups, the clips' own parts to the clips.

    Parameters
    ----------
    parts
        Own parts, effects, groups and sensitivities, see `slicecore.slices.group_effects.GroupEffects`.
    nodes, columns, permutations, seed
        See `tree_maxima`.
    """
    state = seed
    own, effect, group, sensitivity = parts
    own, effect = own.copy(), effect.copy()
    residual, running = np.empty(len(group)), np.zeros(len(group) + 1)
    maxima = np.full((permutations, columns), -np.inf)
    for row in maxima:
        state = np.uint64(deal_to_groups(residual, own, effect, group, sensitivity, state))
        _note_maxima(row, running, residual, *nodes)
    return maxima


@njit(cache=True, nogil=True)
def _note_maxima(
    maxima: NDArray[np.float64],
    running: NDArray[np.float64],
    residual: NDArray[np.float64],
    order: NDArray[np.int64],
    weight: NDArray[np.float64],
    first: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    bounds: NDArray[np.int64],
    per_deviation: NDArray[np.float64],
    skewness: NDArray[np.float64],
    price: NDArray[np.float64],
    column: NDArray[np.int64],
) -> None:
    """Raise the maxima of one permutation to what the nodes of all trees have in it.

    `running` is working space for all clips and one more, and begins with 0.
    """
    for tree in range(len(first) - 1):
        begin = first[tree]
        for i in range(first[tree + 1] - begin):
            running[i + 1] = running[i] + weight[begin + i] * residual[order[begin + i]]
        for v in range(bounds[tree], bounds[tree + 1]):
            z = max(0.0, (running[end[v]] - running[start[v]]) * per_deviation[v])
            if z * z / 2 - price[v] > maxima[column[v]]:  # skewness only makes it less
                maxima[column[v]] = max(maxima[column[v]], _standing(z, skewness[v]) - price[v])


def sums_by_group(
    group: NDArray[np.int64],
    value: NDArray[np.float64],
    groups: int,
    parent: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sum over the groups in every node of the square of the group's sum of values there.

    A node goes on from its larger child and adds the clips of the other, so that a clip is added once for every time
    that its cluster at least doubles.

    Parameters
    ----------
    group, value
        Group and value of every clip, in the order of the tree.
    groups
        Number of groups.
    parent, start, end
        (nodes,) the nodes of a tree in post-order, see `slicecore.clustering.tree.Tree`.

    Returns
    -------
    squares, largest
        (nodes,) the sum, and the number of clips of the group that has most in the node.
    """
    nodes = len(parent)
    squares, largest = np.zeros(nodes), np.zeros(nodes, dtype=np.int64)
    sums, clips = np.zeros(groups), np.zeros(groups, dtype=np.int64)
    _add_up(group, value, parent, start, end, np.full(nodes, -1), sums, clips, squares, largest)
    return squares, largest


@njit(cache=True, nogil=True)
def _add_up(
    group: NDArray[np.int64],
    value: NDArray[np.float64],
    parent: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    larger_child: NDArray[np.int64],
    sums: NDArray[np.float64],
    clips: NDArray[np.int64],
    squares: NDArray[np.float64],
    largest: NDArray[np.int64],
) -> None:
    """As `sums_by_group`, written to `squares` and `largest`.

    Working space: -1 for every node (`larger_child`), zeros for every group (`sums`, `clips`).
    """
    nodes = len(parent)
    for v in range(nodes - 1):
        child = larger_child[parent[v]]
        if child < 0 or end[v] - start[v] > end[child] - start[child]:
            larger_child[parent[v]] = v
    for top in range(nodes):
        if parent[top] >= 0 and larger_child[parent[top]] == top:
            continue
        v = top
        while larger_child[v] >= 0:
            v = larger_child[v]
        begin, stop, square, most = start[v], start[v], 0.0, 0
        while True:
            for i in range(end[v] - start[v] - (stop - begin)):
                before = begin - start[v]
                clip = start[v] + i if i < before else stop + i - before
                g = group[clip]
                square += value[clip] * (2 * sums[g] + value[clip])
                sums[g] += value[clip]
                clips[g] += 1
                most = max(most, clips[g])
            begin, stop = start[v], end[v]
            squares[v], largest[v] = square, most
            if v == top:
                break
            v = parent[v]
        for clip in range(begin, stop):
            sums[group[clip]] = 0.0
            clips[group[clip]] = 0
