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
NEXT = np.where(np.arange(30) % 15 == 10, "yes", ACTUAL)
"""By another model: no taken for yes in clips 10 and 25."""


@pytest.fixture
def table(calls):
    frame = pd.read_csv(calls)
    reference, prediction = "sentence", "prediction"
    assert {reference, prediction} <= set(frame.columns)
    frame[reference], frame[prediction], frame["prediction_next"] = ACTUAL, PREDICTED, NEXT
    frame.to_csv(calls, index=False)
    return calls


@pytest.fixture
def drawn(monkeypatch):
    """The summary of the picked clips; buttons stand for clicks on the cell of no taken for yes."""
    given = {}

    def summary(content, *, on_event, **_):
        given["summary"] = content

        def click(everywhere, of):
            cell = {
                "kind": "confused",
                "actual": "no",
                "predicted": "yes",
                "everywhere": everywhere,
                "of": of,
            }
            st.session_state["summary"] = {"event": cell}
            on_event()

        for name, everywhere, of in (
            ("cell", False, "model"),
            ("cell of all", True, "model"),
            ("cell of the other", True, "other"),
            ("cell of the difference", True, "difference"),
        ):
            st.button(name, key=name, on_click=click, args=(everywhere, of))

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
    (side,) = drawn["summary"].confusion.sides
    picked, whole = side.picked, side.whole
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


def test_the_matrices_of_two_models_and_their_difference(page, drawn):
    page.session_state["compared"] = "prediction_next"
    page.run()
    assert not page.exception
    model, other, difference = drawn["summary"].confusion.sides
    assert (model.name, other.name) == ("prediction", "prediction_next")
    assert other.whole.counts == [[10, 0, 0], [2, 8, 0], [0, 0, 10]]
    assert difference.whole.gained[1][0] == 2 and difference.whole.lost[1][0] == 1
    (no,) = [row for row in difference.whole.classes if row.label == "no"]
    assert (no.errors, no.recall) == ("+1", "−10.0\u202fpts") and no.hint == "3 wrong, 2 by the other model"
    page.button(key="cell of the difference").click().run()
    picked = page.session_state["picked"]
    assert (
        picked.rows.tolist() == [10, 22, 28]
        and picked.reason == "no taken for yes by one model only, 3 clips"
    )
    page.button(key="cell of the other").click().run()
    picked = page.session_state["picked"]
    assert (
        picked.rows.tolist() == [10, 25] and picked.reason == "no taken for yes by prediction_next, 2 clips"
    )
