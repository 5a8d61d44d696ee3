"""Thresholds: the least support and the least drop of a flagged slice, and the other options of the scan."""

from __future__ import annotations

from typing import Any

import streamlit as st

from slicecore.metrics import Costs
from slicecore.wording import significant
from slicecore_app import wording
from slicecore_app.review.glossary import explain
from slicecore_app.review.thresholds.component import Choice, Slider, thresholds
from slicecore_app.session import state

DEFAULT_RELATIVE = 50
"""Percent of the overall value, where drops are counted so."""
DROP_STEPS = 200
"""Of the slider, for metrics without a natural unit."""


def prepare(clips: int, costs: Costs) -> None:
    """Give the thresholds their defaults where the session has none that fit this table."""
    if st.session_state.get("min_support") not in _support_steps(clips):
        _set_default_support(clips)
    if "min_drop" not in st.session_state:
        _set_default_drop(costs)


def controls(clips: int, costs: Costs) -> None:
    """Draw the sliders. They redraw the page when released."""
    with st.container(key="controls"):
        thresholds(
            [_support_slider(clips), _drop_slider(costs)],
            _choices(),
            key="thresholds",
            on_event=lambda: _on_event(clips, costs),
            seq=state.seq(),
        )


def _support_steps(clips: int) -> list[Any]:
    return state.share_choices(clips) if st.session_state["support_share"] else state.support_choices(clips)


def _support_slider(clips: int) -> Slider:
    steps = _support_steps(clips)
    if st.session_state["support_share"]:
        texts = [
            f"{percent:g}\u202f% · {wording.clips(state.clips_of_share(percent, clips))}" for percent in steps
        ]
    else:
        texts = [wording.clips(count) for count in steps]
    return Slider(
        "min_support",
        "Minimum support",
        st.session_state["min_support"],
        steps,
        texts,
        explain("min_support"),
    )


def _drop_steps(costs: Costs) -> list[Any]:
    if st.session_state["relative"]:
        return list(range(0, 205, 5))
    if costs.is_rate:
        return list(range(101))
    largest = 10 * state.default_drop(costs)
    return [float(f"{largest * step / DROP_STEPS:.6g}") for step in range(DROP_STEPS + 1)]


def _drop_slider(costs: Costs) -> Slider:
    against = "the overall one" if st.session_state["against"] == "whole" else "that of the rest"
    steps, value = _drop_steps(costs), st.session_state["min_drop"]
    if st.session_state["relative"]:
        unit, texts = f"in percent of the overall {_whole(costs)}", [f"{step}\u202f%" for step in steps]
    elif costs.is_rate:
        unit, texts = "in percentage points", [f"{step}\u202fpts" for step in steps]
    else:
        unit, texts = "in its own unit", [significant(step) for step in steps]
    if value not in steps:  # set from outside, or by a way out that lies between two steps
        value = min(steps, key=lambda step: abs(step - value))
        texts[steps.index(value)] = (
            significant(st.session_state["min_drop"]) if not costs.is_rate else texts[steps.index(value)]
        )
    hint = explain("min_drop", costs, against=against, unit=unit)
    return Slider("min_drop", "Minimum drop", value, steps, texts, hint)


def _whole(costs: Costs) -> str:
    """Name of the value that a relative drop is a share of: of a difference, that of the model itself."""
    return f"{costs.model_costs.name} of {costs.compared[0][0]}" if costs.compared else costs.name


def _choices() -> list[Choice]:
    """What is asked for less often."""
    now = st.session_state
    return [
        Choice(
            "support_share",
            "Support",
            now["support_share"],
            [(False, "Clips"), (True, "Share of all clips")],
            explain("min_support"),
        ),
        Choice(
            "relative", "Drop", now["relative"], [(False, "Absolute"), (True, "Share of the overall value")]
        ),
        Choice("against", "Against", now["against"], list(state.AGAINST.items())),
        Choice("tier", "Slices", now["tier"], list(state.TIERS.items())),
        Choice("rule", "Rule", now["rule"], list(state.RULE_NAMES.items())),
        Choice(
            "max_slices",
            "At most",
            now["max_slices"],
            [(count, str(count or "all")) for count in state.MOST_SLICES],
        ),
    ]


def _on_event(clips: int, costs: Costs) -> None:
    event = st.session_state["thresholds"]["event"]
    if event["kind"] == "reset":
        state.default_options(again=True)
        _set_default_support(clips)
        _set_default_drop(costs)
        return
    name, value = event["name"], event["value"]
    allowed = {choice.name: [one for one, _ in choice.choices] for choice in _choices()}
    allowed |= {"min_support": _support_steps(clips), "min_drop": _drop_steps(costs)}
    if name not in allowed or value not in allowed[name]:
        return
    st.session_state[name] = value
    if name == "relative":
        _set_default_drop(costs)
    elif name == "support_share":
        _set_default_support(clips)


def _set_default_support(clips: int) -> None:
    if st.session_state["support_share"]:
        st.session_state["min_support"] = state.default_share(clips)
    else:
        st.session_state["min_support"] = state.default_support(clips)


def _set_default_drop(costs: Costs) -> None:
    default = state.default_drop(costs)
    if st.session_state["relative"]:
        st.session_state["min_drop"] = DEFAULT_RELATIVE
    else:
        st.session_state["min_drop"] = round(100 * default) if costs.is_rate else default
