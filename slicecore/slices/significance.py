"""How sure a slice is: could chance have made some cluster stand out as much.

Errors are shuffled over the clips many times. Each time the cluster that stands out most of all clusters of all trees
is noted, and a slice is compared with these maxima: its p counts for the whole search, not for one test of many (the
tree-based scan statistic of Kulldorff, Fang, Walsh, Biometrics 2003). Shuffling takes clips to be exchangeable:
"confirmed" means that the slice is no accident of which clips happened to be hard. It does not mean that the cause is
what the clips seem to have in common, and where groups differ harmlessly, by speaker say, that difference counts as
real.
"""

import math
import os
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slicecore.clustering.hierarchy import Hierarchy
from slicecore.clustering.tree import Tree
from slicecore.metrics import Costs
from slicecore.slices.permutation_cache import PermutationCache
from slicecore.slices.result import Slice

P_CONFIRMED = 0.05
"""Slices of at most this p are confirmed."""

_CAP = 3.0  # a clip counts at most this many standard deviations above the mean
_PRICE_OF_DISAGREEMENT = 5.0  # times 1 - agreement; that never looks at errors, so it may enter the test
MARGIN = 0.1  # share of the minimum drop that a slice must exceed before anything counts
_SMALLEST_REST = 0.25  # share of the clips that must be left to test again
_KEPT = 8  # sets of shuffles: sliders move back and forth between a few sets of confirmed slices
_BATCH = 100  # shuffles between two looks at whether the answer is clear
_SUPPORTS = 48  # for so many minimum supports the maxima are kept
_TINY = 1e-12


class ShuffleTest:
    """Everything about significance that does not depend on the thresholds.

    Parameters
    ----------
    hierarchy, costs
        Of the same clips. Clips in no cluster are not shuffled.
    shuffles
        How often errors are shuffled. The smallest p is 1 / (shuffles + 1).
    seed
        Of the shuffles. The result does not depend on the order of the rows.
    cache
        Folder in which the outcome of the shuffles is kept; None: nowhere.
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
        self._clips = _canonical_order(hierarchy)
        self._cache: PermutationCache | None = None
        if cache is not None:
            settings = (_CAP, _PRICE_OF_DISAGREEMENT, _BATCH, _SUPPORTS)
            self._cache = PermutationCache(
                cache, self._trees, self._errors, self._words, shuffles, seed, settings
            )
        self._chances: dict[bytes, _Chance | None] = {}
        self._lock = threading.Lock()  # one server process tests for many people

    def test(self, slices: Sequence[Slice], min_support: int, min_drop: float) -> list[float]:
        """Return p of every slice, disjoint clusters that a scan of this hierarchy and these costs chose.

        Slices that are confirmed are taken out, and the others are tested again among the clips that are left (the
        step-down of Westfall and Young, Resampling-based multiple testing, 1993): large problems do not hide small
        ones. Throughout, a slice must exceed the overall rate, not that of the clips that are left. Tests after the
        first stop once a slice can't be confirmed any more; its p then is that of the shuffles so far (Besag and
        Clifford, Sequential Monte Carlo p-values, Biometrika 1991).

        Parameters
        ----------
        slices
            What to test.
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
        while waiting and np.count_nonzero(alive) >= _SMALLEST_REST * self._n:
            chance = self._chance(alive)
            if chance is None:
                break
            batch = self._shuffles if alive.all() else _BATCH
            for i in waiting:
                one = slices[i]
                agreement = self._trees[one.tree].agreement[one.node]
                p = chance.p(one.members, agreement, min_support, min_drop, batch)
                p_value[i] = min(p_value[i], max(lowest, p))
            confirmed = [i for i in waiting if p_value[i] <= P_CONFIRMED]
            if not confirmed:
                break
            lowest = float(p_value[confirmed].max())
            alive[np.concatenate([slices[i].members for i in confirmed])] = False
            waiting = [i for i in waiting if i not in confirmed]
        return p_value.tolist()

    def _chance(self, alive: NDArray[np.bool_]) -> "_Chance | None":
        """What chance does among some clips; None where there is nothing to shuffle."""
        key = np.packbits(alive).tobytes()
        if key not in self._chances:
            # The oldest but one goes: the first has all clips and is always needed.
            if len(self._chances) >= _KEPT:
                del self._chances[list(self._chances)[1]]
            clips = self._clips[alive[self._clips]]
            chance = _Chance(self._trees, clips, self._errors, self._words, self._shuffles, self._seed)
            if self._cache is not None and chance.deviation > 0:
                chance.remember(self._cache, alive.copy())
            self._chances[key] = chance if chance.deviation > 0 else None
        return self._chances[key]


