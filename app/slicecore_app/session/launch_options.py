"""What `slicecore run` was told to show first: the embedding, the metric and the thresholds of a new session."""

from __future__ import annotations

import json
import os
from typing import Any

import streamlit as st

from slicecore.text.normalisation import DEFAULT_NORMALISATION
from slicecore_app.launch import VIEW_VARIABLE
from slicecore_app.server.metrics_offered import MEAN, offered
from slicecore_app.session import state
from slicecore_app.session.view_file import View


def begin() -> None:
    """Make the embedding that the command line asked for known to a session."""
    asked = _asked()
    if "model" in asked:
        st.session_state.setdefault("model", asked["model"])


def view() -> View:
    """What the command line asked for as a view, as an address would have it; empty where it asked for nothing."""
    asked = _asked()
    metric = MEAN if "mean_of" in asked else asked.get("metric")
    wanted: View = {}
    if "model" in asked:
        wanted["embedding"] = asked["model"]
    if metric:
        wanted["metric"] = f"{metric}.{asked.get('normalisation', DEFAULT_NORMALISATION)}"
    if "min_support" in asked:
        wanted["support"] = str(_step_below(asked["min_support"]))
    if "min_drop" in asked:
        unit = 100 if metric is None or offered()[metric].is_rate else 1
        wanted["drop"] = f"{unit * asked['min_drop']:g}"
    return wanted


def _asked() -> dict[str, Any]:
    return json.loads(os.environ.get(VIEW_VARIABLE, "{}"))


def _step_below(support: int) -> int:
    """The largest step of the slider up to a support; its first one where there is none."""
    steps = state.support_choices(2 * max(support, 5))
    return max((step for step in steps if step <= support), default=steps[0])
