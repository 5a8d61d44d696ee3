"""Numbers as the page words them: rates in percent, differences in points, a real minus, thin gaps."""

from __future__ import annotations

import math

import numpy as np

from slicecore.metrics.costs import Costs, Difference

_GAP = "\u202f"
_MINUS = "\u2212"


_SHORT_CAUSES = {
    "High-frequency noise": "HF noise",
    "Background noise or voices": "Noise",
    "A voice or an accent": "Voice",
    "Invented or unstopped output": "Unstopped",
}


def short_cause(label: str) -> str:
    """A cause in a word or two, for a tile."""
    return _SHORT_CAUSES.get(label, label.removeprefix("Very ").capitalize())


def value(number: float | None, costs: Costs, decimals: int = 1) -> str:
    """A value of the metric: "67.6 %" for rates, "3.21" for others, "–" when it is not known.

    A difference of two models is one of points: "+34.7 pts".
    """
    if number is None or math.isnan(number):
        return "–"
    if isinstance(costs, Difference):
        return drop(number, costs, decimals)
    return f"{100 * number:.{decimals}f}{_GAP}%" if costs.is_rate else f"{number:.3g}"


def both(costs: Difference, rows: np.ndarray | None = None, decimals: int = 1) -> str:
    """What two models have that are compared, in some clips or in all of them: "71.7 vs 24.6 %"."""
    first, second = (value(one.value(rows), one, decimals) for one in (costs.model, costs.other))
    return f"{first.removesuffix('%').strip() if second.endswith('%') else first} vs {second}"


def drop(number: float, costs: Costs, decimals: int = 1) -> str:
    """A difference to the whole: "+34.7 pts" for rates, "+3.21" for others, "–" if unknown. Positive is worse."""
    if math.isnan(number):
        return "–"
    sign = "+" if number > 0 else _MINUS if number < 0 else ""
    amount = abs(number)
    return f"{sign}{100 * amount:.{decimals}f}{_GAP}pts" if costs.is_rate else f"{sign}{amount:.3g}"


def share(number: float) -> str:
    """A share of something: "9.5 %"."""
    return "–" if math.isnan(number) else f"{100 * number:.1f}{_GAP}%"


def percent(number: float) -> str:
    """A share in whole percent: "97 %"; only what is all or nothing is 100 or 0."""
    whole = round(100 * number)
    if whole in (0, 100) and 0 < number < 1:
        whole = 1 if whole == 0 else 99
    return f"{whole}{_GAP}%"


def clips(count: int) -> str:
    """A number of clips: "35 clips", "1 clip"."""
    return f"{count:,} clip" if count == 1 else f"{count:,} clips"


def seconds(number: float) -> str:
    """A waiting time: "22 s", from 90 seconds on "3 min"."""
    return f"{max(1, round(number))} s" if number < 90 else f"{round(number / 60)} min"


def nothing_picked(has_problems: bool, what: str) -> str:
    """What to do in order to hear or see something: "Pick a problem to hear its clips"."""
    return (
        f"Pick a problem to hear {what}" if has_problems else "Filter the clips, or draw a lasso on the map"
    )
