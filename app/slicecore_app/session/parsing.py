"""Settings as text and back, for the address of the page and the file of views.

Nothing in an address or a file is trusted. A parser raises ValueError, KeyError or SlicecoreError for a text that does
not fit the table or never was a choice.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from slicecore.filtering.clip_filter import ClipFilter
from slicecore.filtering.columns import Column
from slicecore.metrics import Costs
from slicecore.slices.condition import Condition, Operator, Part
from slicecore.slices.options import MOST_SHUFFLES
from slicecore.table.dataset import Dataset

MOST_CHARACTERS = 500
"""A longer text in an address is no filter that a person typed."""
MOST_COUNT = 1_000_000
"""Largest number of slices that can be asked for: a longer one is nothing that a person typed."""
EQUAL_ERRORS = "equal"
"""Text of the threshold of equal error rates."""
DIRECTIONS = ("asc", "desc")
FIXED_COLUMNS = ("value", "modelValue", "words", "duration", "surety", "id")
"""Columns of the table of clips that can be sorted by, besides measurements and columns of the user's table."""
ZOOM = (0.5, 400.0)
"""Least and largest zoom of the map; 1 is everything."""
_CLUSTER = re.compile(r"\d{1,3}-\d{1,9}(-rest)?|[0-9a-f]{12}")
_TABLE = " (table)"
"""Ending of the name of a user's column where the table of clips has one of that name itself."""


def _no_costs() -> Costs:
    raise ValueError("The costs are not known here")


@dataclass(frozen=True)
class Table:
    """The open table, against which settings are checked.

    Attributes
    ----------
    data : the table.
    now : the settings that are chosen by now, by name.
    models : embeddings that may be chosen by a text.
    columns : function of no arguments; all columns with the chosen metric, measured or not. Raises SlicecoreError.
    costs : function of no arguments; the chosen metric of every clip. Raises SlicecoreError.
    """

    data: Dataset
    now: Mapping[Any, Any]
    models: frozenset[str] = frozenset()
    columns: Callable[[], Mapping[str, Column]] = field(default=dict)
    costs: Callable[[], Costs] = _no_costs


Parser = Callable[[str, Table], Any]


