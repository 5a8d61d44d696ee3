"""The list of flagged slices, worst first, picked by click or arrow key; ways out when it is empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from app.components import component


@dataclass(frozen=True)
class Card:
    """One flagged slice, worded for the list.

    `points` is the drop on the colour scale or None, `share` 0 to 1, `tier` "confirmed", "possible" or "" without a
    test. `reason` says how the clips of a slice of one's own were chosen; its `number` is 0.
    """

    slice: str
    number: int
    title: str
    drop: str
    facts: str
    points: float | None
    share: float
    share_text: str
    tier: str
    verdict: str
    reason: str = ""


@dataclass(frozen=True)
class WayOut:
    """What a reader can do when no slice is found: a button with the count of slices that it would give."""

    label: str
    result: str
    action: str


def problems(
    cards: Sequence[Card],
    *,
    own: Sequence[Card] = (),
    picked: str | None,
    sort: str,
    sorts: Mapping[str, str],
    nothing: str,
    ways_out: Sequence[WayOut],
    key: str,
    on_event: Callable[[], None],
    seq: int,
) -> None:
    """Draw the list, or, when it is empty, the sentence `nothing` with the ways out; slices of one's own below.

    `picked` is the id of the slice that a verdict by key goes to; it may be one that is in neither list.

    Events: ``{kind: "slice", slice}``, ``{kind: "verdict", slice, number}`` (keys 1 to 4), ``{kind: "next", slice}``
    (key N), ``{kind: "sort", by}`` and ``{kind: "way_out", action}``.
    """
    data = {
        "cards": [asdict(card) for card in cards],
        "own": [asdict(card) for card in own],
        "picked": picked,
        "sort": sort,
        "sorts": dict(sorts),
        "nothing": nothing,
        "waysOut": [asdict(way) for way in ways_out],
        "seq": seq,
    }
    component("problems")(key=key, data=data, on_event_change=on_event, height="stretch")
