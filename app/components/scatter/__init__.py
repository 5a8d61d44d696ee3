"""The map: every clip a point in the plane, every flagged slice an outline with its number."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from app.components import component
from app.theme import DROP_POINTS

NO_VALUE = 31
"""Colour step of a clip without a value: grey."""
_FLAGGED, _PICKED, _LASSOED = 32, 64, 128


@dataclass(frozen=True)
class Outline:
    """A flagged slice on the map: drawn is the convex hull of `hull` [[x, y], ...], in the units of the positions.

    The line is dashed where the slice is only `possible`: chance may explain it.
    """

    slice: str
    number: int
    label: str
    hull: Sequence[Sequence[float]]
    possible: bool = False


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


def scatter(
    *,
    points: str,
    steps: np.ndarray,
    flagged: np.ndarray,
    picked: np.ndarray,
    outlines: Sequence[Outline],
    picked_slice: str | None,
    seq: int,
    key: str,
    on_event: Callable[[], None],
    lassoed: np.ndarray | None = None,
    playing: int | None = None,
    title: str = "Map",
    caption: str = "",
    height: int | None = None,
) -> None:
    """Draw the map of all clips. A rerun recolours it; what the reader zoomed to stays.

    Events: ``{kind: "slice", slice}``, ``{kind: "clip", row}`` and ``{kind: "lasso", rows}``; no rows: the lasso was
    taken away.

    Parameters
    ----------
    points : str
        Token of the positions, as `app.library.publish_points` gives it. Rows that are NaN are not drawn.
    steps : np.ndarray
        Colour step of every clip (n,), see `drop_steps`.
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
    title, caption : str
        What the header says.
    height : int or None
        Height in px; None: all that the container has.
    """
    states = np.asarray(steps, np.uint8) | np.where(flagged, _FLAGGED, 0).astype(np.uint8)
    states |= np.where(picked, _PICKED, 0).astype(np.uint8)
    if lassoed is not None:
        states |= np.where(lassoed, _LASSOED, 0).astype(np.uint8)
    header = {
        "points": points,
        "outlines": [asdict(outline) for outline in outlines],
        "pickedSlice": picked_slice,
        "playing": playing,
        "lassoing": lassoed is not None,
        "title": title,
        "caption": caption,
        "height": height,
        "seq": seq,
    }
    component("scatter")(
        key=key,
        data=_pack(header, states),
        height="stretch" if height is None else height,
        on_event_change=on_event,
    )


def _pack(header: dict[str, Any], states: np.ndarray) -> bytes:
    """Length of the header (uint32), the header (JSON), one byte a clip: bytes travel alone, without a dict."""
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    return struct.pack("<I", len(text)) + text + states.tobytes()
