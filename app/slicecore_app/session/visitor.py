"""The visitor of this browser session, as the gate knows them, and what they may do."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime import exists

from slicecore_app.access.configuration import Access, current
from slicecore_app.access.visitor import HEADER, SOMEBODY, Role, Visitor, visitor_of

MAY_LOOK = (
    "Your role here is to look: nothing of it is saved. Ask whoever runs slicecore for that of a reviewer."
)
_NOBODY = Visitor("", Role.LOOK)


def visitor() -> Visitor:
    """Whoever has the page open now. A session may be taken up again after another login, so it is asked each time."""
    header = st.context.headers.get(HEADER) if exists() else None
    if header is not None:
        return visitor_of(header)
    return SOMEBODY if _access().mode == "open" else _NOBODY


def logs_out() -> bool:
    """True where the page itself has asked for the login, and can end it."""
    return _access().mode == "login"


def colleagues() -> tuple[str, ...]:
    """Names of all who may judge here, as far as the configuration of the access has them."""
    return _access().roles.named_reviewers


def may_review() -> bool:
    """True for somebody whose words are written."""
    return visitor().role >= Role.REVIEW


def may_administer() -> bool:
    """True for somebody who may open other tables and models."""
    return visitor().role >= Role.ADMINISTER


def _access() -> Access:
    return current(st.get_option("server.address") or "")
