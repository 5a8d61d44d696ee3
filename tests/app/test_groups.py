"""Groups of clips on the page: the guessed column, another choice, who is in a slice; and copies."""

import numpy as np
import pandas as pd
import pytest
from opened_page import finished, review

from slicecore_app.review.problems import panel as problems_panel
from slicecore_app.review.slice import panel as slice_panel
from slicecore_app.review.thresholds import panel as thresholds_panel
from slicecore_app.server import sources
from slicecore_app.session.selection import Pick
from slicecore_app.session.view_file import ViewFile


@pytest.fixture
def table(calls):
    """The bad eight clips are of one speaker; of the two rooms each has half of the clips."""
    frame = pd.read_csv(calls)
    frame["speaker"] = [f"s{i % 5}" for i in range(22)] + ["s9"] * 8
    frame["take"] = [f"t{i % 6}" for i in range(30)]
    frame.to_csv(calls, index=False)
    return calls


@pytest.fixture
def drawn(monkeypatch):
    """What the parts of the page were given, by part."""
    given = {}

    def keep(name):
        return lambda *content, **more: given.update({name: (content, more)})

    monkeypatch.setattr(slice_panel, "slice_summary", keep("slice"))
    monkeypatch.setattr(thresholds_panel.component, "thresholds", keep("thresholds"))
    monkeypatch.setattr(problems_panel, "problems", keep("problems"))
    return given


def figures(drawn):
    return {figure.label: figure for figure in drawn["slice"][0][0].numbers}


def option(drawn):
    return next((choice for choice in drawn["thresholds"][0][1] if choice.name == "group"), None)


def pick_the_hum(page):
    page.session_state["picked"] = Pick("selection", "", np.arange(22, 30), reason="hum")
    page.run()
    assert not page.exception


def test_a_column_of_speakers_is_taken_and_the_slice_says_who_is_in_it(table, drawn, monkeypatch):
    page = finished(review(monkeypatch, table))
    assert option(drawn).choices == [("", "speaker"), ("none", "None"), ("take", "take")]
    pick_the_hum(page)
    speakers = figures(drawn)["Speakers"]
    assert speakers.value == "1" and speakers.hint.startswith("One speaker: s9. ")
    page.session_state["group"] = "take"
    page.run()
    takes = figures(drawn)["Takes"]
    assert takes.value == "6" and takes.hint.startswith("6 takes; one has 25 % of the errors. ")
    assert ViewFile(next(iter(sources.known().values())).path).last()["groups"] == "take"
    page.session_state["group"] = "none"
    page.run()
    assert not {"Speakers", "Takes"} & figures(drawn).keys()


def test_an_address_names_the_groups(table, drawn, monkeypatch):
    page = review(monkeypatch, table)
    page.query_params["groups"] = "take"
    finished(page)
    assert option(drawn).value == "take"


def test_groups_that_the_table_does_not_have_are_left_out_of_the_address(table, drawn, monkeypatch):
    page = review(monkeypatch, table)
    page.query_params["groups"] = "sentence"
    finished(page)
    assert option(drawn).value == ""


def test_a_table_without_groups_has_no_such_option(calls, drawn, monkeypatch):
    page = finished(review(monkeypatch, calls))
    assert option(drawn) is None
    pick_the_hum(page)
    assert "Speakers" not in figures(drawn)


def test_clips_that_are_in_the_table_twice_are_a_list(calls, drawn, monkeypatch):
    frame = pd.read_csv(calls)
    frame["sentence"] = [f"good morning to you {i}" for i in range(30)]
    pd.concat([frame, frame[:2]]).to_csv(calls, index=False)
    page = finished(review(monkeypatch, calls))
    assert not page.exception
    (copies,) = (entry for entry in drawn["problems"][1]["others"] if entry.name == "copies")
    assert (copies.result, copies.hint) == ("4", "2 clips are in the table twice.")
