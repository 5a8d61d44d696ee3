"""Columns of facts about every clip: the metric, the table's own columns, and measurements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from slicecore.cached_properties import cached_property
from slicecore.slices.condition import Part, part_of_times
from slicecore.table.metadata import MOST_VALUES_OF_A_NUMBER, is_of_numbers, texts_of
from slicecore.table.time_stamps import TimeStamps, time_stamps_of, times_in_sample

if TYPE_CHECKING:
    import pandas as pd

    from slicecore.metrics import Costs
    from slicecore.table.dataset import Dataset

Origin = Literal["metric", "table", "measured"]

EMPTY = "(empty)"
"""Name of a missing value of a text column."""
_SAMPLE = 1000
_DECIMALS = 9  # of a rate in percent: fewer than rounding errors have


class Steps(NamedTuple):
    """The different numbers of a column.

    Attributes
    ----------
    numbers : (d,) the different numbers, the smallest first; in 32 bits where these are enough.
    until : (d + 1,) clips that have the first so many of them.
    """

    numbers: NDArray[np.floating]
    until: NDArray[np.signedinteger]


@dataclass(frozen=True, eq=False)
class Column:
    """One fact about every clip.

    Attributes
    ----------
    name
        Unique among the columns of a table.
    values : (n,)
        float64 with NaN where a number is missing, or text with `EMPTY` where it is.
    unit
        Of numbers, for people: "%", "s", "dB".
    origin
        Where it comes from.
    source
        What it is called there: its name, unless another column has that.
    cells
        (n,) cells of the table that are texts here, from which times are read; None where it has none.
    """

    name: str
    values: np.ndarray
    unit: str = ""
    origin: Origin = "table"
    source: str = ""
    cells: pd.Series | None = None

    @property
    def is_number(self) -> bool:
        """True if values are numbers."""
        return self.values.dtype.kind == "f"

    @cached_property
    def _coded(self) -> tuple[np.ndarray, np.ndarray]:
        import pandas as pd

        codes, values = pd.factorize(self.values)
        counts = np.bincount(codes[codes >= 0], minlength=len(values))
        alphabet = values if self.is_number else values.astype(str)
        order = np.lexsort([alphabet, -counts])  # of equally frequent ones the first in the alphabet
        place = np.full(len(values) + 1, -1, dtype=np.int32)  # the last stands for code -1: no number
        place[order] = np.arange(len(values), dtype=np.int32)
        coded = place[codes]
        if len(coded) and (coded == coded[0]).all():  # as of what is not measured: one number stands for all
            coded = np.broadcast_to(coded[0], len(coded))
        return coded, values[order]

    @cached_property
    def times(self) -> TimeStamps | None:
        """The times of a column that has them."""
        return None if self.cells is None else time_stamps_of(self.cells)

    @cached_property
    def probable_times(self) -> TimeStamps | None:
        """The times of the first clips, by which one quickly knows whether the column has any."""
        return None if self.cells is None else times_in_sample(self.cells)

    def compared(self, part: Part) -> NDArray:
        """(n,) what conditions compare: the values, or a part of the times."""
        return self.values if part == Part.WHOLE else part_of_times(self.times, part, len(self.values))

    @cached_property
    def texts(self) -> NDArray:
        """(n,) values of a text column in which is looked for parts: "" where one is missing."""
        return np.where(self.values == EMPTY, "", self.values)

    @cached_property
    def steps(self) -> Steps:
        """The different numbers with their clips; most columns have far fewer than clips."""
        numbers = np.sort(self.values[~np.isnan(self.values)]) + 0.0  # no −0: it would depend on the order
        is_last = np.ones(len(numbers), dtype=bool)
        is_last[:-1] = numbers[1:] != numbers[:-1]
        last = np.flatnonzero(is_last)
        different, until = numbers[last], np.concatenate([[0], last + 1])
        with np.errstate(over="ignore"):
            short = different.astype(np.float32)  # as sound is measured
        return Steps(
            short if np.array_equal(short, different) else different,
            until.astype(np.int32 if len(numbers) < 1 << 31 else np.int64),
        )

    @cached_property
    def distinct_count(self) -> int:
        """Number of the different values; of numbers it is known sooner than which they are."""
        if not self.is_number or self.has_few:
            return len(self.distinct)
        return len(self.steps.numbers)

    @property
    def codes(self) -> np.ndarray:
        """(n,) position in `distinct` of every clip's value, -1 for a missing number."""
        return self._coded[0]

    @property
    def distinct(self) -> np.ndarray:
        """The different values, the most frequent first."""
        return self._coded[1]

    @cached_property
    def has_few(self) -> bool:
        """True if there are so few different numbers that they are values rather than quantities."""
        # A sample settles it for most quantities, whose numbers take long to tell apart; one of its values may be NaN.
        sample = self.values[:: 1 + len(self.values) // _SAMPLE]
        if len(np.unique(sample)) > MOST_VALUES_OF_A_NUMBER + 1:
            return False
        return 0 < len(self.distinct) <= MOST_VALUES_OF_A_NUMBER


def columns_of(
    data: Dataset,
    costs: Costs,
    measured: Mapping[str, tuple[np.ndarray, str]] | None = None,
) -> dict[str, Column]:
    """All columns of a data set by name: the metric first, then the table's own, then what was measured.

    Parameters
    ----------
    data, costs
        Of the same clips. Rates are in percent. A difference of two models comes before what each of them has.
    measured
        Name -> numbers or texts (n,) and their unit.
    """
    import pandas as pd

    columns: dict[str, Column] = {}

    def add(
        source: str, values: np.ndarray, unit: str, origin: Origin, cells: pd.Series | None = None
    ) -> None:
        name = source
        while name in columns:  # the table may call a column of its own as we do
            name = f"{name} ({origin})"
        columns[name] = Column(name, values, unit, origin, source, cells)

    def add_values(name: str, of: Costs, unit: str) -> None:
        value = of.per_clip()
        # 7 of 100 words are 7 %, not 7.000000000000001 %, which a filter tells apart.
        add(
            name,
            np.round(100 * value, _DECIMALS) if of.is_rate else value,
            unit if of.is_rate else "",
            "metric",
        )

    model = costs.model_costs
    if costs.compared:
        add_values(costs.name, costs, "pts")
    for name, other in costs.compared[1:]:
        add_values(f"{other.name} of {name}", other, "%")
    add_values(model.name or "value", model, "%")
    if costs.is_rate:
        add("errors", model.numerator, "", "metric")
        add(model.unit if model.unit and model.compares_text else "out of", model.denominator, "", "metric")
    if model.outcomes is not None:
        add("outcome", model.outcomes, "", "metric")
        add("score", data.prediction.astype(np.float64).to_numpy(), "", "metric")
    for name in data.metadata:
        cells = data.table[name]
        if is_of_numbers(cells):
            add(name, filter_values(cells.replace([np.inf, -np.inf], np.nan)), "", "table")
        else:
            add(name, filter_values(cells), "", "table", cells)
    for name, (values, unit) in (measured or {}).items():
        add(name, filter_values(pd.Series(values, copy=False)), unit, "measured")
    return columns


def measured_columns(table: pd.DataFrame | None = None) -> dict[str, tuple[np.ndarray, str]]:
    """Measurements as `columns_of` takes them, under the names that people know; shares in percent.

    Parameters
    ----------
    table
        From `slicecore.measurements.measure`; None where nothing is measured yet: the columns are empty then.
    """
    from slicecore.measurements import CATALOGUE

    columns = {}
    for measurement in CATALOGUE.values():
        values = np.zeros(0)
        if table is not None:
            values = table[measurement.name].to_numpy(dtype=np.float64)
        columns[measurement.label] = (
            _in_percent(values) if measurement.unit == "%" else values,
            measurement.unit,
        )
    return columns


def _in_percent(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares in percent; where one number stands for all clips, it still does."""
    if values.strides == (0,):
        return np.broadcast_to(100 * values[:1], len(values))
    return 100 * values


def filter_values(cells: pd.Series) -> NDArray:
    """Cells of a column as conditions compare them: float64 for numbers, else texts, `EMPTY` where one is missing."""
    if cells.dtype == np.float64:
        return cells.to_numpy()  # not copied: a large table has a hundred such columns
    if is_of_numbers(cells):
        return cells.to_numpy(dtype=np.float64, na_value=np.nan)
    return texts_of(cells).replace("", EMPTY).to_numpy(dtype=object)
