"""Summary of a slice: the long parts are worked out once, and say the same when the slice is picked again."""

from collections import Counter

import pytest
import streamlit as st
from opened_page import WAIT_S, finished, open_table, review

from slicecore.slices.scanner import Scanner
from slicecore.text.words import WordTable
from slicecore_app.review.slice import panel as slice_panel
from slicecore_app.session.selection import Pick


@pytest.fixture
def counted(monkeypatch):
    """Counts how often words of a slice were counted and larger clusters looked for."""
    count = Counter()

    def counting(owner, name):
        work = getattr(owner, name)

        def counted_work(*arguments, **options):
            count[name] += 1
            return work(*arguments, **options)

        monkeypatch.setattr(owner, name, counted_work)

    counting(WordTable, "of")
    counting(Scanner, "widen")
    return count


@pytest.fixture
def page(calls, at_rest, monkeypatch):
    monkeypatch.setattr(
        slice_panel, "slice_summary", lambda content, **_: st.session_state.update(drawn=content)
    )
    page = finished(review(monkeypatch, calls))
    for _ in range(3):  # measuring, explaining, describing
        for job in list(open_table().jobs.running()):
            assert job.ended.wait(WAIT_S)
        page.run()
    assert not page.exception
    return page


def summary(page, kind, slice_):
    page.session_state["picked"] = Pick(kind, slice_.id, slice_.members, slice_)
    page.run()
    assert not page.exception
    return page.session_state["drawn"]


def test_a_slice_that_is_picked_again_is_not_worked_out_again(page, counted):
    table = open_table()
    (job,) = table.analysis_jobs()
    scanner = Scanner(
        job.result.hierarchy, table.scoring.costs("prediction", page.session_state["metric"]), table.data.ids
    )
    tree = scanner.hierarchy.trees[0]
    first, second = (scanner.cluster(0, int(node)) for node in tree.children[tree.parent.argmin()][:2])
    seen = [summary(page, "cluster", slice_) for slice_ in (first, second)]
    assert seen[0] != seen[1] and any(words.rows for words in seen[0].words + seen[1].words)
    before = counted.copy()
    assert before["of"] >= 2 and before["widen"] == 2
    assert [summary(page, "cluster", slice_) for slice_ in (first, second)] == seen
    assert counted == before
