"""Conditions of metadata slices as those of a filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slicecore.errors import SlicecoreError
from slicecore.filtering.columns import Column
from slicecore.filtering.fitting import fitting_column
from slicecore.measurements import CATALOGUE
from slicecore.slices.condition import Condition


def filter_conditions(
    conditions: Sequence[Condition], columns: Mapping[str, Column]
) -> tuple[Condition, ...]:
    """Conditions of a metadata slice as those of a filter, which exactly the clips of the slice meet.

    A filter calls measurements as people do and has shares in percent; a column of few numbers, whose values metadata
    slices take as texts, holds numbers.

    Parameters
    ----------
    conditions
        Of a `slicecore.MetadataSlice`.
    columns
        From `slicecore.filtering.columns.columns_of`, with all that was searched.

    Raises
    ------
    SlicecoreError
        A column is not among them.
    """
    return tuple(_filter_condition(condition, columns) for condition in conditions)


def _filter_condition(condition: Condition, columns: Mapping[str, Column]) -> Condition:
    measurement = CATALOGUE.get(condition.column)
    if measurement is not None and condition.label != measurement.label:
        measurement = None  # a column of the table with the name of a measurement
    place = ("measured", measurement.label) if measurement else ("table", condition.column)
    column = next((column for column in columns.values() if (column.origin, column.source) == place), None)
    if column is None:
        raise SlicecoreError(f"There is no column “{place[1]}” to filter by.")
    factor = 100 if measurement and measurement.unit == "%" else 1

    def converted(value: str | float) -> str | float:
        return factor * float(value) if column.is_number else value

    value = condition.value
    several = isinstance(value, tuple)
    fitting = Condition(
        column.name,
        condition.operator,
        tuple(map(converted, value)) if several else converted(value),  # type: ignore[arg-type]
        part=condition.part,
    )
    fitting_column(fitting, columns)
    return fitting
