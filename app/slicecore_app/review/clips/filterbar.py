"""The head of the clips table: what it shows, a filter of it, and what can be done with its clips."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from slicecore.filtering.clip_filter import ClipFilter
from slicecore.filtering.columns import Column
from slicecore.slices.condition import Condition, Operator, Part, number_text
from slicecore.table.metadata import MOST_VALUES_OF_A_NUMBER
from slicecore.table.time_stamps import WEEKDAYS
from slicecore_app.web.components import component

HEIGHT, CHIPS = 36, 28
"""Height of the head, and of the row of conditions below it where there are any, in pixels."""
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
    values : that can be ticked; those of the column where there are none.
    """

    label: str
    operator: Operator
    fields: Literal["text", "number", "numbers", "ticks", "date", "dates", "hours"]
    part: Part = Part.WHOLE
    values: tuple[str, ...] = ()


_SEVERAL = Kind("is one of", Operator.ONE_OF, "ticks")
_OF_TEXT = (Kind("=", Operator.EQUAL, "text"), Kind("≠", Operator.DIFFERENT, "text"), _SEVERAL)
_OF_NUMBERS = (
    *(
        Kind(str(operator), operator, "number")
        for operator in (Operator.AT_LEAST, Operator.AT_MOST, Operator.EQUAL, Operator.DIFFERENT)
    ),
    Kind("between", Operator.BETWEEN, "numbers"),
)
_OF_DATES = (
    Kind("from", Operator.AT_LEAST, "date", Part.MOMENT),
    Kind("before", Operator.BELOW, "date", Part.MOMENT),
    Kind("between days", Operator.WITHIN, "dates", Part.MOMENT),
    Kind("on weekdays", Operator.ONE_OF, "ticks", Part.WEEKDAY, WEEKDAYS),
)
_OF_HOURS = Kind("between hours", Operator.BETWEEN, "hours", Part.HOUR)


def filterbar(
    *,
    caption: str,
    current: ClipFilter,
    everywhere: bool,
    can_look_everywhere: bool,
    columns: str,
    units: Mapping[str, str],
    key: str,
    on_event: Callable[[], None],
    seq: int,
    matches: int = 0,
    order: str = "",
    more: bool = False,
    problem: str = "",
) -> None:
    """Draw the head of the table.

    Events: ``{kind: "filter", words, conditions, everywhere}``, ``{kind: "select"}`` (make a selection of the clips
    that the filter leaves), ``{kind: "more"}`` (show more of them) and ``{kind: "similar", row}`` (clips like the one
    in the player).

    Parameters
    ----------
    caption
        What the table shows: "35 clips".
    order
        In which order, where the reader has chosen none: "worst first", "" to say nothing.
    current
        The filter.
    everywhere
        Whether it looks at all clips rather than at the picked ones.
    can_look_everywhere
        Whether that makes a difference.
    columns
        Token of `describe_columns`, as `slicecore_app.server.registry.publish` gives it.
    units
        Units of the columns by name.
    matches
        How many clips meet the filter.
    more
        Whether there are more clips than the table shows.
    problem
        Why the filter can't be used, in a sentence.
    """
    component("review/clips/filterbar")(
        key=key,
        data={
            "caption": caption,
            "order": order,
            "words": current.words,
            "conditions": [
                {**asdict(condition), "text": _text(condition, units)} for condition in current.conditions
            ],
            "everywhere": everywhere,
            "canLookEverywhere": can_look_everywhere,
            "columns": columns,
            "matches": matches,
            "more": more,
            "problem": problem,
            "seq": seq,
        },
        on_event_change=on_event,
        height=HEIGHT + (CHIPS if current.conditions else 0),
    )


def _text(condition: Condition, units: Mapping[str, str]) -> str:
    unit = units.get(condition.column, "")
    return f"{condition} {unit}" if unit else str(condition)


def describe_columns(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """Facts about the columns by which the browser can offer conditions on them."""
    descriptions = []
    for column in columns:
        described: dict[str, Any] = {
            "name": column.name,
            "origin": column.origin,
            "unit": column.unit,
            "kinds": [asdict(kind) for kind in _kinds(column)],
        }
        if not column.is_number:
            described["values"] = [str(value) for value in column.distinct[:MOST_VALUES]]
        elif _has_few(column):
            described["values"] = sorted(map(float, column.distinct))
            described["texts"] = [number_text(value) for value in described["values"]]
        descriptions.append(described)
    return descriptions


def _has_few(column: Column) -> bool:
    """True if there are so few different numbers that they are values rather than quantities."""
    return 0 < len(column.distinct) <= MOST_VALUES_OF_A_NUMBER


def _kinds(column: Column) -> list[Kind]:
    """The kinds of conditions that a column takes."""
    if column.is_number:
        return [*_OF_NUMBERS, *([_SEVERAL] if _has_few(column) else [])]
    times = column.probable_times
    if times is None:
        return list(_OF_TEXT)
    return [*_OF_DATES, *([_OF_HOURS] if times.hour is not None else []), *_OF_TEXT]
