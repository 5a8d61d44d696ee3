"""First view of the page as the options of `slicecore run` have it."""

import json
import sys

import numpy as np
import pandas as pd
import pytest
from opened_page import as_read, finished, open_table, review

import slicecore as sc
from slicecore.cli.arguments import normalisation_of
from slicecore.cli.commands import main
from slicecore.errors import SlicecoreError
from slicecore.pipeline.page_table import page_arguments
from slicecore_app.launch import TABLES_VARIABLE, VIEW_VARIABLE, run
from slicecore_app.review.slice import panel as slice_panel
from slicecore_app.server.metrics_offered import MetricChoice, metric_choices
from slicecore_app.session.selection import Pick


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


@pytest.fixture
def started(monkeypatch):
    """A call of `slicecore run` with arguments, up to its server."""
    for variable in (TABLES_VARIABLE, VIEW_VARIABLE):
        monkeypatch.setenv(variable, "")
    monkeypatch.setattr("slicecore_app.launch._start_streamlit", lambda server: None)
    monkeypatch.setattr("slicecore_app.launch.use", lambda allowed: None)

    def start(arguments):
        monkeypatch.setattr(sys, "argv", ["slicecore", "run", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code

    return start


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"against": "rest", "tier": "confirmed", "max_slices": 10, "min_drop": 0.2},
        {"relative": True, "min_drop": 0.85, "order": "drop"},
        {"rule": "plain", "max_slices": 3, "order": "evidence", "min_drop": 0.05},
    ],
)
def test_the_page_of_a_result_has_the_options_of_its_scan(calls, monkeypatch, started, options):
    result = sc.find_slices(calls, model="signal", explain=False, **options)
    started(page_arguments(result))
    page = finished(review(monkeypatch, calls))
    assert not page.exception and not page.toast
    wanted = result.scan.options
    shown = {name: page.session_state[name] for name in ("relative", "against", "rule", "max_slices", "sort")}
    assert shown == {
        "relative": wanted.relative,
        "against": wanted.against,
        "rule": wanted.rule,
        "max_slices": wanted.max_slices,
        "sort": wanted.order,
    }
    assert page.session_state["tier"] == (wanted.tier or "all")
    assert page.session_state["min_drop"] == pytest.approx(100 * wanted.min_drop)


@pytest.mark.parametrize("shuffles", [199, 0])
def test_the_page_of_a_result_takes_as_many_permutations(calls, monkeypatch, started, shuffles):
    drawn = []
    monkeypatch.setattr(slice_panel, "slice_summary", lambda content, **_: drawn.append(content))
    result = sc.find_slices(calls, model="signal", explain=False, shuffles=shuffles)
    started(page_arguments(result))
    page = finished(review(monkeypatch, calls))
    (hum,) = result.slices
    page.session_state["picked"] = Pick("slice", hum.id, hum.members, hum)
    page.run()
    assert not page.exception and not page.toast
    if shuffles:
        assert drawn[-1].tier == hum.tier and "199 shuffles" in drawn[-1].note_hint
    else:
        assert (drawn[-1].tier, drawn[-1].note, drawn[-1].note_hint) == ("", "", "")
    page.session_state["tier"] = "confirmed"  # of those there are none without a test
    page.run()
    assert not page.exception and f"{shuffles or 999} shuffles" in drawn[-1].note_hint


def test_options_of_a_scan_that_make_no_sense_are_errors(started):
    for wrong in (
        {"against": "others"},
        {"rule": "worst"},
        {"tier": "sure"},
        {"shuffles": -1},
        {"shuffles": 0, "tier": "confirmed"},
        {"max_slices": 0},
        {"order": "name"},
    ):
        with pytest.raises(SlicecoreError):
            run(**wrong)


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
