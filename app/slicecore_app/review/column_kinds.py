"""Columns as browsers offer conditions on them and colours by them: kinds of conditions and values to choose from."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from slicecore.filtering.columns import EMPTY, Column
from slicecore.slices.condition import Operator, Part, number_text
from slicecore.table.time_stamps import WEEKDAYS
from slicecore_app.session.parsing import FIXED_COLUMNS

MOST_VALUES = 200
"""So many values of a text column are offered, the most frequent ones; others can be typed."""


@dataclass(frozen=True)
class Kind:
    """A kind of conditions that can be made by hand.

    Attributes
    ----------
    label : in the choice of kinds.
    operator, part : of the condition.
    fields : what is filled in, as condition_form.js draws it.
    values : that can be ticked; those of the column where there are none. Where nothing is filled in, the value.
    """

    label: str
    operator: Operator
    fields: Literal["none", "text", "number", "numbers", "ticks", "date", "dates", "hours"]
    part: Part = Part.WHOLE
    values: tuple[str, ...] = ()


_SEVERAL = Kind("is one of", Operator.ONE_OF, "ticks")
_OF_TEXT = (
    *(
        Kind(str(operator), operator, "text")
        for operator in (Operator.EQUAL, Operator.DIFFERENT, Operator.CONTAINS, Operator.LACKS)
    ),
    _SEVERAL,
    Kind("is empty", Operator.EQUAL, "none", values=(EMPTY,)),
    Kind("is not empty", Operator.DIFFERENT, "none", values=(EMPTY,)),
)
_NUMBER_COMPARISONS = (
    Operator.AT_LEAST,
    Operator.AT_MOST,
    Operator.ABOVE,
    Operator.BELOW,
    Operator.EQUAL,
    Operator.DIFFERENT,
)
_OF_NUMBERS = (
    *(Kind(str(operator), operator, "number") for operator in _NUMBER_COMPARISONS),
    Kind("between", Operator.BETWEEN, "numbers"),
)
_OF_DATES = (
    Kind("from", Operator.AT_LEAST, "date", Part.MOMENT),
    Kind("before", Operator.BELOW, "date", Part.MOMENT),
    Kind("between days", Operator.WITHIN, "dates", Part.MOMENT),
    Kind("on weekdays", Operator.ONE_OF, "ticks", Part.WEEKDAY, WEEKDAYS),
)
_OF_HOURS = Kind("between hours", Operator.BETWEEN, "hours", Part.HOUR)


LABELS = "Labels of models"
"""Heading of columns that models gave beside their vectors."""
_HEADINGS = {"metric": "Metric", "table": "Table"}


def describe_columns(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """Facts about the columns by which the browser can offer conditions on them, heading by heading."""
    descriptions = []
    for column in sorted(columns, key=_place):
        described: dict[str, Any] = {
            "name": column.name,
            "heading": _heading(column),
            "unit": column.unit,
            "kinds": [vars(kind) for kind in _kinds(column)],
            "measurement": measurement_of(column),
        }
        if not column.is_number:
            described["values"] = [str(value) for value in column.distinct[:MOST_VALUES]]
        elif column.has_few:
            described["values"] = sorted(map(float, column.distinct))
            described["texts"] = [number_text(value) for value in described["values"]]
        descriptions.append(described)
    return descriptions


def measurement_of(column: Column) -> str:
    """Name of the measurement that can be added to the clips; "" where the column has none, or they have it anyway."""
    subject = _subjects().get(column.source) if column.origin == "measured" else None
    return subject[2] if subject and subject[2] not in FIXED_COLUMNS else ""


def _heading(column: Column) -> str:
    """The heading of a column in menus."""
    return _HEADINGS.get(column.origin) or _subjects().get(column.source, (LABELS, 0, ""))[0]


def _place(column: Column) -> int:
    """The place of a column in menus; the columns of the table stay in their order."""
    if column.origin != "measured":
        return list(_HEADINGS).index(column.origin)
    return len(_HEADINGS) + _subjects().get(column.source, (LABELS, len(_subjects()), ""))[1]


@functools.cache
def _subjects() -> dict[str, tuple[str, int, str]]:
    """By the label of a measurement its subject, its place among all of them, and its name."""
    from slicecore.measurements import CATALOGUE
    from slicecore.measurements.subjects import by_subject

    ordered = [(subject, name) for subject, names in by_subject(CATALOGUE).items() for name in names]
    return {CATALOGUE[name].label: (subject, at, name) for at, (subject, name) in enumerate(ordered)}


def _kinds(column: Column) -> list[Kind]:
    """The kinds of conditions that a column takes."""
    if column.is_number:
        return [*_OF_NUMBERS, *([_SEVERAL] if column.has_few else [])]
    times = column.probable_times
    if times is None:
        return list(_OF_TEXT)
    return [*_OF_DATES, *([_OF_HOURS] if times.hour is not None else []), *_OF_TEXT]
