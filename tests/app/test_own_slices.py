"""Slices of one's own on the page: what is selected can be kept, judged, renamed and removed."""

import numpy as np
import pytest
import streamlit as st
from opened_page import finished, not_saved, open_table, review, unwritable

from slicecore_app.review.slice import panel as slice_panel
from slicecore_app.session.selection import Pick


@pytest.fixture
def page(calls, monkeypatch):
    return finished(review(monkeypatch, calls))


def verdicts():
    return open_table().verdicts()


def select(page, rows, reason="accent = scottish"):
    page.session_state["picked"] = Pick("selection", "", np.array(rows), reason=reason)
    return page.run()


def test_a_verdict_on_a_selection_keeps_it_as_a_slice(page):
    select(page, [0, 5, 25])
    assert not page.exception
    page.button(key="say real_issue").click().run()
    assert not page.exception
    (own,) = verdicts().own_slices().values()
    assert (own.name, own.reason) == ("Accent = scottish", "your selection: accent = scottish")
    assert len(own.clip_ids) == 3
    judged = verdicts().current("prediction")
    assert judged[own.slice_id].verdict == "real_issue"
    assert page.session_state["picked"].kind == "own"
    page.button(key="say real_issue").click().run()
    assert verdicts().current("prediction") == {}
    assert list(verdicts().own_slices()) == [own.slice_id]


def test_a_selection_is_kept_renamed_and_removed(page):
    select(page, [0, 5])
    page.button(key="keep").click().run()
    (own,) = verdicts().own_slices().values()
    page.text_input(key=f"name {own.slice_id}").set_value("Glasgow").run()
    assert [own.name for own in verdicts().own_slices().values()] == ["Glasgow"]
    page.text_input(key=f"name {own.slice_id}").set_value("  ").run()
    assert [own.name for own in verdicts().own_slices().values()] == ["Glasgow"]
    page.button(key="remove own").click().run()
    assert not page.exception
    assert verdicts().own_slices() == {}
    # The clips stay picked and can be kept again.
    assert page.session_state["picked"].rows.tolist() == [0, 5]
    assert page.button(key="keep").label == "Keep as a slice"


def test_selected_clips_that_are_a_flagged_slice_are_that_slice(page):
    scan = page.session_state["picked"]
    assert scan is None
    flagged = [22, 23, 24, 25, 26, 27, 28, 29]
    select(page, flagged)
    page.button(key="say unsure").click().run()
    assert verdicts().own_slices() == {}
    (judged,) = verdicts().current("prediction").values()
    assert len(judged.clip_ids) == 8


def test_a_slice_of_ones_own_that_cannot_be_kept_says_so(page):
    select(page, [0, 5])
    with unwritable(verdicts().database.file):
        page.button(key="keep").click().run()
        assert not page.exception
        assert "can't be" in not_saved(page)[1]


def test_a_slice_that_another_tab_removed_is_reported_gone(page):
    select(page, [0, 5])
    page.button(key="keep").click().run()
    (own,) = verdicts().own_slices().values()
    verdicts().remove(own.slice_id)  # the page does not show it yet
    page.text_input(key=f"name {own.slice_id}").set_value("Glasgow").run()
    assert not page.exception
    assert "no longer on the list" in not_saved(page)[1]
    select(page, [0, 5])
    page.button(key="keep").click().run()
    verdicts().remove(own.slice_id)
    page.button(key="remove own").click().run()
    assert not page.exception
    assert "no longer on the list" in not_saved(page)[1]


def test_a_flagged_slice_is_named_and_has_its_own_name_again_without_one(page, monkeypatch):
    drawn = {}

    def summary(content, *, on_event, **_):
        drawn["summary"] = content
        name = st.text_input("Name", key="wanted name")

        def press():
            word = {**content.naming["word"], "name": name}
            st.session_state["summary"] = {"event": {**content.naming, "kind": "rename", "word": word}}
            on_event()

        st.button("Name it", key="name it", on_click=press)

    monkeypatch.setattr(slice_panel, "slice_summary", summary)
    select(page, [22, 23, 24, 25, 26, 27, 28, 29])
    given, slice_id = drawn["summary"].title, drawn["summary"].slice
    assert drawn["summary"].naming and not drawn["summary"].name_hint
    page.text_input(key="wanted name").set_value("  Gate \n calls ").run()
    page.button(key="name it").click().run()
    assert not page.exception
    assert (drawn["summary"].title, drawn["summary"].name_hint) == ("Gate calls", f"found as {given}")
    assert verdicts().own_slices()[slice_id].was_found
    page.text_input(key="wanted name").set_value(" ").run()
    page.button(key="name it").click().run()
    assert (drawn["summary"].title, drawn["summary"].name_hint) == (given, "")
    # With other thresholds it is no slice of the reader's own either.
    page.session_state["min_support"] = 12
    page.run()
    assert not page.exception and page.session_state["picked"].kind != "own"
