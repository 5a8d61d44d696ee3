"""An undo that meets newer words, on the page: whose they are, and the rest of it all the same."""

import pytest
from chosen_slices import elsewhere, judge, names, offer, select, stored, tag
from opened_page import not_saved, press, saved, unwritable, verdicts

from slicecore_app.review.verdict.component import Rest


@pytest.fixture
def twice(three, page):
    """Three slices that Anna called unsure, and then real issues."""
    judge(page, three, "unsure")
    judge(page, three, "real_issue")
    return three


def counting():
    """The verdict that counts, by slice id."""
    return {slice_id: each.verdict for slice_id, each in verdicts().current("prediction").items()}


def test_an_undo_that_leaves_no_word_of_ones_own_leaves_those_of_others(three, page):
    judge(page, three, "real_issue")
    elsewhere(three[2], "unsure")
    press(page, "say undo")
    assert stored() == {} and stored("Bob") == {three[2]: ("unsure",)} and counting() == {three[2]: "unsure"}
    assert not_saved(page) == (0, "")
    assert saved(page).startswith("Took back “✓ Real issue” on 3 problems")


def test_where_somebody_judged_one_since_it_is_named_and_the_others_can_be_taken_back(twice, page):
    elsewhere(twice[1], "false_positive", tags=("far",))
    press(page, "say undo")
    (name,) = names(twice[1:2])
    assert stored() == dict.fromkeys(twice, ("real_issue",))
    assert not_saved(page) == (
        0,
        f"Judged since: {name} by Bob (✗ False alarm, far).",
    )
    assert page.session_state["drawn verdict"]["unsaved"].action == "discard"
    assert offer(page) == Rest("Undo the others", f"All but {name}", [twice[1]])
    press(page, "say rest")
    assert stored() == {twice[0]: ("unsure",), twice[1]: ("real_issue",), twice[2]: ("unsure",)}
    assert counting()[twice[1]] == "false_positive" and stored("Bob") == {twice[1]: ("false_positive", "far")}
    assert saved(page).startswith(f"Took back “✓ Real issue” on 2 problems, {name} left out · Saved")
    assert not_saved(page) == (0, "") and offer(page) is None
    press(page, "say undo")  # the step before, which leaves no word of hers
    assert stored() == {} and counting() == {twice[1]: "false_positive"}
    press(page, "say undo")
    assert saved(page) == "Nothing to take back"


def test_one_that_is_discarded_leaves_everything_and_is_not_asked_for_again(twice, page):
    elsewhere(twice[1], "unsure")
    press(page, "say undo")
    press(page, "say replace")  # which is for a verdict
    assert offer(page) is not None
    press(page, "say discard")
    assert stored() == dict.fromkeys(twice, ("real_issue",)) and not_saved(page) == (0, "")


def test_where_all_were_judged_since_it_says_by_whom(twice, page):
    for slice_id, reviewer in zip(twice, ("Bob", "Cleo", "Anna"), strict=True):
        elsewhere(slice_id, "false_positive", reviewer)  # Anna in another browser
    press(page, "say undo")
    first, second, third = names(twice)
    assert not_saved(page) == (
        0,
        f"Judged since: {first} by Bob; {second} by Cleo; {third} by you elsewhere. Nothing was taken back.",
    )
    assert offer(page) is None
    assert stored() == {**dict.fromkeys(twice[:2], ("real_issue",)), twice[2]: ("false_positive",)}


def test_ones_own_newer_word_of_another_browser_is_not_taken_back_unseen(three, page):
    judge(page, three, "real_issue")
    elsewhere(three[0], "unsure", "Anna")
    press(page, "say undo")
    assert not_saved(page)[1].startswith(f"Judged since: {names(three)[0]} by you elsewhere (? Unsure).")
    press(page, "say rest")
    assert stored() == {three[0]: ("unsure",)}


