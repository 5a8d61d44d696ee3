"""A text for the notes of several slices that is refused: it stays on the page, and holds up no other word."""

import pytest
from chosen_slices import elsewhere, judge, names, note, stored, tag
from opened_page import not_saved, open_table, press, saved, unwritable, verdicts

from slicecore.storage.verdicts import LONGEST_LINE, LONGEST_NOTE, Change, WantedChange
from slicecore_app.review.verdict.component import RefusedText
from slicecore_app.server.open_table import CARRIED


@pytest.fixture
def nearly_full(three, page):
    """Three slices, of which the second has a note of Anna's with room for three characters below it."""
    long_note(page, three[1], LONGEST_NOTE - 4)
    return three


def long_note(page, slice_id, length):
    elsewhere(slice_id, None, "Anna", note="n" * length)
    page.run()


def written():
    """Notes of Anna's, by slice id, long ones by their length and end."""
    notes = {
        slice_id: each.note
        for slice_id, given in verdicts().workspace("prediction").opinions.items()
        for each in given
        if each.reviewer == "Anna"
    }
    return {slice_id: text if len(text) < 100 else (len(text), text[-3:]) for slice_id, text in notes.items()}


def texts(page):
    return [each for each in page.session_state["drawn verdict"]["refused"] if each.is_here]


def too_long(slices, line, reason, room, added=()):
    return RefusedText(slices, list(added), [], line, reason, room, is_long=True, left=slices, is_here=True)


def test_a_refused_text_stays_with_its_tags_until_it_is_short_enough(nearly_full, page):
    three = nearly_full
    note(page, three, "hall", added=["hum"])
    (name,) = names(three[1:2])
    reason = f"The note on {name} would have 10,001 characters; notes have at most 10,000."
    refused = too_long(three, "hall", reason, 3, ["hum"])
    assert not_saved(page) == (3, reason)
    assert texts(page) == [refused] and page.session_state["drawn verdict"]["unsaved"].action == "open text"
    assert written() == {three[1]: (LONGEST_NOTE - 4, "nnn")} and stored() == {three[1]: (None,)}
    press(page, "say again")  # which is for what failed
    press(page, "say replace")  # and for what others hold up
    note(page, three, "hill", added=["hum", "far"], shortens=True)  # is no shorter
    assert texts(page) == [too_long(three, "hill", reason, 3, ["hum", "far"])]
    for _ in range(2):  # as where the browser sends it again
        note(page, three, "fan", added=["hum"], shortens=True)
    assert texts(page) == [] and not_saved(page) == (0, "")
    assert written() == {three[0]: "fan", three[1]: (LONGEST_NOTE, "fan"), three[2]: "fan"}
    assert stored() == dict.fromkeys(three, (None, "hum"))
    assert saved(page).startswith("Changed the tags and note of 3 problems")
    press(page, "say undo")
    assert written() == {three[1]: (LONGEST_NOTE - 4, "nnn")}


@pytest.mark.parametrize("give_up", ["discard", "emptied"])
def test_one_that_is_given_up_leaves_everything(nearly_full, page, give_up):
    note(page, nearly_full, "hall")
    if give_up == "discard":
        press(page, "say discard")
    else:
        note(page, nearly_full, " ", shortens=True)
    assert texts(page) == [] and not_saved(page) == (0, "")
    assert list(written()) == nearly_full[1:2]


def test_the_slices_are_judged_on_without_it(nearly_full, page):
    three = nearly_full
    note(page, three, "hall", added=["hum"])
    (refused,) = texts(page)
    judge(page, three[:2], "real_issue")
    judge(page, three, "unsure")
    tag(page, three[1:], ["far"])
    assert stored() == {three[0]: ("unsure",), **dict.fromkeys(three[1:], ("unsure", "far"))}
    assert texts(page) == [refused] and not_saved(page)[0] == 3
    press(page, "say undo")
    assert saved(page).startswith("Took back") and texts(page) == [refused]
    note(page, three, "fan", shortens=True)
    assert written() == {three[0]: "fan", three[1]: (LONGEST_NOTE, "fan"), three[2]: "fan"}
    assert stored() == dict.fromkeys(three, ("unsure",))


