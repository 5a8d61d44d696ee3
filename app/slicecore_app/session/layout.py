"""The layout of the review page: panels that are seen, the open cluster, the part of the map, the order of the clips.

The browser changes it without Python and reports it afterwards, so that it is kept with the view. Python sends a layout
only when a view is opened; until the next one the browser goes its own way.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from slicecore_app.session.parsing import Table
from slicecore_app.session.settings import LAYOUT


def open_again() -> None:
    """Let the browser take over the layout that the session has now: a view was opened."""
    turn = st.session_state.get("layout", (0, {}))[0] + 1
    st.session_state["layout"] = (turn, {part.url: st.session_state[part.name] for part in LAYOUT})


def opened(name: str) -> tuple[int, str]:
    """Number of the view that was opened last, and a part of its layout by its name in the address."""
    turn, parts = st.session_state["layout"]
    return turn, parts[name]


def all_opened() -> tuple[int, Mapping[str, str]]:
    """The same with all parts."""
    return st.session_state["layout"]


def take(event: Mapping[str, object], table: Table) -> None:
    """Store how the browser has changed the layout, unless a view was opened since."""
    if event.get("turn") != st.session_state["layout"][0]:
        return
    for part in LAYOUT:
        text = event.get(part.url)
        try:
            st.session_state[part.name] = part.parse(str(text), table) if text else ""
        except ValueError:
            continue  # the browser may have a column that is gone from the table by now
