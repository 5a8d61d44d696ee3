"""Clips that two problems explain, in the summary of a slice: both sentences, and their clips as a selection."""

from dataclasses import replace

import pytest
import streamlit as st
from opened_page import finished, review, verdicts

from slicecore.slices.scanner import Scanner
from slicecore.storage.verdicts import Change
from slicecore_app.review.problems import panel as problems_panel
from slicecore_app.review.slice import panel as slice_panel
from slicecore_app.session.selection import Pick


@pytest.fixture
def page(calls, monkeypatch):
    """The bad clips as two slices, three clips of the first of which have the problem of the second."""
    scan = Scanner.scan

    def overlapping(scanner, options=None):
        found = scan(scanner, options)
        if not found.slices:
            return found
        rows = found.slices[0].members
        first, second = scanner.group(rows[:5]), scanner.group(rows[5:])
        st.session_state["scan of test"] = found = replace(
            found, slices=(first, second), share=lambda slices: [rows[:0], first.members[1:4]]
        )
        return found

    def summary(content, *, on_event, **_):
        st.session_state["drawn"] = content
        for clips in content.shared:

            def click(clips=clips):
                event = {"kind": "shared", "home": clips.home, "other": clips.other}
                st.session_state["summary"] = {"event": event}
                on_event()

            st.button("select", key="select shared", on_click=click)

    monkeypatch.setattr(Scanner, "scan", overlapping)
    monkeypatch.setattr(slice_panel, "slice_summary", summary)
    page = finished(review(monkeypatch, calls))
    assert not page.exception
    return page


def test_a_slice_with_a_note_and_no_verdict_is_among_the_unreviewed(page, monkeypatch):
    titles = {}
    monkeypatch.setattr(
        problems_panel, "problems", lambda cards, **_: titles.update(order=[c.slice for c in cards])
    )
    slices = [slice_.id for slice_ in page.session_state["scan of test"].slices]
    page.session_state["sort"] = "unreviewed"
    for change, order in ((Change(note="hear it again"), slices), (Change("unsure"), slices[::-1])):
        verdicts().amend(slices[0], change, model="prediction", clip_ids=["a"])
        page.run()
        assert not page.exception
        assert titles["order"] == order


def sentences(page, slice_):
    page.session_state["picked"] = Pick("slice", slice_.id, slice_.members, slice_)
    page.run()
    assert not page.exception
    return [clips.text for clips in page.session_state["drawn"].shared]


def fixed(page):
    """The hint of the value if fixed, as far as it is about shared clips."""
    (figure,) = [
        figure for figure in page.session_state["drawn"].numbers if figure.label.endswith("if fixed")
    ]
    return figure.hint if "another problem" in figure.hint else ""


def test_summary_tells_of_shared_clips_on_both_sides_and_selects_them(page):
    scan = page.session_state["scan of test"]
    first, second = scan.slices
    of_first, of_second = sentences(page, first), sentences(page, second)
    number = {slice_.id: i for i, slice_ in enumerate(scan.slices, 1)}
    assert len(of_first) == len(of_second) == 1
    assert of_first[0].startswith(f"3 of its clips also have the problem of #{number[second.id]} ")
    assert of_second[0].startswith(f"3 clips of #{number[first.id]} ")
    assert of_second[0].endswith(" have this problem, too.")
    assert fixed(page) == ""
    sentences(page, first)
    assert fixed(page).endswith(" 3 of them have another problem as well, to be fixed, too")
    page.button(key="select shared").click().run()
    assert not page.exception
    picked = page.session_state["picked"]
    assert (picked.kind, picked.rows.tolist()) == ("selection", first.members[1:4].tolist())
    assert picked.reason == "3 clips of #1 and #2"
    assert not page.session_state["drawn"].shared
