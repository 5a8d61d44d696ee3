"""Maxima of the scan statistic over the nodes of trees, for several permutations at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.slices.clip_scores import standing

if TYPE_CHECKING:
    from scipy import sparse

NUMBERS_AT_ONCE = 1 << 16
"""Numbers of nodes and permutations that are worked on at once: half a MiB, which stays in the processor's cache."""


@dataclass(frozen=True, eq=False)
class TreeNodes:
    """Nodes of a tree, as far as they count.

    Attributes
    ----------
    parts : (parts, n) 1 where a clip is in a part: what no end of a node divides, in the order of the tree.
    first, last : (nodes,) parts of every node, the last not included.
    per_deviation : (nodes, 1) factor that makes a sum of scores a z.
    skewness : (nodes, 1) of that z, see `slicecore.slices.clip_scores.standing`.
    price : (nodes, 1) what is taken off.
    column : (nodes,) size class, ascending.
    """

    parts: sparse.csr_array
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    per_deviation: NDArray[np.float64]
    skewness: NDArray[np.float64]
    price: NDArray[np.float64]
    column: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        n: int,
        order: NDArray[np.int64],
        start: NDArray[np.int64],
        end: NDArray[np.int64],
        numbers: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
        column: NDArray[np.int64],
    ) -> TreeNodes:
        """Nodes as intervals of an order of the clips.

        Parameters
        ----------
        n
            Number of clips.
        order
            Those that are in the tree.
        start, end
            (nodes,) interval of every node.
        numbers
            (nodes,) factors, skewness and prices.
        column
            (nodes,) size class.
        """
        from scipy import sparse

        cuts = np.unique(np.concatenate([[0], start, end, [len(order)]]))
        parts = sparse.csr_array((np.ones(len(order)), order, cuts), shape=(len(cuts) - 1, n))
        by_column = np.argsort(column, kind="stable")
        first, last = np.searchsorted(cuts, start[by_column]), np.searchsorted(cuts, end[by_column])
        factor, skewness, price = (each[by_column, None] for each in numbers)
        return cls(parts, first, last, factor, skewness, price, column[by_column])


def largest_standing(
    trees: Sequence[TreeNodes], sums: Sequence[NDArray[np.floating]], columns: int
) -> NDArray[np.float64]:
    """Largest standing less price over the nodes of all trees.

    Parameters
    ----------
    trees
        Their nodes.
    sums
        (parts, permutations) of every tree: residuals dealt out to the clips, times the weight of each.
    columns
        Number of size classes.

    Returns
    -------
    numpy.ndarray
        (permutations, columns), -inf where there is no node.
    """
    largest = np.full((columns, sums[0].shape[1]), -np.inf)
    for tree, of_parts in zip(trees, sums, strict=True):
        running = np.empty((len(of_parts) + 1, of_parts.shape[1]))
        running[0] = 0
        np.cumsum(of_parts, axis=0, dtype=np.float64, out=running[1:])
        at_once = max(1, NUMBERS_AT_ONCE // of_parts.shape[1])
        for begin in range(0, len(tree.last), at_once):
            _raise_to_nodes(largest, tree, slice(begin, begin + at_once), running)
    return largest.T


def _raise_to_nodes(
    largest: NDArray[np.float64], tree: TreeNodes, some: slice, running: NDArray[np.float64]
) -> None:
    """Raise the largest of every column, (columns, permutations), to that of some nodes, by running sums of parts."""
    column, skewness, price = tree.column[some], tree.skewness[some], tree.price[some]
    z = running[tree.last[some]]
    z -= running[tree.first[some]]
    z *= tree.per_deviation[some]
    np.maximum(z, 0, out=z)
    most = z * z
    most /= 2
    # The standing takes long. It is at most this, and at least that, so that it can be the largest of few nodes.
    least = 1 - skewness / 3 * z
    least *= most
    least -= price
    most -= price
    present, begin = np.unique(column, return_index=True)
    largest[present] = np.maximum(largest[present], np.maximum.reduceat(least, begin, axis=0))
    node, permutation = np.nonzero(most > largest[column])
    exact = standing(z[node, permutation], skewness[node, 0]) - price[node, 0]
    np.maximum.at(largest, (column[node], permutation), exact)
