"""The layout of the review page: panels that are seen, the open cluster, the part of the map, the order of the clips.

The browser changes it without Python and tells afterwards, so that it is kept with the view. Python sends a layout only
when a view is opened; until the next one the browser goes its own way.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping

import streamlit as st

DIRECTIONS = ("asc", "desc")
FIXED_COLUMNS = ("value", "modelValue", "words", "duration", "id")
"""What the table of clips can be sorted by besides measurements and columns of the user's table."""
ZOOM = (0.5, 400.0)
"""Of the map; 1 is everything."""
_CLUSTER = re.compile(r"\d{1,3}-\d{1,9}(-rest)?|[0-9a-f]{12}")
_TABLE = " (table)"
"""What the name of a user's column ends with where the table of clips has one of that name itself."""


def panels(text: str, columns: Collection[str]) -> str:
    """Which of both is seen alone. Raises ValueError, as all of these do for what makes no sense."""
    if text not in ("clusters", "map"):
        raise ValueError(text)
    return text


def level(text: str, columns: Collection[str]) -> str:
    """The key of the open cluster; whether there is such a cluster only the treemap knows."""
    if not _CLUSTER.fullmatch(text):
        raise ValueError(text)
    return text


def part_of_map(text: str, columns: Collection[str]) -> str:
    """Middle and zoom of the map, "x,y,zoom": the middle as shares of what all points take, not far outside it."""
    x, y, zoom = (float(number) for number in text.split(","))
    if not (all(map(math.isfinite, (x, y, zoom))) and -1 <= x <= 2 and -1 <= y <= 2):
        raise ValueError(text)
    if not ZOOM[0] <= zoom <= ZOOM[1]:
        raise ValueError(text)
    return f"{x:.5g},{y:.5g},{zoom:.5g}"


def order(text: str, columns: Collection[str]) -> str:
    """A column of the table of clips and a direction: "duration desc". `columns` are those of the user's table."""
    from slicecore.measurements import CATALOGUE

    column, _, direction = text.rpartition(" ")
    known = column in FIXED_COLUMNS or column in CATALOGUE or column.removesuffix(_TABLE) in columns
    if not known or direction not in DIRECTIONS:
        raise ValueError(text)
    return text


PARTS: Mapping[str, tuple[str, Callable[[str, Collection[str]], str]]] = {
    "panels": ("panels", panels),
    "level": ("open_cluster", level),
    "map": ("part_of_map", part_of_map),
    "order": ("order_of_clips", order),
}
"""By its name in the address: the name in the session, and the check. The value is text, "" as it would be anyway."""


def open_again() -> None:
    """Let the browser take over the layout that the session has now: a view was opened."""
    turn = st.session_state.get("layout", (0, {}))[0] + 1
    st.session_state["layout"] = (turn, {name: st.session_state[key] for name, (key, _) in PARTS.items()})


def opened(name: str) -> tuple[int, str]:
    """Number of the view that was opened last, and a part of its layout."""
    turn, parts = st.session_state["layout"]
    return turn, parts[name]


def all_opened() -> tuple[int, Mapping[str, str]]:
    """The same with all parts."""
    return st.session_state["layout"]


def take(event: Mapping[str, object], columns: Collection[str]) -> None:
    """Take note of how the browser has changed the layout; not of one from before a view was opened."""
    if event.get("turn") != st.session_state["layout"][0]:
        return
    for name, (key, check) in PARTS.items():
        text = event.get(name)
        try:
            st.session_state[key] = check(str(text), columns) if text else ""
        except ValueError:
            continue  # the browser may have a column that is gone from the table by now
