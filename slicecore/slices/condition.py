"""Condition on one column, such as "accent = scottish" or "age between 31 and 40", for filters and metadata slices."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import SlicecoreError
from slicecore.table.time_stamps import WEEKDAYS, TimeStamps, time_stamps_of

_DIGITS = (
    12  # significant ones of a number as people read it: as few as tell it apart, but no noise of rounding
)
_DAY = 86400.0  # seconds


class Operator(StrEnum):
    """Comparison of a cell with the value of a condition.

    `WITHIN` is low <= x < high, `BETWEEN` low <= x <= high, for whole numbers; of hours that begin with the larger one,
    round the clock. `CONTAINS` and `LACKS` look for a part of a text, whatever its case.
    """

    EQUAL = "="
    DIFFERENT = "≠"
    AT_LEAST = "≥"
    AT_MOST = "≤"
    BELOW = "<"
    ABOVE = ">"
    WITHIN = "to"
    BETWEEN = "between"
    ONE_OF = "is one of"
    CONTAINS = "contains"
    LACKS = "does not contain"


class Part(StrEnum):
    """Part of a cell that is compared: all of it, or of a time the moment, the hour of the day or the weekday."""

    WHOLE = ""
    MOMENT = "moment"
    HOUR = "hour"
    WEEKDAY = "weekday"


def _contain(texts: NDArray[Any], part: str) -> NDArray[np.bool_]:
    part = part.casefold()
    return np.fromiter((part in text.casefold() for text in texts), dtype=bool, count=len(texts))


def _lack(texts: NDArray[Any], part: str) -> NDArray[np.bool_]:
    return ~_contain(texts, part)


_COMPARISONS: dict[Operator, Callable[..., NDArray[np.bool_]]] = {
    Operator.AT_LEAST: operator.ge,
    Operator.AT_MOST: operator.le,
    Operator.BELOW: operator.lt,
    Operator.ABOVE: operator.gt,
    Operator.CONTAINS: _contain,
    Operator.LACKS: _lack,
}


@dataclass(frozen=True)
class Condition:
    """A comparison of a column with a value.

    Attributes
    ----------
    column : its name.
    operator : an operator or its sign.
    value : text or a number; of `WITHIN` and `BETWEEN` the bounds, of `ONE_OF` several texts or numbers.
    label : what people call the column; its name by default.
    unit : of numbers, such as "s"; "%" for shares that are stored between 0 and 1.
    part : of a column of times, what is compared: its moment (seconds since 1970, UTC), its hour, or its weekday.

    Raises
    ------
    SlicecoreError
        There is no such operator.
    """

    column: str
    operator: Operator
    value: str | float | tuple[float, ...] | tuple[str, ...]
    label: str = ""
    unit: str = ""
    part: Part = Part.WHOLE

    def __post_init__(self) -> None:
        if self.operator not in list(Operator):
            raise SlicecoreError(f"“{self.column}” can't be compared by “{self.operator}”.")
        object.__setattr__(self, "operator", Operator(self.operator))
        object.__setattr__(self, "part", Part(self.part))

    def __str__(self) -> str:
        """The condition as people read it: "accent = scottish", "Length ≥ 4.1 s", "age between 31 and 40"."""
        name = self.label or self.column
        if self.part != Part.WHOLE:
            return f"{name} {_time_text(self.part, self.operator, self.value)}"
        unit = f" {self.unit}" if self.unit else ""
        if isinstance(self.value, str):
            return f"{name} {self.operator} {self.value}"
        if isinstance(self.value, tuple):
            if self.operator == Operator.ONE_OF:
                return f"{name} is {_either(self._text(value) for value in self.value)}{unit}"
            low, high = (self._number_text(float(bound)) for bound in self.value)
            return f"{name} between {low} and {high}{unit}"
        return f"{name} {self.operator} {self._number_text(self.value)}{unit}"

    def meets(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        """Mask of the cells that meet it, (n,) bool. A missing number meets nothing.

        Parameters
        ----------
        values
            (n,) texts, or numbers with NaN where one is missing. Of a part of a time, (n,) cells of its column.
        """
        if self.part != Part.WHOLE:
            import pandas as pd

            times = time_stamps_of(pd.Series(values))
            return replace(self, part=Part.WHOLE).meets(part_of_times(times, self.part, len(values)))
        if self.operator == Operator.ONE_OF:
            are_texts = any(isinstance(value, str) for value in self.value)  # type: ignore[union-attr]
            return np.isin(values, np.array(self.value, dtype=object if are_texts else np.float64))
        if isinstance(self.value, tuple):
            low, high = map(float, self.value)
            return _lie_between(values, low, high, with_last=self.operator == Operator.BETWEEN)
        if compare := _COMPARISONS.get(self.operator):
            return compare(values, self.value)
        equal = np.asarray(values == self.value, dtype=bool)
        if self.operator == Operator.EQUAL:
            return equal
        known = ~np.isnan(values) if values.dtype.kind == "f" else np.ones(len(values), dtype=bool)
        return known & ~equal

    def _text(self, value: str | float) -> str:
        return value if isinstance(value, str) else self._number_text(value)

    def _number_text(self, number: float) -> str:
        return number_text(100 * number if self.unit == "%" else number)


def number_text(number: float) -> str:
    """A number in as few digits as tell it apart: "4.1", "−30"."""
    text = np.format_float_positional(number, precision=_DIGITS, fractional=False, trim="-")
    return text.replace("-", "−")


def _lie_between(values: NDArray[Any], low: float, high: float, *, with_last: bool) -> NDArray[np.bool_]:
    if not with_last:
        return (values >= low) & (values < high)
    if low > high:  # round the clock
        return (values >= low) | (values <= high)
    return (values >= low) & (values <= high)


def part_of_times(times: TimeStamps | None, part: Part, n: int) -> NDArray[Any]:
    """Part of the times of a column: moments and hours as numbers, weekdays as texts, "" for none.

    Parameters
    ----------
    times
        From `time_stamps_of`; None for a column that has something else.
    part
        Not the whole.
    n
        Number of clips.
    """
    if times is None or (part == Part.HOUR and times.hour is None):
        return np.full(n, "" if part == Part.WEEKDAY else np.nan)
    if part == Part.WEEKDAY:
        names = np.array([*WEEKDAYS, ""], dtype=object)
        return names[np.where(np.isnan(times.weekday), len(WEEKDAYS), times.weekday).astype(int)]
    return np.asarray(times.seconds if part == Part.MOMENT else times.hour)


def _either(values: Iterable[str]) -> str:
    """Texts as alternatives: "a, b or c"."""
    *others, last = values
    return f"{', '.join(others)} or {last}" if others else last


def _time_text(part: Part, comparison: Operator, value: Any) -> str:
    """Condition on a part of a time, after the name of its column: "on a Sunday", "between 22:00 and 5:59"."""
    if part == Part.WEEKDAY:
        days = value if isinstance(value, tuple) else (value,)
        return f"on a {_either(map(str, days))}"
    low, high = value if isinstance(value, tuple) else (value, value)
    if part == Part.HOUR:
        return f"between {low:.0f}:00 and {high:.0f}:59"
    if comparison == Operator.BELOW:
        return f"before {_moment(high)}"
    if comparison == Operator.AT_LEAST:
        return f"from {_moment(low)} on"
    of_days = _is_midnight(low) and _is_midnight(high)
    if of_days and high - low == _DAY:
        return f"on {_moment(low)}"
    return f"between {_moment(low)} and {_moment(high - _DAY if of_days else high)}"


def _is_midnight(seconds: float) -> bool:
    return seconds % _DAY == 0


def _moment(seconds: float) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%d" if _is_midnight(seconds) else "%Y-%m-%d %H:%M")
