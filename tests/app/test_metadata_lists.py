"""Slices over metadata in the list of problems: bands, times and either of two values; a click shows their clips."""

import logging

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from opened_page import finished, open_table, reasoned, review

from slicecore.slices.condition import Condition, Operator, Part
from slicecore.slices.metadata_slices import MetadataSlice
from slicecore.slices.scanner import Scanner
from slicecore_app.review.clips import panel as clips_panel
from slicecore_app.review.problems import panel as problems_panel
from slicecore_app.session.view_file import ViewFile

LABELS = {
    "age between 31 and 40": Condition("age", Operator.BETWEEN, (31.0, 40.0)),
    "recorded between 22:00 and 5:59": Condition("recorded", Operator.BETWEEN, (22.0, 5.0), part=Part.HOUR),
    "recorded on a Sunday": Condition("recorded", Operator.EQUAL, "Sunday", part=Part.WEEKDAY),
    "accent is irish or scottish": Condition("accent", Operator.ONE_OF, ("irish", "scottish")),
}
REFUSED = Condition("gone", Operator.EQUAL, "x")
"""Of a slice that no filter can leave."""


@pytest.fixture
def table(calls):
    frame = pd.read_csv(calls)
    frame["age"] = range(20, 50)
    frame["recorded"] = pd.date_range("2024-03-01", periods=30, freq="7h").strftime("%Y-%m-%d %H:%M")
    frame["accent"] = ["irish", "scottish", "welsh"] * 10
    frame.to_csv(calls, index=False)
    return calls


@pytest.fixture
def drawn(monkeypatch):
    """Arguments of the list of problems and of the table of clips."""
    given = {}

    def problems(*_, others, on_event, **more):
        given["lists"] = {each.label: each for each in others}

        def click(label):
            event = {"kind": "list", "name": given["lists"][label].name}
            st.session_state["problems"] = {"event": event}
            on_event()

        for label in given["lists"]:
            st.button(label, key=f"list {label}", on_click=click, args=(label,))

    monkeypatch.setattr(problems_panel, "problems", problems)
    monkeypatch.setattr(clips_panel, "grid", lambda rows, **_: given.update(clips=rows))
    return given


def test_every_kind_of_metadata_slice_is_a_list_of_its_clips(table, at_rest, drawn, monkeypatch, caplog):
    cells = pd.read_csv(table)
    rows = {
        label: np.flatnonzero(condition.meets(cells[condition.column].to_numpy()))
        for label, condition in LABELS.items()
    }
    assert all(len(each) > 1 for each in rows.values())

    def scan_metadata(scan, data, *_, **__):
        analysis = open_table().analysis("signal").result
        group = Scanner(analysis.hierarchy, scan.costs, ids=data.ids).group
        refused = MetadataSlice((REFUSED,), group(np.arange(7)))
        return *(MetadataSlice((LABELS[label],), group(rows[label])) for label in LABELS), refused

    monkeypatch.setattr("slicecore.slices.metadata_slices.scan_metadata", scan_metadata)
    page = reasoned(finished(review(monkeypatch, table)))
    assert not page.exception
    assert list(drawn["lists"])[: len(LABELS)] == list(LABELS)
    for label, condition in LABELS.items():
        page.button(key=f"list {label}").click().run()
        assert not page.exception
        assert drawn["lists"][label].picked and page.session_state["picked"].reason == label
        assert sorted(drawn["clips"]["row"]) == rows[label].tolist()
        # The same clips as a filter among all, which links and saved views hold.
        page.button(key="metadata filter").click().run()
        assert not page.exception
        assert page.session_state["conditions"] == (condition,)
        assert sorted(drawn["clips"]["row"]) == rows[label].tolist()
        link = ViewFile(str(table)).last()["where"]
        page.session_state["conditions"] = ()
    with caplog.at_level(logging.INFO, logger="slicecore_app"):
        page.button(key=f"list {REFUSED}").click().run()
    assert not page.exception
    assert page.session_state["picked"].reason == str(REFUSED)
    assert "metadata filter" not in {button.key for button in page.button}
    assert f"“{REFUSED}” can't be made a filter: There is no column “gone”" in caplog.text
    linked = review(monkeypatch, table)
    linked.query_params["where"] = link
    finished(linked)
    assert not linked.exception and not linked.toast
    assert linked.session_state["conditions"] == (condition,)
    assert sorted(drawn["clips"]["row"]) == rows[label].tolist()
