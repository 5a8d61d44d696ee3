"""Layouts of the map: h-nne, UMAP in the background, and predicted against actual scores."""

import threading

import numpy as np
import opened_page
import pandas as pd
import pytest
import streamlit as st
from opened_page import finished, review

from slicecore_app.review.map import component
from slicecore_app.server import open_table, registry


@pytest.fixture
def drawn(monkeypatch):
    """The map as it was drawn; a button stands for each layout in its header."""
    given = {}

    def clip_map(*, on_event, layouts, **more):
        given.update(more, layouts=layouts)

        def choose(layout):
            st.session_state["map"] = {"event": {"kind": "layout", "by": layout}}
            on_event()

        for layout, *_ in layouts:
            st.button(layout, key=f"layout {layout}", on_click=choose, args=(layout,))

    monkeypatch.setattr(component, "clip_map", clip_map)
    monkeypatch.setattr(registry, "publish_points", lambda positions: positions)
    return given


def test_transcripts_are_laid_out_by_either_method(calls, drawn, monkeypatch):
    go_on = threading.Event()

    def places(vectors, hierarchy, cache, layout):
        assert layout == "umap" and go_on.wait(60)
        return np.full((len(vectors), 2), 7, np.float32)

    page = finished(review(monkeypatch, calls))
    assert [layout for layout, *_ in drawn["layouts"]] == ["hnne", "umap"]
    monkeypatch.setattr(open_table, "cached_positions", places)
    before = drawn["points"]
    page.button(key="layout umap").click().run()
    assert (drawn["layout"], "UMAP is being laid out" in drawn["caption"]) == ("umap", True)
    assert np.array_equal(drawn["points"], before, equal_nan=True)
    go_on.set()
    (job,) = (job for job in opened_page.open_table().jobs.of(open_table.PLACES) if job.name == "umap")
    assert job.ended.wait(60)
    page.run()
    assert not page.exception
    assert (drawn["points"] == 7).all() and "UMAP is" not in drawn["caption"]


def test_scores_are_laid_out_against_each_other(calls, drawn, monkeypatch):
    frame = pd.read_csv(calls)
    frame["sentence"], frame["prediction"] = np.linspace(1, 5, 30), np.linspace(1.5, 4, 30)
    frame.to_csv(calls, index=False)
    page = finished(review(monkeypatch, calls))
    assert str(page.session_state["metric"]).startswith("mae.")
    page.button(key="layout scores").click().run()
    assert not page.exception
    assert drawn["caption"] == "ring: flagged · across: sentence, up: prediction"
    assert drawn["points"][[0, -1]].ravel().tolist() == pytest.approx([0, 0.125, 1, 0.75])
    assert drawn["outlines"] == []
