"""How sure a slice is: could chance have made some cluster stand out as much, and how exact is its value.

Errors are shuffled over the clips many times. Each time the cluster that stands out most of all clusters of all trees
is noted, and a slice is compared with these maxima: its p counts for the whole search, not for one test of many (the
tree-based scan statistic of Kulldorff, Fang, Walsh, Biometrics 2003). Shuffling takes clips to be exchangeable:
"confirmed" means that the slice is no accident of which clips happened to be hard. It does not mean that the cause is
what the clips seem to have in common, and where groups differ harmlessly, by speaker say, that difference counts as
real.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.hierarchy import Hierarchy
from slicecore.metrics import Costs
from slicecore.scan import Scan, errors_and_words
from slicecore.tree import Tree

CONFIRMED = "confirmed"
POSSIBLE = "possible"
P_CONFIRMED = 0.05
"""Slices of at most this p are confirmed."""

_CAP = 3.0  # a clip counts at most this many standard deviations above the mean
_PRICE_OF_DISAGREEMENT = (
    5.0  # as in the choice of slices; agreement never looks at errors, so it may enter the test
)
_MARGIN = 0.1  # share of the minimum drop that a slice must exceed before anything counts
_SUPPORTS = 48  # for so many minimum supports the maxima are kept


@dataclass(frozen=True, eq=False)
class Significance:
    """Of the slices of a scan, in their order.

    Attributes
    ----------
    p_value : (slices,) chance of any cluster standing out as much if clips are exchangeable.
    tier : "confirmed" or "possible" for every slice.
    """

    p_value: NDArray[np.float64]
    tier: tuple[str, ...]


class ShuffleTest:
    """Everything about significance that does not depend on the thresholds.

    Parameters
    ----------
    hierarchy, costs
        Of the same clips. Clips in no cluster do not take part.
    shuffles
        How often errors are shuffled. The smallest p is 1 / (shuffles + 1).
    seed
        Of the shuffles. The result does not depend on the order of the rows.
    """

    def __init__(self, hierarchy: Hierarchy, costs: Costs, shuffles: int = 999, seed: int = 0) -> None:
        trees = hierarchy.trees
        clips = np.sort(trees[0].order)
        self._trees = trees
        self._n = len(clips)
        errors, words = errors_and_words(costs)
        self._score, self._margin = np.zeros(hierarchy.n), np.zeros(hierarchy.n)
        self._deviation = 0.0
        if self._n > 1:
            self._score[clips], self._margin[clips] = _scores(errors[clips], words[clips])
            self._deviation = float(self._score[clips].std(ddof=1))
        largest = max(2, self._n // 2)
        self._supports = np.unique(np.geomspace(1, largest, _SUPPORTS).round().astype(np.int64))
        self._maxima = np.zeros((shuffles, len(self._supports)))
        if self._deviation > 0:
            self._maxima = self._shuffle(_canonical_order(trees, clips), shuffles, seed)

    def test(self, found: Scan) -> Significance:
        """Significance of the slices of a scan of this hierarchy and these costs."""
        column = int(np.searchsorted(self._supports, found.min_support, side="right")) - 1
        maxima = self._maxima[:, max(column, 0)]
        p_value = np.ones(len(found.slices))
        for i, one in enumerate(found.slices if self._deviation > 0 else ()):
            excess = self._score[one.members] - _MARGIN * found.min_drop * self._margin[one.members]
            z = max(0.0, float(excess.sum() * self._per_deviation(np.array([one.support]))[0]))
            price = _PRICE_OF_DISAGREEMENT * (1 - self._trees[one.tree].agreement[one.node])
            exceeding = len(maxima) - np.searchsorted(maxima, z * z / 2 - price - 1e-9)
            p_value[i] = (1 + exceeding) / (len(maxima) + 1)
        return Significance(p_value, tuple(CONFIRMED if p <= P_CONFIRMED else POSSIBLE for p in p_value))

    def _per_deviation(self, size: NDArray[np.int64]) -> NDArray[np.float64]:
        """One over the standard deviation of the sum of scores of so many clips drawn without replacement."""
        return 1 / (self._deviation * np.sqrt(size * (1 - size / self._n)))

    def _shuffle(self, order: NDArray[np.int64], shuffles: int, seed: int) -> NDArray[np.float64]:
        from slicecore.shuffling import shuffled_maxima

        place = np.empty(len(self._score), dtype=np.int64)
        place[order] = np.arange(self._n)
        nodes = [np.flatnonzero(tree.parent >= 0) for tree in self._trees]
        size = np.concatenate([tree.size[one] for tree, one in zip(self._trees, nodes, strict=True)])
        agreement = np.concatenate(
            [tree.agreement[one] for tree, one in zip(self._trees, nodes, strict=True)]
        )
        maxima = shuffled_maxima(
            np.sort(self._score[order]),
            np.stack([place[tree.order] for tree in self._trees]),
            np.concatenate([tree.start[one] for tree, one in zip(self._trees, nodes, strict=True)]),
            np.concatenate([tree.end[one] for tree, one in zip(self._trees, nodes, strict=True)]),
            np.cumsum([0, *map(len, nodes)]),
            self._per_deviation(size),
            _PRICE_OF_DISAGREEMENT * (1 - agreement),
            np.searchsorted(self._supports, size, side="right") - 1,
            len(self._supports),
            shuffles,
            seed,
        )
        # What a large cluster reaches counts for every smaller minimum support too.
        maxima = np.maximum.accumulate(maxima[:, ::-1], axis=1)[:, ::-1]
        return np.sort(maxima, axis=0)


def significance(
    hierarchy: Hierarchy, costs: Costs, found: Scan, shuffles: int = 999, seed: int = 0
) -> Significance:
    """Test the slices of a scan. For several scans of the same clips use a `ShuffleTest`."""
    return ShuffleTest(hierarchy, costs, shuffles, seed).test(found)


def value_intervals(
    costs: Costs, found: Scan, level: float = 0.95, resamples: int = 1000, seed: int = 0
) -> NDArray[np.float64]:
    """Interval of the value of every slice, by the bootstrap over its clips (percentile method).

    It says how exactly the value of such clips is known, not whether the slice is a real one: slices are chosen for
    being bad, and their values tend to be too high.

    Returns
    -------
    numpy.ndarray
        (slices, 2) lower and upper end.
    """
    intervals = np.empty((len(found.slices), 2))
    tails = [(1 - level) / 2, (1 + level) / 2]
    for i, one in enumerate(found.slices):
        rng = np.random.default_rng(seed)
        numerator, denominator = costs.numerator[one.members], costs.denominator[one.members]
        by_content = np.lexsort([numerator, denominator])
        # How often each clip is drawn: as good as drawing clips, with one number per clip and resample.
        times = rng.multinomial(one.support, np.full(one.support, 1 / one.support), size=resamples)
        total = times @ denominator[by_content]
        values = (times @ numerator[by_content])[total > 0] / total[total > 0]
        intervals[i] = np.quantile(values, tails)
    return intervals


def _scores(
    errors: NDArray[np.float64], words: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Score of every clip against the overall rate, centred; and what a rate higher by one would add to it."""
    mean = errors.sum() / max(words.sum(), 1e-12) * words
    excess = ((errors - mean) ** 2 - mean).sum()
    damping = 1 / (1 + max(0.0, excess / max((mean**2).sum(), 1e-12)) * mean)  # variance m + κm²
    score = (errors - mean) * damping
    for _ in range(3):
        score = np.minimum(score, score.mean() + _CAP * score.std())
    return score - score.mean(), words * damping


def _canonical_order(trees: tuple[Tree, ...], clips: NDArray[np.int64]) -> NDArray[np.int64]:
    """Clips in an order independent of their rows, but for those that are in the same clusters everywhere."""
    leaf = []
    for tree in trees:
        leaves = np.flatnonzero(tree.children[:, 0] < 0)
        of_clip = np.empty(int(clips.max()) + 1, dtype=np.int64)
        of_clip[tree.order] = np.repeat(leaves, tree.size[leaves])
        leaf.append(of_clip[clips])
    return clips[np.lexsort(leaf)]
