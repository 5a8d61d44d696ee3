"""Title, numbers and reason of what is picked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from slicecore_app.review.head.component import Figure
from slicecore_app.web.components import component


@dataclass(frozen=True)
class Step:
    """A way from a slice to a larger or smaller cluster: `name` "wider" or "narrower".

    `slice` is the id of that cluster, `tree` and `node` its place in the hierarchy; "", -1 and -1 where there is none.
    """

    name: str
    label: str
    hint: str
    slice: str
    tree: int
    node: int


@dataclass(frozen=True)
class WordList:
    """Words of a slice: `rows` are (what, count, hint), such as ("the → a", "4 of 12", "5 of 274 in the rest")."""

    title: str
    rows: Sequence[tuple[str, str, str]]


def summary(
    *,
    title: str,
    slice_id: str | None = None,
    number: int | None = None,
    points: float = 0.0,
    tier: str = "",
    tier_hint: str = "",
    note: str = "",
    note_hint: str = "",
    numbers: Sequence[Figure] = (),
    text: str = "",
    around: Sequence[Step] = (),
    words: Sequence[WordList] = (),
    button: str = "",
    key: str,
    on_event: Callable[[], None],
    seq: int,
) -> None:
    """Draw the badge (on the drop scale; none without `number`), the title, the numbers and the reason.

    `words` open from a button. Where another slice than `slice_id` is picked in the browser, its card stands there
    until this has followed.

    Events: ``{kind: "cluster", tree, node}`` for one of the steps, ``{kind: "slice", slice}`` from the `button`, which
    is there only while nothing is picked.
    """
    data = {
        "slice": slice_id,
        "number": number,
        "points": points,
        "title": title,
        "tier": tier,
        "tier_hint": tier_hint,
        "note": note,
        "note_hint": note_hint,
        "text": text,
        "numbers": [asdict(number) for number in numbers],
        "around": [asdict(step) for step in around],
        "words": [asdict(list_) for list_ in words],
        "button": button,
        "seq": seq,
    }
    component("review/slice/summary")(key=key, data=data, on_event_change=on_event, height="stretch")
