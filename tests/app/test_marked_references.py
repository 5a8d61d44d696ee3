"""References called wrong clip by clip: saved, taken back, listed, and never over what somebody else has said."""

import numpy as np
import pytest
from chosen_slices import offer
from opened_page import (
    clip_id,
    finished,
    hear,
    not_saved,
    press,
    reasoned,
    review,
    saved,
    unwritable,
    verdicts,
)

from slicecore_app.review.problems import panel as problems_panel
from slicecore_app.session.selection import Pick


@pytest.fixture
def page(calls, monkeypatch):
    return finished(review(monkeypatch, calls))


def other_lists(page, monkeypatch):
    """Label and count of the other lists as the page shows them."""
    results = {}

    def look(*_, others, **__):
        results.update({list_.label: list_.result for list_ in others})

    with monkeypatch.context() as patched:
        patched.setattr(problems_panel, "problems", look)
        assert not page.run().exception
    return results


def test_a_mark_is_saved_taken_back_and_undone(page):
    hear(page, 24)
    press(page, "mark")
    assert list(verdicts().marked_references()) == [clip_id(24)]
    assert saved(page).startswith("Saved")
    assert page.button(key="mark").label == "not wrong"
    press(page, "mark")
    assert verdicts().marked_references() == {}
    press(page, "say undo")
    assert list(verdicts().marked_references()) == [clip_id(24)]
    assert page.button(key="mark").label == "not wrong"
    press(page, "say undo")
    assert verdicts().marked_references() == {}
    press(page, "say undo")  # nothing is left to take back
    assert verdicts().marked_references() == {}


def test_undo_takes_back_marks_and_verdicts_in_their_order(page):
    hear(page, 24)
    press(page, "mark")
    page.session_state["picked"] = Pick("selection", "", np.array([0, 5]), reason="accent = scottish")
    page.run()
    press(page, "say unsure")
    press(page, "say undo")
    assert verdicts().current("prediction") == {}
    assert list(verdicts().marked_references()) == [clip_id(24)]
    press(page, "say undo")
    assert verdicts().marked_references() == {}


def test_a_mark_holds_for_the_other_model_and_in_a_new_session(page, calls, monkeypatch):
    hear(page, 24)
    press(page, "mark")
    page.selectbox(key="prediction").select("prediction_large").run()
    hear(page, 24)
    assert page.button(key="mark").label == "not wrong"
    again = finished(review(monkeypatch, calls))
    hear(again, 24)
    assert again.button(key="mark").label == "not wrong"
    hear(again, 23)
    assert again.button(key="mark").label == "wrong"


def test_lists_say_how_many_are_marked(calls, at_rest, monkeypatch):
    lines = calls.read_text().splitlines()
    for row in (4, 5):  # both models agree on something else than the reference
        lines[row + 1] = f"{row}.wav,good morning to you,see them at noon,see them at noon"
    calls.write_text("\n".join(lines) + "\n")
    page = finished(review(monkeypatch, calls))
    reasoned(page)
    results = other_lists(page, monkeypatch)
    assert results["Probably wrong references"] == "2"
    assert "Marked wrong references" not in results
    for row in (5, 24):
        hear(page, row)
        press(page, "mark")
    results = other_lists(page, monkeypatch)
    assert results["Probably wrong references"] == "1 of 2"
    assert results["Marked wrong references"] == "2"


def test_a_mark_of_another_tab_stays(page):
    hear(page, 24)
    verdicts().mark_reference(clip_id(24), True, "ann")
    press(page, "mark")  # the page did not show it yet
    assert [mark.reviewer for mark in verdicts().marked_references().values()] == ["ann"]
    hear(page, 25)
    press(page, "mark")
    verdicts().mark_reference(clip_id(25), False, "ann")
    verdicts().mark_reference(clip_id(25), True, "ann")
    press(page, "say undo")
    assert [mark.reviewer for mark in verdicts().marked_references().values()] == ["ann", "ann"]


@pytest.mark.parametrize(
    ("by", "says"),
    [("Bob", "by Bob since, at "), ("Anna", "by you elsewhere since, at "), ("", "by somebody")],
)
def test_an_undo_of_a_mark_says_whose_newer_one_it_leaves(page, by, says):
    page.session_state["signature"] = {"reviewer": "Anna", "browser": "b1"}
    page.run()
    for row in (23, 24):
        hear(page, row)
        press(page, "mark")
    verdicts().mark_reference(clip_id(24), False, by)
    press(page, "say undo")
    assert not_saved(page)[0] == 0
    assert not_saved(page)[1].startswith(f"The reference of {clip_id(24)} was unmarked {says}")
    assert not_saved(page)[1].endswith("; that is left as it is.")
    assert list(verdicts().marked_references()) == [clip_id(23)]
    verdicts().mark_reference(clip_id(23), False, by)
    verdicts().mark_reference(clip_id(23), True, by)
    press(page, "say undo")  # the step before, not the same again
    assert not_saved(page)[1].startswith(f"The reference of {clip_id(23)} was marked as wrong {says}")
    assert offer(page) is None and verdicts().marked_references()[clip_id(23)].reviewer == by
    press(page, "say undo")
    assert saved(page) == "Nothing to take back"


def test_a_mark_that_cannot_be_saved_says_so_and_is_saved_later(page):
    hear(page, 24)
    with unwritable(verdicts().database.file):
        page.button(key="mark").click().run()
        assert not page.exception
        count, text = not_saved(page)
        assert count == 1 and "can't be" in text
    page.run()
    press(page, "say again")
    assert not_saved(page) == (0, "")
    assert list(verdicts().marked_references()) == [clip_id(24)]


def test_a_mark_of_somebody_else_while_the_page_is_drawn_is_news_to_it(page, monkeypatch):
    def drawn():
        return page.session_state["drawn verdict"]["newest"][2]

    def mark(*_, **__):
        if not verdicts().marked_references():
            verdicts().mark(clip_id(24), True, "ada")

    before = drawn()
    with monkeypatch.context() as patched:
        patched.setattr(
            problems_panel, "problems", mark
        )  # after the marks were read, before the verdict is drawn
        assert not page.run().exception
    assert drawn() == before < verdicts().newest()[2]  # so that the browser asks for the page once more
    assert not page.run().exception
    assert drawn() == verdicts().newest()[2]
