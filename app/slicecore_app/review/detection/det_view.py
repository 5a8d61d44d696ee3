"""DET curves as the browser draws them: false accepts against false rejects, on axes of normal deviates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics.detection import DetectionCosts, normal_deviates
from slicecore.wording import rate, significant
from slicecore_app import wording
from slicecore_app.review.head.component import Figure

if TYPE_CHECKING:
    from slicecore.metrics.detection import DetectionCurve, DetectionRates
    from slicecore_app.review.review_result import ReviewResult

_TICKS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99)
"""Rates that an axis may begin and end with, and that stand on it."""
_LEAST_END = 0.4
_ROOM = 1.1
"""An axis goes on above the rates that matter by this factor."""
_DECIMALS = 2
"""Of the normal deviates that are drawn: an axis has some 4 of them on 400 px."""


@dataclass(frozen=True)
class Curve:
    """Curve of some clips.

    Attributes
    ----------
    name : of the clips.
    points : (false accepts, false rejects) in normal deviates, cut at the ends of the axes.
    threshold : the point at the threshold of now; None where the clips are of one kind.
    rows : lines of the table below, (what, value, interval).
    """

    name: str
    points: Sequence[tuple[float, float]]
    threshold: tuple[float, float] | None
    rows: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class DetView:
    """Curves of all clips and of the picked ones.

    Attributes
    ----------
    curves : the picked clips last, where some are picked.
    ticks : (normal deviate, text), the first and the last are the ends of both axes.
    title : the threshold in words.
    """

    curves: Sequence[Curve]
    ticks: Sequence[tuple[float, str]]
    title: str


def det_view(rows: NDArray[np.int64] | None, result: ReviewResult) -> DetView | None:
    """Curves of the picked clips (`rows`) and of all; None where the metric has no threshold."""
    scores, costs = result.detection, result.costs.model_costs
    if scores is None or not isinstance(costs, DetectionCosts):
        return None
    groups: list[tuple[str, NDArray[np.int64] | None]] = [("All clips", None)]
    if rows is not None and len(rows):
        groups.append(("These clips", rows))
    curves = [(name, scores.curve(group), scores.rates(costs.threshold, group)) for name, group in groups]
    ends = _ends([curve for _, curve, _ in curves], [rates for _, _, rates in curves])
    ticks = [tick for tick in _TICKS if ends[0] <= tick <= ends[1]]
    equal = " (equal error rate of all clips)" if costs.threshold == scores.equal_error_threshold else ""
    return DetView(
        [_curve(name, curve, rates, ends) for name, curve, rates in curves],
        [
            (round(float(deviate), _DECIMALS), rate(tick, 0 if tick >= 0.01 else 1))
            for deviate, tick in zip(normal_deviates(ticks), ticks, strict=True)
        ],
        f"Threshold {significant(costs.threshold)}{equal}",
    )


def rate_figures(rows: NDArray[np.int64], result: ReviewResult) -> list[Figure]:
    """False accepts and false rejects of the picked clips, each with its interval and the rate of all clips."""
    scores, costs = result.detection, result.costs.model_costs
    if scores is None or not isinstance(costs, DetectionCosts):
        return []
    own, whole = scores.rates(costs.threshold, rows), scores.rates(costs.threshold)
    kinds = (
        (
            "False accepts",
            "that are to be rejected",
            (own.false_accepts, own.nontargets),
            own.false_accept_interval,
            whole.false_accept_rate,
        ),
        (
            "False rejects",
            "that are to be accepted",
            (own.false_rejects, own.targets),
            own.false_reject_interval,
            whole.false_reject_rate,
        ),
    )
    return [
        Figure(
            label,
            rate(count / of if of else None),
            hint=f"{count:,} of {wording.clips(of)} {which}{_between(interval)}; {rate(everywhere)} over all clips",
        )
        for label, which, (count, of), interval, everywhere in kinds
    ]


def _between(interval: tuple[float, float]) -> str:
    low, high = interval
    return "" if np.isnan(low) else f", 95 % interval {rate(low)} to {rate(high)}"


def _ends(curves: Sequence[DetectionCurve], rates: Sequence[DetectionRates]) -> tuple[float, float]:
    """Ends of both axes: what one error among the clips is, and all that matters of the curves."""
    clips = max(max(each.nontargets, each.targets) for each in rates)
    low = max((tick for tick in _TICKS[:6] if tick * clips <= 1), default=_TICKS[0])
    matters = [curve.equal_error_rate for curve in curves]
    matters += [value for each in rates for value in (each.false_accept_rate, each.false_reject_rate)]
    largest = float(np.nanmax([_LEAST_END, *(_ROOM * value for value in matters)]))
    return low, next((tick for tick in _TICKS if tick >= largest), _TICKS[-1])


def _curve(name: str, curve: DetectionCurve, rates: DetectionRates, ends: tuple[float, float]) -> Curve:
    has_both = bool(rates.nontargets and rates.targets)
    points = _deviates(curve.false_accept_rate, curve.false_reject_rate, ends) if has_both else []
    at = np.array([rates.false_accept_rate]), np.array([rates.false_reject_rate])
    return Curve(
        f"{name} ({rates.nontargets + rates.targets:,})",
        list(dict.fromkeys(points)),  # thousands of thresholds lie on one dot of the screen
        _deviates(*at, ends)[0] if has_both else None,
        [
            _row("False accepts", rates.false_accepts, rates.nontargets, rates.false_accept_interval),
            _row("False rejects", rates.false_rejects, rates.targets, rates.false_reject_interval),
            ("Equal error rate", rate(curve.equal_error_rate), ""),
        ],
    )


def _row(what: str, count: int, of: int, interval: tuple[float, float]) -> tuple[str, str, str]:
    low, high = interval
    between = "" if np.isnan(low) else f"{rate(low)} to {rate(high)}"
    return what, f"{rate(count / of if of else None)} ({count:,} of {of:,})", between


def _deviates(
    accepts: NDArray[np.float64], rejects: NDArray[np.float64], ends: tuple[float, float]
) -> list[tuple[float, float]]:
    across, up = (
        normal_deviates(np.clip(side, *ends)).round(_DECIMALS).tolist() for side in (accepts, rejects)
    )
    return list(zip(across, up, strict=True))
