"""The map: every clip a point in the plane, every flagged slice an outline with its number."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from slicecore.display.plane import NO_STEP
from slicecore_app.web.components import component
from slicecore_app.web.theme import DROP_POINTS

NO_VALUE = NO_STEP
"""Colour step of a clip without a value: grey."""


@dataclass(frozen=True)
class Outline:
    """A flagged slice on the map: `hull` are the corners [[x, y], ...] of a convex polygon, counter-clockwise.

    The line is dashed where the slice is only `possible`: chance may explain it.
    """

    slice: str
    number: int
    label: str
    hull: Sequence[Sequence[float]]
    possible: bool = False


@dataclass(frozen=True)
class Legend:
    """Meaning of the colours, where they are not those of the drop scale.

    Groups have `entries` (name, number of clips), the first colour first, and `rest` for all that have none of
    their own; numbers have the two `ends` of their scale.
    """

    title: str = ""
    entries: Sequence[tuple[str, str]] = ()
    rest: str = ""
    ends: Sequence[str] = ()


@dataclass(frozen=True)
class Parts:
    """A map of more clips than a browser draws: it asks for the part that is seen.

    `token` is that of `drawn_maps.publish_map`, `box` the part of the plane that all clips take, as left, right,
    bottom and top; `flagged` counts the flagged clips, and `playing_at` is the place of the clip that plays.
    """

    token: str
    box: Sequence[float]
    flagged: int
    playing_at: Sequence[float] | None = None


def drop_steps(points: np.ndarray) -> np.ndarray:
    """Place drops on the 31 colour steps of the drop scale.

    Parameters
    ----------
    points : np.ndarray
        Drop of every clip on the scale (n,), -35 to 90 points. NaN: no value.

    Returns
    -------
    np.ndarray
        Steps (n,) uint8: 0 to 30 along the scale, `NO_VALUE` where there is no value.
    """
    low, high = DROP_POINTS[0], DROP_POINTS[-1]
    share = (np.clip(np.asarray(points, float), low, high) - low) / (high - low)
    return np.where(np.isnan(share), NO_VALUE, np.rint(share * (NO_VALUE - 1))).astype(np.uint8)


def clip_map(
    *,
    points: str,
    steps: str,
    flagged: np.ndarray,
    picked: np.ndarray,
    outlines: Sequence[Outline],
    picked_slice: str | None,
    seq: int,
    key: str,
    on_event: Callable[[], None],
    lassoed: np.ndarray | None = None,
    playing: int | None = None,
    palette: Literal["drop", "numbers", "groups"] = "drop",
    legend: Legend | None = None,
    columns: str = "",
    colour: str = "value",
    clips: str = "",
    opened: tuple[int, str] = (0, ""),
    caption: str = "",
    is_coming: bool = False,
    layouts: Sequence[tuple[str, str, str]] = (),
    layout: str = "",
    parts: Parts | None = None,
    basis: Sequence[str] = (),
) -> None:
    """Draw the map of all clips. A rerun recolours it; what the reader zoomed to stays.

    Events: ``{kind: "slice", slice}``, ``{kind: "clip", row}``, ``{kind: "lasso", rows}`` (no rows: the lasso was taken
    away) or, with `parts`, ``{kind: "lasso", corners, points}``, ``{kind: "colour", by}``,
    ``{kind: "layout", by}`` and ``{kind: "group", index, by}`` (an entry of the legend was clicked); what picks clips
    comes with the `basis`.

    Parameters
    ----------
    points : str
        Token of the positions, as `registry.publish_points` gives it. Rows that are NaN are not drawn.
    steps : str
        Token of the colour step of every clip, a byte each, as `registry.publish` gives it; see `drop_steps`. The
        browser fetches it once.
    flagged, picked : np.ndarray
        Whether a clip belongs to any flagged slice, and to the picked one; (n,) bool.
    outlines : sequence of Outline
        The flagged slices.
    picked_slice : str or None
        Id of the picked slice.
    seq : int
        Running number of this drawing; the browser writes it to `data-seq` when it is done.
    key : str
        Streamlit's key of the element.
    on_event : callable
        Called before the next run; the event is in `st.session_state[key]["event"]`.
    lassoed : np.ndarray or None
        The clips a lasso holds, (n,) bool; all others turn grey. None: there is no lasso.
    playing : int or None
        Row of the clip that plays.
    palette
        What the steps mean: places on the drop scale, on a scale of numbers, or numbers of groups.
    legend : Legend
        For all but the drop scale.
    columns, colour : str
        Token of the columns that points can be coloured by (see `column_kinds`), and what they are coloured
        by: "value", "cluster", or "column " with a name.
    clips : str
        Token by which clips are described, as `OpenTable.open_clips` gives it; "": nothing is shown of a clip
        under the pointer.
    opened : tuple of int and str
        Number of the view that was opened last, and the part of the map that it shows: middle and zoom as
        "x,y,zoom", the middle as shares of what all points take ("": everything). The browser goes there once.
    caption : str
        What the header says beside the title.
    is_coming : bool
        Whether the positions are still being made.
    layouts, layout
        Ways in which the points can lie (key, name, hint), and that in which they do or soon will.
    parts
        Where there are more clips than are drawn one by one: `points` is then the name of the places by
        `drawn_maps.plane_of`, and the browser needs neither `steps` nor what is known of every clip.
    basis
        What picks go by, see `review.basis`.
    """
    marks = [flagged, picked, np.zeros(0, bool) if lassoed is None else lassoed]
    if parts is not None:
        marks = []
    data = {
        "points": points,
        "steps": steps,
        "count": len(flagged),
        "palette": palette,
        "legend": asdict(legend or Legend()),
        "columns": columns,
        "colour": colour,
        "clips": clips,
        "outlines": [asdict(outline) for outline in outlines],
        "pickedSlice": picked_slice,
        "playing": playing,
        "lassoing": lassoed is not None,
        "opened": {"turn": opened[0], "map": opened[1]},
        "caption": caption,
        "isComing": is_coming,
        "layouts": layouts,
        "layout": layout,
        "marks": [_bits(mark) for mark in marks],
        "parts": asdict(parts) if parts else None,
        "basis": list(basis),
        "seq": seq,
    }
    component("review/map/map")(
        key=key,
        data=data,
        height="stretch",
        on_event_change=on_event,
    )


def _bits(mark: np.ndarray) -> str:
    """A bit a clip as base64; "" where no clip has the mark."""
    return base64.b64encode(np.packbits(mark).tobytes()).decode() if np.any(mark) else ""
