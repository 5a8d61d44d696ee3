"""Options of `slicecore run` for the first view: the embedding, the metric and the thresholds of a new session."""

from __future__ import annotations

import json
import os
from typing import Any

import streamlit as st

from slicecore.table.dataset import Dataset
from slicecore.text.normalisation import DEFAULT_NORMALISATION
from slicecore_app.launch import VIEW_VARIABLE
from slicecore_app.server.metrics_offered import MEAN, offered, usual_choice
from slicecore_app.session import parsing, threshold_steps
from slicecore_app.session.scan_options import drop_as_setting
from slicecore_app.session.view_file import View

_OF_SCAN = {
    "relative": "relative",
    "against": "against",
    "rule": "rule",
    "shuffles": "shuffles",
    "tier": "tier",
    "max_slices": "most",
    "order": "sort",
}
"""Names of options of a scan, with those of the same settings in an address."""


def apply() -> None:
    """Show the embedding of the command line in a new session."""
    options = _options()
    if "model" in options:
        st.session_state.setdefault("model", options["model"])


def view(data: Dataset) -> View:
    """The options as a view of a table, as an address would have it; empty where the command line has none."""
    options = _options()
    metric = MEAN if "mean_of" in options else options.get("metric")
    wanted: View = {}
    if "model" in options:
        wanted["embedding"] = options["model"]
    if metric:
        wanted["metric"] = f"{metric}.{options.get('normalisation', DEFAULT_NORMALISATION)}"
    if "threshold" in options:
        wanted["threshold"] = parsing.threshold_text(options["threshold"])
    if "group" in options:
        wanted["groups"] = options["group"]
    if "compare_with" in options:
        wanted["compare"] = options["compare_with"]
    if "min_support" in options:
        wanted["support"] = str(threshold_steps.support_below(options["min_support"]))
    if "min_drop" in options:
        is_rate = offered()[metric].is_rate if metric else usual_choice(data).is_rate
        relative = options.get("relative", False)
        drop = drop_as_setting(options["min_drop"], is_rate=is_rate, relative=relative)
        wanted["drop"] = parsing.plain(drop)
    of_scan = {name: parsing.plain(options[name]) for name in _OF_SCAN if name in options}
    return wanted | {_OF_SCAN[name]: text for name, text in of_scan.items()}


def _options() -> dict[str, Any]:
    return json.loads(os.environ.get(VIEW_VARIABLE, "{}"))
