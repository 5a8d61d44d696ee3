"""Choice of the slices among the clusters of several trees.

The rule in short. A cluster gains what its errors say against the rate of the clips outside all slices, less a price
for being one of many clusters, which is higher where no other tree agrees with it; what they say against the overall
rate must pay such a price too. In one pass over a tree from the leaves up a cluster takes the place of what was chosen
below it where it gains at least as much; the more it looks like a mixture of well separated parts, the more it must
gain besides. Across trees the best gain comes first, and whatever shares a clip with it is dropped. The rate of the
clips outside is then estimated again, so that large problems do not hide small ones.

What depends on thresholds of the vectors changes by degrees, so that a few clips more or less seldom change a slice.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore.clustering.tree import Tree
from slicecore.slices.clip_scores import effective_words
from slicecore.thresholds import reaches

_TINY = 1e-12


@dataclass(frozen=True)
class SelectionCosts:
    """Constants of the choice, set by `benchmarks/detection.py` (parts "planted" and "stability", docs/detection.md).

    Attributes
    ----------
    price : evidence that any slice must have against the background.
    price_of_disagreement : price of a cluster that no other tree has: times -log of the agreement with the best node of
        another tree.
    least_agreement : what agrees less pays no more.
    price_against_whole : evidence against the overall rate that a slice must have besides, if all trees agree.
    cap : a clip counts at most this many standard deviations above the mean.
    rounds : how often the background is estimated.
    smallest_background : share of the clips from which rates are still estimated.
    slack : a cluster may gain this much less than several slices below it that it replaces.
    price_of_mix : what a cluster that is half a mixture must gain besides, at most, for every further slice that it
        replaces; times the odds for it being one.
    natural : share of the gain below that is enough for a coherent cluster, well separated from its sibling.
    isolated : the same for one with a single slice below it and a large gap to the sibling.
    isolated_gap : gap, in standard deviations, that is as much large as small.
    isolated_softness : log of the factor about it within which a gap is neither large nor small.
    most_lost : largest part of the gain of the one slice below that such a cluster may lack.
    """

    price: float = 2.0
    price_of_disagreement: float = 6.0
    least_agreement: float = 0.3
    price_against_whole: float = 1.9
    cap: float = 5.0
    rounds: int = 3
    smallest_background: float = 0.25
    slack: float = 2.5
    price_of_mix: float = 5.0
    natural: float = 0.8
    isolated: float = 0.5
    isolated_gap: float = 10.0
    isolated_softness: float = 0.5
    most_lost: float = 10.0


COSTS = SelectionCosts()


@dataclass(frozen=True, eq=False)
class Background:
    """Errors expected of every clip if it is like those outside all slices.

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

    Every estimate holds one average clip of the whole besides, so that a clean background stays defined. Where the
    clips outside do not differ, nothing is capped.

    Parameters
    ----------
    errors, words
        (n,) errors, not negative, and out of how many. Words stand for any denominator.
    outside
        (n,) mask of the clips outside all slices.
    """
    n = len(errors)
    inside = np.flatnonzero(~outside)  # mostly few: a sum outside is that of all less that of these
    share = (n - len(inside)) / n
    denominator = _sum(words, inside) + words.mean()
    rate = (_sum(errors, inside) + errors.mean()) / max(denominator, _TINY)
    # Written in place throughout: for a million clips new arrays take longer than what is computed.
    mean = rate * words
    score = errors - mean
    # Gamma-distributed rates give a variance of m + κm²; a clip's score then loses weight by 1 + κm (negative
    # binomial).
    length = effective_words(errors, words)
    usual = mean if length is words else rate * length
    excess = _squares(score, inside) - _sum(usual, inside)
    overdispersion = max(0.0, excess / max(_squares(usual, inside), _TINY))
    damping = overdispersion * usual
    damping += 1
    score /= damping
    mean /= damping
    expected = mean
    for _ in range(3):
        average = _sum(score, inside) / (share * n)
        variance = _squares(score, inside) / (share * n) - average**2
        if variance > _TINY * average**2:
            np.minimum(score, average + COSTS.cap * math.sqrt(variance), out=score)
    score += expected
    observed = score
    rescale = (_sum(observed, inside) + observed.mean()) / max(
        _sum(expected, inside) + expected.mean(), _TINY
    )
    expected *= max(rescale, _TINY)
    difference = np.subtract(observed, expected, out=damping)
    variance = _squares(difference, inside) / (share * n) + _square(difference) / n**2
    return Background(
        observed,
        expected,
        dispersion=max(variance, _TINY) / max(_sum(expected, inside) / (share * n), _TINY),
        overall=observed.sum() / max(expected.sum(), _TINY),
    )


def _sum(values: NDArray[np.float64], inside: NDArray[np.int64]) -> float:
    """Sum over the clips outside the slices."""
    return float(values.sum() - values[inside].sum())


def _squares(values: NDArray[np.float64], inside: NDArray[np.int64]) -> float:
    return _square(values) - _square(values[inside])


def _square(values: NDArray[np.float64]) -> float:
    return float(np.einsum("i,i", values, values))  # unlike a product, the same on any number of threads


def evidence(
    tree: Tree, against: Background, nodes: NDArray[np.int64] | slice = slice(None)
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-likelihood ratios of nodes against the background and against the overall rate, each (len(nodes),).

    That of a Poisson rate, divided by the dispersion: E ln(E/M) - (E - M), 0 where there are fewer errors E than the
    expected M.
    """
    return evidence_of_sums(tree.sums(against.observed, nodes), tree.sums(against.expected, nodes), against)


