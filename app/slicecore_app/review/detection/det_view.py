"""DET curves as the browser draws them: of all clips and the picked ones, of one model or two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.display.det_plot import DetLine, Point, det_plot, thresholds_text
from slicecore.metrics.detection import DetectionCosts
from slicecore.wording import rate
from slicecore_app import wording
from slicecore_app.review.head.component import Figure

if TYPE_CHECKING:
    from slicecore.metrics import DetectionTable
    from slicecore_app.review.review_result import ReviewResult

WHOLE, PICKED = "whole", "picked"


@dataclass(frozen=True)
class Curve:
    """Curve of some clips.

    Attributes
    ----------
    name : of the clips, and of the model where there are two.
    clips : `WHOLE` or `PICKED`.
    is_other : whether it is of the model that is compared with.
    points : (false accepts, false rejects) in normal deviates, cut at the ends of the axes.
    threshold : the point at the threshold of now; None where the clips are of one kind.
    rows : lines of the table below, (what, value, interval).
    """

    name: str
    clips: str
    is_other: bool
    points: Sequence[Point]
    threshold: Point | None
    rows: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class DetView:
    """Curves of all clips and of the picked ones, by one model or by two.

    Attributes
    ----------
    curves : the picked clips after all clips, the first model before the other.
    ticks : (normal deviate, text), the first and the last are the ends of both axes.
    title : the threshold, or both, in words.
    """

    curves: Sequence[Curve]
    ticks: Sequence[tuple[float, str]]
    title: str


def det_view(rows: NDArray[np.int64] | None, result: ReviewResult) -> DetView | None:
    """Curves of the picked clips (`rows`) and of all; None where the metric has no threshold."""
    models = _models(result)
    if not models:
        return None
    groups: list[tuple[str, str, NDArray[np.int64] | None]] = [("All clips", WHOLE, None)]
    if rows is not None and len(rows):
        groups.append(("These clips", PICKED, rows))
    every = [(group, model) for group in groups for model in models]
    plot = det_plot([(scores, threshold, members) for (*_, members), (_, scores, threshold) in every])
    several = len(models) > 1
    return DetView(
        [
            _curve(f"{name}, {model}" if several else name, clips, several and model != models[0][0], line)
            for ((name, clips, _), (model, *_)), line in zip(every, plot.lines, strict=True)
        ],
        plot.ticks,
        thresholds_text(models),
    )


def _models(result: ReviewResult) -> list[tuple[str, DetectionTable, float]]:
    """Name, scores and threshold of the model on the page, and of the one it is compared with."""
    costs = result.costs
    named = costs.compared or ((result.prediction, costs),)
    scoring = result.table.scoring
    return [
        (name, scoring.detection(name), each.threshold)
        for name, each in named
        if isinstance(each, DetectionCosts)
    ]


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


def _curve(name: str, clips: str, is_other: bool, line: DetLine) -> Curve:
    rates = line.rates
    return Curve(
        f"{name} ({rates.nontargets + rates.targets:,})",
        clips,
        is_other,
        line.points,
        line.at_threshold,
        line.rows,
    )
