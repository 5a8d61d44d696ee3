"""A table of labels: opened by its error rate, with its confusion matrix, whose cells lead to their clips."""

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from opened_page import finished, review

from slicecore_app.review.slice import panel as slice_panel
from slicecore_app.session.selection import Pick

ACTUAL = np.array(["yes", "no", "stop"] * 10)
PREDICTED = np.where(np.arange(30) < 22, ACTUAL, np.where(ACTUAL == "yes", "no", "yes"))


@pytest.fixture
def table(calls):
    frame = pd.read_csv(calls)
    reference, prediction = "sentence", "prediction"
    assert {reference, prediction} <= set(frame.columns)
    frame[reference], frame[prediction] = ACTUAL, PREDICTED
    frame.to_csv(calls, index=False)
    return calls


@pytest.fixture
def drawn(monkeypatch):
    """The summary of the picked clips; buttons stand for clicks on the cell of no taken for yes."""
    given = {}

    def summary(content, *, on_event, **_):
        given["summary"] = content

        def click(everywhere):
            cell = {"kind": "confused", "actual": "no", "predicted": "yes", "everywhere": everywhere}
            st.session_state["summary"] = {"event": cell}
            on_event()

        for name, everywhere in (("cell", False), ("cell of all", True)):
            st.button(name, key=name, on_click=click, args=(everywhere,))

    monkeypatch.setattr(slice_panel, "slice_summary", summary)
    return given


@pytest.fixture
def page(table, drawn, monkeypatch):
    """The page with half of the clips picked."""
    page = finished(review(monkeypatch, table))
    page.session_state["picked"] = Pick("selection", "", np.arange(15, 30), reason="half of the clips")
    return page.run()


def test_labels_are_looked_at_by_their_errors(page, drawn):
    assert str(page.session_state["metric"]).startswith("error_rate.")
    picked, whole = drawn["summary"].confusion.picked, drawn["summary"].confusion.whole
    assert [(row.label, row.clips, row.errors, row.hint) for row in picked.classes] == [
        ("no", "5", "3", "0 of 5 wrong in the rest"),
        ("stop", "5", "3", "0 of 5 wrong in the rest"),
        ("yes", "5", "2", "0 of 5 wrong in the rest"),
    ]
    (confused,) = drawn["summary"].words
    assert confused.rows[0][:3] == ("no → yes", "3 of 5", "Select these clips; 0 of 5 in the rest")
    assert whole.labels == ("yes", "no", "stop") and whole.counts == [[8, 2, 0], [3, 7, 0], [3, 0, 7]]


def test_a_cell_leads_to_its_clips(page):
    page.button(key="cell").click().run()
    assert not page.exception
    picked = page.session_state["picked"]
    assert picked.rows.tolist() == [22, 25, 28] and picked.reason == "no taken for yes, 3 clips"
    page.session_state["picked"] = Pick("selection", "", np.array([22, 25]), reason="two of them")
    page.button(key="cell of all").click().run()
    assert page.session_state["picked"].rows.tolist() == [22, 25, 28]
