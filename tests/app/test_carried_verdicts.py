"""Verdicts of other times, models and tables on the page: shown, confirmed, dropped, listed where no slice has them."""

import pandas as pd
import pytest
from opened_page import WAIT_S, finished, open_table, press, review, saved

from slicecore_app.server import sources
from slicecore_app.server.open_table import CARRIED

HUM = range(22, 30)


def looked(page):
    """Run the page with what the tables that were judged have."""
    finished(page)
    for i in range(len(sources.known())):
        for job in open_table(i).jobs.of(CARRIED):
            assert job.ended.wait(WAIT_S) and job.state == "done", job.error
    page.run()
    assert not page.exception
    return page


def flagged(page):
    """Id of the only flagged slice."""
    (card,) = page.session_state["drawn problems"]
    return card.slice


def pick(page):
    page.session_state["problems"] = {"event": {"kind": "slice", "slice": flagged(page)}}


def carried(page):
    return page.session_state["drawn verdict"]["carried"]


def judged(page):
    return page.session_state["drawn verdict"]["judged"]


def without_a_row(calls):
    table = pd.read_csv(calls)
    table.drop(index=23).to_csv(calls, index=False)
    return calls


@pytest.fixture(autouse=True)
def drawn_problems(monkeypatch):
    import streamlit as st

    from slicecore_app.review.problems import panel

    def draw(cards, *, others, **_):
        st.session_state["drawn problems"] = list(cards)
        st.session_state["drawn lists"] = list(others)

    monkeypatch.setattr(panel, "problems", draw)


@pytest.fixture
def verdicts(calls, monkeypatch):
    """The verdicts of `calls`, in which the clips with the hum were judged."""
    page = looked(review(monkeypatch, calls))
    table = open_table()
    table.verdicts().judge(
        flagged(page),
        model="prediction",
        clip_ids=[str(table.data.ids[row]) for row in HUM],
        verdict="real_issue",
        tags=["hum"],
        reviewer="Anna",
    )
    return table.verdicts()


def test_a_verdict_holds_for_the_clips_that_are_left(calls, verdicts, monkeypatch):
    page = looked(review(monkeypatch, without_a_row(calls)))
    (shown,) = carried(page).values()
    assert shown.holds and shown.verdict == "real_issue"
    assert shown.text.startswith("Real issue: of these 7 clips, on ") and shown.text.endswith(", by Anna")
