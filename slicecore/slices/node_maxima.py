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
        running = np.zeros((len(of_parts) + 1, of_parts.shape[1]))
        np.cumsum(of_parts.astype(np.float64, copy=False), axis=0, out=running[1:])
        z = running[tree.last]
        z -= running[tree.first]
        z *= tree.per_deviation
        np.maximum(z, 0, out=z)
        most = z * z
        most /= 2
        # The standing takes long. It is at most this, and at least that, so that it can be the largest of few nodes.
        least = 1 - tree.skewness / 3 * z
        least *= most
        least -= tree.price
        most -= tree.price
        present, begin = np.unique(tree.column, return_index=True)
        if not len(present):
            continue
        largest[present] = np.maximum(largest[present], np.maximum.reduceat(least, begin, axis=0))
        node, permutation = np.nonzero(most > largest[tree.column])
        exact = standing(z[node, permutation], tree.skewness[node, 0]) - tree.price[node, 0]
        np.maximum.at(largest, (tree.column[node], permutation), exact)
    return largest.T
