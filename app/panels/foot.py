"""The foot of the page: keys, and whether the verdicts are saved."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.footer import footer
from app.panels.judging import reviewer


def foot() -> None:
    """Draw the foot."""
    failed = bool(st.session_state.get("save_error"))
    parts = [
        "Not saved" if failed else st.session_state["saved"],
        f"reviewer {reviewer()}" if reviewer() else "",
    ]
    footer(saved=" · ".join(filter(None, parts)), failed=failed, key="footer", seq=state.seq())
