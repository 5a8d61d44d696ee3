"""Verdicts in one session: none is lost, none goes to another table, none of another reviewer is replaced unseen."""

import contextlib

import numpy as np
import pytest
from opened_page import finished, not_saved, open_table, press, review, saved, unwritable

from slicecore.storage.verdicts import Change, verdicts_of
from slicecore_app.server import sources
from slicecore_app.session.review_memory import Memory
from slicecore_app.session.review_records import SliceChange, Subject
from slicecore_app.session.reviews import ReviewSession
from slicecore_app.session.selection import Pick


@pytest.fixture
def page(calls, monkeypatch):
    return finished(review(monkeypatch, calls))


def select(page, rows):
    page.session_state["picked"] = Pick("selection", "", np.array(rows), reason=f"rows {rows}")
    page.run()
    assert not page.exception


def verdicts(i=0):
    return open_table(i).verdicts()


def current(i=0):
    """Verdicts by the number of clips of their slice."""
    judged = verdicts(i).current("prediction").values()
    return {len(judgement.clip_ids): judgement.verdict for judgement in judged}


def test_a_verdict_that_failed_is_not_forgotten_by_one_that_is_saved(page):
    select(page, [0, 5])
    with unwritable(verdicts().database.file):
        page.button(key="say real_issue").click().run()
        assert not_saved(page)[0] == 1
    select(page, [1, 6, 7])
    press(page, "say false_positive")
    assert current() == {3: "false_positive"}
    count, text = not_saved(page)
    assert count == 1 and "can't be" in text
    press(page, "say again")
    assert current() == {2: "real_issue", 3: "false_positive"}
    assert not_saved(page) == (0, "")


def test_several_changes_of_a_slice_that_failed_are_saved_as_one(page):
    select(page, [0, 5])
    press(page, "keep")
    with unwritable(verdicts().database.file):
        page.button(key="say real_issue").click().run()
        page.button(key="say unsure").click().run()
        assert not_saved(page)[0] == 1
    press(page, "say again")
    assert current() == {2: "unsure"}


def test_a_press_that_comes_again_while_nothing_can_be_written_is_one(tmp_path):
    store = verdicts_of(tmp_path / "calls.csv")
    reviews = ReviewSession(store, "model", Memory("ada"))
    change = Change("unsure")
    with unwritable(store.database.file):
        for _ in range(2):
            reviews.judge(SliceChange(reviews.subject("a"), "A", ("clip",), change, event="tab:1"))
    reviews.try_again()
    assert store.current("model")["a"].verdict == "unsure" and not reviews.status.unsaved


@pytest.fixture
def two_tables(calls, monkeypatch):
    other = calls.with_name("other.csv")
    other.write_bytes(calls.read_bytes())
    return finished(review(monkeypatch, calls, other))


def turn_to(page, i):
    page.selectbox(key="source").select(list(sources.known())[i]).run()
    finished(page)
    assert not page.exception


def test_undo_and_another_try_stay_with_their_table(two_tables):
    page = two_tables
    select(page, [0, 5])
    press(page, "say real_issue")
    select(page, [1, 6, 7])
    with unwritable(verdicts(0).database.file):
        page.button(key="say unsure").click().run()
    turn_to(page, 1)
    press(page, "say undo")
    assert saved(page) == "Nothing to take back"
    assert (current(0), current(1)) == ({2: "real_issue"}, {})
    assert not_saved(page)[0] == 1
    press(page, "say again")
    assert (current(0), current(1)) == ({2: "real_issue", 3: "unsure"}, {})
    turn_to(page, 0)
    press(page, "say undo")
    press(page, "say undo")
    assert (current(0), current(1)) == ({}, {})


def test_undo_stays_with_its_model(page):
    select(page, [0, 5])
    press(page, "say real_issue")
    page.selectbox(key="prediction").select("prediction_large").run()
    press(page, "say undo")
    assert current() == {2: "real_issue"}


def test_undo_leaves_the_newer_verdict_of_another_reviewer(page):
    select(page, [0, 5])
    press(page, "say false_positive")
    press(page, "say real_issue")
    (mine,) = verdicts().current("prediction").values()
    verdicts().judge(
        mine.slice_id, model="prediction", clip_ids=mine.clip_ids, verdict="unsure", reviewer="ann"
    )
    press(page, "say undo")
    assert current() == {2: "unsure"}
    count, text = not_saved(page)
    assert count == 0 and text.startswith("Rows [0, 5] was judged by ann since, at ")
    assert text.endswith("; that is left as it is.")


