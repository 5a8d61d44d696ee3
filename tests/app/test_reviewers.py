"""Several reviewers on one page's slices: each has a verdict under the name that the browser remembers."""

import numpy as np
import pytest
from opened_page import finished, not_saved, press, review, unwritable, verdicts

from slicecore.storage.verdicts import Change
from slicecore_app.session.selection import Pick

ANNA, BOB = {"reviewer": "Anna", "browser": "b1"}, {"reviewer": " Bob ", "browser": "b2"}


@pytest.fixture
def page(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    page.session_state["picked"] = Pick("selection", "", np.array([0, 5]), reason="Rows [0, 5]")
    return page.run()


def judge(page, signature, verdict):
    page.session_state["signature"] = signature
    page.run()
    press(page, f"say {verdict}")


def opinions(page):
    """Reviewers and verdicts of the only slice that is judged, as the page shows them."""
    (said,) = page.session_state["drawn verdict"]["opinions"].values()
    return {each.reviewer: each.verdict for each in said}


def counting():
    return [judgement.verdict for judgement in verdicts().current("prediction").values()]


def test_each_reviewer_has_a_verdict_and_the_newest_counts(page):
    judge(page, ANNA, "real_issue")
    judge(page, BOB, "false_positive")
    assert opinions(page) == {"Anna": "real_issue", "Bob": "false_positive"}
    assert counting() == ["false_positive"]
    assert verdicts().workspace("prediction").reviewers == {"Anna": ("b1",), "Bob": ("b2",)}


def test_the_same_verdict_agrees_and_takes_nothing_back(page):
    judge(page, ANNA, "real_issue")
    judge(page, BOB, "real_issue")
    assert opinions(page) == {"Anna": "real_issue", "Bob": "real_issue"}
    press(page, "say undo")  # Bob's
    assert opinions(page) == {"Anna": "real_issue"}
    assert counting() == ["real_issue"]


def test_what_undo_needs_of_a_slice_is_kept_once_for_all_sessions(page, calls, monkeypatch):
    pages = [page, finished(review(monkeypatch, calls))]
    pages[1].session_state["picked"] = page.session_state["picked"]
    pages[1].run()
    for each, signature in zip(pages, [ANNA, BOB], strict=True):
        judge(each, signature, "real_issue")
        judge(each, signature, "unsure")
    steps = [step for each in pages for step in each.session_state["reviews"].steps]
    assert len(steps) == 4
    assert len({id(part.clip_ids) for step in steps for part in step.record.parts}) == 1
    assert len({id(each.since.clip_ids) for step in steps for each in step.amendments}) == 1


def test_a_verdict_that_waits_is_the_reviewers_own(page):
    judge(page, ANNA, "real_issue")
    page.session_state["signature"] = BOB
    with unwritable(verdicts().database.file):
        page.button(key="say unsure").click().run()
        assert not_saved(page)[0] == 1
        assert opinions(page) == {"Anna": "real_issue", "Bob": "unsure"}
    press(page, "say again")
    assert opinions(page) == {"Anna": "real_issue", "Bob": "unsure"}
    assert counting() == ["unsure"]


def test_a_verdict_given_meanwhile_is_told_and_both_are_kept_on_demand(page):
    judge(page, ANNA, "real_issue")
    page.session_state["shown_until"] = verdicts().newest()
    (slice_,) = verdicts().current("prediction").values()
    verdicts().amend(
        slice_.slice_id, Change("unsure"), model="prediction", clip_ids=slice_.clip_ids, reviewer="Bob"
    )
    press(page, "say false_positive")
    assert "Bob judged" in not_saved(page)[1]
    press(page, "say replace")
    assert opinions(page) == {"Bob": "unsure", "Anna": "false_positive"}


def test_two_browsers_under_one_name_are_two_reviewers_until_somebody_says_otherwise(page):
    here, there = ({"reviewer": "root", "browser": browser} for browser in ("b1", "b2"))
    judge(page, here, "real_issue")
    judge(page, there, "real_issue")  # which does not take back the first
    assert opinions(page) == {"root": "real_issue"}  # taken back is its own, and it had none
    judge(page, there, "unsure")
    assert opinions(page) == {"root": "real_issue", "root 2": "unsure"}
    page.session_state["signature"] = {**there, "is_same": True}
    press(page, "say introduce")
    assert opinions(page) == {"root": "unsure"}
    assert len(verdicts().history(next(iter(verdicts().current("prediction"))), "prediction")) >= 2


def test_a_verdict_that_waits_is_written_under_the_name_that_is_free_by_then(page):
    judge(page, ANNA, "real_issue")
    page.session_state["signature"] = {"reviewer": "Anna", "browser": "b2"}
    with unwritable(verdicts().database.file):
        page.button(key="say unsure").click().run()
    press(page, "say again")
    assert opinions(page) == {"Anna": "real_issue", "Anna 2": "unsure"}
