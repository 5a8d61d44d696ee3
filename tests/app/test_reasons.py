"""Reasons are worked out beside the page: measured once, explained slice by slice, nothing left to do at the end."""

from opened_page import WAIT_S, finished, open_table, review

from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner
from slicecore_app.server.jobs import Jobs
from slicecore_app.server.reasons import reasons
from slicecore_app.session import settings


def opened(monkeypatch, table):
    """The page on a table, ready, and what it works on."""
    assert not finished(review(monkeypatch, table)).exception
    choice = settings.metric_choices()[0]
    return (
        open_table().data,
        open_table().analysis("signal").result,
        choice,
        open_table().costs("prediction", choice),
    )


def test_reasons_come_step_by_step(calls, monkeypatch):
    data, analysis, choice, costs = opened(monkeypatch, calls)
    found = Scanner(analysis.hierarchy, costs, ids=data.ids).scan(Options(5, 0.1))
    (one,) = found.slices

    def now():
        return reasons(open_table(), data, "signal", choice, analysis, found)

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
    assert known.of(one) is known.explanations[one.id]
    assert known.cause(one) == known.explanations[one.id].causes[0].label
    assert len(known.measured.measurements.table) == len(data)
    # Any other group is explained when it is looked at.
    other = Scanner(analysis.hierarchy, costs, ids=data.ids).group([0, 1, 2, 4, 5, 6])
    assert known.of(other) is known.of(other)
    assert known.of(None) is None


def test_what_rests_gives_way_to_the_next_thresholds_of_its_page_alone(calls, monkeypatch):
    monkeypatch.setattr("slicecore_app.server.reasons.REST_S", 3600)
    resting = []
    start = Jobs.start

    def note(jobs, key, *args, **options):
        job = start(jobs, key, *args, **options)
        if key.startswith("describe") and job not in resting:
            resting.append(job)
        return job

    monkeypatch.setattr(Jobs, "start", note)
    pages = [finished(review(monkeypatch, calls)) for _ in range(2)]
    resting.clear()
    for page, drop in ((pages[0], 15), (pages[1], 20), (pages[0], 30)):
        page.session_state["min_drop"] = drop
        before = len(resting)
        for _ in range(200):  # the clips are measured first
            assert not page.run().exception
            if len(resting) > before:
                break
    assert [job.cancel.is_set() for job in resting] == [True, False, False]
    for job in resting:
        job.cancel.set()
        assert job.ended.wait(WAIT_S)


def test_thresholds_that_come_back_leave_one_search_running(calls, monkeypatch):
    monkeypatch.setattr("slicecore_app.server.reasons.REST_S", 3600)
    page = finished(review(monkeypatch, calls))
    searches = []
    start = Jobs.start

    def note(jobs, key, *args, **options):
        job = start(jobs, key, *args, **options)
        if key.startswith("describe") and job not in searches:
            searches.append(job)
        return job

    monkeypatch.setattr(Jobs, "start", note)
    for drop in (15, 30, 15):
        page.session_state["min_drop"] = drop
        before = len(searches)
        for _ in range(200):  # the clips are measured first
            assert not page.run().exception
            if len(searches) > before:
                break
    assert [job.cancel.is_set() for job in searches] == [True, True, False]
    for job in searches:
        job.cancel.set()
        assert job.ended.wait(WAIT_S)
