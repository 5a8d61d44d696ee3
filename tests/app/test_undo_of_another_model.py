"""Undo takes back what was said of the model for which it was said, whatever model is on the page by then."""

import pytest
from chosen_slices import elsewhere, judge, names, offer, select, stored
from opened_page import not_saved, press, saved, unwritable, verdicts


@pytest.fixture
def moved(three, page):
    """The page of another model, after the three slices of the first were called real issues."""
    judge(page, three, "real_issue")
    look_at(page, "prediction_large")
    return page


def look_at(page, model):
    page.selectbox(key="prediction").select(model).run()
    assert not page.exception


def test_the_way_back_that_the_foot_offers_leads_back_on_the_page_of_another_model_too(moved):
    assert saved(moved).startswith("3 problems marked as real issues · Saved")
    press(moved, "say undo")
    assert stored() == {} and verdicts().current("prediction_large") == {}
    assert saved(moved).startswith("Took back “✓ Real issue” on 3 problems · Saved")
    press(moved, "say undo")
    assert saved(moved) == "Nothing to take back"


def test_an_undo_that_comes_after_the_model_was_changed_is_of_the_model_before(moved):
    select(moved, [3, 4])
    press(moved, "say unsure")
    undo = {"kind": "undo", "about": f"{verdicts().name} prediction", "press": "t:9"}
    moved.session_state["kept words"] = [undo]
    moved.run()
    press(moved, "say kept")
    assert stored() == {} and len(verdicts().current("prediction_large")) == 1


def test_what_was_said_since_of_the_model_on_the_page_is_taken_back_first(moved, three):
    select(moved, [3, 4])
    press(moved, "say unsure")
    press(moved, "say undo")
    assert verdicts().current("prediction_large") == {} and stored() == dict.fromkeys(three, ("real_issue",))
    press(moved, "say undo")
    assert saved(moved) == "Nothing to take back" and stored() == dict.fromkeys(three, ("real_issue",))
    look_at(moved, "prediction")
    press(moved, "say undo")
    assert stored() == {}


def test_what_somebody_judged_since_is_left_as_it_is(three, page):
    judge(page, three, "unsure")
    judge(page, three, "real_issue")
    look_at(page, "prediction_large")
    elsewhere(three[1], "false_positive")
    press(page, "say undo")
    assert not_saved(page)[1] == f"Judged since: {names(three)[1]} by Bob (✗ False alarm)."
    assert offer(page).label == "Undo the others"
    press(page, "say rest")
    assert stored() == {three[0]: ("unsure",), three[1]: ("real_issue",), three[2]: ("unsure",)}


def test_one_that_cannot_be_written_waits(moved):
    with unwritable(verdicts().database.file):
        press(moved, "say undo")
        assert not_saved(moved)[0] == 3
    look_at(moved, "prediction")
    press(moved, "say again")
    assert stored() == {} and not_saved(moved) == (0, "")
