"""The numbers in the head of the page: overall value, problems, errors explained, reviewed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from slicecore_app.web.components import component


@dataclass(frozen=True)
class Figure:
    """One number with its label; `note` stands small beside it, `hint` explains it on hover.

    `short` is the label where there is little room, "" for the same.
    `opens` is the page that it leads to, "" for none.
    `counts_reviewed`: the browser counts the judged slices of the list itself, so that a verdict shows at once.
    """

    label: str
    value: str
    note: str = ""
    hint: str = ""
    counts_reviewed: bool = False
    opens: str = ""
    short: str = ""


def head(
    numbers: Sequence[Figure], *, key: str, seq: int, on_event: Callable[[], None] | None = None
) -> None:
    """Draw the numbers. The one that counts what is reviewed has a square per problem.

    Event: ``{kind: "open", page}`` when a number that leads to a page was pressed.
    """
    data = {"figures": [asdict(number) for number in numbers], "seq": seq}
    component("review/head/head")(key=key, data=data, on_event_change=on_event)
