"""Reasons are worked out beside the page: measured once, explained slice by slice, nothing left to do at the end."""

import threading
from types import SimpleNamespace

import pytest
import streamlit as st
from opened_page import WAIT_S, finished, open_table, review
from streamlit.testing.v1 import AppTest

from slicecore.errors import StorageError
from slicecore.pipeline.diagnosis import diagnose
from slicecore.slices.clip_groups import ClipGroups
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner
from slicecore_app.pages.summary_costs import causes_table
from slicecore_app.review.evidence import panel
from slicecore_app.server.jobs import Jobs
from slicecore_app.server.reasons import reasons
from slicecore_app.session import settings

pytestmark = pytest.mark.usefixtures("explained")


def opened(monkeypatch, table):
    """The page on a table, ready, and what it works on."""
    assert not finished(review(monkeypatch, table)).exception
    choice = settings.metric_choices()[0]
    return (
        open_table().data,
        open_table().analysis("signal").result,
        choice,
        open_table().scoring.costs("prediction", choice),
    )


def test_reasons_come_step_by_step(calls, monkeypatch):
    data, analysis, choice, costs = opened(monkeypatch, calls)
    result = Scanner(analysis.hierarchy, costs, ids=data.ids).scan(Options(5, 0.1))
    (slice_,) = result.slices

    def now():
        return reasons(open_table(), data, "signal", choice, analysis, result)

    known = now()
    for _ in range(3):  # measuring, explaining, describing
        if known.job is None:
            break
        assert known.describes
        assert known.job.ended.wait(WAIT_S)
        assert known.problem == ""
        known = now()
    assert known.job is None
    assert known.metadata is not None
    assert not known.describes
    assert known.of(slice_) is known.explanations[slice_.id]
    assert known.cause(slice_) == known.explanations[slice_.id].causes[0].label
    assert len(known.measured.measurements.table) == len(data)
    # Any other group is explained when it is looked at.
    other = Scanner(analysis.hierarchy, costs, ids=data.ids).group([0, 1, 2, 4, 5, 6])
    assert known.of(other) is known.of(other)
    assert known.of(None) is None
    # Other groups of clips need no new measuring.
    rooms = ClipGroups.of(["a", "b"] * (len(data) // 2), "room")
    by_room = known.measured.in_groups("room", rooms)
    assert by_room.explainer.groups is rooms
    assert by_room is known.measured.in_groups("room", rooms)
    assert by_room.measurements is known.measured.measurements
    assert by_room.explain(other).largest == known.of(other).largest
    assert known.measured.in_groups(None, None) is known.measured


def follow(known, scan):
    """Let pages that were made with these reasons look how far the work is: the review, and the table of causes."""

    def script(watch, result, causes_table, scan):
        watch(result)
        causes_table(result, scan)

    result = SimpleNamespace(
        reasons=known, problems=scan.slices, costs=scan.costs, source=open_table().source
    )
    page = AppTest.from_function(script, args=(panel.watch, result, causes_table, scan)).run()
    assert not page.exception
    return [text.value for text in page.text]


def test_work_that_fails_after_the_list_was_drawn_has_the_page_made_again(calls, monkeypatch):
    fails, has_room = threading.Event(), False

    def diagnosed(*args, **options):
        assert fails.wait(WAIT_S)
        if not has_room:
            raise StorageError("The disk is full.")
        return diagnose(*args, **options)

    data, analysis, choice, costs = opened(monkeypatch, calls)
    result = Scanner(analysis.hierarchy, costs, ids=data.ids).scan(Options(5, 0.1))
    monkeypatch.setattr(st, "session_state", {})
    open_table().jobs.forget(f"measure prediction {choice} signal")
    monkeypatch.setattr("slicecore.pipeline.diagnosis.diagnose", diagnosed)

    def now():
        return reasons(open_table(), data, "signal", choice, analysis, result)

    drawn = now()
    assert drawn.describes
    fails.set()
    assert drawn.job.ended.wait(WAIT_S)
    assert drawn.describes  # as the list says
    made_again = []
    monkeypatch.setattr(st, "rerun", lambda: made_again.append(True))
    follow(drawn, result)
    assert made_again == [True, True]
    made_again.clear()
    known = now()
    assert known.problem == "The disk is full."
    assert not known.describes
    assert follow(known, result) == [
        "The causes can't be told. The disk is full. Reload the page to try again."
    ]
    assert not made_again
    has_room = True
    assert now().problem  # on this page
    monkeypatch.setattr(st, "session_state", {})
    again = now()  # as after a reload
    assert again.job.ended.wait(WAIT_S)
    assert not again.problem
    assert now().measured is not None


@pytest.fixture
def searches(monkeypatch):
    """Searches for descriptions, in the order of their start; each rests until it is cancelled."""
    monkeypatch.setattr("slicecore_app.server.reasons.REST_S", 3600)
    started = []
    start = Jobs.start

    def note(jobs, key, *args, **options):
        job = start(jobs, key, *args, **options)
        if key.startswith("describe") and job not in started:
            started.append(job)
        return job

    monkeypatch.setattr(Jobs, "start", note)
    yield started
    for job in started:
        job.cancel.set()
        assert job.ended.wait(WAIT_S)


def rest_at(page, drop, searches):
    """Set a threshold and run the page until its search has begun."""
    page.session_state["min_drop"] = drop
    before = len(searches)
    for _ in range(200):  # the clips are measured first
        assert not page.run().exception
        if len(searches) > before:
            break


def test_what_rests_gives_way_to_the_next_thresholds_of_its_page_alone(calls, monkeypatch, searches):
    pages = [finished(review(monkeypatch, calls)) for _ in range(2)]
    searches.clear()
    for page, drop in ((pages[0], 15), (pages[1], 20), (pages[0], 30)):
        rest_at(page, drop, searches)
    assert [job.cancel.is_set() for job in searches] == [True, False, False]


def test_thresholds_that_come_back_leave_one_search_running(calls, monkeypatch, searches):
    page = finished(review(monkeypatch, calls))
    searches.clear()
    for drop in (15, 30, 15):
        rest_at(page, drop, searches)
    assert [job.cancel.is_set() for job in searches] == [True, True, False]
