"""Construction of a tree from points, and agreement between the trees of several views."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.finch import finch_levels, merge
from slicecore.clustering.node_measures import agreement, measure_nodes, pass_up
from slicecore.clustering.tree import MIXTURE, Tree
from slicecore.clustering.ward import ward_merges

_TINY = 1e-12


def build_tree(
    points: NDArray[np.float32], weights: NDArray[np.float64], clips: NDArray[np.int64], exact_up_to: int
) -> Tree:
    """Grow one tree.

    Parameters
    ----------
    points
        (p, d) distinct vectors.
    weights
        (p,) number of clips at each point.
    clips
        (m,) rows of the clips, those of a point adjacent, the points in order.
    exact_up_to
        Number of points up to which first neighbours are exact.
    """
    levels, recall = finch_levels(points, weights, exact_up_to=exact_up_to)
    left, right, level = _binary_tree(points, weights, levels)
    nodes, leaves = _post_order(left, right)
    position = np.empty(len(nodes), dtype=np.int64)
    position[nodes] = np.arange(len(nodes))
    left, right, level = left[nodes], right[nodes], level[nodes]
    inner = left >= 0
    left[inner], right[inner] = position[left[inner]], position[right[inner]]
    parent = np.full(len(nodes), -1, dtype=np.int64)
    parent[left[inner]] = parent[right[inner]] = np.flatnonzero(inner)

    rank = np.empty(len(leaves), dtype=np.int64)
    rank[leaves] = np.arange(len(leaves))
    rank_of_point = rank[levels[0]]
    point_order = np.argsort(rank_of_point, kind="stable")
    first, last = _intervals(left, right, np.bincount(rank_of_point))
    scatter, split, gap = measure_nodes(points[point_order], weights[point_order], first, last, left, right)

    clips_before = np.concatenate([[0], np.cumsum(weights[point_order])]).astype(np.int64)
    start, end = clips_before[first], clips_before[last]
    rank_of_clip = np.repeat(rank_of_point, weights.astype(np.int64))
    size = end - start
    return Tree(
        order=clips[np.lexsort([clips, rank_of_clip])],
        parent=parent,
        start=start,
        end=end,
        level=level,
        scatter=scatter,
        split=split,
        gap=gap,
        agreement=np.ones(len(nodes)),
        mix_support=_mix_support(left, right, size, scatter, split, gap),
        recall=recall,
    )


def relate(trees: list[Tree], others: int = 1) -> tuple[Tree, ...]:
    """Fill in how well every node agrees with the other trees, and share mixture marks between matching nodes.

    Parameters
    ----------
    trees
        Trees over the same clips.
    others
        Number of other trees, those that agree best, whose agreement is averaged.
    """
    if len(trees) == 1:
        return tuple(trees)
    best = [np.zeros((len(tree.parent), others)) for tree in trees]
    mix_support = [tree.mix_support.copy() for tree in trees]
    for a, tree in enumerate(trees):
        for b, other in enumerate(trees[:a]):
            own, others_own = agreement(tree.order, tree.start, tree.end, other.order, other.start, other.end)
            for index, source, jaccard, match in (
                (a, other, *own),
                (b, tree, *others_own),
            ):
                best[index] = np.sort(np.column_stack([best[index], jaccard]), axis=1)[:, 1:]
                node, degree = np.nonzero(jaccard[:, None] >= MIXTURE.twin_agreement)
                mix_support[index][node, degree] = np.maximum(
                    mix_support[index][node, degree], source.mix_support[match[node], degree]
                )
    return tuple(
        replace(tree, agreement=best[i].mean(axis=1), mix_support=mix_support[i])
        for i, tree in enumerate(trees)
    )


def _binary_tree(
    points: NDArray[np.float32], weights: NDArray[np.float64], levels: list[NDArray[np.int64]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Children (-1 at a leaf) and level of every node: first the finest clusters, then the merges, the root last."""
    leaves = int(levels[0].max()) + 1
    total = 2 * leaves - 1
    left, right = np.full(total, -1, dtype=np.int64), np.full(total, -1, dtype=np.int64)
    level = np.full(total, -1, dtype=np.int64)
    level[:leaves] = 0
    node = np.arange(leaves)  # of every cluster of the level at hand
    centroids, weights = merge(points, weights, levels[0], leaves)
    made = leaves
    to_root = np.zeros(int(levels[-1].max()) + 1, dtype=np.int64)
    for depth, labels in enumerate([*levels[1:], to_root], start=1):
        count = int(labels.max()) + 1
        by_cluster = np.argsort(labels, kind="stable")
        bounds = np.searchsorted(labels[by_cluster], np.arange(count + 1))
        slot = node[by_cluster]
        merges = ward_merges(centroids[by_cluster], weights[by_cluster], bounds)
        for a, b in merges.tolist():
            left[made], right[made] = slot[a], slot[b]
            slot[a] = made
            made += 1
        new_node = slot[bounds[:-1]]  # the lowest row of a group stands for it after its last merge
        if depth < len(levels):
            level[new_node[np.diff(bounds) > 1]] = depth
        centroids, weights = merge(centroids, weights, labels, count)
        node = new_node
    return left, right, level


