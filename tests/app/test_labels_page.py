"""A table of labels: opened by its error rate, with the labels that are taken for others."""

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
    """The summary of the picked clips; a button stands for a click on its first confused pair."""
    given = {}

    def summary(content, *, on_event, **_):
        given["summary"] = content

        def click():
            actual, predicted = content.words[1].rows[0][3]
            st.session_state["summary"] = {
                "event": {"kind": "confused", "actual": actual, "predicted": predicted}
            }
            on_event()

        if content.words:
            st.button("confused", key="confused", on_click=click)

    monkeypatch.setattr(slice_panel, "slice_summary", summary)
    return given


def test_labels_are_looked_at_by_their_errors_and_a_pair_leads_to_its_clips(table, drawn, monkeypatch):
    page = finished(review(monkeypatch, table))
    assert str(page.session_state["metric"]).startswith("error_rate.")
    page.session_state["picked"] = Pick("selection", "", np.arange(15, 30), reason="half of the clips")
    page.run()
    wrong, confused = drawn["summary"].words
    assert [row[:3] for row in wrong.rows] == [
        ("no", "3 of 5", "0 of 5 in the rest"),
        ("stop", "3 of 5", "0 of 5 in the rest"),
        ("yes", "2 of 5", "0 of 5 in the rest"),
    ]
    assert confused.rows[0][:2] == ("no → yes", "3 of 5")
    page.button(key="confused").click().run()
    assert not page.exception
    picked = page.session_state["picked"]
    assert picked.rows.tolist() == [22, 25, 28] and picked.reason == "no taken for yes, 3 clips"