def test_undo_says_what_it_took_back(page):
    select(page, [0, 5])
    press(page, "say real_issue")
    press(page, "say unsure")
    press(page, "say undo")
    assert saved(page).startswith("Took back “? Unsure” on Rows [0, 5] · Saved")
    press(page, "say real_issue")  # which takes it back
    assert saved(page).startswith("Took back “✓ Real issue” on Rows [0, 5] · Saved")
    press(page, "say undo")
    assert saved(page).startswith("“✓ Real issue” again on Rows [0, 5]")
    assert current() == {2: "real_issue"}


def judged_elsewhere(page):
    """Somebody judges a slice that this page is about to judge."""
    select(page, [0, 5])
    press(page, "say real_issue")
    (mine,) = verdicts().current("prediction").values()
    page.session_state["shown_until"] = verdicts().newest()
    verdicts().judge(
        mine.slice_id, model="prediction", clip_ids=mine.clip_ids, verdict="unsure", reviewer="ann"
    )
    press(page, "say false_positive")
    assert current() == {2: "unsure"}
    assert not_saved(page)[0] == 1


def test_a_verdict_of_another_reviewer_is_replaced_on_demand(page):
    judged_elsewhere(page)
    press(page, "say again")  # which is for what failed
    assert current() == {2: "unsure"}
    press(page, "say replace")
    assert current() == {2: "false_positive"}
    assert not_saved(page) == (0, "")


def test_a_verdict_that_is_held_up_can_be_discarded(page):
    judged_elsewhere(page)
    press(page, "say discard")
    assert current() == {2: "unsure"}
    assert not_saved(page) == (0, "")


def test_what_waits_is_data_that_names_its_table_and_model(page):
    select(page, [0, 5])
    with unwritable(verdicts().database.file):
        page.button(key="say real_issue").click().run()
    ((subject, waiting),) = page.session_state["reviews"].unsaved.items()
    assert subject == Subject(verdicts().name, "prediction", subject.id)
    (part,) = waiting.record.parts
    assert part.subject == subject and part.change.verdict == "real_issue"


def test_a_second_press_on_a_selection_counts_though_the_page_has_not_followed_the_first(page):
    """The first makes a slice of one's own of it, which the part of the verdict is not yet drawn with."""
    select(page, [0, 5])
    page.session_state["pick_number"] = 7
    press(page, "say unsure")
    (own,) = verdicts().own_slices()
    assert [judged.verdict for judged in verdicts().history(own, "prediction")] == ["unsure", "unsure"]
    assert not_saved(page) == (0, "")


@pytest.mark.parametrize("is_written", [True, False])
@pytest.mark.parametrize("presses", [1, 2, 3])
def test_a_key_pressed_before_the_page_has_followed_leaves_the_verdict_that_it_names(
    page, presses, is_written
):
    """Nobody has seen that the slice has it already, so nothing is taken back, also where the presses wait together."""
    select(page, [0, 5])
    press(page, "say unsure")
    select(page, [0, 5])
    page.session_state["pick_number"] = 7
    page.session_state["unseen presses"] = presses
    with contextlib.nullcontext() if is_written else unwritable(verdicts().database.file):
        page.button(key="say unsure").click().run()
    press(page, "say again")
    assert current() == {2: "unsure"}
    assert not_saved(page) == (0, "")


def test_a_press_that_comes_again_is_one_step_of_undo():
    store = verdicts_of("calls.csv")
    reviews = ReviewSession(store, "prediction", Memory("ada"))

    def judge(slice_id, event):
        subject, change = Subject(store.name, "prediction", slice_id), Change(verdict="unsure")
        return reviews.judge(SliceChange(subject, slice_id, ("clip",), change, event=event))

    assert judge("first", "tab:1")
    for _ in range(2):
        assert judge("second", "tab:2")
    for left in ({"first"}, set()):
        reviews.undo()
        now = store.current("prediction")
        assert {slice_id for slice_id, judged in now.items() if judged.verdict} == left
    reviews.undo()
    assert reviews.status.undo_is_empty
