"""Residuals of clips that come in groups, as of speakers: what is the group's, and what is the clip's.

The residual of a clip (`slicecore.slices.clip_scores`) is taken as b u + e: u is the effect of its group, drawn at
random for every group, b how much a higher rate shows in a clip of its length, and e the clip's own. The effect of a
group is known the better the more of it there is to hear, so effects are not exchangeable as they are: each is split
into a spread, the standard deviation of the estimated effects of groups of this size, and a standardised effect. The
test deals the standardised effects out to the groups and the clips' own parts to the clips, and leaves spreads where
they are, just as it does with weights and residuals of clips. The variance between groups is estimated by moments
(DerSimonian and Laird, Meta-analysis in clinical trials, 1986).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from slicecore.slices.clip_scores import ClipScores

_TINY = 1e-12


@dataclass(frozen=True)
class GroupEffectSettings:
    """Constants of the test with groups, chosen by `benchmarks/detection.py` (part "speakers", docs/significance.md).

    Attributes
    ----------
    cap : the effect of a group counts at most this many standard deviations above the mean. One very bad speaker then
        does not make a bad accent of its neighbours.
    """

    cap: float = 2.5


SETTINGS = GroupEffectSettings()


@dataclass(frozen=True, eq=False)
class GroupEffects:
    """Residuals of clips split into effects of their groups and the clips' own parts.

    Attributes
    ----------
    group : (n,) group of every clip, from 0 on.
    sensitivity : (n,) residual of a clip per unit of its group's effect.
    effect : (groups,) standardised, centred, not more than the cap.
    spread : (groups,) standard deviation of the estimated effects of groups of this size.
    information : (groups,) sum of the squares of the sensitivities.
    own : (clips in groups of several,) standardised, centred.
    several : rows of the clips in groups of several: the only clip of a group has no part of its own.
    residual : (n,) what effects and own parts add up to.
    """

    group: NDArray[np.int64]
    sensitivity: NDArray[np.float64]
    effect: NDArray[np.float64]
    spread: NDArray[np.float64]
    information: NDArray[np.float64]
    own: NDArray[np.float64]
    several: NDArray[np.int64]
    residual: NDArray[np.float64]

    @classmethod
    def of(cls, scores: ClipScores, group: NDArray[np.int64]) -> "GroupEffects | None":
        """Split the residuals of clips; None where no group has several clips, or there is one group only.

        Parameters
        ----------
        scores
            Of the clips.
        group
            (n,) group of every clip, all of 0 to the largest.
        """
        groups = int(group.max(initial=-1)) + 1
        size = np.bincount(group, minlength=groups)
        if groups < 2 or size.max() < 2:
            return None
        sensitivity = scores.per_rate / scores.weight
        # A clip without a word shows nothing of a rate; what it counts must still be someone's.
        sensitivity = np.maximum(sensitivity, 1e-3 * max(sensitivity.mean(), _TINY))
        information = np.bincount(group, sensitivity**2).astype(np.float64)
        estimate = np.bincount(group, sensitivity * scores.residual) / information
        own = scores.residual - sensitivity * estimate[group]
        within = float((own**2).sum() / (len(group) - groups))
        between = _between(estimate, information, within)
        spread = np.sqrt(between + within / information)
        effect = estimate / np.maximum(spread, _TINY)
        effect -= effect.mean()
        for _ in range(3):
            effect = np.minimum(effect, effect.mean() + SETTINGS.cap * effect.std())
        effect -= effect.mean()
        several = np.flatnonzero(size[group] > 1)
        share = sensitivity[several] ** 2 / information[group[several]]
        standardised = own[several] / np.sqrt(np.maximum(1 - share, 1e-6))
        standardised -= standardised.mean()
        residual = sensitivity * (effect * spread)[group] + own
        return cls(group, sensitivity, effect, spread, information, standardised, several, residual)

    @cached_property
    def factor(self) -> NDArray[np.float64]:
        """(groups,) what the square of a group's part of a cluster adds to the variance under permutation."""
        return self.effect.var(ddof=1) * self.spread**2 - self._within / self.information

    def per_deviation(
        self,
        squares: NDArray[np.float64],
        by_group: NDArray[np.float64],
        spreads: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """One over the standard deviation of the sums of scores of clusters under permutation.

        Parameters
        ----------
        squares
            Sum of the squares of the weights over the clips of every cluster.
        by_group
            Sum over its groups of `factor` times the square of the group's sum of weight times sensitivity.
        spreads
            Sum over its clips of weight times sensitivity times the spread of the group.
        """
        variance = self._within * squares + by_group
        variance -= self.effect.var(ddof=1) * spreads**2 / len(self.effect)
        return 1 / np.sqrt(np.maximum(variance, _TINY + 1e-6 * self._within * squares))

    @cached_property
    def _within(self) -> float:
        return float((self.own**2).mean())


def _between(estimate: NDArray[np.float64], information: NDArray[np.float64], within: float) -> float:
    """Variance of the effects of groups beyond what the scatter of their clips explains, 0 or more."""
    total = information.sum()
    mean = (information * estimate).sum() / total
    excess = (information * (estimate - mean) ** 2).sum() - (len(estimate) - 1) * within
    return max(0.0, float(excess / max(total - (information**2).sum() / total, _TINY)))
