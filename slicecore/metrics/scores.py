"""Agreement of predicted and actual scores, in groups of clips."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.groups import rows_of
from slicecore.metrics.costs import Members, Values, check_lengths
from slicecore.metrics.values import numbers_of

_FEWEST = 3  # clips for a correlation


class ScoreTable:
    """Scores of a table as numbers.

    Parameters
    ----------
    reference, prediction
        (n,) numbers, as text or as such.

    Raises
    ------
    MetricError
        The lengths differ, or a value is no finite number (names row and column).
    """

    def __init__(self, reference: Values, prediction: Values) -> None:
        check_lengths(reference, prediction)
        self.actual: NDArray[np.float64] = numbers_of(reference, "reference")
        self.predicted: NDArray[np.float64] = numbers_of(prediction, "prediction")

    def bias(self, group: Members | None = None) -> float:
        """Mean of prediction minus reference of a group, of all by default; NaN of no clips."""
        rows = rows_of(group, len(self.actual))
        return float((self.predicted[rows] - self.actual[rows]).mean()) if len(rows) else np.nan

    def correlation(self, group: Members | None = None) -> float:
        """Pearson correlation of a group, of all by default; NaN of fewer than 3 clips or where a side is constant."""
        rows = rows_of(group, len(self.actual))
        sides = self.actual[rows], self.predicted[rows]
        if len(rows) < _FEWEST or min(np.ptp(side) for side in sides) == 0:
            return np.nan
        return float(np.corrcoef(*sides)[0, 1])

    def places(self) -> NDArray[np.float32]:
        """Places on a plane, (n, 2): actual score across, predicted score up, both on one scale from 0 to 1."""
        both = np.stack([self.actual, self.predicted], axis=1)
        low, high = (both.min(), both.max()) if both.size else (0.0, 0.0)
        places: NDArray[np.float32] = ((both - low) / max(high - low, 1e-12)).astype(np.float32)
        return places
