"""Residuals of clips that come in groups, as of speakers: what is the group's, and what is the clip's.

The residual of a clip (`slicecore.slices.clip_scores`) is taken as b u + e: u is the effect of its group, drawn at
random for every group, b how much a higher rate shows in a clip of its length, and e the clip's own. Estimated effects
of small groups scatter more, so they are not exchangeable as they are: each is divided by its standard deviation, given
the size of its group, and multiplied by that of true effects, which is the same for all. The test deals these effects
out to the groups and the clips' own parts to the clips, and adds up both: sums over a group then have the variance that
estimated effects have. The variance between groups is estimated by moments (DerSimonian and Laird, Meta-analysis in
clinical trials, 1986); where it is 0, only clips are dealt.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
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
    effect : (groups,) as true effects vary, centred, not more than the cap.
    own : (n,) own parts as the clips of groups of several have them, centred, ascending.
    residual : (n,) residuals with the cap on the effects of groups.
    """

    group: NDArray[np.int64]
    sensitivity: NDArray[np.float64]
    effect: NDArray[np.float64]
    own: NDArray[np.float64]
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
        n, groups = len(group), int(group.max(initial=-1)) + 1
        size = np.bincount(group, minlength=groups)
        if groups < 2 or size.max() < 2:
            return None
        sensitivity = scores.per_rate / scores.weight
        # A clip without a word shows nothing of a rate; what it counts must still be someone's.
        sensitivity = np.maximum(sensitivity, 1e-3 * max(sensitivity.mean(), _TINY))
        information = np.bincount(group, sensitivity**2).astype(np.float64)
        estimate = np.bincount(group, sensitivity * scores.residual) / information
        own = scores.residual - sensitivity * estimate[group]
        within = float((own**2).sum() / (n - groups))
        between = _between(estimate, information, within)
        spread = np.sqrt(between + within / information)
        standardised = _capped(estimate / np.maximum(spread, _TINY))
        several = size[group] > 1
        share = sensitivity[several] ** 2 / information[group[several]]
        of_several = own[several] / np.sqrt(np.maximum(1 - share, 1e-6))
        # As many as there are clips, alike distributed: the only clip of a group has no part of its own.
        every = np.interp(_middles(n), _middles(len(of_several)), np.sort(of_several))
        return cls(
            group=group,
            sensitivity=sensitivity,
            effect=math.sqrt(between) * standardised,
            own=every - every.mean(),
            residual=sensitivity * (standardised * spread)[group] + own,
        )

    def per_deviation(
        self,
        weights: NDArray[np.float64],
        squares: NDArray[np.float64],
        rates: NDArray[np.float64],
        by_group: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """One over the standard deviation of the sums of scores of clusters under permutation.

        Parameters
        ----------
        weights, squares
            Sums of the weights, and of their squares, over the clips of every cluster.
        rates
            Sums over its clips of weight times sensitivity.
        by_group
            Sums over its groups of the square of the group's part of `rates`.
        """
        of_own, of_effects = self._variances
        own = of_own * (squares - weights**2 / len(self.own))
        effects = of_effects * (by_group - rates**2 / len(self.effect))
        least = _TINY * np.maximum(squares, _TINY)
        return 1 / np.sqrt(np.maximum(np.maximum(own, 0) + np.maximum(effects, 0), least))

    @cached_property
    def _variances(self) -> tuple[float, float]:
        """Variances of the clips' own parts and of the effects, which every test of a slice asks for."""
        return float(self.own.var(ddof=1)), float(self.effect.var(ddof=1))


def _middles(n: int) -> NDArray[np.float64]:
    """Middles of n equal parts of 0 to 1."""
    return (np.arange(n) + 0.5) / n


def _capped(effect: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standardised effects, centred, with the cap on those far above the mean."""
    effect = effect - effect.mean()
    for _ in range(3):
        effect = np.minimum(effect, effect.mean() + SETTINGS.cap * effect.std())
    return effect - effect.mean()


def _between(estimate: NDArray[np.float64], information: NDArray[np.float64], within: float) -> float:
    """Variance of the effects of groups beyond what the scatter of their clips explains, 0 or more."""
    total = information.sum()
    mean = (information * estimate).sum() / total
    excess = (information * (estimate - mean) ** 2).sum() - (len(estimate) - 1) * within
    return max(0.0, float(excess / max(total - (information**2).sum() / total, _TINY)))
