"""A table with a number per clip, without references and predictions: looked at by its mean."""

import json

import numpy as np
import pandas as pd
import pytest
from opened_page import finished, open_table, review

from slicecore_app.launch import VIEW_VARIABLE
from slicecore_app.review.slice import panel as slice_panel
from slicecore_app.server.sources import Source
from slicecore_app.session.selection import Pick


@pytest.fixture
def table(calls):
    frame = pd.read_csv(calls)
    frame = frame[["audio"]]
    frame = frame.assign(mos=np.linspace(2, 4, len(frame)).round(3))
    frame.to_csv(calls, index=False)
    return calls


def test_a_table_of_numbers_is_recognised(table, monkeypatch):
    drawn = {}
    monkeypatch.setattr(slice_panel, "slice_summary", lambda content, **_: drawn.update(summary=content))
    page = finished(review(monkeypatch, table))
    assert not page.exception
    assert str(page.session_state["metric"]) == "mean_high.basic"
    assert page.session_state["prediction"] == "mos"
    page.session_state["picked"] = Pick("selection", "", np.arange(5), reason="the first clips")
    page.run()
    assert not page.exception
    figures = {figure.label: figure.value for figure in drawn["summary"].numbers}
    assert list(figures)[:2] == ["mos", "Drop"] and figures["mos"].startswith("2.")
    assert open_table().scoring.edits("mos", page.session_state["metric"], [0]) == [[]]
    assert "mos" not in open_table().data.metadata


def test_the_column_may_be_named(table, monkeypatch):
    named = Source(str(table), mean_of="mos").read()
    assert (named.roles.reference, named.roles.predictions) == (None, ("mos",))
    monkeypatch.setenv(VIEW_VARIABLE, json.dumps({"mean_of": "mos"}))
    page = finished(review(monkeypatch, table))
    assert not page.exception and str(page.session_state["metric"]) == "mean.basic"


def test_texts_without_references_are_no_numbers(calls):
    frame = pd.read_csv(calls)
    frame.drop(columns="sentence").to_csv(calls, index=False)
    with pytest.raises(Exception, match="No column looks like a reference"):
        Source(str(calls)).read()
