"""A table of detection: opened at the threshold of equal errors, which a slider moves."""

import numpy as np
import pandas as pd
import pytest
from opened_page import finished, open_table, review

from slicecore_app.review.slice import panel as slice_panel
from slicecore_app.review.thresholds import component
from slicecore_app.session import settings
from slicecore_app.session.parsing import Table
from slicecore_app.session.selection import Pick

TARGETS = np.arange(30) % 2
SCORES = np.where(np.arange(30) < 24, 0.2 + 0.6 * TARGETS, 0.8 - 0.6 * TARGETS) + np.arange(30) / 1000


@pytest.fixture
def drawn(monkeypatch):
    """What summary and thresholds were given last."""
    given = {}
    monkeypatch.setattr(slice_panel, "slice_summary", lambda content, **_: given.update(summary=content))
    monkeypatch.setattr(
        component,
        "thresholds",
        lambda sliders, *_, **__: given.update(sliders={slider.name: slider for slider in sliders}),
    )
    return given


@pytest.fixture
def page(calls, drawn, monkeypatch):
    """The page with the last ten clips picked."""
    frame = pd.read_csv(calls)
    frame["sentence"], frame["prediction"] = np.where(TARGETS, "yes", "no"), SCORES
    frame["prediction_next"] = TARGETS - SCORES / 10
    frame.to_csv(calls, index=False)
    page = finished(review(monkeypatch, calls))
    page.session_state["picked"] = Pick("selection", "", np.arange(20, 30), reason="the last clips")
    return page.run()


def test_a_detector_is_looked_at_where_errors_are_equal(page, drawn):
    assert str(page.session_state["metric"]).startswith("detection.")
    slider = drawn["sliders"]["threshold"]
    at = slider.steps.index(slider.value)
    assert slider.texts[at].endswith("(equal errors)") and slider.steps == sorted(slider.steps)
    assert slider.notes[at] == "false accepts 20.0\u202f%, false rejects 20.0\u202f%"
    figures = {figure.label: figure for figure in drawn["summary"].numbers}
    assert figures["False accepts"].value == "60.0\u202f%"
    assert figures["False rejects"].hint == (
        "3 of 5 clips that are to be accepted, 95 % interval 23.1\u202f% to 88.2\u202f%; 20.0\u202f% over all clips"
    )
    whole, picked = drawn["summary"].det.curves
    assert whole.rows[2][:2] == ("Equal error rate", "20.0\u202f%") and picked.threshold is not None
    assert whole.points[0][1] < whole.points[-1][1]


def test_both_models_of_a_comparison_have_a_curve_and_a_threshold(page, drawn):
    page.session_state["compared"] = "prediction_next"
    page.run()
    assert not page.exception
    det = drawn["summary"].det
    assert [(curve.clips, curve.is_other) for curve in det.curves] == [
        ("whole", False),
        ("whole", True),
        ("picked", False),
        ("picked", True),
    ]
    assert det.curves[1].name == "All clips, prediction_next (30)"
    assert det.curves[1].rows[2][1] == "0.0\u202f%" and det.curves[0].rows[2][1] == "20.0\u202f%"
    assert det.title.startswith("Thresholds ") and " for prediction, " in det.title
    assert det.title.endswith(" for prediction_next (equal error rate of all clips)")


def test_another_threshold_makes_another_scan_and_other_outcomes(page, drawn):
    table, now = open_table(), page.session_state
    accepted = [row for row in range(30) if SCORES[row] >= 0.5]
    (edit,) = table.scoring.edits("prediction", now["metric"].at(0.5), [accepted[0]])[0]
    assert edit == ["equal", "yes", f"{SCORES[accepted[0]]}, correct"]
    now["threshold"] = settings.BY_NAME["threshold"].parse("2", Table(table.data, {}))
    page.run()
    assert not page.exception
    slider = drawn["sliders"]["threshold"]
    assert slider.value == 2 and slider.notes[slider.steps.index(2)].startswith("false accepts 0.0")
    figures = {figure.label: figure.value for figure in drawn["summary"].numbers}
    assert (figures["False accepts"], figures["False rejects"]) == ("0.0\u202f%", "100.0\u202f%")
    column = table.columns("prediction", now["metric"].at(2.0), None)["outcome"]
    assert sorted(column.distinct) == ["correct", "false reject"]


@pytest.mark.parametrize(("text", "value"), [("equal", None), ("0.512", 0.512), ("-3", -3.0)])
def test_a_threshold_is_text_in_an_address(text, value):
    threshold = settings.BY_NAME["threshold"]
    assert threshold.parse(text, None) == value and threshold.text(value) == text
    for wrong in ("nan", "inf", "half"):
        with pytest.raises(ValueError, match=wrong):
            threshold.parse(wrong, None)
