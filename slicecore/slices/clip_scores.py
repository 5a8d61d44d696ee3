"""Scores of clips for the permutation tests: how much worse each is than expected, and how much chance alone moves it.

The score of a clip is its errors less those expected at the overall rate, over 1 + κm: the efficient score of a higher
rate where errors have a variance of m + κm² (gamma-distributed rates). A long clip's score varies more than a short
one's, so scores are not exchangeable where clips differ in length. Each is therefore split into a weight, the standard
deviation of the score of clips of this length, and a residual. The test permutes the residuals and leaves the weights
where they are. Where all clips are of one length this is a permutation of the scores.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from slicecore.cached_properties import cached_property

_TINY = 1e-12
_SKEWED = 1e-3  # product of z and skewness


@dataclass(frozen=True)
class ScoreSettings:
    """Constants of the scores, chosen by `benchmarks/detection.py` (parts "planted" and "null", docs/detection.md).

    Attributes
    ----------
    cap : a residual counts at most this many standard deviations above the mean.
    least_variance : share of the mean variance that the score of a clip has at least: one without a word has some.
    length_classes : number of classes of about equally long clips whose deviations are measured, at most.
    clips_per_class : fewest clips of such a class.
    """

    cap: float = 3.5
    least_variance: float = 0.05
    length_classes: int = 8
    clips_per_class: int = 100


SETTINGS = ScoreSettings()


@dataclass(frozen=True, eq=False)
class ClipScores:
    """Scores of some clips against the rate of all of them.

    Attributes
    ----------
    residual : (n,) standardised, centred, not more than the cap.
    weight : (n,) standard deviation of the score of clips of this length.
    per_rate : (n,) what a rate higher by one would add to the score.
    rate : the overall rate.
    deviation : standard deviation of the residuals.
    """

    residual: NDArray[np.float64]
    weight: NDArray[np.float64]
    per_rate: NDArray[np.float64]
    rate: float
    deviation: float

    @classmethod
    def of(cls, errors: NDArray[np.float64], words: NDArray[np.float64]) -> "ClipScores":
        """Scores of clips.

        Parameters
        ----------
        errors, words
            (n,) what is counted, not negative, and out of how much. Words stand for any denominator.
        """
        n = len(errors)
        if n < 2:
            return cls(np.zeros(n), np.ones(n), np.zeros(n), 0.0, 0.0)
        rate = float(errors.sum() / max(words.sum(), _TINY))
        mean = rate * words
        length = effective_words(errors, words)
        usual = mean if length is words else rate * length
        excess = ((errors - mean) ** 2 - usual).sum()
        damping = 1 / (1 + max(0.0, excess / max((usual**2).sum(), _TINY)) * usual)
        variance = usual * damping
        weight = np.sqrt(np.maximum(variance, max(SETTINGS.least_variance * variance.mean(), _TINY)))
        residual = (errors - mean) * damping / weight
        for _ in range(3):
            residual = np.minimum(residual, residual.mean() + SETTINGS.cap * residual.std())
        spread = _spread_by_length(residual, length, of=slice(None) if length is words else words > 0)
        residual, weight = residual / spread, weight * spread
        residual -= residual.mean()
        return cls(residual, weight, words * damping, rate, float(residual.std(ddof=1)))

    @property
    def score(self) -> NDArray[np.float64]:
        """(n,) score of every clip."""
        return self.weight * self.residual

    @cached_property
    def cube(self) -> NDArray[np.float64]:
        """(n,) cube of the weight of every clip."""
        return self.weight**3

    @cached_property
    def _skewness_of_clip(self) -> float:
        return float((self.residual**3).mean() / self.deviation**3)

    def per_deviation(self, weights: ArrayLike, squares: ArrayLike) -> NDArray[np.float64]:
        """One over the standard deviation of the sums of scores of groups under permutation.

        Parameters
        ----------
        weights, squares
            Sums of the weights, and of their squares, over the clips of every group.
        """
        spread = np.asarray(squares) - np.asarray(weights) ** 2 / len(self.residual)
        return 1 / (self.deviation * np.sqrt(np.maximum(spread, _TINY * np.maximum(squares, _TINY))))

    def skewness(self, weights: ArrayLike, squares: ArrayLike, cubes: ArrayLike) -> NDArray[np.float64]:
        """Skewness of the sums of scores of groups under permutation, 0 where it is negative.

        Parameters
        ----------
        weights, squares, cubes
            Sums of the weights, of their squares and of their cubes over the clips of every group.
        """
        n = len(self.residual)
        weights, squares = np.asarray(weights), np.asarray(squares)
        third = np.asarray(cubes) - 3 * squares * weights / n + 2 * weights**3 / n**2
        return np.maximum(
            self._skewness_of_clip * third * (self.deviation * self.per_deviation(weights, squares)) ** 3, 0
        )


def effective_words(errors: NDArray[np.float64], words: NDArray[np.float64]) -> NDArray[np.float64]:
    """Number of words, (n,), by which the spread of the errors of every clip is judged.

    It is that of the clip, and the mean of the others where it has errors and no words.

    A clip whose reference is empty has none, and every word that the model writes there is an error. Of no words no
    errors are expected, so that each would be without measure: some such clips would drown whatever else there is.
    """
    without = (words <= 0) & (errors > 0)
    if not without.any() or not words.any():
        return words
    return np.where(without, words[words > 0].mean(), words)


def standing(z: ArrayLike, skewness: ArrayLike) -> NDArray[np.float64]:
    """By how much groups stand out: the log-likelihood ratio of a Poisson count with this z and this skewness.

    It is z²/2 without skewness and less with it: sums over few clips reach a high z by accident more often than those
    over many.
    """
    skewed = np.multiply(skewness, z)
    some = np.maximum(skewed, _SKEWED)
    ratio = np.where(
        skewed < _SKEWED,
        0.5 - skewed / 6,  # the first terms of the series
        ((1 + some) * np.log1p(some) - some) / some**2,
    )
    return np.square(z) * ratio


def _spread_by_length(
    residual: NDArray[np.float64], words: NDArray[np.float64], of: NDArray[np.bool_] | slice
) -> NDArray[np.float64]:
    """(n,) standard deviation of the residuals of about equally long clips, measured on some of them.

    It is not 1 throughout: residuals are capped, and rates need not be gamma-distributed.
    """
    residual, measured = residual[of], words[of]
    count = min(SETTINGS.length_classes, len(measured) // SETTINGS.clips_per_class)
    edges = np.unique(np.quantile(measured, np.arange(1, count) / count)) if count > 1 else np.zeros(0)
    length_class = np.searchsorted(edges, measured)
    clips = np.bincount(length_class)
    mean = np.bincount(length_class, residual) / np.maximum(clips, 1)
    squares = np.bincount(length_class, (residual - mean[length_class]) ** 2)
    pooled = squares.sum() / max((clips - 1).clip(0).sum(), 1)
    variance = squares / np.maximum(clips - 1, 1)
    # Equal lengths make some classes small: what they say of their variance is worth nothing.
    variance = np.where(2 * clips < SETTINGS.clips_per_class, pooled, variance)
    return np.sqrt(np.maximum(variance, max(SETTINGS.least_variance * pooled, _TINY)))[
        np.searchsorted(edges, words)
    ]
