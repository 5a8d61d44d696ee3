"""The foot of the page: keys, and whether the verdicts are saved."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from slicecore_app.review.footer import component
from slicecore_app.review.keys import FOOT
from slicecore_app.session import reviews, session


def footer(keys: Sequence[tuple[Sequence[str], str]] = FOOT) -> None:
    """Draw the foot."""
    with st.container(key="foot"):
        component.footer(keys, account=reviews.memory().account, key="footer", seq=session.seq())
