"""Evidence of a group against chance where errors are skewed: the rate function of large deviations.

The chance that the mean of m residuals is at least x falls as exp(-m I(x)) (Cramér's theorem; Dembo and Zeitouni,
Large deviations techniques and applications, 1998, theorem 2.2.3). For normal residuals I(x) = x²/2. Rare errors make
small groups stand out by chance far more often than that; I(x) says how much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

STEPS_PER_DEVIATION = 32
_LARGEST = 4.0  # mean, in standard deviations; a group of several clips hardly gets as far
_TILTS = np.concatenate([[0.0], np.geomspace(1e-3, 60, 160)])
_MOST_VALUES = 2048  # of the residuals, evenly spread over their order


@dataclass(frozen=True, eq=False)
class RateFunction:
    """Rate function of residuals, as a share of that of normal ones.

    Attributes
    ----------
    share : of x²/2, at 0, 1, 2, … steps of a standard deviation; at most 1.
    """

    share: NDArray[np.float64]

    @classmethod
    def of(cls, residual: NDArray[np.float64], deviation: float) -> RateFunction:
        """Rate function of residuals of mean 0 with a standard deviation."""
        x = np.arange(int(_LARGEST * STEPS_PER_DEVIATION) + 1) / STEPS_PER_DEVIATION
        if deviation <= 0:
            return cls(np.ones(len(x)))
        values = np.sort(residual) / deviation
        if len(values) > _MOST_VALUES:
            values = values[np.linspace(0, len(values) - 1, _MOST_VALUES).round().astype(int)]
        values = values - values.mean()
        tilted = _TILTS[:, None] * values
        largest = tilted.max(axis=1, keepdims=True)
        weights = np.exp(tilted - largest)
        cumulants = np.log(weights.mean(axis=1)) + largest[:, 0]
        means = (weights * values).sum(axis=1) / weights.sum(axis=1)
        rates = _TILTS * means - cumulants
        # Beyond the largest tilt: the line that touches the rate function there is below it.
        rate = np.interp(x, means, rates)
        rate = np.where(x > means[-1], rates[-1] + _TILTS[-1] * (x - means[-1]), rate)
        share = np.ones(len(x))
        share[1:] = np.minimum(1, 2 * rate[1:] / x[1:] ** 2)
        return cls(share)

    def share_at(self, mean: ArrayLike) -> NDArray[np.float64]:
        """Share of x²/2 at means, in standard deviations."""
        steps = np.arange(len(self.share))
        return np.interp(np.asarray(mean, dtype=np.float64) * STEPS_PER_DEVIATION, steps, self.share)