def test_taken_up_for_some_of_its_slices_it_stays_for_the_others(nearly_full, page):
    three = nearly_full
    note(page, three, "hall")
    note(page, three[::2], "hall", shortens=True)
    assert written() == {three[0]: "hall", three[1]: (LONGEST_NOTE - 4, "nnn"), three[2]: "hall"}
    ((slices, text, room),) = [(each.slices, each.line, each.room) for each in texts(page)]
    assert (slices, text, room) == (three[1:2], "hall", 3) and not_saved(page)[0] == 1


def test_another_text_is_no_shorter_one(nearly_full, page):
    three = nearly_full
    note(page, three, "hall")
    note(page, three, "fan")
    assert written()[three[0]] == "fan" and [each.line for each in texts(page)] == ["hall"]
    assert texts(page)[0].room == 0  # by now
    note(page, three, "off", removed=["hum"])  # as from a field that was open before the first was refused
    note(page, three, "off", removed=["hum"])
    assert [each.line for each in texts(page)] == ["hall\noff"]
    note(page, three[:2], "far")
    assert [(each.slices, each.line) for each in texts(page)] == [(three, "hall\noff"), (three[:2], "far")]
    note(page, three[:2], "", shortens=True)
    assert [(each.slices, each.line) for each in texts(page)] == [(three, "hall\noff")]


def test_there_is_more_room_where_the_long_note_becomes_shorter(nearly_full, page):
    note(page, nearly_full, "hall")
    long_note(page, nearly_full[1], 5)
    assert [(each.line, each.room) for each in texts(page)] == [("hall", LONGEST_LINE)]
    note(page, nearly_full, "hall", shortens=True)
    assert written()[nearly_full[1]] == "nnnnn\nhall" and texts(page) == []


def test_a_text_longer_than_any_that_is_added_stays_too(three, page):
    long = "t" * (LONGEST_LINE + 1)
    note(page, three, long)
    reason = "What is added to notes has at most 1,000 characters; this has 1,001."
    assert texts(page) == [too_long(three, long, reason, LONGEST_LINE)]
    assert not_saved(page) == (3, reason)
    note(page, three, long[1:], shortens=True)
    assert written() == dict.fromkeys(three, (LONGEST_LINE, "ttt"))


def test_one_that_could_not_be_written_and_is_then_too_long_stays_too(nearly_full, page):
    with unwritable(verdicts().database.file):
        page.session_state["chosen slices"], page.session_state["wanted line"] = nearly_full, "hall"
        page.button(key="say notes of several").click().run()
        assert not_saved(page)[0] == 3 and texts(page) == []
    press(page, "say again")
    assert [each.line for each in texts(page)] == ["hall"] and not_saved(page)[0] == 3


def test_a_long_note_that_is_carried_over_leaves_no_room(three, page):
    clips = verdicts().own_slices()[three[0]].clip_ids
    change = WantedChange(Change("unsure", ("hum",), "n" * LONGEST_NOTE), clips)
    verdicts().amend_several({three[0]: change}, model="prediction_large", reviewer="Anna")
    page.run()
    for job in open_table().jobs.of(CARRIED):
        assert job.ended.wait(60)
    page.run()
    assert page.session_state["drawn verdict"]["carried"][three[0]].holds
    for slices in (three[:1], three):
        note(page, slices, "fan", added=["far"])
        ((room, added),) = [(each.room, each.added) for each in texts(page)]
        assert room == 0 and added == ["far"]
        if slices != three:
            press(page, "say discard")
    tag(page, three, ["far"], shortens=True)
    assert texts(page) == [] and stored() == {
        three[0]: ("unsure", "hum", "far"),
        **dict.fromkeys(three[1:], (None, "far")),
    }


def test_it_is_of_its_model(nearly_full, page):
    note(page, nearly_full, "hall")
    page.selectbox(key="prediction").select("prediction_large").run()
    assert texts(page) == [] and not_saved(page)[0] == 3
    page.selectbox(key="prediction").select("prediction").run()
    assert [each.line for each in texts(page)] == ["hall"]
