"""Effects that set a group of clips apart: measurements that are higher or lower, values that are commoner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.explain.claim import Claim
from slicecore.measurements.measurement import Measurement


@dataclass(frozen=True)
class Effect:
    """A measurement that is higher or lower in a group than in the others.

    Attributes
    ----------
    measurement : what is measured, with label and unit.
    probability : that a clip of the group exceeds one of the others, a tie counting half.
    interval : its 95 % interval, see `slicecore.explain.ranks.probability_interval`.
    p_value, q_value : of the Mann-Whitney test, and corrected for all questions asked (Benjamini and Hochberg, 1995).
    inside, outside : medians of the group and of the others.
    typical : row of the clip of the group that is nearest to its median.
    claim : whether it is the reason of the group's errors, by the other clips that are like it; None where not asked.
    """

    measurement: Measurement
    probability: float
    interval: tuple[float, float]
    p_value: float
    q_value: float
    inside: float
    outside: float
    typical: int
    claim: Claim | None = None

    @property
    def name(self) -> str:
        """Column of the measurement."""
        return self.measurement.name

    @property
    def higher(self) -> bool:
        """True if the group has more of it than the others."""
        return self.probability >= 0.5

    @property
    def pairs(self) -> float:
        """Share of the pairs of a clip of the group and one of the others that differ this way, ties counting half."""
        return max(self.probability, 1 - self.probability)


@dataclass(frozen=True)
class ValueEffect:
    """A value of a metadata column that is commoner in a group than in the others.

    Attributes
    ----------
    column, value : such as "accent" and "Scottish".
    count_inside, inside, count_outside, outside : clips with the value, of all clips, in the group and in the others.
    p_value, q_value : of Fisher's exact test, twice the one-sided p; corrected for all questions asked.
    claim : whether it is the reason of the group's errors, by the other clips that have it; None where not asked.
    """

    column: str
    value: str
    count_inside: int
    inside: int
    count_outside: int
    outside: int
    p_value: float
    q_value: float
    claim: Claim | None = None

    @property
    def share_inside(self) -> float:
        """Share of the group with the value."""
        return self.count_inside / self.inside

    @property
    def share_outside(self) -> float:
        """Share of the others with the value."""
        return self.count_outside / self.outside if self.outside else 0.0


@dataclass(frozen=True)
class Effects:
    """Effects that set a group apart, the largest first.

    Attributes
    ----------
    measurements, metadata : large and significant ones.
    largest : the largest difference in a measurement, whether it is large enough or not; None where none is measured.
    """

    measurements: tuple[Effect, ...]
    metadata: tuple[ValueEffect, ...]
    largest: Effect | None


@dataclass(frozen=True, eq=False)
class Histogram:
    """Distribution of a measurement in a group and in the others.

    Attributes
    ----------
    edges : (bins + 1,) limits of the bins; what lies beyond the ends counts in the outer bins.
    inside, outside : (bins,) clips in each.
    """

    edges: NDArray[np.float64]
    inside: NDArray[np.int64]
    outside: NDArray[np.int64]


def histogram_of(inside: NDArray[np.float64], outside: NDArray[np.float64], bins: int = 24) -> Histogram:
    """Count the values of a group and of the others in bins of equal width.

    The bins go from the .5th to the 99.5th percentile of either, whichever is further out.
    """
    ends = [np.quantile(side, [0.005, 0.995]) for side in (inside, outside) if len(side)]
    low, high = (min(e[0] for e in ends), max(e[1] for e in ends)) if ends else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, bins + 1)
    counts = [np.histogram(np.clip(side, low, high), edges)[0] for side in (inside, outside)]
    return Histogram(edges, counts[0], counts[1])