class _Chance:
    """Scores of some clips, and how far clusters stand out when they are shuffled. Shuffles as far as asked."""

    def __init__(
        self,
        trees: Sequence[Tree],
        clips: NDArray[np.int64],
        errors: NDArray[np.float64],
        words: NDArray[np.float64],
        shuffles: int,
        seed: int,
    ) -> None:
        n = self.clips = len(clips)
        self.deviation = 0.0
        if n < 2:
            return
        self._score, self._per_rate = np.zeros(len(errors)), np.zeros(len(errors))
        self._score[clips], self._per_rate[clips], rate = clip_scores(errors[clips], words[clips])
        # By how much the overall rate is higher than that of these clips.
        self._overall = max(0.0, errors.sum() / max(words.sum(), _TINY) - rate)
        self.deviation = float(self._score[clips].std(ddof=1))
        self._supports = np.unique(np.geomspace(1, max(2, n // 2), _SUPPORTS).round().astype(np.int64))
        self._seed = seed
        self._shuffles = shuffles
        self._maxima = np.zeros((0, len(self._supports)))  # of the shuffles so far
        self._sorted: NDArray[np.float64] | None = None  # once all are there
        self._store: Callable[[NDArray[np.float64]], None] | None = None
        if self.deviation > 0:
            self._scores = np.sort(self._score[clips])
            self._nodes = self._lay_out(trees, clips)

    def remember(self, cache: PermutationCache, alive: NDArray[np.bool_]) -> None:
        """Begin with the stored maxima of these clips, and store those that are added."""
        maxima = cache.load(alive)
        if maxima is not None and maxima.shape[1:] == self._maxima.shape[1:]:
            self._add(maxima[: self._shuffles])
        self._store = partial(cache.store, alive)

    def p(
        self, members: NDArray[np.int64], agreement: float, min_support: int, min_drop: float, batch: int
    ) -> float:
        """Share of the shuffles in which some cluster stands out as much as a slice."""
        excess = self._score[members] - (self._overall + MARGIN * min_drop) * self._per_rate[members]
        z = max(0.0, float(excess.sum() * self._per_deviation(np.array([len(members)]))[0]))
        statistic = z * z / 2 - _PRICE_OF_DISAGREEMENT * (1 - agreement) - 1e-9
        column = max(0, int(np.searchsorted(self._supports, min_support, side="right")) - 1)
        too_many = math.ceil(P_CONFIRMED * (self._shuffles + 1))
        for count in [*range(batch, self._shuffles, batch), self._shuffles]:
            self._shuffle_up_to(count)
            if count == self._shuffles and self._sorted is not None:
                reached = count - int(np.searchsorted(self._sorted[:, column], statistic))
            else:
                reached = int(np.count_nonzero(self._maxima[:count, column] >= statistic))
            if reached >= too_many:
                break
        return (1 + reached) / (count + 1)

    def _shuffle_up_to(self, count: int) -> None:
        done = len(self._maxima)
        if done >= count:
            return
        from concurrent.futures import ThreadPoolExecutor

        from slicecore.slices.permutation import shuffled_maxima

        def run(begin: int) -> NDArray[np.float64]:
            # Every batch has a seed of its own, so that it does not matter how many run side by side.
            seed = np.random.SeedSequence([self._seed, begin]).generate_state(1, np.uint64)[0]
            batch = min(_BATCH, self._shuffles - begin)
            return shuffled_maxima(self._scores, *self._nodes, len(self._supports), batch, seed)

        batches = range(done, count, _BATCH)
        with ThreadPoolExecutor(min(len(batches), os.cpu_count() or 1)) as pool:
            maxima = np.concatenate([*pool.map(run, batches)])
        # What a large cluster reaches counts for every smaller minimum support too.
        self._add(np.maximum.accumulate(maxima[:, ::-1], axis=1)[:, ::-1])
        if self._store is not None:
            self._store(self._maxima)

    def _add(self, maxima: NDArray[np.float64]) -> None:
        self._maxima = np.concatenate([self._maxima, maxima])
        if len(self._maxima) == self._shuffles:
            self._sorted = np.sort(self._maxima, axis=0)

    def _lay_out(self, trees: Sequence[Tree], clips: NDArray[np.int64]) -> tuple[NDArray, ...]:
        """Nodes of all trees among these clips, as `shuffled_maxima` takes them."""
        place = np.full(len(self._score), -1, dtype=np.int64)
        place[clips] = np.arange(len(clips))
        orders, starts, ends, agreements = [], [], [], []
        for tree in trees:
            present = place[tree.order] >= 0
            before = np.concatenate([[0], np.cumsum(present)])
            start, end = before[tree.start], before[tree.end]
            counting = (end > start) & (end - start < len(clips))
            orders.append(place[tree.order[present]])
            starts.append(start[counting])
            ends.append(end[counting])
            agreements.append(tree.agreement[counting])
        start, end = np.concatenate(starts), np.concatenate(ends)
        return (
            np.concatenate(orders),
            np.cumsum([0, *map(len, orders)]),
            start,
            end,
            np.cumsum([0, *map(len, starts)]),
            self._per_deviation(end - start),
            _PRICE_OF_DISAGREEMENT * (1 - np.concatenate(agreements)),
            np.searchsorted(self._supports, end - start, side="right") - 1,
        )

    def _per_deviation(self, size: NDArray[np.int64]) -> NDArray[np.float64]:
        """One over the standard deviation of the sum of scores of so many clips drawn without replacement."""
        return 1 / (self.deviation * np.sqrt(size * (1 - size / self.clips)))


def clip_scores(
    errors: NDArray[np.float64], words: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Score of every clip against the rate of all these, centred; what a rate higher by one would add; that rate."""
    rate = errors.sum() / max(words.sum(), _TINY)
    mean = rate * words
    excess = ((errors - mean) ** 2 - mean).sum()
    damping = 1 / (1 + max(0.0, excess / max((mean**2).sum(), _TINY)) * mean)  # variance m + κm²
    score = (errors - mean) * damping
    for _ in range(3):
        score = np.minimum(score, score.mean() + _CAP * score.std())
    return score - score.mean(), words * damping, rate


def _canonical_order(hierarchy: Hierarchy) -> NDArray[np.int64]:
    """Clips in an order independent of their rows, but for those that are in the same clusters everywhere."""
    leaves = np.stack([tree.leaf_of_clip(hierarchy.n) for tree in hierarchy.trees])
    order = np.lexsort(leaves)
    return order[(leaves[:, order] >= 0).any(axis=0)]
