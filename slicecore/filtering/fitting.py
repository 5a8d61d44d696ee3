"""Conditions that a column takes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from slicecore.errors import SlicecoreError
from slicecore.filtering.columns import Column
from slicecore.slices.condition import Condition, Operator, Part
from slicecore.table.time_stamps import WEEKDAYS

TEXT_OPERATORS = (
    Operator.EQUAL,
    Operator.DIFFERENT,
    Operator.ONE_OF,
    Operator.CONTAINS,
    Operator.LACKS,
)
NUMBER_OPERATORS = (
    Operator.AT_LEAST,
    Operator.AT_MOST,
    Operator.BELOW,
    Operator.ABOVE,
    Operator.EQUAL,
    Operator.DIFFERENT,
    Operator.WITHIN,
    Operator.BETWEEN,
    Operator.ONE_OF,
)
OPERATORS_OF_PARTS = {
    Part.MOMENT: (Operator.AT_LEAST, Operator.BELOW, Operator.WITHIN),
    Part.HOUR: (Operator.BETWEEN,),
    Part.WEEKDAY: (Operator.EQUAL, Operator.ONE_OF),
}
_INTERVALS = (Operator.WITHIN, Operator.BETWEEN)
_EARLIEST, _LATEST = -62e9, 253e9  # seconds from 1970 to the years 5 and 9987, which calendars have
_LAST_HOUR = 23


def fitting_column(condition: Condition, columns: Mapping[str, Column]) -> Column:
    """The column of a condition.

    Raises
    ------
    SlicecoreError
        There is no such column, or it can't be compared in this way.
    """
    name, comparison, part = condition.column, condition.operator, condition.part
    column = columns.get(name)
    if column is None:
        raise SlicecoreError(f"There is no column “{name}” to filter by.")
    usual = NUMBER_OPERATORS if column.is_number else TEXT_OPERATORS
    if comparison not in OPERATORS_OF_PARTS.get(part, usual):
        raise SlicecoreError(f"“{name}” can't be compared by “{comparison}”.")
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    _check_count(condition, len(values))
    is_number = column.is_number if part == Part.WHOLE else part != Part.WEEKDAY
    for value in values:
        if isinstance(value, str) == is_number or not (isinstance(value, str) or math.isfinite(value)):
            kind = "numbers" if is_number else "text"
            raise SlicecoreError(f"“{name}” holds {kind}, so “{value}” does not compare.")
    if part != Part.WHOLE:
        _check_times(column, part, values)
    elif comparison in _INTERVALS and list(values) != sorted(values):
        ends = " and ".join(map(str, values))
        raise SlicecoreError(f"“{name}” can't be between {ends}: the first is larger.")
    return column


def _check_count(condition: Condition, count: int) -> None:
    several = isinstance(condition.value, tuple)
    if condition.operator in _INTERVALS:
        if not several or count != 2:
            raise SlicecoreError(f"An interval of “{condition.column}” has two ends.")
    elif several != (condition.operator == Operator.ONE_OF) or not count:
        raise SlicecoreError(f"“{condition.column}” is compared with one value, or is one of several.")


def _check_times(column: Column, part: Part, values: Sequence[str | float]) -> None:
    times = column.times
    if times is None or (part == Part.HOUR and times.hour is None):
        lacking = "times of the day" if times is not None else "dates"
        raise SlicecoreError(f"“{column.name}” has no {lacking}.")
    for value in values:
        if not is_part(value, part):
            raise SlicecoreError(f"“{value}” is no {part} to compare “{column.name}” with.")


def is_part(value: str | float, part: Part) -> bool:
    """Return whether a value can be that part of a time: a moment of a calendar, an hour of the day, a weekday."""
    if isinstance(value, str) or part == Part.WEEKDAY:
        return part == Part.WEEKDAY and value in WEEKDAYS
    if part == Part.HOUR:
        return 0 <= value <= _LAST_HOUR and value == int(value)
    return _EARLIEST < value < _LATEST
