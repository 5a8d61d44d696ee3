"""The foot of the page: keys, and whether the verdicts are saved."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import state
from app.components.footer import footer
from app.components.keys import FOOT
from app.panels.saving import reviewer


def foot(keys: Sequence[tuple[Sequence[str], str]] = FOOT) -> None:
    """Draw the foot."""
    with st.container(key="foot"):
        footer(keys, reviewer=reviewer(), key="footer", seq=state.seq())
