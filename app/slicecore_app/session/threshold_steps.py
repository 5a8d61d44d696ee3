"""Steps, defaults and units of the two thresholds, as their sliders have them.

The minimum support is a number of clips, or a percentage of all clips where it is a share. The minimum drop is in
percentage points for rates, in percent of the overall value where it is relative, else in the metric's own unit.
"""

from __future__ import annotations

import numpy as np

from slicecore.metrics import Costs
from slicecore.slices.options import clips_of_share

SMALLEST_SUPPORT = 5
SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50)
"""Steps of the minimum support as a share, in percent of all clips."""
_SUPPORTS = (
    *(2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80),
    *(int(base * 10**power) for power in range(2, 7) for base in (1, 1.5, 2, 3, 4, 5, 6, 8)),
)
DEFAULT_DROP = 0.1
"""Default drop of rates, as a share."""
DEFAULT_RELATIVE = 50
"""Percent of the overall value, where drops are counted so."""
LARGEST_RELATIVE = 200
RELATIVE_STEP = 5
DROP_STEPS = 200
"""Steps of the slider, for metrics without a natural unit."""


def support_choices(clips: int) -> list[int]:
    """Numbers of clips: fine for small numbers, coarse for large ones, up to half of the clips."""
    return [step for step in _SUPPORTS if step <= max(SMALLEST_SUPPORT, clips // 2)]


def share_choices(clips: int) -> list[float]:
    """Shares in percent; none that is less than two clips."""
    return [percent for percent in SHARES if percent / 100 * clips >= 2] or [SHARES[-1]]


def support_steps(clips: int, is_share: bool) -> list[float] | list[int]:
    """Steps of the minimum support."""
    return share_choices(clips) if is_share else support_choices(clips)


def clips_of_percent(percent: float, clips: int) -> int:
    """Number of clips that a percentage of all is at least, as the scan counts it."""
    return clips_of_share(percent / 100, clips)


def default_support(clips: int, is_share: bool = False) -> float:
    """Half a percent of the clips, at least five of them, on a step."""
    wanted = max(SMALLEST_SUPPORT, clips / 200)
    count = max(step for step in support_choices(clips) if step <= wanted)
    if not is_share:
        return count
    choices = share_choices(clips)
    return next((share for share in choices if clips_of_percent(share, clips) >= count), choices[-1])


def support_below(support: int) -> int:
    """The largest number of clips of the slider up to a support; its first where there is none."""
    return max((step for step in _SUPPORTS if step <= support), default=_SUPPORTS[0])


def drop_steps(costs: Costs, relative: bool) -> list[float] | list[int]:
    """Steps of the minimum drop."""
    if relative:
        return list(range(0, LARGEST_RELATIVE + 1, RELATIVE_STEP))
    if costs.is_rate:
        return list(range(101))
    largest = 10 * default_drop(costs)
    return [float(f"{largest * step / DROP_STEPS:.6g}") for step in range(DROP_STEPS + 1)]


def default_drop(costs: Costs, relative: bool = False) -> float:
    """Ten points for rates, half of the overall value where drops are relative, a quarter of it otherwise."""
    if relative:
        return DEFAULT_RELATIVE
    if costs.is_rate:
        return round(100 * DEFAULT_DROP)
    overall = costs.model_costs.value()
    return (float(f"{abs(overall) / 4:.1g}") if np.isfinite(overall) else 0.0) or DEFAULT_DROP


def per_unit(is_rate: bool, relative: bool) -> int:
    """Steps of the slider for one unit of a drop in the scan: 100 for rates and shares, which are in percent."""
    return 100 if is_rate or relative else 1
