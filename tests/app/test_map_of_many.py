"""The map on the page where there are more clips than are drawn one by one: parts, and a lasso by its corners."""

import numpy as np
import pytest
import streamlit as st
from opened_page import finished, review

from slicecore_app.review.map import component, panel
from slicecore_app.server import drawn_maps
from slicecore_app.session import selection


@pytest.fixture
def drawn(monkeypatch):
    """The map as it was drawn; buttons stand for a lasso around everything, and for one on places of before."""
    given = {}

    def clip_map(*, on_event, **more):
        given.update(more)

        def lasso(points):
            corners = [[-1e6, -1e6], [-1e6, 1e6], [1e6, 1e6], [1e6, -1e6]]
            st.session_state["map"] = {"event": {"kind": "lasso", "corners": corners, "points": points}}
            on_event()
            given["selected"] = selection.picked()

        st.button("lasso", on_click=lasso, args=(more["points"],))
        st.button("late lasso", on_click=lasso, args=("other places",))

    monkeypatch.setattr(component, "clip_map", clip_map)
    monkeypatch.setattr(panel, "MOST_POINTS", 5)
    return given


def test_a_lasso_selects_by_its_corners(calls, drawn, monkeypatch):
    page = finished(review(monkeypatch, calls))
    parts = drawn["parts"]
    left, right, bottom, top = parts.box
    count = len(drawn["flagged"])
    asked = {
        "left": left - 1,
        "right": right + 1,
        "bottom": bottom - 1,
        "top": top + 1,
        "width": 50,
        "height": 40,
    }
    assert drawn_maps.part_of_map(parts.token, {name: str(value) for name, value in asked.items()})
    assert parts.flagged == np.count_nonzero(drawn["flagged"])
    page.button[[button.label for button in page.button].index("late lasso")].click().run()
    assert drawn["selected"] is None
    page.button[[button.label for button in page.button].index("lasso")].click().run()
    assert not page.exception
    assert drawn["selected"].kind == "selection"
    assert 0 < len(drawn["selected"].rows) <= count
    assert drawn["parts"].token != parts.token  # marked clips are drawn
