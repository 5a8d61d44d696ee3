"""One session: its runs, the table that it has open, and the notices that wait for the page."""

from __future__ import annotations

import streamlit as st

from slicecore.table.dataset import Dataset
from slicecore_app.server.sources import Source, known
from slicecore_app.session import selection, settings
from slicecore_app.session.parsing import Table

_WIDGETS = ("source", "prediction", "compared", "embedding", "metric")
"""Keys of Streamlit's own widgets in the head."""


def start() -> None:
    """Begin a run: give every name a value, and keep those whose widget is not on the page now.

    Streamlit would drop the latter.
    """
    before = st.session_state.setdefault("before", {})
    for name in (*_WIDGETS, "min_support", "min_drop"):
        if settings.has(name):
            before[name] = st.session_state[name]
        elif name in before:
            # Only where it is missing: a value set from here would take back what the reader is changing just now.
            st.session_state[name] = before[name]
    settings.start()
    selection.start()
    st.session_state["seq"] = st.session_state.get("seq", 0) + 1


def seq() -> int:
    """Number of this run of the script; components show it when they have drawn it."""
    return st.session_state["seq"]


def source() -> Source | None:
    """The table on the page: the one chosen, the one the address names, or the first known."""
    tables = known()
    token = st.session_state.get("source")
    if token not in tables:
        asked = st.query_params.get("data", "")
        token = asked if asked in tables else next(iter(tables), None)
        st.session_state["source"] = token
        if asked:
            st.session_state["asked_table"] = asked
    if token is None:
        return None
    if st.query_params.get("data") != token:  # setting it tells the browser, which then forgets the rest
        st.query_params["data"] = token
    return tables[token]


def fit(data: Dataset) -> None:
    """Give the choices of the models and of the groups a value that the table has."""
    settings.fit(Table(data, st.session_state), "prediction", "metric", "compared", "group")


def is_new(name: str) -> bool:
    """True if the choice of a widget is not that of the run before.

    Streamlit forgets the widgets that a run did not come to because another one was asked for, and then reports their
    values as if they were new.
    """
    return settings.has(name) and st.session_state[name] != st.session_state["before"].get(name)


def choose_prediction() -> None:
    """Look at another model: if it is the one that the page's was compared with, the two change places."""
    if not is_new("prediction"):
        return
    before = st.session_state["before"].get("prediction")
    if st.session_state["prediction"] == st.session_state["compared"]:
        st.session_state["compared"] = before or ""
    selection.forget()


def open_table(token: str) -> None:
    """Turn to another table; what was picked belongs to the old one."""
    st.session_state["source"] = token
    leave_table()


def leave_table() -> None:
    """Drop everything that belongs to one table."""
    settings.leave_table()
    selection.forget()


def notify(text: str) -> None:
    """Say something when the page is there."""
    st.session_state["notices"] = [*st.session_state.get("notices", ()), text]


def notices() -> str:
    """Messages that no page has shown yet, "" where there is none."""
    return " ".join(st.session_state.get("notices", ()))


def forget_notices() -> None:
    """Forget the messages, which a run has shown that came to its end.

    The browser shows a toast as long as it lasts, whatever later runs draw. Were it drawn again, it would come again
    where the reader has closed it, or where something else is drawn above it by now.
    """
    st.session_state.pop("notices", None)
