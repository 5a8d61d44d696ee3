"""Compiled kernels of the permutation test of clusters: maxima of the scan statistic.

They deal residuals out to the clips anew and multiply each by the weight of its clip, see
`slicecore.slices.clip_scores`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from slicecore.slices.clip_scores import standing
from slicecore.slices.dealing_kernels import deal_to_groups, dealt_to_clips, dealt_to_groups, shuffle

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


def run_once() -> None:
    """Permute two clips in every way, so that all kernels of both tests are compiled before they are needed."""
    values, narrow, seed = np.ones(2), np.ones(2, dtype=np.float32), np.uint64(0)
    clips, ends = np.arange(2), np.array([0, 2])
    nodes = (clips, values, ends, clips, clips + 1, ends, values, values, values, np.zeros(2, dtype=np.int64))
    parts = values, values, clips, values
    tree_maxima(values, nodes, 1, 1, seed)
    grouped_tree_maxima(parts, nodes, 1, 1, seed)
    dealt_to_clips(narrow, narrow, seed)
    dealt_to_groups(parts, narrow, seed)


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
