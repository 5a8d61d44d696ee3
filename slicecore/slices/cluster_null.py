"""Null distribution of clusters: how far any of them stands out when the residuals of some clips are dealt anew."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore.clustering.tree import Tree
from slicecore.slices import dealing, shared_shuffles
from slicecore.slices.clip_scores import ClipScores, standing
from slicecore.slices.group_effects import GroupEffects
from slicecore.slices.node_maxima import TreeNodes, largest_standing
from slicecore.slices.options import ONE_GROUP
from slicecore.slices.permutation import PermutationMaxima
from slicecore.slices.sums_by_group import sums_by_group
from slicecore.work_threads import in_threads, worth_a_thread

if TYPE_CHECKING:
    from slicecore.slices.joint_dealing import JointDealing


@dataclass(frozen=True)
class TestSettings:
    """Constants of the test, chosen by `benchmarks/detection.py` (parts "planted" and "null", docs/detection.md).

    Attributes
    ----------
    price_of_disagreement : times 1 - agreement: what a cluster pays on which no other view agrees. Agreement never
        looks at errors, so it may enter the test.
    skewness : part of the skewness of sums over few clips that is taken into account. All of it confirms more of the
        large slices and fewer of the small ones.
    margin : share of the minimum drop that a slice must exceed before anything counts.
    smallest_rest : share of the clips that must be left to test again without the confirmed slices.
    batch : permutations between two looks at whether the answer is clear.
    size_classes : minimum supports for which maxima are known.
    """

    price_of_disagreement: float = 12.0
    skewness: float = 0.5
    margin: float = 0.1
    smallest_rest: float = 0.25
    batch: int = 100
    size_classes: int = 48


SETTINGS = TestSettings()

# More than a statistic is off: sums over more clips are of 32 bits.
_ROUNDING, _ROUNDING_OF_LARGE = 1e-9, 1e-4


class ClusterNull:
    """Scores of some clips, and how far clusters stand out when their residuals are dealt anew.

    Parameters
    ----------
    trees
        All over the same n clips.
    n
        Number of clips of the table.
    clips
        Rows of the clips that take part.
    scores
        Of these clips.
    effects
        Of their groups: effects are dealt to groups and own parts to clips, and clusters of one group are left out.
        None: the residuals are dealt to the clips.
    overall
        By how much the rate that a slice must exceed is higher than that of these clips.
    shuffles, seed
        See `slicecore.slices.significance.PermutationTest`.
    """

    def __init__(
        self,
        trees: Sequence[Tree],
        n: int,
        clips: NDArray[np.int64],
        scores: ClipScores,
        effects: GroupEffects | None,
        overall: float,
        shuffles: int,
        seed: int,
    ) -> None:
        self._scores = scores
        self._effects = effects
        self._overall = overall
        self._place = np.full(n, -1, dtype=np.int64)
        self._place[clips] = np.arange(len(clips))
        largest = max(2, len(clips) // 2)
        supports = np.geomspace(1, largest, SETTINGS.size_classes)
        self._supports = np.unique(supports.round().astype(np.int64))
        self._trees = trees
        self._seed = seed
        self._is_large = len(clips) > shared_shuffles.LARGE
        self._nodes: list[TreeNodes] | None = None
        self._joint: JointDealing | None = None
        self._laying_out = threading.Lock()
        self.maxima = PermutationMaxima(
            self._draw, shuffles, batch=SETTINGS.batch, columns=len(self._supports), seed=seed
        )

    def p(
        self,
        members: NDArray[np.int64],
        agreement: float,
        min_support: int,
        min_drop: float,
        *,
        stop_early: bool,
    ) -> float:
        """Share of the permutations in which some cluster stands out as much as a slice."""
        rows = self._place[members]
        rows = rows[rows >= 0]
        threshold = self._overall + SETTINGS.margin * min_drop
        weight = self._scores.weight[rows]
        residual = self._scores.residual if self._effects is None else self._effects.residual
        excess = float((weight * residual[rows] - threshold * self._scores.per_rate[rows]).sum())
        z = max(0.0, excess * self._per_deviation_of(rows))
        skewness = float(self._skewness(weight.sum(), (weight**2).sum(), self._scores.cube[rows].sum()))
        statistic = float(standing(z, skewness)) - SETTINGS.price_of_disagreement * (1 - agreement)
        statistic -= _ROUNDING_OF_LARGE if self._is_large else _ROUNDING
        column = max(0, int(np.searchsorted(self._supports, min_support, side="right")) - 1)
        return self.maxima.p(statistic, column, stop_early=stop_early)

    def _per_deviation_of(self, rows: NDArray[np.int64]) -> float:
        """One over the standard deviation of the sum of scores of some of the clips under permutation."""
        weight, effects = self._scores.weight[rows], self._effects
        if effects is None:
            return float(self._scores.per_deviation(weight.sum(), (weight**2).sum()))
        rate = weight * effects.sensitivity[rows]
        by_group = np.bincount(effects.group[rows], rate)
        return float(effects.per_deviation(weight.sum(), (weight**2).sum(), rate.sum(), (by_group**2).sum()))

    def _skewness(self, weights: ArrayLike, squares: ArrayLike, cubes: ArrayLike) -> NDArray[np.float64]:
        """Part of the skewness of groups that counts, none where the effects of groups are dealt."""
        if self._effects is not None:
            return np.zeros(np.shape(weights))
        return SETTINGS.skewness * self._scores.skewness(weights, squares, cubes)

    def _draw(self, count: int, seed: np.uint64) -> NDArray[np.float64]:
        with self._laying_out:  # not before: where all maxima are cached, nothing is laid out
            if self._nodes is None:
                self._nodes = self._laid_out()
                if self._is_large:
                    self._joint = self._new_joint_dealing(self._nodes)
        nodes = self._nodes
        found = [
            largest_standing(nodes, sums, len(self._supports)) for sums in self._dealt(nodes, count, seed)
        ]
        # A large cluster counts for every smaller minimum support too.
        return np.maximum.accumulate(np.concatenate(found)[:count, ::-1], axis=1)[:, ::-1]

    def _laid_out(self) -> list[TreeNodes]:
        nodes: dict[int, TreeNodes] = {}

        def lay_out(tree: int) -> None:
            nodes[tree] = self._nodes_of(self._trees[tree])

        if worth_a_thread(len(self._place)):
            in_threads(lay_out, range(len(self._trees)))
        else:
            for tree in range(len(self._trees)):
                lay_out(tree)
        return [nodes[tree] for tree in range(len(self._trees))]

    def _new_joint_dealing(self, nodes: Sequence[TreeNodes]) -> JointDealing:
        # Not above: it needs scipy, and a start from the cache does not.
        from slicecore.slices.joint_dealing import JointDealing

        weight, parts = self._scores.weight, [tree.parts for tree in nodes]
        if self._effects is None:
            return JointDealing(np.sort(self._scores.residual), weight, parts, None, self._seed)
        known = self._effects
        effects = np.sort(known.effect), known.group, known.sensitivity
        return JointDealing(known.own, weight, parts, effects, self._seed)

    def _dealt(
        self, nodes: Sequence[TreeNodes], count: int, seed: np.uint64
    ) -> Iterator[list[NDArray[np.floating]]]:
        """Sums of the parts of every tree for blocks of permutations."""
        effects, weight, random = self._effects, self._scores.weight, dealing.generator(seed)
        if self._joint is not None:
            yield from self._joint.sums(count, random)
            return
        for width in dealing.widths(count, len(weight)):
            if effects is None:
                dealt = dealing.dealt_to_clips(np.sort(self._scores.residual), weight, width, random)
            else:
                parts = effects.own, np.sort(effects.effect), effects.group, effects.sensitivity
                dealt = dealing.dealt_to_groups(parts, weight, width, random)
            yield [tree.parts @ dealt for tree in nodes]

    def _nodes_of(self, tree: Tree) -> TreeNodes:
        """Nodes of one tree among these clips that count."""
        place = self._place[tree.order]
        present = place >= 0
        before = np.concatenate([[0], np.cumsum(present)])
        start, end = before[tree.start], before[tree.end]
        order = place[present]
        counting = (end > start) & (end - start < len(self._scores.residual))
        weight = self._scores.weight[order]
        of_clips = weight, weight**2, self._scores.cube[order]
        weights, squares, cubes = (_sums(values, start, end) for values in of_clips)
        skewness = self._skewness(weights, squares, cubes)
        if self._effects is None:
            factor = self._scores.per_deviation(weights, squares)
        else:
            rate = weight * self._effects.sensitivity[order]
            by_group, largest = self._by_group(tree, order, rate, start, end)
            factor = self._effects.per_deviation(weights, squares, _sums(rate, start, end), by_group)
            counting &= largest < ONE_GROUP * (end - start)
        start, end = start[counting], end[counting]
        price = SETTINGS.price_of_disagreement * (1 - tree.agreement[counting])
        column = np.searchsorted(self._supports, end - start, side="right") - 1
        return TreeNodes.of(
            len(self._scores.weight), order, start, end, (factor[counting], skewness[counting], price), column
        )

    def _by_group(
        self,
        tree: Tree,
        order: NDArray[np.int64],
        rate: NDArray[np.float64],
        start: NDArray[np.int64],
        end: NDArray[np.int64],
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Sum of the squares of the groups' parts of every node, and the clips of the group that has most in it."""
        assert self._effects is not None
        return sums_by_group(self._effects.group[order], rate, tree.parent, start, end)


def _sums(
    values: NDArray[np.float64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.float64]:
    running = np.concatenate([[0.0], np.cumsum(values)])
    return running[end] - running[start]