def test_of_one_slice_it_says_whose_word_is_newer_and_leaves_it(twice, page):
    select(page, [0, 5])
    press(page, "say false_positive")
    elsewhere(twice[0], None, note="fan")
    press(page, "say undo")
    text = not_saved(page)[1]
    assert text.startswith(f"{names(twice)[0]} was judged by Bob since, at ") and offer(page) is None
    assert stored()[twice[0]] == ("false_positive",)


def test_what_is_said_while_the_others_are_offered_is_no_part_of_the_undo(twice, page):
    tag(page, twice[:1], ["hum"])
    tag(page, twice, ["far"])
    elsewhere(twice[1], "unsure")
    press(page, "say undo")
    assert offer(page).label == "Undo the others"
    judge(page, twice[:1], "false_positive")
    assert stored()[twice[0]] == ("false_positive", "hum", "far")  # with the tags that it has by now
    assert offer(page).left_out == [twice[1]]
    press(page, "say rest")
    assert stored() == {
        twice[0]: ("false_positive", "hum", "far"),
        twice[1]: ("real_issue", "far"),
        twice[2]: ("real_issue",),
    }
    assert saved(page).startswith(f"Took back tags on {names(twice)[2]}, {names(twice)[1]} left out")


def test_those_that_somebody_judges_while_the_others_are_offered_are_left_out_too(twice, page):
    elsewhere(twice[1], "unsure")
    press(page, "say undo")
    elsewhere(twice[2], "unsure", "Cleo")
    press(page, "say rest")
    assert stored() == dict.fromkeys(twice, ("real_issue",))
    assert not_saved(page)[1].startswith(f"Judged since: {names(twice)[2]} by Cleo (? Unsure).")
    assert offer(page).left_out == twice[1:]
    press(page, "say rest")
    assert stored() == {twice[0]: ("unsure",), **dict.fromkeys(twice[1:], ("real_issue",))}


def test_what_cannot_be_taken_back_of_the_others_waits(twice, page):
    elsewhere(twice[0], "unsure")
    press(page, "say undo")
    with unwritable(verdicts().database.file):
        page.button(key="say rest").click().run()
        assert not_saved(page)[0] == 2
    press(page, "say again")
    assert stored() == {twice[0]: ("real_issue",), **dict.fromkeys(twice[1:], ("unsure",))}
    assert f"{names(twice)[0]} left out" in saved(page)


def assign_several(page, slices, to):
    page.session_state["chosen slices"], page.session_state["wanted assignee"] = slices, to
    press(page, "say assign several")


def assigned_elsewhere(slice_id, to):
    clips = {slice_id: verdicts().own_slices()[slice_id].clip_ids}
    verdicts().assign({slice_id: to}, model="prediction", clips=clips, reviewer="Bob")


def assignees():
    return verdicts().workspace("prediction").assignees


def test_of_several_assignments_the_others_can_be_taken_back(three, page):
    assign_several(page, three, "Zoe")
    assign_several(page, three, "Anna")
    assigned_elsewhere(three[0], "Cleo")
    press(page, "say undo")
    now = {three[0]: "Cleo", **dict.fromkeys(three[1:], "Anna")}
    assert assignees() == page.session_state["drawn verdict"]["assignees"] == now
    (name,) = names(three[:1])
    assert not_saved(page) == (0, f"Assigned since: {name} to Cleo by Bob.")
    press(page, "say rest")
    assert assignees() == {three[0]: "Cleo", **dict.fromkeys(three[1:], "Zoe")}
    assert saved(page).startswith(f"Took back the assignment of 2 slices, {name} left out · Saved")
    assert not_saved(page) == (0, "")


def test_of_an_assignment_of_one_it_says_who_made_the_newer_one(three, page):
    assign_several(page, three[:1], "Zoe")
    assigned_elsewhere(three[0], "")
    assigned_elsewhere(three[0], "Cleo")
    press(page, "say undo")
    assert not_saved(page)[1].startswith(f"{names(three)[0]} was assigned by Bob since, at ")
    assert assignees() == {three[0]: "Cleo"}
