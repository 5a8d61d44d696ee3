"""First view of the page as the options of `slicecore run` have it."""

import json

import numpy as np
import pandas as pd
from opened_page import as_read, finished, open_table, review

from slicecore.cli.arguments import normalisation_of
from slicecore_app.launch import VIEW_VARIABLE
from slicecore_app.server.metrics_offered import MetricChoice, metric_choices


def test_options_of_slicecore_run_are_shown_first(calls, monkeypatch):
    lines = calls.read_text().splitlines()
    scores = ["score", *(f"{i % 5}" for i in range(30))]
    calls.write_text("\n".join(f"{line},{score}" for line, score in zip(lines, scores, strict=True)))
    view = {"mean_of": "score", "min_support": 7, "min_drop": 1.5}
    monkeypatch.setenv(VIEW_VARIABLE, json.dumps(view))
    page = finished(review(monkeypatch, calls))
    assert not page.exception
    assert page.selectbox(key="metric").value.label == "score"
    assert (page.session_state["min_support"], page.session_state["min_drop"]) == (7, 1.5)
    assert open_table().scoring.costs("prediction", MetricChoice("mean", "basic")).value() == 2.0


def test_a_drop_of_slicecore_run_is_in_the_unit_of_the_usual_metric(calls, monkeypatch):
    frame = pd.read_csv(calls)
    scores = np.linspace(1, 5, len(frame)).round(2)
    frame.assign(sentence=scores, prediction=scores[::-1]).drop(columns="prediction_large").to_csv(
        calls, index=False
    )
    monkeypatch.setenv(VIEW_VARIABLE, json.dumps({"min_drop": 0.5}))
    page = finished(review(monkeypatch, calls))
    assert not page.exception
    assert str(page.session_state["metric"]).startswith("mae.")
    assert page.session_state["min_drop"] == 0.5


def test_options_of_slicecore_run_that_do_not_fit_are_named(calls, monkeypatch):
    monkeypatch.setenv(VIEW_VARIABLE, json.dumps({"min_support": 500, "min_drop": 1.5, "group": "nobody"}))
    page = finished(review(monkeypatch, calls))
    assert not page.exception
    (toast,) = page.toast
    assert (
        "Left out of the command line, because they do not fit this table: groups, support, drop."
        in as_read(toast.value)
    )


def test_a_normaliser_of_the_command_line_is_a_metric_of_the_page(calls, tmp_path, monkeypatch):
    (tmp_path / "rules.py").write_text("def clean(text):\n    return text.lower()[:3]\n")
    name = normalisation_of(f"{tmp_path / 'rules.py'}:clean")
    monkeypatch.setenv(VIEW_VARIABLE, json.dumps({"metric": "wer", "normalisation": name}))
    page = finished(review(monkeypatch, calls))
    assert not page.exception
    assert page.selectbox(key="metric").value.label == "WER, rules:clean"
    assert open_table().scoring.costs("prediction", MetricChoice("wer", name)).denominator.max() == 1
    assert "WER, leaderboard" in [choice.label for choice in metric_choices()]