def evidence_of_sums(
    observed: ArrayLike, expected: ArrayLike, against: Background
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-likelihood ratios as `evidence` gives them, from the sums of groups of clips."""
    observed, expected = np.maximum(observed, 0), np.maximum(expected, _TINY)
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
    ratios = [
        (ratio[tree_pass.nodes], ratio[tree_pass.nodes])
        for tree_pass, ratio in zip(passes, whole_evidence, strict=True)
    ]
    chosen: list[tuple[int, int]] = []
    for round_number in range(1, COSTS.rounds + 1):
        ranked = []
        for index, (tree_pass, ratio) in enumerate(zip(passes, ratios, strict=True)):
            gain = tree_pass.gain(*ratio)
            ranked += [(-gain[i], index, int(tree_pass.nodes[i])) for i in tree_pass.best(gain)]
        outside = np.ones(n, dtype=bool)
        disjoint = []
        for _, index, node in sorted(ranked):
            members = trees[index].members(node)
            if outside[members].all():
                outside[members] = False
                disjoint.append((index, node))
        settled = disjoint == chosen
        chosen = disjoint
        if (
            settled
            or round_number == COSTS.rounds
            or np.count_nonzero(outside) < COSTS.smallest_background * n
        ):
            break
        against = background(errors, words, outside)
        ratios = [tree_pass.evidence(against) for tree_pass in passes]
    return chosen


@dataclass(frozen=True, eq=False)
class _Pass:
    """The candidates of one tree and how much of the gain below makes each of them replace it.

    `clips` are those in any candidate, and `start` and `end` the interval of each candidate in them.
    """

    nodes: NDArray[np.int64]
    clips: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    disagreement: NDArray[np.float64]
    odds_of_mix: NDArray[np.float64]
    enough_for_one: NDArray[np.float64]
    enough_for_several: NDArray[np.float64]

    @classmethod
    def of(cls, tree: Tree, nodes: NDArray[np.int64], min_support: int) -> "_Pass":
        parent = tree.parent[nodes]  # candidates are not the root
        mix = tree.mix(nodes, min_support)
        natural = np.minimum(1 - mix, tree.mix(parent, min_support))
        several = 1 - (1 - COSTS.natural) * natural
        apart = 0.5 + np.log(np.maximum(tree.gap[parent], _TINY) / COSTS.isolated_gap) / (
            2 * COSTS.isolated_softness
        )
        single = several - (COSTS.natural - COSTS.isolated) * np.minimum(natural, np.clip(apart, 0, 1))
        start, end = tree.start[nodes], tree.end[nodes]
        # In post-order a node lies in a later one that begins no later.
        later = np.minimum.accumulate(np.append(start, len(tree.order))[::-1])[::-1][1:]
        top = start < later
        before = np.cumsum(end[top] - start[top]) - (end[top] - start[top])
        shift = (start[top] - before)[np.searchsorted(start[top], start, side="right") - 1]
        return cls(
            nodes=nodes,
            clips=_concatenated([tree.order[a:b] for a, b in zip(start[top], end[top], strict=True)]),
            start=start - shift,
            end=end - shift,
            disagreement=-COSTS.price_of_disagreement
            * np.log(np.maximum(tree.agreement[nodes], COSTS.least_agreement)),
            odds_of_mix=mix / np.maximum(1 - mix, _TINY),
            enough_for_one=single,
            enough_for_several=several,
        )

    def evidence(self, against: Background) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """As `evidence` gives it, of the candidates alone."""
        return evidence_of_sums(self._sums(against.observed), self._sums(against.expected), against)

    def _sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        running = np.concatenate([[0.0], np.cumsum(values[self.clips])])
        return running[self.end] - running[self.start]

    def gain(
        self, against_background: NDArray[np.float64], against_whole: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Evidence of every candidate less its price; 0 where that against the overall rate does not pay its own."""
        pays = against_whole >= COSTS.price_against_whole + self.disagreement
        # Rounded, so that of the same clips in several trees the first tree's cluster counts.
        return np.where(pays, (against_background - COSTS.price - self.disagreement).round(9), 0)

    def best(self, gain: NDArray[np.float64]) -> list[int]:
        """Positions in `nodes` of the best antichain, by one pass from the leaves up."""
        starts: list[int] = []  # of the slices chosen so far, ascending: nodes come in post-order
        chosen: list[int] = []
        total = [0.0]  # running sum of what they gain
        for i in np.flatnonzero(gain > 0).tolist():
            start = int(self.start[i])
            first = bisect_left(starts, start)
            count = len(chosen) - first
            below = total[-1] - total[first]
            if count and gain[i] < self._needed(i, count, below):
                continue
            del starts[first:], chosen[first:], total[first + 1 :]
            starts.append(start)
            chosen.append(i)
            total.append(total[-1] + max(below, gain[i]))
        return chosen

    def _needed(self, i: int, count: int, below: float) -> float:
        """Gain with which a candidate replaces so many slices below it that gain `below`."""
        if count == 1:
            enough = max(self.enough_for_one[i] * below, below - COSTS.most_lost)
        else:
            enough = max(self.enough_for_several[i] * below, below - COSTS.slack)
        return enough + self.odds_of_mix[i] * min(enough, COSTS.price_of_mix * max(count - 1, 1))


def _concatenated(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def choose_plainly(
    tree: Tree,
    candidates: NDArray[np.int64],
    excess: NDArray[np.float64],
    words: NDArray[np.float64],
    min_support: int,
    min_drop: float,
) -> list[int]:
    """Choose by the plain rule of the literature: a parent gives way where its children capture the problem.

    From the leaves up, a candidate is flagged unless it fails the thresholds without the clips of those flagged
    below it. The uppermost flagged nodes are the slices.

    Parameters
    ----------
    tree
        The tree.
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
            or not reaches((excess[v] - excess[below].sum()) / rest, min_drop)
        )
        if below and fails:
            continue
        del flagged[first:], starts[first:]
        flagged.append(v)
        starts.append(int(tree.start[v]))
    return flagged
