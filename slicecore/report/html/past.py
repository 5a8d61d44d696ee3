"""Past of defined slices: their values over saved runs, as plain data and as small charts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from slicecore.report.html.content import PastText
from slicecore.wording import UNKNOWN, rate, significant

_HEIGHT = 40.0
_EDGE = 3.0  # room for marks at the ends of a chart


@dataclass(frozen=True)
class PastValue:
    """A slice in a run: place of the run, value with its 95 % interval, and whether it was open, mended or back."""

    run: int
    value: float
    interval: tuple[float, float]
    state: str


@dataclass(frozen=True)
class PastSlice:
    """A defined slice over the runs that have it, with its state in the last of them."""

    name: str
    state: str
    values: tuple[PastValue, ...]


@dataclass(frozen=True)
class Past:
    """Saved runs in the order of their time.

    Attributes
    ----------
    runs : their names.
    overall : value of the whole table in each.
    slices : the defined slices.
    is_rate : whether values are shares.
    """

    runs: tuple[str, ...]
    overall: tuple[float, ...]
    slices: tuple[PastSlice, ...]
    is_rate: bool


def past_texts(past: Past) -> tuple[PastText, ...]:
    """The defined slices in words and as charts, all on one scale."""
    known = [value for value in past.overall if math.isfinite(value)]
    for slice_ in past.slices:
        known += [
            number
            for each in slice_.values
            for number in (each.value, *each.interval)
            if math.isfinite(number)
        ]
    scale = _Scale(min([0.0, *known]), max([*known, 1e-9]), len(past.runs))
    overall = scale.line(list(enumerate(past.overall)))
    return tuple(_text(slice_, past, scale, overall) for slice_ in past.slices)


def past_caption(past: Past) -> str:
    """The runs of the charts in a sentence."""
    count = len(past.runs)
    if count == 1:
        return f"One saved run: {past.runs[0]}."
    return f"{count} saved runs from left to right, from {past.runs[0]} to {past.runs[-1]}; dashed: the whole table."


@dataclass(frozen=True)
class _Scale:
    """Values from `low` to `high` and runs at places of a chart of 100 by 40."""

    low: float
    high: float
    runs: int

    def x(self, run: int) -> float:
        return round(_EDGE + (100 - 2 * _EDGE) * (run / (self.runs - 1) if self.runs > 1 else 0.5), 2)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(_HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * share, 2)

    def line(self, values: Sequence[tuple[int, float]]) -> str:
        return " ".join(f"{self.x(run)},{self.y(value)}" for run, value in values if math.isfinite(value))


def _text(slice_: PastSlice, past: Past, scale: _Scale, overall: str) -> PastText:
    known = [each for each in slice_.values if math.isfinite(each.value)]
    value_of = rate if past.is_rate else significant
    first, last = (known[0], known[-1]) if known else (None, None)
    bars = tuple(
        (
            scale.x(each.run),
            scale.y(each.interval[0]),
            scale.y(each.interval[1]),
            scale.y(each.value),
            each.state,
        )
        for each in known
        if all(map(math.isfinite, each.interval))
    )
    return PastText(
        name=slice_.name,
        state=slice_.state,
        first=value_of(first.value) if first else UNKNOWN,
        last=value_of(last.value) if last else UNKNOWN,
        line=scale.line([(each.run, each.value) for each in known]),
        overall=overall,
        bars=bars,
    )