def _post_order(
    left: NDArray[np.int64], right: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Nodes with children before parents, the root (the last node made) last; and the leaves in the same order."""
    lefts, rights = left.tolist(), right.tolist()
    reverse = []
    stack = [len(lefts) - 1]
    while stack:
        v = stack.pop()
        reverse.append(v)
        if lefts[v] >= 0:
            stack += (lefts[v], rights[v])
    nodes = np.array(reverse[::-1], dtype=np.int64)
    return nodes, nodes[left[nodes] < 0]


def _intervals(
    left: NDArray[np.int64], right: NDArray[np.int64], leaf_size: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last point of every node of a tree in post-order."""
    is_leaf = left < 0
    last = np.cumsum(leaf_size)[np.cumsum(is_leaf) - 1]
    size = np.zeros(len(left), dtype=np.int64)
    size[is_leaf] = leaf_size
    sizes, lefts, rights = size.tolist(), left.tolist(), right.tolist()
    for v in np.flatnonzero(~is_leaf).tolist():
        sizes[v] = sizes[lefts[v]] + sizes[rights[v]]
    return last - np.array(sizes, dtype=np.int64), last


def _mix_support(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    size: NDArray[np.int64],
    scatter: NDArray[np.float64],
    split: NDArray[np.float64],
    gap: NDArray[np.float64],
) -> NDArray[np.int32]:
    """Largest minimum support at which every node is a mixture, by strictness; 0 for no mixture. See `MixtureTest`.

    It is the size of the smaller part. A node above a mixture is one as well as long as its own split is not much
    larger: those parts are still what it consists of.
    """
    own_next = np.maximum(split, MIXTURE.leaf_spread * scatter / np.maximum(size - 1, 1))
    inner = np.flatnonzero((left >= 0) & (split > 0))
    a, b = left[inner], right[inner]
    next_split = np.maximum(own_next[a], own_next[b]) / split[inner]
    inside = np.maximum(scatter[a] + scatter[b], _TINY * split[inner])
    mean_squares = split[inner] * np.maximum(size[inner] - 2, 1) / inside
    separation = (
        gap[inner]
        * np.minimum(1, MIXTURE.next_split / np.maximum(next_split, _TINY))
        * np.minimum(1, mean_squares / MIXTURE.scatter)
    )
    support = np.zeros((len(left), MIXTURE.degrees), dtype=np.int32)
    part = (np.minimum(size[a], size[b]) + 0.5)[:, None] / MIXTURE.strictness
    support[inner] = np.where(separation[:, None] >= MIXTURE.separation * MIXTURE.strictness, part, 0)
    pass_up(left, right, split, support, MIXTURE.next_split * MIXTURE.strictness)
    return support
