"""Choosing the slices among the clusters of several trees.

The rule in short. A cluster gains what its errors say against the rate of the clips outside all slices, less a price
for being one of many clusters, which is higher where no other tree agrees with it; what they say against the overall
rate must pay such a price too. In one pass over a tree from the leaves up a cluster takes the place of what was chosen
below it where it gains at least as much, except that a mix of well separated parts never swallows them. Across trees
the best gain comes first, and whatever shares a clip with it is dropped. The rate of the clips outside is then
estimated again, so that large problems do not hide small ones.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.tree import Tree

_PRICE = 2.5  # of any slice
_PRICE_OF_DISAGREEMENT = 5.0  # times 1 - agreement with the best node of another tree
_PRICE_AGAINST_WHOLE = (
    2.0  # evidence against the overall rate that a slice must have besides, if all trees agree
)
_CAP = 4.0  # a clip counts at most this many standard deviations above the mean
_ROUNDS = 3
_SMALLEST_BACKGROUND = 0.25  # share of the clips from which rates are still estimated
_SLACK = 2.5  # a cluster may gain this much less than several slices below it that it replaces
# Share of the gain below that is enough for a coherent cluster, well separated from its sibling; and for one with a
# single slice below it and a large gap to the sibling.
_NATURAL = 0.8
_ISOLATED = 0.5
_ISOLATED_GAP = 10.0
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Background:
    """What is expected of every clip if it is like those outside all slices.

    Attributes
    ----------
    observed, expected : (n,) errors of every clip, less weight on clips with many words and a limit on extreme ones.
    dispersion : variance of the difference over the expectation.
    overall : rate of all clips over that of the background.
    """

    observed: NDArray[np.float64]
    expected: NDArray[np.float64]
    dispersion: float
    overall: float


def background(
    errors: NDArray[np.float64], words: NDArray[np.float64], outside: NDArray[np.bool_]
) -> Background:
    """Estimate rate, overdispersion, cap and dispersion from the clips outside all slices.

    Every estimate holds one average clip of the whole besides, so that a clean background stays defined.

    Parameters
    ----------
    errors, words
        (n,) what is counted, not negative, and out of how much. Words stand for any denominator.
    outside
        (n,) clips that estimate.
    """
    n = len(errors)
    rate = (errors[outside].sum() + errors.mean()) / max(words[outside].sum() + words.mean(), _TINY)
    mean = rate * words
    residual = errors - mean
    # Gamma-distributed rates give a variance of m + κm²; a clip's score then loses weight by 1 + κm (negative
    # binomial).
    excess = (residual**2 - mean)[outside].sum()
    overdispersion = max(0.0, excess / max((mean[outside] ** 2).sum(), _TINY))
    damping = 1 / (1 + overdispersion * mean)
    score = residual * damping
    for _ in range(3):
        deviation = score[outside].std()
        if deviation > 0:
            score = np.minimum(score, score[outside].mean() + _CAP * deviation)
    expected = mean * damping
    observed = score + expected
    rescale = (observed[outside].sum() + observed.mean()) / max(
        expected[outside].sum() + expected.mean(), _TINY
    )
    expected *= max(rescale, _TINY)
    square = (observed - expected) ** 2
    variance = square[outside].mean() + square.mean() / n
    return Background(
        observed,
        expected,
        dispersion=max(variance, _TINY) / max(expected[outside].mean(), _TINY),
        overall=observed.sum() / max(expected.sum(), _TINY),
    )


def evidence(
    tree: Tree, against: Background, nodes: NDArray[np.int64] | slice = slice(None)
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-likelihood ratios of nodes against the background and against the overall rate, each (len(nodes),).

    That of a Poisson rate, divided by the dispersion: E ln(E/M) - (E - M), 0 where there are fewer errors E than the
    expected M.
    """
    observed = np.maximum(tree.sums(against.observed, nodes), 0)
    expected = np.maximum(tree.sums(against.expected, nodes), _TINY)
    return (
        _log_ratio(observed, expected) / against.dispersion,
        _log_ratio(observed, expected * max(against.overall, _TINY)) / against.dispersion,
    )


