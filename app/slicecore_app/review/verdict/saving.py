"""Saving what is said on the page: whether it went well, another try where it did not, and taking it back."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import streamlit as st

from slicecore.errors import StorageError
from slicecore_app.review.review_result import Shown

MOST_UNDO = 100

Action = Callable[[Shown], object]
"""Something to write to the workspace of the page, now or later."""


@contextmanager
def saving() -> Iterator[None]:
    """Write to the workspace inside; the page says whether that went well."""
    try:
        yield
    except StorageError as error:
        st.session_state["save_error"] = f"{error} What was said is kept here until it can be saved."
    else:
        st.session_state["save_error"] = ""
        st.session_state["saved"] = f"Saved {datetime.now():%H:%M}"


def is_saved() -> bool:
    """Whether the last `saving` went well."""
    return not st.session_state["save_error"]


def remember(taking_back: Action) -> None:
    """What `undo` does next."""
    steps = st.session_state.setdefault("undo", [])
    steps.append(taking_back)
    del steps[:-MOST_UNDO]


def undo(shown: Shown) -> None:
    """Take the last thing back that was said on this page."""
    if st.session_state.get("undo"):
        st.session_state["undo"].pop()(shown)


def keep_unsaved(subject: str, saying_it: Action | None) -> None:
    """Keep what could not be saved about something for another try, in place of what was kept before; None: nothing."""
    kept = {**st.session_state.get("unsaved", {})}
    kept.pop(subject, None)
    st.session_state["unsaved"] = {**kept, subject: saying_it} if saying_it else kept


def try_again(shown: Shown) -> None:
    """Save what could not be saved."""
    st.session_state["save_error"] = ""
    for saying_it in st.session_state.pop("unsaved", {}).values():
        saying_it(shown)


def reviewer() -> str:
    """Who is reviewing: the name given on the page, else the one of the account."""
    if "reviewer" not in st.session_state:
        try:
            st.session_state["reviewer"] = getpass.getuser()
        except (KeyError, OSError):  # an account without a name, as in some containers
            st.session_state["reviewer"] = ""
    return st.session_state["reviewer"]