def plain(value: Any) -> str:
    """A choice as text: 1 and 0 for True and False, "all" for None, the shortest exact text for numbers."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return number(value)
    return "all" if value is None else str(value)


def number(value: float) -> str:
    """A number in the shortest text that gives it back."""
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))


def one_of(choices: Callable[[Table], Iterable[Any]]) -> Parser:
    """A parser of the texts of some choices."""
    return lambda text, table: {plain(choice): choice for choice in choices(table)}[text]


def within(limits: Callable[[Table], tuple[float, float]]) -> Parser:
    """A parser of numbers between two ends; whole ones are int."""

    def parse(text: str, table: Table) -> float | int:
        value = float(text)
        low, high = limits(table)
        if not math.isfinite(value) or not low <= value <= high:
            raise ValueError(text)
        return int(value) if value.is_integer() else value

    return parse


def most(text: str, table: Table) -> int | None:
    """A largest number of slices; None for all."""
    if text == "all":
        return None
    count = int(text)
    if not 1 <= count <= MOST_COUNT:
        raise ValueError(text)
    return count


def shuffles(text: str, table: Table) -> int:
    """A number of permutations of the test; 0 for none."""
    count = int(text)
    if not 0 <= count <= MOST_SHUFFLES:
        raise ValueError(text)
    return count


def threshold(text: str, table: Table) -> float | None:
    """A threshold of scores; None for that of equal error rates."""
    if text == EQUAL_ERRORS:
        return None
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def threshold_text(value: float | None) -> str:
    """A threshold as `threshold` reads it."""
    return EQUAL_ERRORS if value is None else number(value)


def words(text: str, table: Table) -> str:
    """The words of a filter."""
    if len(text) > MOST_CHARACTERS or not text.isprintable():
        raise ValueError(text)
    return text


def conditions(text: str, table: Table) -> tuple[Condition, ...]:
    """The conditions of a filter, checked against the columns."""
    if len(text) > 4 * MOST_CHARACTERS:
        raise ValueError(text)
    try:
        raw = json.loads(text)
    except RecursionError as error:
        raise ValueError(text) from error
    if not isinstance(raw, list):
        raise ValueError(text)
    columns = table.columns()
    return tuple(condition(each, columns) for each in raw)


def condition(raw: Any, columns: Mapping[str, Column]) -> Condition:
    """A condition of a filter as JSON has it: `[column, operator, value]`, and the part of a time that is compared.

    The value is text, a number, or a list of these: the ends of an interval, several values.
    """
    if not isinstance(raw, list) or len(raw) not in (3, 4) or not isinstance(raw[0], str):
        raise ValueError(raw)
    column, comparison, value = raw[0], Operator(raw[1]), _value(raw[2])
    if comparison == Operator.ONE_OF and isinstance(value, tuple) and len(value) == 1:
        comparison, value = Operator.EQUAL, value[0]
    parsed = Condition(column, comparison, value, part=Part(raw[3] if len(raw) > 3 else ""))
    ClipFilter(conditions=(parsed,)).check(columns)
    return parsed


def _value(raw: Any) -> Any:
    if isinstance(raw, list):
        if any(isinstance(each, list) for each in raw):
            raise ValueError(raw)
        return tuple(map(_value, raw))
    if isinstance(raw, str):
        raw.encode()  # half a character is a ValueError
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise ValueError(raw)
    try:
        return float(raw)
    except OverflowError as error:
        raise ValueError(raw) from error


def conditions_text(conditions: tuple[Condition, ...]) -> str:
    """Conditions as `conditions` reads them."""
    raw = [[c.column, c.operator, c.value, *([c.part] if c.part else [])] for c in conditions]
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))


def only_panel(text: str, table: Table) -> str:
    """The panel that is seen alone, the clusters or the map."""
    if text not in ("clusters", "map"):
        raise ValueError(text)
    return text


def open_cluster(text: str, table: Table) -> str:
    """The key of the open cluster; whether there is such a cluster only the treemap knows."""
    if not _CLUSTER.fullmatch(text):
        raise ValueError(text)
    return text


def part_of_map(text: str, table: Table) -> str:
    """Middle and zoom of the map, "x,y,zoom": the middle as shares of what all points take, not far outside it."""
    x, y, zoom = (float(number) for number in text.split(","))
    if not (all(map(math.isfinite, (x, y, zoom))) and -1 <= x <= 2 and -1 <= y <= 2):
        raise ValueError(text)
    if not ZOOM[0] <= zoom <= ZOOM[1]:
        raise ValueError(text)
    return f"{x:.5g},{y:.5g},{zoom:.5g}"


def order_of_clips(text: str, table: Table) -> str:
    """A column of the table of clips and a direction: "duration desc"."""
    column, _, direction = text.rpartition(" ")
    if not _is_in_clips(column, table) or direction not in DIRECTIONS:
        raise ValueError(text)
    return text


def hidden_columns(text: str, table: Table) -> str:
    """Columns of the table of clips that the reader does not want to see, a JSON list of their names."""
    if len(text) > 4 * MOST_CHARACTERS:
        raise ValueError(text)
    try:
        names = json.loads(text)
    except RecursionError as error:
        raise ValueError(text) from error
    if not isinstance(names, list) or not all(
        isinstance(name, str) and _is_in_clips(name, table) for name in names
    ):
        raise ValueError(text)
    return text


def added_columns(text: str, table: Table) -> tuple[str, ...]:
    """Measurements that the reader has added to the table of clips, their names with a comma between."""
    from slicecore.measurements import CATALOGUE

    names = text.split(",")
    if len(set(names)) < len(names) or not set(names) <= CATALOGUE.keys() - set(FIXED_COLUMNS):
        raise ValueError(text)
    return tuple(names)


def _is_in_clips(column: str, table: Table) -> bool:
    """True for a column that the table of clips can have."""
    from slicecore.measurements import CATALOGUE

    return (
        column in FIXED_COLUMNS or column in CATALOGUE or column.removesuffix(_TABLE) in table.data.metadata
    )
