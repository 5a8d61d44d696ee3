"""Thresholds: the least support and the least drop of a flagged slice."""

from __future__ import annotations

import streamlit as st

from app import state
from slicecore.metrics import Costs


def prepare(clips: int, costs: Costs) -> None:
    """Give the thresholds their defaults where the session has none that fit this table."""
    choices = state.support_choices(clips)
    if st.session_state.get("min_support") not in choices:
        st.session_state["min_support"] = state.default_support(clips)
    if "min_drop" not in st.session_state:
        _set_default_drop(costs)


def controls(clips: int, costs: Costs) -> None:
    """Draw the sliders. They redraw the page when released."""
    with st.container(key="controls"):
        with st.container(key="controls-head", horizontal=True, vertical_alignment="center"):
            st.html('<div class="sc-panel-title">Thresholds</div>')
            st.button("Reset", type="tertiary", on_click=_reset, args=(clips, costs), key="reset")
        st.select_slider(
            "Minimum support",
            state.support_choices(clips),
            key="min_support",
            format_func=lambda count: f"{count} clips",
            help="A slice has at least this many clips.",
        )
        if costs.is_rate:
            st.slider(
                "Minimum drop",
                0,
                100,
                step=1,
                format="%d pts",
                key="min_drop",
                help=f"The {costs.name} of a slice lies at least this far above the overall one, in percentage points.",
            )
        else:
            largest = 10 * state.default_drop(costs)
            st.slider(
                "Minimum drop",
                0.0,
                largest,
                step=largest / 200,
                key="min_drop",
                help=f"The {costs.name} of a slice is at least this much worse than the overall one.",
            )


def _set_default_drop(costs: Costs) -> None:
    default = state.default_drop(costs)
    st.session_state["min_drop"] = round(100 * default) if costs.is_rate else default


def _reset(clips: int, costs: Costs) -> None:
    st.session_state["min_support"] = state.default_support(clips)
    _set_default_drop(costs)
