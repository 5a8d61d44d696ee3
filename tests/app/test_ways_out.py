"""Ways out of an empty list: buttons that choose settings, and one that lists all clips."""

import pandas as pd
import pytest
import streamlit as st
from opened_page import finished, review

from slicecore_app.review.problems import panel


@pytest.fixture(autouse=True)
def ways_out_as_buttons(monkeypatch):
    """The ways out as Streamlit's own buttons, which a test without a browser can press."""

    def draw(cards, *, ways_out, on_event, heading, **_):
        def take(settings):
            event = {"kind": "way_out", "settings": settings} if settings else {"kind": "all"}
            st.session_state["problems"] = {"event": event}
            on_event()

        for way in ways_out:
            st.button(way.label, key=f"way out {way.label}", on_click=take, args=(dict(way.settings),))
        st.session_state["cards"], st.session_state["heading"] = len(cards), heading

    monkeypatch.setattr(panel, "problems", draw)


def way_out(page, beginning):
    button = next(button for button in page.button if button.label.startswith(beginning))
    button.click().run()
    assert not page.exception


def test_a_lower_drop_and_a_lower_support_flag_something(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    assert page.session_state["cards"] == 1
    page.session_state["min_drop"] = 90
    page.run()
    assert page.session_state["cards"] == 0
    way_out(page, "Lower the drop")
    assert page.session_state["cards"] == 1
    assert 0 < page.session_state["min_drop"] < 90
    page.session_state["support_share"] = True
    page.session_state["min_support"] = 30
    page.run()
    assert page.session_state["cards"] == 0
    way_out(page, "Lower the support")
    assert page.session_state["cards"] == 1
    assert page.session_state["support_share"] is False
    assert page.session_state["min_support"] <= 8


def test_where_clusters_meet_the_thresholds_chance_is_named_and_no_threshold_offered(calls, monkeypatch):
    table = pd.read_csv(calls)
    table["prediction"] = ["good morning for you"] * 5 + table["sentence"].tolist()[5:]
    table.to_csv(calls, index=False)
    page = finished(review(monkeypatch, calls))
    page.session_state["min_drop"] = 1
    page.run()
    assert page.session_state["cards"] == 0
    assert page.session_state["heading"] == "No cluster stands out from chance"
    assert not [button for button in page.button if button.label.startswith("Lower the drop")]


def test_all_clips_can_be_listed(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    page.session_state["min_drop"] = 90
    page.run()
    way_out(page, "List the worst clips")
    assert len(page.session_state["picked"].rows) == 30


def test_a_setting_that_is_none_is_ignored(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    page.session_state["min_drop"] = 90
    page.run()
    monkeypatch.setattr(
        panel, "_ways_out", lambda result: [panel.WayOut("x", "", {"min_drop": "nan", "seq": 0})]
    )
    before = page.session_state["seq"]
    page.run()
    way_out(page, "x")
    assert page.session_state["min_drop"] == 90
    assert page.session_state["seq"] == before + 2
