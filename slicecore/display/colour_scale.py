"""Positions on a colour scale: drops of clips and clusters, and values of a column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics.costs import Costs

_WORST = 0.99  # quantile of the clips whose drop gets the end of a scale without natural unit
_ENDS = (0.01, 0.99)  # quantiles of a column at the ends of its scale


@dataclass(frozen=True, eq=False)
class ScaledColumn:
    """Numbers of a column on a scale.

    Attributes
    ----------
    position : (n,) from 0 to 1, NaN where there is no number.
    low, high : numbers at the ends.
    """

    position: NDArray[np.float64]
    low: float
    high: float


def points_per_unit(costs: Costs, overall: float, end: float) -> float:
    """Factor from drops to points of the colour scale.

    Rates are in percentage points. Other metrics have no natural range: the drop of the worst percent of the clips
    gets the end of the scale.

    Parameters
    ----------
    costs
        The metric.
    overall
        Its value over all clips.
    end
        Points at the end of the scale.
    """
    if costs.is_rate:
        return 100.0
    values = costs.per_clip()
    drops = costs.drop(values[np.isfinite(values)], overall)
    worst = float(np.quantile(drops, _WORST)) if len(drops) else 0.0
    return end / worst if worst > 0 else 1.0


def scale_column(values: NDArray[np.float64]) -> ScaledColumn:
    """Numbers between the 1st and the 99th percentile of a column; what lies beyond gets the ends.

    Parameters
    ----------
    values : (n,)
        NaN where a number is missing.
    """
    known = values[~np.isnan(values)]
    low, high = np.quantile(known, _ENDS).tolist() if len(known) else (0.0, 1.0)
    return ScaledColumn(np.clip((values - low) / ((high - low) or 1.0), 0, 1), low, high)
