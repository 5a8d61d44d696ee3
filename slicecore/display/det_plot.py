"""DET curves as data: false accepts against false rejects on axes of normal deviates, cut to what matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slicecore.metrics import DetectionTable
from slicecore.metrics.costs import Members
from slicecore.metrics.detection import DetectionCurve, DetectionRates, normal_deviates
from slicecore.wording import rate, significant

_TICKS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99)
"""Rates that an axis may begin and end with, and that stand on it."""
_FIRST_TICKS = 6
"""Ticks with which an axis may begin."""
_LEAST_END = 0.4
_ROOM = 1.1
"""An axis goes on above the rates that matter by this factor."""
_DECIMALS = 2
"""Of the normal deviates that are drawn: an axis has some 4 of them on 400 px."""

Point = tuple[float, float]
"""False accepts and false rejects, in normal deviates."""


@dataclass(frozen=True)
class DetLine:
    """Curve of a detector over some clips.

    Attributes
    ----------
    points : of the curve, cut at the ends of the axes; none where the clips are of one kind.
    at_threshold : the operating point; None where the clips are of one kind.
    rates : errors at the threshold.
    equal_error_rate : NaN where the clips are of one kind.
    """

    points: tuple[Point, ...]
    at_threshold: Point | None
    rates: DetectionRates
    equal_error_rate: float

    @property
    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """Name, value and 95 % interval of both rates, and the equal error rate, as texts."""
        rates = self.rates
        return (
            _row("False accepts", rates.false_accepts, rates.nontargets, rates.false_accept_interval),
            _row("False rejects", rates.false_rejects, rates.targets, rates.false_reject_interval),
            ("Equal error rate", rate(self.equal_error_rate), ""),
        )


@dataclass(frozen=True)
class DetPlot:
    """Curves on the same axes; `ticks` are (normal deviate, text), the first and the last are the ends of both axes."""

    lines: tuple[DetLine, ...]
    ticks: tuple[tuple[float, str], ...]


def det_plot(groups: Sequence[tuple[DetectionTable, float, Members | None]]) -> DetPlot:
    """Curves of groups of clips, each given as the scores of a detector, its threshold, and the clips (None: all)."""
    curves = [scores.curve(members) for scores, _, members in groups]
    rates = [scores.rates(threshold, members) for scores, threshold, members in groups]
    ends = _ends(curves, rates)
    ticks = [tick for tick in _TICKS if ends[0] <= tick <= ends[1]]
    deviates = normal_deviates(ticks).round(_DECIMALS).tolist()
    return DetPlot(
        tuple(_line(curve, each, ends) for curve, each in zip(curves, rates, strict=True)),
        tuple(
            (deviate, rate(tick, 0 if tick >= 0.01 else 1))
            for deviate, tick in zip(deviates, ticks, strict=True)
        ),
    )


def thresholds_text(models: Sequence[tuple[str, DetectionTable, float]]) -> str:
    """Thresholds of models, given as name, scores and threshold, in words: one where it is the same for all."""
    equal = all(threshold == scores.equal_error_threshold for _, scores, threshold in models)
    note = " (equal error rate of all clips)" if equal else ""
    texts = {name: significant(threshold) for name, _, threshold in models}
    if len(set(texts.values())) == 1:
        return f"Threshold {next(iter(texts.values()))}{note}"
    each = ", ".join(f"{text} for {name}" for name, text in texts.items())
    return f"Thresholds {each}{note}"


def _row(what: str, count: int, of: int, interval: tuple[float, float]) -> tuple[str, str, str]:
    low, high = interval
    between = "" if np.isnan(low) else f"{rate(low)} to {rate(high)}"
    return what, f"{rate(count / of if of else None)} ({count:,} of {of:,})", between


def _ends(curves: Sequence[DetectionCurve], rates: Sequence[DetectionRates]) -> tuple[float, float]:
    """Ends of both axes: what one error among the clips is, and all that matters of the curves."""
    clips = max(max(each.nontargets, each.targets) for each in rates)
    low = max((tick for tick in _TICKS[:_FIRST_TICKS] if tick * clips <= 1), default=_TICKS[0])
    matters = [curve.equal_error_rate for curve in curves]
    matters += [value for each in rates for value in (each.false_accept_rate, each.false_reject_rate)]
    largest = float(np.nanmax([_LEAST_END, *(_ROOM * value for value in matters)]))
    return low, next((tick for tick in _TICKS if tick >= largest), _TICKS[-1])


def _line(curve: DetectionCurve, rates: DetectionRates, ends: tuple[float, float]) -> DetLine:
    if not (rates.nontargets and rates.targets):
        return DetLine((), None, rates, np.nan)
    points = _deviates(curve.false_accept_rate, curve.false_reject_rate, ends)
    at = np.array([rates.false_accept_rate]), np.array([rates.false_reject_rate])
    return DetLine(
        tuple(dict.fromkeys(points)),  # thousands of thresholds lie on one dot of the screen
        _deviates(*at, ends)[0],
        rates,
        curve.equal_error_rate,
    )


def _deviates(
    accepts: NDArray[np.float64], rejects: NDArray[np.float64], ends: tuple[float, float]
) -> list[Point]:
    across, up = (
        normal_deviates(np.clip(side, *ends)).round(_DECIMALS).tolist() for side in (accepts, rejects)
    )
    return list(zip(across, up, strict=True))
