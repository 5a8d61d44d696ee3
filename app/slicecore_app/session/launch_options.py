"""What `slicecore run` was told to show first: the embedding, the metric and the thresholds of a new session."""

from __future__ import annotations

import json
import os
from typing import Any

import streamlit as st

from slicecore.text.normalisation import DEFAULT_NORMALISATION
from slicecore_app.launch import VIEW_VARIABLE
from slicecore_app.review.thresholds import steps
from slicecore_app.server.metrics_offered import MEAN, offered
from slicecore_app.session import parsing, settings
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
        wanted["support"] = str(steps.support_below(asked["min_support"]))
    if "min_drop" in asked:
        is_rate = metric is None or offered()[metric].is_rate
        wanted["drop"] = parsing.plain(
            settings.drop_as_setting(asked["min_drop"], is_rate=is_rate, relative=False)
        )
    return wanted


def _asked() -> dict[str, Any]:
    return json.loads(os.environ.get(VIEW_VARIABLE, "{}"))
