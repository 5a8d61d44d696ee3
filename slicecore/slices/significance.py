"""Permutation test for slices: the tree-based scan statistic.

Errors are dealt out to the clips anew many times. Each time the cluster that stands out most of all clusters of all
trees is noted, and a slice is compared with these maxima: its p counts for the whole search, not for one test of many
(Kulldorff, Fang, Walsh: A tree-based scan statistic for database disease surveillance, Biometrics 2003).

The test takes clips to be exchangeable, given their length: "confirmed" means that the slice is no accident of which
clips happened to be hard. Clips of one group, a speaker say, are not exchangeable with those of another. Where groups
are known they are: the effects of groups are dealt to the groups, the clips' own parts to the clips. A slice of one
group is asked another question, whether this group is worse than the whole, and for that clips are what is dealt.
"""

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.hierarchy import Hierarchy
from slicecore.metrics import Costs
from slicecore.slices import clip_scores, cluster_null, group_effects
from slicecore.slices.canonical_order import canonical_order
from slicecore.slices.clip_scores import ClipScores
from slicecore.slices.cluster_null import ClusterNull
from slicecore.slices.copies import once_each
from slicecore.slices.group_effects import GroupEffects
from slicecore.slices.options import ONE_GROUP, P_CONFIRMED
from slicecore.slices.permutation import permutations_of_clusters
from slicecore.slices.permutation_cache import PermutationCache
from slicecore.slices.result import Slice

_CACHED_SETS = 8  # sliders move back and forth between a few sets of confirmed slices
_TINY = 1e-12


class PermutationTest:
    """Everything about significance that does not depend on the thresholds.

    Parameters
    ----------
    hierarchy, costs
        Of the same clips. Clips in no cluster are not permuted.
    shuffles
        Number of permutations, fewer above two million clips. The smallest p is 1 / (shuffles + 1).
    seed
        Seed of the permutations. The result does not depend on the order of the rows.
    cache
        Folder in which the maxima are stored; None: nowhere.
    groups
        (n,) group of every clip, -1 for a clip that is in none; None where clips are in no groups.
    copies
        (n,) row that stands for every clip: its own, or that of a clip of which it is a copy. Copies count once, with
        the mean of their errors. None where there are no copies.
    """

    def __init__(
        self,
        hierarchy: Hierarchy,
        costs: Costs,
        shuffles: int = 999,
        seed: int = 0,
        cache: Path | None = None,
        groups: NDArray[np.int64] | None = None,
        copies: NDArray[np.int64] | None = None,
    ) -> None:
        self._trees = hierarchy.trees
        self._n = hierarchy.n
        self._errors, self._words = (
            once_each(values, copies) for values in (costs.excess(), costs.denominator)
        )
        self._distinct = np.ones(self._n, dtype=bool) if copies is None else copies == np.arange(self._n)
        self._shuffles = shuffles = permutations_of_clusters(shuffles, self._n)
        self._seed = seed
        order, self._groups = canonical_order(hierarchy, self._errors, self._words, groups)
        self._clips = order[self._distinct[order]]
        self._cache: PermutationCache | None = None
        if cache is not None:
            settings = (cluster_null.SETTINGS, clip_scores.SETTINGS, group_effects.SETTINGS)
            known = [values for values in (self._groups, copies) if values is not None]
            self._cache = PermutationCache(
                cache, self._trees, [self._errors, self._words, *known], shuffles, seed, settings
            )
        self._nulls: dict[tuple[bool, bytes], ClusterNull | None] = {}
        self._lock = threading.Lock()  # one server process tests for many people

    def test(self, slices: Sequence[Slice], min_support: int, min_drop: float) -> list[float]:
        """P of every slice; the slices are disjoint clusters that a scan of this hierarchy and these costs chose.

        Slices that are confirmed are taken out, and the others are tested again among the clips that are left (the
        step-down of Westfall and Young, Resampling-based multiple testing, 1993): large problems do not hide small
        ones. Throughout, a slice must exceed the overall rate, not that of the clips that are left. Tests after the
        first stop once a slice can't be confirmed any more.

        Where clips come in groups, a slice of one group has the p that it would have without them, and the others have
        a step-down of their own: taking out the worst groups would make those that are left more alike than groups are.

        Parameters
        ----------
        slices
            The slices.
        min_support
            Fewest clips of the clusters that were searched.
        min_drop
            Least drop of the slices, in units of the metric.
        """
        p_value = np.ones(len(slices))
        with self._lock:
            of_one = np.array([self._is_of_one_group(slice_) for slice_ in slices], dtype=bool)
            if of_one.any():
                p_value = self._step_down(slices, min_support, min_drop, by_group=False)
            if not of_one.all():
                several = [slice_ for slice_, one in zip(slices, of_one, strict=True) if not one]
                p_value[~of_one] = self._step_down(several, min_support, min_drop, by_group=True)
        return p_value.tolist()

    def _is_of_one_group(self, slice_: Slice) -> bool:
        """True if clips, not groups, are dealt for a slice: it is of one group, or there are no groups."""
        if self._groups is None:
            return True
        rows = slice_.members[self._distinct[slice_.members]]
        return bool(np.bincount(self._groups[rows]).max(initial=0) >= ONE_GROUP * len(rows))

    def _step_down(
        self, slices: Sequence[Slice], min_support: int, min_drop: float, by_group: bool
    ) -> NDArray[np.float64]:
        p_value = np.ones(len(slices))
        alive = np.ones(self._n, dtype=bool)
        waiting = list(range(len(slices)))
        lowest = 0.0
        while waiting and np.count_nonzero(alive) >= cluster_null.SETTINGS.smallest_rest * self._n:
            null = self._null(alive, by_group)
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
        return p_value

    def _null(self, alive: NDArray[np.bool_], by_group: bool) -> ClusterNull | None:
        """Null distribution among some clips; None where all of them are alike."""
        key = (by_group, np.packbits(alive).tobytes())
        if key not in self._nulls:
            # The oldest goes that has not all clips: these are always needed.
            if len(self._nulls) >= _CACHED_SETS:
                del self._nulls[next(other for other in self._nulls if other[1] != _all_alive(self._n))]
            clips = self._clips[alive[self._clips]]
            scores = ClipScores.of(self._errors[clips], self._words[clips])
            self._nulls[key] = None
            if scores.deviation > 0:
                self._nulls[key] = self._new_null(clips, scores, alive.copy(), by_group)
        return self._nulls[key]

    def _new_null(
        self, clips: NDArray[np.int64], scores: ClipScores, alive: NDArray[np.bool_], by_group: bool
    ) -> ClusterNull:
        # By how much the overall rate is higher than that of these clips.
        overall = max(0.0, float(self._errors.sum() / max(self._words.sum(), _TINY)) - scores.rate)
        effects = None
        if by_group and self._groups is not None:
            effects = GroupEffects.of(scores, np.unique(self._groups[clips], return_inverse=True)[1])
        null = ClusterNull(self._trees, self._n, clips, scores, effects, overall, self._shuffles, self._seed)
        if self._cache is not None:
            name = (alive, effects is not None)
            null.maxima.start_with(self._cache.load(*name), partial(self._cache.store, *name))
        return null


def _all_alive(n: int) -> bytes:
    return np.packbits(np.ones(n, dtype=bool)).tobytes()
