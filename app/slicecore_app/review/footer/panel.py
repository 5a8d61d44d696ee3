"""The foot of the page: keys, and whether the verdicts are saved."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from slicecore_app.review.footer import component
from slicecore_app.review.keys import FOOT
from slicecore_app.session import reviews, session
from slicecore_app.session.visitor import logs_out


def footer(keys: Sequence[tuple[Sequence[str], str]] = FOOT) -> None:
    """Draw the foot."""
    with st.container(key="foot"):
        memory = reviews.memory()
        component.footer(
            keys,
            account=memory.account,
            is_login=bool(memory.visitor.name),
            logs_out=logs_out(),
            key="footer",
            seq=session.seq(),
        )
