"""The head of the clips table: what it shows, a filter of it, and what can be done with its clips."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from slicecore.filtering.clip_filter import ClipFilter
from slicecore.slices.condition import Condition
from slicecore_app.web.components import component

HEIGHT, CHIPS = 36, 28
"""Height of the head, and of the row of conditions below it where there are any, in pixels."""


def filterbar(
    *,
    caption: str,
    current: ClipFilter,
    everywhere: bool,
    can_look_everywhere: bool,
    columns: str,
    added: Sequence[str],
    units: Mapping[str, str],
    key: str,
    on_event: Callable[[], None],
    seq: int,
    matches: int = 0,
    order: str = "",
    empty: bool = False,
    more: bool = False,
    problem: str = "",
    basis: Sequence[str] = (),
) -> None:
    """Draw the head of the table.

    Events: ``{kind: "filter", words, conditions, everywhere}``, ``{kind: "select"}``, with the filter (make a
    selection of the clips that it leaves), ``{kind: "all"}`` (list all clips), ``{kind: "more"}`` (show more of them),
    ``{kind: "similar", row}`` (clips like the one in the player) and ``{kind: "columns", added}`` (measurements to be
    shown).

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
        Token of the columns, as `ReviewResult.columns_token` has it.
    added
        Names of the measurements that the reader has added to the table.
    units
        Units of the columns by name.
    matches
        How many clips meet the filter.
    empty
        Whether nothing is picked or filtered, so that the table has no clips.
    more
        Whether there are more clips than the table shows.
    problem
        Why the filter can't be used, in a sentence.
    basis
        What picks go by, see `review.basis`; comes back with them.
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
            "added": list(added),
            "matches": matches,
            "isEmpty": empty,
            "more": more,
            "problem": problem,
            "basis": list(basis),
            "seq": seq,
        },
        on_event_change=on_event,
        height=HEIGHT + (CHIPS if current.conditions else 0),
    )


def _text(condition: Condition, units: Mapping[str, str]) -> str:
    unit = units.get(condition.column, "")
    return f"{condition} {unit}" if unit else str(condition)
