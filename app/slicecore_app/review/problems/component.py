"""The list of flagged slices, worst first, picked by click or arrow key; ways out when it is empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from slicecore_app.web.components import component


@dataclass(frozen=True)
class Card:
    """One flagged slice, worded for the list.

    `points` is the drop on the colour scale or None, `share` 0 to 1, `tier` "confirmed", "possible" or "" without a
    test, `clusters` says in how many a joined slice lies, `verdict` is its name or "". `reason` says how the clips of
    a slice of one's own were chosen; its `number` is 0. `name_hint` is the name that the slice has by itself, where
    somebody has named it; `tier_hint` is added to what the tier means.
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
    clusters: str
    verdict: str
    reason: str = ""
    name_hint: str = ""
    tier_hint: str = ""


@dataclass(frozen=True)
class WayOut:
    """Something that a reader can do when no slice is found: a button with the count of slices that it would give.

    `settings` are the settings that it chooses, by name; without any it lists all clips.
    """

    label: str
    result: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class OtherList:
    """A list of clips beside the problems, such as "Empty predictions": `result` says how many it holds.

    `clips` names these clips, and no others.
    """

    name: str
    label: str
    result: str
    hint: str = ""
    picked: bool = False
    section: str = "Other lists"
    clips: str = ""


def problems(
    cards: Sequence[Card],
    *,
    own: Sequence[Card] = (),
    verdicts: Mapping[str, str],
    wording: Mapping[str, str],
    picked: str | None,
    cluster: str | None,
    sort: str,
    sorts: Mapping[str, str],
    heading: str,
    nothing: str,
    ways_out: Sequence[WayOut],
    others: Sequence[OtherList] = (),
    coming: tuple[str, str] | None = None,
    basis: Sequence[str] = (),
    key: str,
    on_event: Callable[[], None],
    seq: int,
) -> None:
    """Draw the list, or, when it is empty, `heading` and the sentence `nothing` with the ways out.

    Slices of one's own and other lists stand below. `picked` is the id of the slice that a verdict by key goes to; it
    may be one that is in no list. `cluster` is the key of the picked cluster of the treemap, if one is. `verdicts` are
    labels by the name that cards carry; `wording` explains value, drop, share, parts and the tiers. `coming` is the
    section of other lists that are being looked for, or can't be, and a line that says so.

    Events: ``{kind: "slice", slice}``, ``{kind: "sort", by}``, ``{kind: "way_out", settings}``, ``{kind: "all"}`` for
    all clips and ``{kind: "list", name, clips}`` for one of the other lists; these two come with the `basis`, see
    `review.basis`.
    """
    data = {
        "cards": [asdict(card) for card in cards],
        "own": [asdict(card) for card in own],
        "verdicts": dict(verdicts),
        "wording": dict(wording),
        "picked": picked,
        "cluster": cluster,
        "sort": sort,
        "sorts": dict(sorts),
        "heading": heading,
        "nothing": nothing,
        "waysOut": [asdict(way) for way in ways_out],
        "others": [asdict(other) for other in others],
        "coming": coming,
        "basis": list(basis),
        "seq": seq,
    }
    component("review/problems/problems")(key=key, data=data, on_event_change=on_event, height="stretch")
