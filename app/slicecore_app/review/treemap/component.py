"""The treemap: area is clips, colour is drop; flagged slices carry an outline and their number."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from slicecore_app.web.components import component


@dataclass(frozen=True)
class Tiles:
    """The clusters, one entry of each list per cluster; one of them is the root, whose parent is "".

    Attributes
    ----------
    key, parent
        Key of the cluster and of the one that it is part of.
    support
        Clips in it. A cluster has at least as many as its parts together.
    points
        Its drop on the colour scale, -35 to 90 points; NaN where there is no value.
    value, drop
        The same for people: "67.6 %", "+34.7 pts".
    slice, number, label
        Id, number and short name where the cluster is a flagged slice, else "", 0 and "".
    possible
        Whether it is a flagged slice that chance may explain: its outline is dashed.
    """

    key: Sequence[str]
    parent: Sequence[str]
    support: Sequence[int]
    points: Sequence[float]
    value: Sequence[str]
    drop: Sequence[str]
    slice: Sequence[str]
    number: Sequence[int]
    label: Sequence[str]
    possible: Sequence[bool]


def treemap(
    tiles: Tiles,
    *,
    embedding: str,
    picked_slice: str | None,
    seq: int,
    key: str,
    on_event: Callable[[], None],
    picked_cluster: str | None = None,
    caption: str = "",
    legend: tuple[str, str] = ("", ""),
    opened: tuple[int, str] = (0, ""),
    basis: Sequence[str] = (),
) -> None:
    """Draw the clusters. A rerun recolours them; the cluster that the reader went into stays open.

    Events: ``{kind: "slice", slice}`` for a flagged slice and everything inside it, ``{kind: "cluster", key,
    embedding}`` for any other cluster.

    Parameters
    ----------
    tiles : Tiles
        What to draw.
    embedding : str
        Name of the embedding in which the keys hold.
    picked_slice : str or None
        Id of the picked slice.
    seq : int
        Running number of this drawing; the browser writes it to `data-seq` when it is done.
    key : str
        Streamlit's key of the element.
    on_event : callable
        Called before the next run; the event is in `st.session_state[key]["event"]`.
    picked_cluster : str or None
        Key of the picked cluster when it is no flagged slice.
    caption : str
        What the header says beside the title.
    legend : tuple of str
        Both ends of the colour scale: ("−35", "+90 pts").
    opened : tuple of int and str
        Number of the view that was opened last, and the key of the cluster that it has open ("": the whole). The
        browser goes there once; afterwards the reader decides.
    basis : sequence of str
        What picks go by, see `review.basis`; comes back with them.
    """
    columns = _packed(tiles)
    columns["points"] = [None if math.isnan(points) else round(float(points), 1) for points in tiles.points]
    data = {
        "tiles": columns,
        "embedding": embedding,
        "pickedSlice": picked_slice,
        "pickedCluster": picked_cluster,
        "caption": caption,
        "legend": list(legend),
        "opened": {"turn": opened[0], "level": opened[1]},
        "basis": list(basis),
        "seq": seq,
    }
    component("review/treemap/treemap")(key=key, data=data, height="stretch", on_event_change=on_event)


def _packed(tiles: Tiles) -> dict[str, Any]:
    """The columns as they travel at every move of a slider: parents by position, what most tiles lack only where it is.

    `flagged` has position, slice, number, label and whether it is only possible.
    """
    place = {key: i for i, key in enumerate(tiles.key)}
    flagged = [
        [i, slice_id, tiles.number[i], tiles.label[i], tiles.possible[i]]
        for i, slice_id in enumerate(tiles.slice)
        if slice_id
    ]
    same = ("key", "support", "value", "drop")
    return {name: getattr(tiles, name) for name in same} | {
        "parent": [place.get(key, -1) for key in tiles.parent],
        "flagged": flagged,
    }
