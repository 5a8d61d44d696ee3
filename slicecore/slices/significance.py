"""Permutation test for slices: the tree-based scan statistic.

Errors are dealt out to the clips anew many times. Each time the cluster that stands out most of all clusters of all
trees is noted, and a slice is compared with these maxima: its p counts for the whole search, not for one test of many
(Kulldorff, Fang, Walsh: A tree-based scan statistic for database disease surveillance, Biometrics 2003). The test takes
clips to be exchangeable, given their length: "confirmed" means that the slice is no accident of which clips happened to
be hard. It does not mean that the cause is what the clips seem to have in common, and where groups differ harmlessly,
by speaker say, that difference counts as real.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.hierarchy import Hierarchy
from slicecore.clustering.tree import Tree
from slicecore.metrics import Costs
from slicecore.slices import clip_scores
from slicecore.slices.clip_scores import ClipScores
from slicecore.slices.options import P_CONFIRMED
from slicecore.slices.permutation import PermutationMaxima
from slicecore.slices.permutation_cache import PermutationCache
from slicecore.slices.result import Slice

_CACHED_SETS = 8  # sliders move back and forth between a few sets of confirmed slices
_TINY = 1e-12


@dataclass(frozen=True)
class TestSettings:
    """Constants of the test, chosen by `benchmarks/detection.py` (parts "planted" and "null", docs/detection.md).

    Attributes
    ----------
    price_of_disagreement : times 1 - agreement: what a cluster pays on which no other view agrees. Agreement never
        looks at errors, so it may enter the test.
    margin : share of the minimum drop that a slice must exceed before anything counts.
    smallest_rest : share of the clips that must be left to test again without the confirmed slices.
    batch : permutations between two looks at whether the answer is clear.
    size_classes : minimum supports for which maxima are known.
    """

    price_of_disagreement: float = 5.0
    margin: float = 0.1
    smallest_rest: float = 0.25
    batch: int = 100
    size_classes: int = 48


SETTINGS = TestSettings()


class PermutationTest:
    """Everything about significance that does not depend on the thresholds.

    Parameters
    ----------
    hierarchy, costs
        Of the same clips. Clips in no cluster are not permuted.
    shuffles
        Number of permutations. The smallest p is 1 / (shuffles + 1).
    seed
        Seed of the permutations. The result does not depend on the order of the rows.
    cache
        Folder in which the maxima are stored; None: nowhere.
    """

    def __init__(
        self,
        hierarchy: Hierarchy,
        costs: Costs,
        shuffles: int = 999,
        seed: int = 0,
        cache: Path | None = None,
    ) -> None:
        self._trees = hierarchy.trees
        self._n = hierarchy.n
        self._errors, self._words = costs.excess(), costs.denominator
        self._shuffles = shuffles
        self._seed = seed
        self._clips = _canonical_order(hierarchy, self._words)
        self._cache: PermutationCache | None = None
        if cache is not None:
            settings = (SETTINGS, clip_scores.SETTINGS)
            self._cache = PermutationCache(
                cache, self._trees, self._errors, self._words, shuffles, seed, settings
            )
        self._nulls: dict[bytes, _Null | None] = {}
        self._lock = threading.Lock()  # one server process tests for many people

    def test(self, slices: Sequence[Slice], min_support: int, min_drop: float) -> list[float]:
        """Return p of every slice, disjoint clusters that a scan of this hierarchy and these costs chose.

        Slices that are confirmed are taken out, and the others are tested again among the clips that are left (the
        step-down of Westfall and Young, Resampling-based multiple testing, 1993): large problems do not hide small
        ones. Throughout, a slice must exceed the overall rate, not that of the clips that are left. Tests after the
        first stop once a slice can't be confirmed any more.

        Parameters
        ----------
        slices
            The slices.
        min_support
            Fewest clips of the clusters that were searched.
        min_drop
            Least drop of the slices, in units of the metric.
        """
        with self._lock:
            return self._step_down(slices, min_support, min_drop)

    def _step_down(self, slices: Sequence[Slice], min_support: int, min_drop: float) -> list[float]:
        p_value = np.ones(len(slices))
        alive = np.ones(self._n, dtype=bool)
        waiting = list(range(len(slices)))
        lowest = 0.0
        while waiting and np.count_nonzero(alive) >= SETTINGS.smallest_rest * self._n:
            null = self._null(alive)
            if null is None:
                break
            for i in waiting:
                slice_ = slices[i]
                agreement = self._trees[slice_.tree].agreement[slice_.node]
                p = null.p(slice_.members, agreement, min_support, min_drop, stop_early=not alive.all())
                p_value[i] = min(p_value[i], max(lowest, p))
            confirmed = [i for i in waiting if p_value[i] <= P_CONFIRMED]
            if not confirmed:
                break
            lowest = float(p_value[confirmed].max())
            alive[np.concatenate([slices[i].members for i in confirmed])] = False
            waiting = [i for i in waiting if i not in confirmed]
        return p_value.tolist()

    def _null(self, alive: NDArray[np.bool_]) -> "_Null | None":
        """Null distribution among some clips; None where all of them are alike."""
        key = np.packbits(alive).tobytes()
        if key not in self._nulls:
            # The oldest but one goes: the first has all clips and is always needed.
            if len(self._nulls) >= _CACHED_SETS:
                del self._nulls[list(self._nulls)[1]]
            clips = self._clips[alive[self._clips]]
            scores = ClipScores.of(self._errors[clips], self._words[clips])
            self._nulls[key] = self._new_null(clips, scores, alive.copy()) if scores.deviation > 0 else None
        return self._nulls[key]

    def _new_null(self, clips: NDArray[np.int64], scores: ClipScores, alive: NDArray[np.bool_]) -> "_Null":
        # By how much the overall rate is higher than that of these clips.
        overall = max(0.0, float(self._errors.sum() / max(self._words.sum(), _TINY)) - scores.rate)
        null = _Null(self._trees, self._n, clips, scores, overall, self._shuffles, self._seed)
        if self._cache is not None:
            null.maxima.start_with(self._cache.load(alive), partial(self._cache.store, alive))
        return null


class _Null:
    """Scores of some clips, and how far clusters stand out when their residuals are permuted."""

    def __init__(
        self,
        trees: Sequence[Tree],
        n: int,
        clips: NDArray[np.int64],
        scores: ClipScores,
        overall: float,
        shuffles: int,
        seed: int,
    ) -> None:
        self._scores = scores
        self._overall = overall
        self._place = np.full(n, -1, dtype=np.int64)
        self._place[clips] = np.arange(len(clips))
        largest = max(2, len(clips) // 2)
        supports = np.geomspace(1, largest, SETTINGS.size_classes)
        self._supports = np.unique(supports.round().astype(np.int64))
        self._residuals = np.sort(scores.residual)
        self._nodes = self._lay_out(trees)
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
        excess = float((weight * self._scores.residual[rows] - threshold * self._scores.per_rate[rows]).sum())
        z = max(0.0, excess * float(self._scores.per_deviation(weight.sum(), (weight**2).sum())))
        statistic = z * z / 2 - SETTINGS.price_of_disagreement * (1 - agreement) - 1e-9
        column = max(0, int(np.searchsorted(self._supports, min_support, side="right")) - 1)
        return self.maxima.p(statistic, column, stop_early=stop_early)

    def _draw(self, count: int, seed: np.uint64) -> NDArray[np.float64]:
        from slicecore.slices import permutation_kernels

        maxima = permutation_kernels.tree_maxima(
            self._residuals, *self._nodes, len(self._supports), count, seed
        )
        # A large cluster counts for every smaller minimum support too.
        return np.maximum.accumulate(maxima[:, ::-1], axis=1)[:, ::-1]

    def _lay_out(self, trees: Sequence[Tree]) -> tuple[NDArray, ...]:
        """Nodes of all trees among these clips, as `tree_maxima` takes them."""
        orders, weights, starts, ends, factors, agreements = [], [], [], [], [], []
        for tree in trees:
            place = self._place[tree.order]
            present = place >= 0
            before = np.concatenate([[0], np.cumsum(present)])
            start, end = before[tree.start], before[tree.end]
            counting = (end > start) & (end - start < len(self._residuals))
            start, end = start[counting], end[counting]
            weight = self._scores.weight[place[present]]
            orders.append(place[present])
            weights.append(weight)
            starts.append(start)
            ends.append(end)
            factors.append(
                self._scores.per_deviation(
                    *(running[end] - running[start] for running in (_running(weight), _running(weight**2)))
                )
            )
            agreements.append(tree.agreement[counting])
        start, end = np.concatenate(starts), np.concatenate(ends)
        return (
            np.concatenate(orders),
            np.concatenate(weights),
            np.cumsum([0, *map(len, orders)]),
            start,
            end,
            np.cumsum([0, *map(len, starts)]),
            np.concatenate(factors),
            SETTINGS.price_of_disagreement * (1 - np.concatenate(agreements)),
            np.searchsorted(self._supports, end - start, side="right") - 1,
        )


def _running(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(values)])


def _canonical_order(hierarchy: Hierarchy, words: NDArray[np.float64]) -> NDArray[np.int64]:
    """Clips in an order that depends on their clusters and words, not on their rows, without those in no cluster."""
    leaves = np.stack([tree.leaf_of_clip(hierarchy.n) for tree in hierarchy.trees])
    order = np.lexsort([words, *leaves])
    return order[(leaves[:, order] >= 0).any(axis=0)]
