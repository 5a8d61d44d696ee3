"""Thresholds: the least support and drop of a flagged slice, a detector's threshold, other options of the scan."""

from __future__ import annotations

import numpy as np
import streamlit as st

from slicecore.metrics import Costs, DetectionTable
from slicecore.report.glossary import explain
from slicecore.table.dataset import Dataset
from slicecore.wording import rate, significant
from slicecore_app import wording
from slicecore_app.review.thresholds import component
from slicecore_app.review.thresholds.component import Choice, Slider
from slicecore_app.session import session, settings, threshold_steps
from slicecore_app.session.parsing import Table

_HINTS = {"support_share": "min_support", "group": "group"}
"""Terms of the glossary that explain an option."""
MOST_STEPS = 200
"""Steps of the threshold of scores."""
MOST_CHOICES = 8
"""Choices of an option that are shown; an address or a command may choose others."""


def prepare(data: Dataset, costs: Costs) -> None:
    """Give the thresholds their defaults where the session has none that fit this table."""
    settings.fit(_table(data, costs), "min_support", "min_drop")


def thresholds(data: Dataset, costs: Costs, scores: DetectionTable | None) -> None:
    """Draw the sliders, one for the threshold of a detector's `scores` too. They redraw the page when released."""
    sliders = [_support_slider(len(data)), _drop_slider(costs)]
    if scores is not None:
        sliders.insert(0, _score_slider(scores))
    with st.container(key="controls"):
        component.thresholds(
            sliders,
            _choices(_table(data, costs)),
            key="thresholds",
            on_event=lambda: _on_event(_table(data, costs)),
            seq=session.seq(),
        )


def _table(data: Dataset, costs: Costs) -> Table:
    return Table(data, st.session_state, costs=lambda: costs)


def _support_slider(clips: int) -> Slider:
    is_share = settings.value("support_share")
    choices = threshold_steps.support_steps(clips, is_share)
    if is_share:
        texts = [
            f"{percent:g}\u202f% · {wording.clips(threshold_steps.clips_of_percent(percent, clips))}"
            for percent in choices
        ]
    else:
        texts = [wording.clips(int(count)) for count in choices]
    support = settings.value("min_support")
    return Slider("min_support", "Minimum support", support, choices, texts, explain("min_support"))


def _drop_slider(costs: Costs) -> Slider:
    relative, drop = settings.value("relative"), settings.value("min_drop")
    if relative:
        unit, after = f"in percent of the overall {_whole(costs)}", "\u202f%"
    elif costs.is_rate:
        unit, after = "in percentage points", "\u202fpts"
    else:
        unit, after = "in its own unit", ""
    choices = threshold_steps.drop_steps(costs, relative)
    texts = [f"{significant(step)}{after}" for step in choices]
    nearest = min(range(len(choices)), key=lambda at: abs(choices[at] - drop))
    texts[nearest] = f"{significant(drop)}{after}"  # an address or a way out may lie between two steps
    against = "the overall one" if settings.value("against") == "whole" else "that of the rest"
    hint = explain("min_drop", costs, against=against, unit=unit)
    return Slider("min_drop", "Minimum drop", choices[nearest], choices, texts, hint)


def _score_slider(scores: DetectionTable) -> Slider:
    """Threshold of the scores: steps where the errors change, each with both rates."""
    curve, equal = scores.curve(), scores.equal_error_threshold
    at = curve.steps(MOST_STEPS)
    steps = [equal if place == curve.at_equal_errors else curve.threshold(place) for place in at.tolist()]
    notes = [
        f"false accepts {rate(accepts)}, false rejects {rate(rejects)}"
        for accepts, rejects in zip(curve.false_accept_rate[at], curve.false_reject_rate[at], strict=True)
    ]
    chosen = settings.value("threshold")
    value = equal if chosen is None else chosen
    if value not in steps:  # an address or a command may lie between two steps
        rates = scores.rates(value)
        place = int(np.searchsorted(steps, value))
        steps.insert(place, value)
        notes.insert(
            place,
            f"false accepts {rate(rates.false_accept_rate)}, false rejects {rate(rates.false_reject_rate)}",
        )
    texts = [f"{significant(step)}{' (equal errors)' if step == equal else ''}" for step in steps]
    return Slider("threshold", "Score threshold", value, steps, texts, explain("threshold"), notes)


def _whole(costs: Costs) -> str:
    """Name of the value that a relative drop is a share of: of a difference, that of the model itself."""
    return f"{costs.model_costs.name} of {costs.compared[0][0]}" if costs.compared else costs.name


def _choices(table: Table) -> list[Choice]:
    """The options of which there is more than one choice."""
    choices = []
    for setting in settings.OPTIONS:
        labels = setting.labels(table) if callable(setting.labels) else setting.labels or {}
        hint = explain(_HINTS[setting.name]) if setting.name in _HINTS else ""
        chosen = settings.value(setting.name)
        shown = list(labels.items())[:MOST_CHOICES]
        if chosen in labels and chosen not in dict(shown):
            shown.append((chosen, labels[chosen]))
        if len(shown) > 1:
            choices.append(Choice(setting.name, setting.label, chosen, shown, hint))
    return choices


def _on_event(table: Table) -> None:
    event = st.session_state["thresholds"]["event"]
    if event["kind"] == "reset":
        settings.reset(
            *(option.name for option in settings.OPTIONS), "min_support", "min_drop", "threshold", table=table
        )
    elif event["name"] in (
        "min_support",
        "min_drop",
        "threshold",
        *(option.name for option in settings.OPTIONS),
    ):
        settings.choose(event["name"], event["value"], table)
