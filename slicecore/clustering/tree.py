"""Tree of clusters as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property


@dataclass(frozen=True)
class MixtureTest:
    """Test whether a node is a mixture of different things, not one thing.

    It is where its two parts are well separated: by so many standard deviations along the line between them; less where
    a part's own next split is more than a share of the split between the parts, or where the split is less than so many
    mean squared deviations inside them. The question is asked with several strictnesses, factors of the thresholds: the
    share of yes is how far the node is a mixture. With one alone a few clips more or less turn a yes into a no, and one
    slice into three. The constants were chosen by `benchmarks/detection.py` (parts "planted" and "stability",
    docs/detection.md).

    Attributes
    ----------
    separation : gap between the parts, in standard deviations.
    next_split : share of the split between the parts that the next split of a part must not exceed.
    leaf_spread : next split of a part, at least, in mean squared deviations.
    scatter : split between the parts, in mean squared deviations inside them.
    degrees : number of strictnesses.
    softness : log of the factor between the mean strictness and the ends of their range.
    least_twin : Jaccard index from which on nodes of two trees can be the same thing, whose answers are shared.
    """

    separation: float = 7.0
    next_split: float = 0.4
    leaf_spread: float = 3.0
    scatter: float = 20.0
    degrees: int = 8
    softness: float = 0.5
    least_twin: float = 0.8

    @property
    def strictness(self) -> NDArray[np.float64]:
        """(degrees,) factors of the thresholds, from mild to strict."""
        return np.exp(np.linspace(-self.softness, self.softness, 2 * self.degrees + 1)[1::2])

    @property
    def twin_agreement(self) -> NDArray[np.float64]:
        """(degrees,) Jaccard index from which on nodes of two trees are the same thing, by strictness."""
        return np.linspace(self.least_twin, 1.0, 2 * self.degrees + 1)[1::2]


MIXTURE = MixtureTest()


@dataclass(frozen=True, eq=False)
class Tree:
    """One tree over clips. Every node is an interval of one ordering; nodes are in post-order, the root is last.

    Attributes
    ----------
    order : (m,) rows of the clips; the members of node v are `order[start[v]:end[v]]`.
    parent : (nodes,) parent of every node, -1 at the root.
    start, end : (nodes,) interval in `order`.
    level : (nodes,) finest FINCH level at which the node is a cluster (0 is the finest), -1 for the nodes of the
        Ward linkage between levels.
    scatter : (nodes,) sum of squares of the members about their centroid, in the view of this tree.
    split : (nodes,) part of the scatter that lies between the two children; 0 at a leaf.
    gap : (nodes,) distance between the children in standard deviations along the line between them; 0 at a leaf.
    agreement : (nodes,) best Jaccard index with a node of another tree, or mean over the two trees with the best where
        there are five views; 1 where there is no other tree.
    mix_support : (nodes, degrees) largest minimum support at which the node is a mixture of parts of so many clips, by
        strictness; 0 for no mixture. See `MixtureTest`.
    recall : share of the first neighbours that are the nearest, as far as checked.
    """

    order: NDArray[np.int64]
    parent: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    level: NDArray[np.int64]
    scatter: NDArray[np.float64]
    split: NDArray[np.float64]
    gap: NDArray[np.float64]
    agreement: NDArray[np.float64]
    mix_support: NDArray[np.int32]
    recall: float = 1.0

    @classmethod
    def empty(cls) -> "Tree":
        """Tree over no clips."""
        integers, floats = np.zeros(0, dtype=np.int64), np.zeros(0)
        no_mix = np.zeros((0, MIXTURE.degrees), dtype=np.int32)
        return cls(integers, integers, integers, integers, integers, floats, floats, floats, floats, no_mix)

    @property
    def size(self) -> NDArray[np.int64]:
        """(nodes,) number of clips of every node."""
        return self.end - self.start

    def mix(self, nodes: NDArray[np.int64], min_support: int) -> NDArray[np.float64]:
        """(len(nodes),) how far nodes are mixtures of well separated parts of so many clips, from 0 to 1."""
        return (self.mix_support[nodes] >= min_support).mean(axis=1)

    @cached_property
    def children(self) -> NDArray[np.int64]:
        """(nodes, 2) children of every node, -1 at a leaf. Every other node has two."""
        below = np.argsort(self.parent[:-1], kind="stable").reshape(-1, 2)
        children = np.full((len(self.parent), 2), -1, dtype=np.int64)
        children[self.parent[below[:, 0]]] = below
        return children

    def members(self, node: int) -> NDArray[np.int64]:
        """Rows of the clips of a node, in the order of the tree."""
        return self.order[self.start[node] : self.end[node]]

    def leaf_of_clip(self, n: int) -> NDArray[np.int64]:
        """(n,) leaf that every row of a table of n rows is in, -1 for rows in no cluster."""
        leaves = np.flatnonzero(self.children[:, 0] < 0)
        leaf = np.full(n, -1, dtype=np.int64)
        leaf[self.order] = np.repeat(leaves, self.size[leaves])
        return leaf

    def sums(
        self, values: NDArray[np.floating], nodes: NDArray[np.int64] | slice = slice(None)
    ) -> NDArray[np.float64]:
        """Sum over the members of nodes of a value per clip.

        Parameters
        ----------
        values
            (n,) one number per row of the table.
        nodes
            The nodes, all by default.
        """
        running = np.concatenate([[0.0], np.cumsum(values[self.order], dtype=np.float64)])
        return running[self.end[nodes]] - running[self.start[nodes]]

    def partition(self, level: int) -> NDArray[np.int64]:
        """Nodes that are the clusters of one FINCH level, from the left of the ordering to the right.

        Parameters
        ----------
        level
            0 is the finest; levels above the coarsest give the coarsest.
        """
        finch = np.flatnonzero((self.level >= 0) & (self.level <= level))
        # In post-order, what comes after a node is either above it or to the right of it.
        start = self.start[finch]
        leftmost_after = np.minimum.accumulate(np.append(start, len(self.order))[::-1])[::-1][1:]
        return finch[start < leftmost_after]
