"""Plots of a report that the kind of task asks for: confusion of labels, DET curves, the distribution of a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.display.confusion_colours import cell_points, change_points
from slicecore.display.det_plot import DetLine, det_plot, thresholds_text
from slicecore.explain.effects import histogram_of
from slicecore.metrics import DetectionTable, LabelComparison, LabelTable
from slicecore.metrics.detection import DetectionCosts
from slicecore.report.html.plots import Distribution, colour_step, distribution_of_values
from slicecore.wording import clips, fixed, signed

if TYPE_CHECKING:
    from slicecore.report.html.findings import Findings
    from slicecore.slices.result import Slice

MOST_CLASSES, MOST_IN_SLICES = 30, 12
"""Rows of the matrix of all clips, and of that of a slice; with more classes the last one stands for the others."""
SIZE, LEFT, FOOT, EDGE = 300.0, 40.0, 36.0, 10.0
"""Sides of a DET plot, and its room for ticks and names."""

Cell = tuple[str, int | None]
"""Text of a cell, and the step of its colour on the drop scale; None without colour."""


@dataclass(frozen=True)
class MatrixPlot:
    """Confusion matrix: its title, and rows with their label and cells; columns have the same labels."""

    title: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class DetCurve:
    """Curve of some clips by a detector.

    Attributes
    ----------
    name : of the clips, and of the model where there are two.
    look : "rest" of all clips, "inside" of a slice, with "other" for the second model.
    points : of the line, as SVG has them; "" where the clips are of one kind.
    at : the operating point; None where the clips are of one kind.
    rows : what, value and interval of each rate.
    """

    name: str
    look: str
    points: str
    at: tuple[float, float] | None
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class DetPicture:
    """DET curves in a square of `SIZE`: curves, ticks as (across, up, text), and the thresholds in words."""

    curves: tuple[DetCurve, ...]
    ticks: tuple[tuple[float, float, str], ...]
    thresholds: str

    @property
    def text(self) -> str:
        """The picture in words."""
        rates = (
            f"{curve.name}: {', '.join(f'{what} {value}' for what, value, _ in curve.rows)}"
            for curve in self.curves
        )
        return ". ".join(["DET curve", *rates])


@dataclass(frozen=True)
class TaskPlots:
    """Plots of some clips by the kind of task; most tables have one kind of them, transcripts none."""

    matrices: tuple[MatrixPlot, ...] = ()
    det: DetPicture | None = None
    spread: Distribution | None = None

    def __bool__(self) -> bool:
        return bool(self.matrices or self.det or self.spread)


class TaskPlotting:
    """Draws all clips and slices as the kind of task asks for; what is the same for all is made once.

    Parameters
    ----------
    findings
        The clips and slices.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        costs = findings.scan.costs
        self._models = costs.compared or ((findings.data.roles.predictions[0], costs),)

    def of(self, slice_: Slice | None = None) -> TaskPlots:
        """Plots of a slice, or of all clips."""
        members = None if slice_ is None else slice_.members
        return TaskPlots(self._matrices(members), self._det(members), self._spread(members))

    @cached_property
    def _labels(self) -> tuple[tuple[str, LabelTable], ...]:
        """Labels by the name of the model; none where labels are not compared, or are too many."""
        if self._findings.scan.costs.unit != "labels":
            return ()
        data = self._findings.data
        tables = [(name, LabelTable(data.reference, data.predictions[name])) for name, _ in self._models]
        return tuple(tables) if all(table.has_matrix for _, table in tables) else ()

    @cached_property
    def _comparison(self) -> LabelComparison | None:
        if len(self._labels) < 2:
            return None
        (_, model), (_, other) = self._labels
        return LabelComparison(model, other)

    def _matrices(self, members: NDArray[np.int64] | None) -> tuple[MatrixPlot, ...]:
        most = MOST_CLASSES if members is None else MOST_IN_SLICES
        plots = []
        if self._comparison is None:
            for _, table in self._labels:
                drawn = table.confusion(members).condensed(most)
                plots.append(_matrix("", drawn.labels, drawn.counts, cell_points(drawn)))
            return tuple(plots)
        change = self._comparison.change(members, most)
        for (name, _), drawn in zip(self._labels, (change.model, change.other), strict=True):
            plots.append(_matrix(name, drawn.labels, drawn.counts, cell_points(drawn)))
        moved = change.gained + change.lost > 0
        texts = np.where(moved, [[signed(each) for each in row] for row in change.gained - change.lost], "")
        return (*plots, _matrix("Difference", change.model.labels, texts, change_points(change)))

    @cached_property
    def _detectors(self) -> tuple[tuple[str, DetectionTable, float], ...]:
        data = self._findings.data
        return tuple(
            (name, DetectionTable(data.reference, data.predictions[name]), costs.threshold)
            for name, costs in self._models
            if isinstance(costs, DetectionCosts)
        )

    def _det(self, members: NDArray[np.int64] | None) -> DetPicture | None:
        if not self._detectors:
            return None
        groups: list[tuple[str, str, NDArray[np.int64] | None]] = [("All clips", "rest", None)]
        if members is not None:
            groups.append(("This slice", "inside", members))
        every = [(group, detector) for group in groups for detector in self._detectors]
        plot = det_plot([(scores, threshold, rows) for (*_, rows), (_, scores, threshold) in every])
        low, high = plot.ticks[0][0], plot.ticks[-1][0]
        axis = _DetAxis(low, (SIZE - LEFT - EDGE) / (high - low))
        curves = []
        for ((clips_name, look, _), (model, *_)), line in zip(every, plot.lines, strict=True):
            name = f"{clips_name}, {model}" if len(self._detectors) > 1 else clips_name
            is_other = model != self._detectors[0][0]
            curves.append(_curve(name, f"{look} other" if is_other else look, line, axis))
        ticks = tuple((axis.across(at), axis.up(at), text) for at, text in plot.ticks)
        return DetPicture(tuple(curves), ticks, thresholds_text(self._detectors))

    def _spread(self, members: NDArray[np.int64] | None) -> Distribution | None:
        """The values of single clips, where they are no rates."""
        costs, values = self._findings.scan.costs, self._findings.clip_values
        known = np.isfinite(values)
        if costs.is_rate or not known.any():
            return None
        inside = (
            np.ones(len(values), dtype=bool) if members is None else np.isin(np.arange(len(values)), members)
        )
        both = values[inside & known], values[~inside & known]
        if not len(both[0]):
            return None
        middle = [f"median {costs.value_text(float(np.median(side)))}" for side in both if len(side)]
        numbers = middle[0] if members is None or len(middle) < 2 else f"{middle[0]} (rest: {middle[1][7:]})"
        return distribution_of_values(
            f"{costs.name} of single clips", numbers, clips(len(both[0])), histogram_of(*both), costs
        )


