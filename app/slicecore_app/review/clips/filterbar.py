"""The head of the clips table: what it shows, a filter of it, and what can be done with its clips."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from slicecore.filtering.clip_filter import NUMBER_OPERATORS, TEXT_OPERATORS, ClipFilter
from slicecore.filtering.columns import Column
from slicecore_app.web.components import component

MOST_VALUES = 200
"""So many values of a text column are offered, the most frequent ones; others can be typed."""


def filterbar(
    *,
    caption: str,
    current: ClipFilter,
    everywhere: bool,
    can_look_everywhere: bool,
    columns: str,
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
            "conditions": [{**asdict(condition), "text": str(condition)} for condition in current.conditions],
            "everywhere": everywhere,
            "canLookEverywhere": can_look_everywhere,
            "columns": columns,
            "matches": matches,
            "more": more,
            "problem": problem,
            "seq": seq,
        },
        on_event_change=on_event,
        height=36,
    )


def describe_columns(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """Facts about the columns by which the browser can offer conditions on them."""
    descriptions = []
    for column in columns:
        described = {
            "name": column.name,
            "origin": column.origin,
            "unit": column.unit,
            "operators": list(NUMBER_OPERATORS if column.is_number else TEXT_OPERATORS),
        }
        if not column.is_number:
            described["values"] = [str(value) for value in column.distinct[:MOST_VALUES]]
        descriptions.append(described)
    return descriptions
