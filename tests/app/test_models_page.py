"""The page of all models: values on every slice, and the way to the slice."""

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from opened_page import finished, press, review

from slicecore_app.pages import models_view
from slicecore_app.review.head import component as head_component


@pytest.fixture
def calls_of_three(calls):
    table = pd.read_csv(calls)
    table["prediction_tiny"] = table["prediction_large"].where(np.arange(len(table)) % 3 > 0, "nothing")
    table.to_csv(calls, index=False)
    return calls


@pytest.fixture
def drawn(monkeypatch):
    """Data of the table and of the head; a button stands for a press on the first slice."""
    given = {}

    def table(*, key, data, on_event_change):
        given["models"] = data

        def click():
            st.session_state["models"] = {"event": {"kind": "slice", "slice": data["rows"][1]["slice"]}}
            on_event_change()

        st.button("Open", key="open first", on_click=click)

    def head(numbers, *, on_event, **_):
        given["numbers"] = numbers

    monkeypatch.setattr(models_view, "component", lambda path: table)
    monkeypatch.setattr(head_component, "head", head)
    return given


def test_three_models_are_laid_out_on_every_slice_and_a_press_opens_one(calls_of_three, drawn, monkeypatch):
    page = finished(review(monkeypatch, calls_of_three))
    assert drawn["numbers"][0].opens == "models"
    page.switch_page("models.py").run()
    assert not page.exception
    assert drawn["models"]["models"] == ["prediction", "prediction_large", "prediction_tiny"]
    whole, first, *_ = drawn["models"]["rows"]
    assert (whole["name"], whole["clips"], whole["slice"]) == ("All clips", "30", "")
    assert [cell["is_best"] for cell in whole["cells"]].count(True) == 1
    assert first["number"] == 1 and any(cell["behind"] for cell in first["cells"])
    press(page, "open first")
    page.switch_page("review.py").run()
    assert page.session_state["picked"].key == first["slice"]


def test_two_models_are_compared_instead(calls, drawn, monkeypatch):
    finished(review(monkeypatch, calls))
    assert drawn["numbers"][0].opens == ""
