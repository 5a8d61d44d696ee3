"""Thresholds: the least support and the least drop of a flagged slice."""

from __future__ import annotations

import streamlit as st

from app import state
from slicecore.metrics import Costs

DEFAULT_RELATIVE = 50
"""Percent of the overall value, where drops are counted so."""


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
            with st.popover("Options", type="tertiary", key="options"):
                _options(costs)
            st.button("Reset", type="tertiary", on_click=_reset, args=(clips, costs), key="reset")
        st.select_slider(
            "Minimum support",
            state.support_choices(clips),
            key="min_support",
            format_func=lambda count: f"{count} clips",
            help="A slice has at least this many clips.",
        )
        _drop_slider(costs)


def _drop_slider(costs: Costs) -> None:
    against = "the overall one" if st.session_state["against"] == "whole" else "that of the rest"
    if st.session_state["relative"]:
        limits, unit = (
            {"min_value": 0, "max_value": 200, "step": 5, "format": "%d %%"},
            f"in percent of the overall {costs.name}",
        )
    elif costs.is_rate:
        limits, unit = (
            {"min_value": 0, "max_value": 100, "step": 1, "format": "%d pts"},
            "in percentage points",
        )
    else:
        largest = 10 * state.default_drop(costs)
        limits, unit = {"min_value": 0.0, "max_value": largest, "step": largest / 200}, "in its own unit"
    st.slider(
        "Minimum drop",
        key="min_drop",
        help=f"The {costs.name} of a slice is at least this much worse than {against}, {unit}.",
        **limits,
    )


def _options(costs: Costs) -> None:
    """What is asked for less often."""
    st.segmented_control(
        "Drop",
        [False, True],
        key="relative",
        format_func=lambda relative: "Share of the overall value" if relative else "Absolute",
        on_change=_set_default_drop,
        args=(costs,),
        required=True,
    )
    for label, key, names in (
        ("Against", "against", state.AGAINST),
        ("Slices", "tier", state.TIERS),
        ("Rule", "rule", state.RULE_NAMES),
    ):
        st.segmented_control(label, list(names), key=key, format_func=names.get, required=True)
    st.select_slider(
        "At most",
        state.MOST_SLICES,
        key="max_slices",
        format_func=lambda count: f"{count} slices" if count else "all slices",
    )


def _set_default_drop(costs: Costs) -> None:
    default = state.default_drop(costs)
    if st.session_state["relative"]:
        st.session_state["min_drop"] = DEFAULT_RELATIVE
    else:
        st.session_state["min_drop"] = round(100 * default) if costs.is_rate else default


def _reset(clips: int, costs: Costs) -> None:
    state.default_options(again=True)
    st.session_state["min_support"] = state.default_support(clips)
    _set_default_drop(costs)