@dataclass(frozen=True)
class _DetAxis:
    """Places of normal deviates, the same on both axes: `low` is the least, `scale` the length of one."""

    low: float
    scale: float

    def across(self, deviate: float) -> float:
        return round(LEFT + (deviate - self.low) * self.scale, 1)

    def up(self, deviate: float) -> float:
        return round(SIZE - LEFT - (deviate - self.low) * self.scale, 1)


def _curve(name: str, look: str, line: DetLine, axis: _DetAxis) -> DetCurve:
    at = line.at_threshold
    count = line.rates.nontargets + line.rates.targets
    return DetCurve(
        f"{name} ({fixed(count)})",
        look,
        " ".join(f"{axis.across(x)},{axis.up(y)}" for x, y in line.points),
        None if at is None else (axis.across(at[0]), axis.up(at[1])),
        line.rows,
    )


def _matrix(title: str, labels: tuple[str, ...], cells: NDArray, points: NDArray[np.float64]) -> MatrixPlot:
    rows = []
    for label, row, colours in zip(labels, cells.tolist(), points.tolist(), strict=True):
        texts = [each if isinstance(each, str) else fixed(each) if each else "" for each in row]
        steps = [None if np.isnan(each) else colour_step(each) for each in colours]
        rows.append((label, tuple(zip(texts, steps, strict=True))))
    return MatrixPlot(title, labels, tuple(rows))
