"""A note of one slice that is longer than notes may be, on the page: nothing is cut, lost or half written."""

import pytest
from chosen_slices import elsewhere, judge, names, select, stored
from opened_page import not_saved, open_table, press, unwritable, verdicts

from slicecore.storage.verdicts import LONGEST_NOTE, Change, WantedChange
from slicecore_app.server.open_table import CARRIED

FULL, LONG = "n" * LONGEST_NOTE, "n" * (LONGEST_NOTE + 500)


@pytest.fixture
def one(three, page):
    """A slice that somebody made, which is picked; two others are there."""
    select(page, [0, 5])
    return three[0]


def write(page, note):
    page.session_state["wanted note"] = note
    press(page, "say notes")


def shown(page, slice_id):
    """The note that the page has of the reviewer's own."""
    return page.session_state["drawn verdict"]["opinions"][slice_id][-1].note


def written(slice_id):
    return verdicts().workspace("prediction").opinions[slice_id][-1].note


def long_note(slice_id, model="prediction"):
    """A note of Anna's from before there was a limit."""
    clips = verdicts().own_slices()[slice_id].clip_ids
    wanted = WantedChange(Change("unsure", note=LONG), clips, room=len(LONG))
    verdicts().amend_several({slice_id: wanted}, model=model, reviewer="Anna")


def test_a_note_that_is_too_long_is_kept_on_the_page_until_it_is_shorter(one, page):
    elsewhere(one, "unsure", "Anna", note="50 Hz")
    page.run()
    write(page, LONG)
    (name,) = names([one])
    assert not_saved(page) == (
        1,
        f"The note on {name} would have 10,500 characters; notes have at most 10,000. "
        "Shorten it (T), or discard it.",
    )
    assert page.session_state["drawn verdict"]["unsaved"].action == "discard"
    assert written(one) == "50 Hz" and shown(page, one) == LONG
    press(page, "say again")  # which is for what failed
    assert not_saved(page)[0] == 1
    press(page, "say real_issue")  # waits with it, and the note is the reason
    assert stored() == {one: ("unsure",)} and shown(page, one) == LONG
    write(page, FULL)
    assert not_saved(page) == (0, "")
    assert stored() == {one: ("real_issue",)} and written(one) == FULL


def test_one_that_is_discarded_leaves_what_was_there(one, page):
    elsewhere(one, "unsure", "Anna", note="50 Hz")
    page.run()
    write(page, LONG)
    press(page, "say discard")
    assert not_saved(page) == (0, "") and shown(page, one) == written(one) == "50 Hz"


def test_a_verdict_on_several_of_which_one_waits_for_a_shorter_note_loses_neither(one, page):
    write(page, LONG)
    others = [slice_id for slice_id in verdicts().own_slices() if slice_id != one]
    judge(page, [one, *others], "real_issue")
    assert stored() == {} and not_saved(page)[0] == 1 and shown(page, one) == LONG
    judge(page, others, "real_issue")
    assert stored() == dict.fromkeys(others, ("real_issue",)) and shown(page, one) == LONG
    write(page, "fan")
    assert written(one) == "fan" and not_saved(page) == (0, "")


def test_one_that_could_not_be_written_and_is_then_too_long_is_kept_too(one, page):
    with unwritable(verdicts().database.file):
        page.session_state["wanted note"] = LONG
        page.button(key="say notes").click().run()
        assert page.session_state["drawn verdict"]["unsaved"].action == "again"
    press(page, "say again")
    assert page.session_state["drawn verdict"]["unsaved"].action == "discard" and shown(page, one) == LONG


def test_a_long_note_of_before_can_be_judged_shortened_and_put_back(one, page):
    long_note(one)
    page.run()
    press(page, "say real_issue")
    assert stored() == {one: ("real_issue",)} and written(one) == LONG
    write(page, "short")
    assert written(one) == "short"
    press(page, "say undo")
    assert written(one) == LONG and not_saved(page) == (0, "")


def test_a_long_note_of_before_is_carried_over_whole(one, page):
    long_note(one, "prediction_large")
    page.run()
    for job in open_table().jobs.of(CARRIED):
        assert job.ended.wait(60)
    page.run()
    assert page.session_state["drawn verdict"]["carried"][one].holds
    press(page, "say confirm")
    assert written(one) == LONG and not_saved(page) == (0, "")
