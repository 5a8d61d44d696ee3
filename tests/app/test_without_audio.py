"""The page of a table that names no audio files: slices over metadata alone."""

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from opened_page import WAIT_S, labelled, open_table, review

from slicecore.embedding import NONE
from slicecore_app.review.clips import panel as clips_panel
from slicecore_app.review.problems import panel as problems_panel
from slicecore_app.server import sources


@pytest.fixture
def silent(tmp_path, monkeypatch):
    """Sixty rows without recordings; the model fails on one device."""
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sources, "SAMPLE", tmp_path / "none.csv")
    bad = np.arange(60) >= 48
    path = tmp_path / "silent.csv"
    pd.DataFrame(
        {
            "reference": "good morning to you",
            "prediction": np.where(bad, "so long", "good morning to you"),
            "device": np.where(bad, "headset", "phone"),
        }
    ).to_csv(path, index=False)
    return path


@pytest.fixture
def drawn(monkeypatch):
    """Arguments that the list of problems and the table of clips were given."""
    given = {}

    def problems(cards, *, others, heading, nothing, on_event, **_):
        given.update(
            cards=cards, heading=heading, nothing=nothing, lists={each.label: each for each in others}
        )

        def click(name):
            st.session_state["problems"] = {"event": {"kind": "list", "name": name}}
            on_event()

        for each in others:
            st.button(each.label, key=f"list {each.label}", on_click=click, args=(each.name,))

    monkeypatch.setattr(problems_panel, "problems", problems)
    monkeypatch.setattr(clips_panel, "grid", lambda rows, **_: given.update(clips=rows))
    return given


def test_it_opens_with_its_lists_over_metadata(silent, drawn, explained, monkeypatch):
    page = review(monkeypatch, silent).run()
    assert not page.exception
    assert page.session_state["model"] == NONE and drawn["cards"] == []
    assert drawn["heading"] == "There are no clusters"
    assert "names no audio files" in drawn["nothing"]
    for _ in range(5):
        if "device = headset" in drawn["lists"]:
            break
        for job in open_table().jobs.of("described") + open_table().jobs.of("measured"):
            assert job.ended.wait(WAIT_S)
        page.run()
    page.button(key="list device = headset").click().run()
    assert not page.exception
    assert sorted(drawn["clips"]["row"]) == list(range(48, 60))


def test_an_embedding_of_sound_that_was_asked_for_leads_back(silent, drawn, monkeypatch):
    page = review(monkeypatch, silent)
    page.query_params["embedding"] = "signal"
    page.run()
    while open_table().analysis("signal") is None:
        page.run()
    assert open_table().analysis("signal").ended.wait(WAIT_S)
    page.run()
    labelled(page, "Search metadata alone").click().run()
    assert not page.exception
    assert page.session_state["model"] == NONE and drawn["heading"] == "There are no clusters"


def test_the_data_page_says_what_is_left(silent, monkeypatch):
    page = review(monkeypatch).run()
    page.text_input(key="table path").set_value(str(silent)).run()
    assert not page.exception and not page.warning
    assert any("No column names audio files" in caption.value for caption in page.caption)
