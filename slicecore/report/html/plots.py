"""Geometry of the plots: numbers to places between 0 and 100, which the template draws as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicecore.display.palette import DROP_POINTS
from slicecore.explain.sentences import comparisons_phrase, medians_phrase

if TYPE_CHECKING:
    from slicecore.explain.effects import Effect, Histogram
    from slicecore.metrics import Costs
    from slicecore.slices.impact import Waterfall

WIDTH = 100.0
COLOUR_STEP = 5
"""Points of the drop scale from one colour of the report to the next."""
MOST_STEPS = 20
"""Slices that a waterfall has a bar for; the others are one bar."""

_TICKS = 5
_LEAST_SPAN = 1e-12  # what is nearer together than rounding is the same
_ROOM = 0.04  # of the axis beyond the outermost number


@dataclass(frozen=True)
class Axis:
    """Numbers from `low` to `high` at places from 0 to 100.

    Attributes
    ----------
    ticks : place and text of each tick.
    mark : place of the overall value; NaN where there is none.
    """

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    mark: float = math.nan

    def place(self, number: float) -> float:
        """Place of a number, within 0 and 100."""
        share = (number - self.low) / (self.high - self.low)
        return round(WIDTH * min(1.0, max(0.0, share)), 2)


@dataclass(frozen=True)
class Span:
    """A value with its interval at places of an axis; `known` is False where there is no value."""

    low: float
    at: float
    high: float
    known: bool = True


@dataclass(frozen=True)
class Level:
    """A level of a waterfall, or a step between two: its name, ends, and the id of the slice it is of, "" for none."""

    label: str
    start: float
    end: float
    slice: str = ""

    @property
    def change(self) -> float:
        """Change of the value along it."""
        return self.end - self.start


@dataclass(frozen=True)
class Bar:
    """A bar of a waterfall.

    Attributes
    ----------
    label, text : what it is of, and its number.
    start, width : its place.
    zero : place of the number 0.
    kind : "total", "better" or "worse".
    anchor : the slice that it is of, as a place in the document; "" for none.
    number : of the slice, "" for none.
    """

    label: str
    text: str
    start: float
    width: float
    zero: float
    kind: str
    anchor: str = ""
    number: str = ""


@dataclass(frozen=True)
class Distribution:
    """Distribution of a measurement in a slice and in the rest, as two polygons of steps.

    Attributes
    ----------
    label, numbers, pairs, hint : its name, both medians, the share of comparisons, what it measures.
    claim : whether it is the reason; "" where there is nothing to add.
    inside, rest : points of the polygons in a box of 100 by 40, the slice up and the rest down from the middle.
    low, high : ends of the axis.
    """

    label: str
    numbers: str
    pairs: str
    hint: str
    claim: str
    inside: str
    rest: str
    low: str
    high: str


def axis_of(numbers: Iterable[float], costs: Costs, overall: float) -> Axis:
    """Axis with round ticks that has room for all numbers; from 0 on where none is negative."""
    known = [number for number in (*numbers, overall) if math.isfinite(number)]
    low, high = min([0.0, *known]), max([0.0, *known])
    if high - low < _LEAST_SPAN:
        high = low + 1.0
    high += _ROOM * (high - low) if high > 0 else 0.0
    low -= _ROOM * (high - low) if low < 0 else 0.0
    bare = Axis(low, high)
    step = _round_step((high - low) / _TICKS)
    first = math.ceil(low / step - 1e-9)
    ticks = [step * i for i in range(first, math.floor(high / step + 1e-9) + 1)]
    decimals = 0 if step >= 0.01 else 1
    return Axis(
        low,
        high,
        tuple((bare.place(tick), costs.value_text(tick + 0.0, decimals)) for tick in ticks),
        bare.place(overall) if math.isfinite(overall) else math.nan,
    )


def span_of(value: float, interval: tuple[float, float], axis: Axis) -> Span:
    """A value with its interval on an axis."""
    if not math.isfinite(value):
        return Span(0.0, 0.0, 0.0, known=False)
    low, high = (bound if math.isfinite(bound) else value for bound in interval)
    return Span(axis.place(low), axis.place(value), axis.place(high))


def waterfall_levels(steps: Waterfall, costs: Costs, names: Mapping[str, str]) -> tuple[Level, ...]:
    """Levels of a waterfall: the overall value, each slice from the largest change on, and what is left.

    Parameters
    ----------
    steps
        The waterfall.
    costs
        The metric.
    names
        Name of every slice by id.
    """
    levels = [Level(f"Overall {costs.name}", 0.0, steps.overall)]
    for step in steps.steps[:MOST_STEPS]:
        levels.append(Level(names[step.slice.id], step.before, step.after, step.slice.id))
    others = steps.steps[MOST_STEPS:]
    if others:
        levels.append(Level(f"{len(others)} other slices", others[0].before, steps.rest))
    return (*levels, Level("If all were fixed", 0.0, steps.rest))


def waterfall_bars(
    steps: Waterfall, costs: Costs, names: Mapping[str, str], numbers: Mapping[str, int]
) -> tuple[Bar, ...]:
    """Bars of a waterfall; `numbers` are the ranks of the slices by id, the other parameters those of its levels."""
    axis = axis_of([steps.overall, steps.rest, *(step.after for step in steps.steps)], costs, steps.overall)
    levels = waterfall_levels(steps, costs, names)
    return tuple(
        _bar(level, place in (0, len(levels) - 1), costs, axis, numbers) for place, level in enumerate(levels)
    )


def distribution(effect: Effect, histogram: Histogram) -> Distribution:
    """The distribution of a measurement, drawn each to its own largest bar."""
    show = effect.measurement.show
    claim = effect.claim.text if effect.claim else ""
    return Distribution(
        label=effect.measurement.label,
        numbers=medians_phrase(effect),
        pairs=comparisons_phrase(effect),
        hint=effect.measurement.description,
        claim=claim,
        inside=_steps(histogram.inside, up=True),
        rest=_steps(histogram.outside, up=False),
        low=show(float(histogram.edges[0])),
        high=show(float(histogram.edges[-1])),
    )


def distribution_of_values(
    label: str, numbers: str, note: str, histogram: Histogram, costs: Costs
) -> Distribution:
    """The distribution of the values of single clips, in a slice and in the rest; `rest` is "" where all are inside."""
    return Distribution(
        label=label,
        numbers=numbers,
        pairs=note,
        hint="Every clip by itself",
        claim="",
        inside=_steps(histogram.inside, up=True),
        rest=_steps(histogram.outside, up=False) if histogram.outside.any() else "",
        low=costs.value_text(float(histogram.edges[0])),
        high=costs.value_text(float(histogram.edges[-1])),
    )


def colour_step(points: float) -> int:
    """Colour of a drop: a step of `COLOUR_STEP` points, counted from the lower end of the scale."""
    low, high = DROP_POINTS[0], DROP_POINTS[-1]
    within = min(high, max(low, points if math.isfinite(points) else 0.0))
    return round((within - low) / COLOUR_STEP)


def _bar(level: Level, is_total: bool, costs: Costs, axis: Axis, numbers: Mapping[str, int]) -> Bar:
    left, right = sorted((axis.place(level.start), axis.place(level.end)))
    return Bar(
        label=level.label,
        text=costs.value_text(level.end) if is_total else costs.drop_text(level.change),
        start=left,
        width=round(right - left, 2),
        zero=axis.place(0.0),
        kind="total" if is_total else _kind(level.change, costs),
        anchor=f"slice-{level.slice}" if level.slice else "",
        number=str(numbers[level.slice]) if level.slice else "",
    )


def _kind(change: float, costs: Costs) -> str:
    return "better" if (change <= 0) != costs.higher_is_better else "worse"


def _steps(counts: Sequence[int] | np.ndarray, up: bool) -> str:
    """Points of a polygon of bars without gaps, in a box of 100 by 40 whose middle is the ground."""
    heights = np.asarray(counts, dtype=float)
    heights = 19.0 * heights / max(1.0, float(heights.max(initial=0)))
    width = WIDTH / max(1, len(heights))
    corners = ["0,20"]
    for i, height in enumerate(heights.tolist()):
        y = 20 - height if up else 20 + height
        corners += [f"{i * width:.1f},{y:.1f}", f"{(i + 1) * width:.1f},{y:.1f}"]
    return " ".join([*corners, "100,20"])


def _round_step(step: float) -> float:
    power = 10 ** math.floor(math.log10(step))
    return power * next(nice for nice in (1, 2, 5, 10) if nice * power >= step * 0.999)
