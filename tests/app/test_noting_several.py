"""A text for the notes of several slices, on the page: below what is there, to all or none, with one undo."""

from chosen_slices import elsewhere, names, note, offer, stored, written
from opened_page import not_saved, press, saved, unwritable, verdicts


def test_a_text_goes_below_every_note_and_one_undo_takes_it_back_from_all(three, page):
    elsewhere(three[0], "unsure", "Anna", note="50 Hz")
    elsewhere(three[1], "unsure", note="Bob heard it, too")
    page.run()
    note(page, three, "the same fan\nin the hall")
    assert written() == {
        three[0]: "50 Hz\nthe same fan\nin the hall",
        **dict.fromkeys(three[1:], "the same fan\nin the hall"),
    }
    assert written("Bob") == {three[1]: "Bob heard it, too"}
    assert stored()[three[0]] == ("unsure",)
    assert saved(page).startswith("Added to the notes on 3 problems · Saved")
    assert page.session_state["drawn verdict"]["undoes"]
    press(page, "say undo")
    assert written() == {three[0]: "50 Hz"} and written("Bob") == {three[1]: "Bob heard it, too"}
    assert saved(page).startswith("Took back the note on 3 problems")


def test_tags_and_a_text_are_one_step(three, page):
    note(page, three, "fan", added=["hum"])
    assert written() == dict.fromkeys(three, "fan") and stored() == dict.fromkeys(three, (None, "hum"))
    assert saved(page).startswith("Changed the tags and note of 3 problems")
    press(page, "say undo")
    assert written() == {} and saved(page).startswith("Took back tags and note on 3 problems")
    press(page, "say undo")
    assert saved(page) == "Nothing to take back"


def test_notes_that_have_the_text_are_left_as_they_are(three, page):
    note(page, three[:1], "fan")
    note(page, three, "fan")
    assert saved(page).startswith("Added to the notes on 2 problems")
    before = verdicts().newest()
    note(page, three, "fan")
    note(page, three, " ")
    assert verdicts().newest() == before and written() == dict.fromkeys(three, "fan")


def test_where_somebody_judged_one_meanwhile_the_others_can_have_the_text(three, page):
    page.session_state["shown_until"] = verdicts().newest()
    elsewhere(three[1], "unsure", note="none")
    note(page, three, "fan")
    assert written() == {} and written("Bob") == {three[1]: "none"} and not_saved(page)[0] == 3
    assert offer(page).label == "Add to the others"
    press(page, "say rest")
    assert written() == dict.fromkeys([three[0], three[2]], "fan")
    assert saved(page).startswith(f"Added to the notes on 2 problems, {names(three)[1]} left out")


def test_what_cannot_be_written_waits_and_is_added_once(three, page):
    with unwritable(verdicts().database.file):
        page.session_state["chosen slices"], page.session_state["wanted line"] = three, "fan"
        for _ in range(2):  # as where the browser sends it again
            page.button(key="say notes of several").click().run()
        assert not_saved(page)[0] == 3
        shown = page.session_state["drawn verdict"]["opinions"]
        assert {slice_id: each.note for slice_id, (each,) in shown.items()} == dict.fromkeys(three, "fan")
    press(page, "say again")
    assert written() == dict.fromkeys(three, "fan") and not_saved(page) == (0, "")
