"""Numbers as the page words them: rates in percent, differences in points, a real minus, thin gaps."""

from __future__ import annotations

import math

from slicecore.metrics import Costs

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
    """A value of the metric: "67.6 %" for rates, "3.21" for others, "–" when it is not known."""
    if number is None or math.isnan(number):
        return "–"
    return f"{100 * number:.{decimals}f}{_GAP}%" if costs.is_rate else f"{number:.3g}"


def drop(number: float, costs: Costs) -> str:
    """A difference to the whole: "+34.7 pts" for rates, "+3.21" for others, "–" if unknown. Positive is worse."""
    if math.isnan(number):
        return "–"
    sign = "+" if number > 0 else _MINUS if number < 0 else ""
    amount = abs(number)
    return f"{sign}{100 * amount:.1f}{_GAP}pts" if costs.is_rate else f"{sign}{amount:.3g}"


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
