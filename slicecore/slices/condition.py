"""Condition on one column, such as "accent = scottish" or "age between 31 and 40", for filters and metadata slices."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slicecore.errors import SlicecoreError

_DIGITS = (
    12  # significant ones of a number as people read it: as few as tell it apart, but no noise of rounding
)


class Operator(StrEnum):
    """Comparison of a cell with the value of a condition.

    `WITHIN` is low <= x < high, `BETWEEN` low <= x <= high, for whole numbers.
    """

    EQUAL = "="
    DIFFERENT = "≠"
    AT_LEAST = "≥"
    AT_MOST = "≤"
    BELOW = "<"
    WITHIN = "to"
    BETWEEN = "between"
    ONE_OF = "is one of"


_COMPARISONS: dict[Operator, Callable[..., NDArray[np.bool_]]] = {
    Operator.AT_LEAST: operator.ge,
    Operator.AT_MOST: operator.le,
    Operator.BELOW: operator.lt,
}


@dataclass(frozen=True)
class Condition:
    """A comparison of a column with a value.

    Attributes
    ----------
    column : its name.
    operator : an operator or its sign.
    value : text or a number; of `WITHIN` and `BETWEEN` the bounds, of `ONE_OF` the texts.
    label : what people call the column; its name by default.
    unit : of numbers, such as "s"; "%" for shares that are stored between 0 and 1.

    Raises
    ------
    SlicecoreError
        There is no such operator.
    """

    column: str
    operator: Operator
    value: str | float | tuple[float, float] | tuple[str, ...]
    label: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        if self.operator not in list(Operator):
            raise SlicecoreError(f"“{self.column}” can't be compared by “{self.operator}”.")
        object.__setattr__(self, "operator", Operator(self.operator))

    def __str__(self) -> str:
        """The condition as people read it: "accent = scottish", "Length ≥ 4.1 s", "age between 31 and 40"."""
        name = self.label or self.column
        unit = f" {self.unit}" if self.unit else ""
        if isinstance(self.value, str):
            return f"{name} {self.operator} {self.value}"
        if isinstance(self.value, tuple):
            if self.operator == Operator.ONE_OF:
                *others, last = map(str, self.value)
                return f"{name} is {', '.join(others)} or {last}"
            low, high = (self._number_text(float(bound)) for bound in self.value)
            return f"{name} between {low} and {high}{unit}"
        return f"{name} {self.operator} {self._number_text(self.value)}{unit}"

    def meets(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        """Mask of the cells that meet it, (n,) bool. A missing number meets nothing.

        Parameters
        ----------
        values
            (n,) texts, or numbers with NaN where one is missing.
        """
        if self.operator == Operator.ONE_OF:
            return np.isin(values, np.array(self.value, dtype=object))
        if isinstance(self.value, tuple):
            low, high = self.value
            return (values >= low) & (
                (values <= high) if self.operator == Operator.BETWEEN else (values < high)
            )
        if compare := _COMPARISONS.get(self.operator):
            return compare(values, self.value)
        equal = np.asarray(values == self.value, dtype=bool)
        if self.operator == Operator.EQUAL:
            return equal
        known = ~np.isnan(values) if values.dtype.kind == "f" else np.ones(len(values), dtype=bool)
        return known & ~equal

    def _number_text(self, number: float) -> str:
        scaled = 100 * number if self.unit == "%" else number
        text = np.format_float_positional(scaled, precision=_DIGITS, fractional=False, trim="-")
        return text.replace("-", "−")