def _log_ratio(observed: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = observed * np.log(np.maximum(observed, _TINY) / expected) - (observed - expected)
    return np.where(observed > expected, ratio, 0)


def choose(
    trees: Sequence[Tree],
    candidates: Sequence[NDArray[np.int64]],
    whole_evidence: Sequence[NDArray[np.float64]],
    errors: NDArray[np.float64],
    words: NDArray[np.float64],
    min_support: int,
) -> list[tuple[int, int]]:
    """Choose disjoint slices.

    Parameters
    ----------
    trees
        All over the same clips.
    candidates
        Per tree the nodes that may be chosen, ascending.
    whole_evidence
        Per tree the evidence of every node against the background that holds every clip.
    errors, words
        (n,) see `background`.
    min_support
        Parts of a mix must have as many clips.

    Returns
    -------
    list of (tree, node)
        The best gain first.
    """
    n = len(errors)
    passes = [_Pass.of(tree, nodes, min_support) for tree, nodes in zip(trees, candidates, strict=True)]
    ratios = [(ratio[one.nodes], ratio[one.nodes]) for one, ratio in zip(passes, whole_evidence, strict=True)]
    chosen: list[tuple[int, int]] = []
    for round_number in range(1, _ROUNDS + 1):
        ranked = []
        for index, (one, ratio) in enumerate(zip(passes, ratios, strict=True)):
            gain = one.gain(*ratio)
            ranked += [(-gain[i], index, int(one.nodes[i])) for i in one.keep(gain)]
        outside = np.ones(n, dtype=bool)
        found = []
        for _, index, node in sorted(ranked):
            members = trees[index].members(node)
            if outside[members].all():
                outside[members] = False
                found.append((index, node))
        settled = found == chosen
        chosen = found
        if settled or round_number == _ROUNDS or np.count_nonzero(outside) < _SMALLEST_BACKGROUND * n:
            break
        against = background(errors, words, outside)
        ratios = [evidence(one.tree, against, one.nodes) for one in passes]
    return chosen


@dataclass(frozen=True, eq=False)
class _Pass:
    """The candidates of one tree and how much of the gain below makes each of them replace it."""

    tree: Tree
    nodes: NDArray[np.int64]
    disagreement: NDArray[np.float64]
    mix: NDArray[np.bool_]
    enough_for_one: NDArray[np.float64]
    enough_for_several: NDArray[np.float64]

    @classmethod
    def of(cls, tree: Tree, nodes: NDArray[np.int64], min_support: int) -> "_Pass":
        parent = tree.parent[nodes]  # candidates are not the root
        mix = tree.mix_support[nodes] >= min_support
        natural = ~mix & (tree.mix_support[parent] >= min_support)
        several = np.where(natural, _NATURAL, 1.0)
        one = np.where(natural & (tree.gap[parent] >= _ISOLATED_GAP), _ISOLATED, several)
        return cls(tree, nodes, _PRICE_OF_DISAGREEMENT * (1 - tree.agreement[nodes]), mix, one, several)

    def gain(
        self, against_background: NDArray[np.float64], against_whole: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Evidence of every candidate less its price; 0 where that against the overall rate does not pay its own."""
        pays = against_whole >= _PRICE_AGAINST_WHOLE + self.disagreement
        return np.where(pays, against_background - _PRICE - self.disagreement, 0)

    def keep(self, gain: NDArray[np.float64]) -> list[int]:
        """Positions in `nodes` of the best antichain, by one pass from the leaves up."""
        starts: list[int] = []  # of the slices chosen so far, ascending: nodes come in post-order
        chosen: list[int] = []
        total = [0.0]  # running sum of what they gain
        for i in np.flatnonzero(gain > 0).tolist():
            start = int(self.tree.start[self.nodes[i]])
            first = bisect_left(starts, start)
            count = len(chosen) - first
            below = total[-1] - total[first]
            if count and (self.mix[i] or gain[i] < self._needed(i, count, below)):
                continue
            del starts[first:], chosen[first:], total[first + 1 :]
            starts.append(start)
            chosen.append(i)
            total.append(total[-1] + max(below, gain[i]))
        return chosen

    def _needed(self, i: int, count: int, below: float) -> float:
        if count == 1:
            return self.enough_for_one[i] * below
        return max(self.enough_for_several[i] * below, below - _SLACK)


def choose_plainly(
    tree: Tree,
    candidates: NDArray[np.int64],
    excess: NDArray[np.float64],
    words: NDArray[np.float64],
    min_support: int,
    min_drop: float,
) -> list[int]:
    """Choose by the plain rule: a parent gives way where its children capture the problem.

    From the leaves up, a candidate is flagged unless it fails the thresholds without the clips of those flagged
    below it. The uppermost flagged nodes are the slices.

    Parameters
    ----------
    tree
        Nodes from it only.
    candidates
        Nodes that meet both thresholds, ascending.
    excess, words
        (nodes,) errors above the overall rate, and the denominator.
    """
    flagged: list[int] = []
    starts: list[int] = []
    for v in candidates.tolist():
        first = bisect_left(starts, int(tree.start[v]))
        below = flagged[first:]
        rest = words[v] - words[below].sum()
        fails = (
            tree.size[v] - tree.size[below].sum() < min_support
            or rest <= 0
            or excess[v] - excess[below].sum() < min_drop * rest
        )
        if below and fails:
            continue
        del flagged[first:], starts[first:]
        flagged.append(v)
        starts.append(int(tree.start[v]))
    return flagged
