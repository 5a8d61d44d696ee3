"""Undo takes back what was said last, also where that waits; what it had taken up waits on."""

import pytest
from chosen_slices import annas_page, elsewhere, select, stored, written
from opened_page import clip_id, hear, not_saved, press, saved, unwritable, verdicts


def shown(page):
    return page.session_state["drawn verdict"]


def shown_reference(page):
    return page.session_state["drawn corrections"]["texts"]


def choose(page, slices, verdict):
    page.session_state["chosen slices"], page.session_state["wanted verdict"] = slices, verdict
    page.run()


def pick(page, slices, verdict):
    choose(page, slices, verdict)
    press(page, "say several")


def note(page, text):
    page.session_state["wanted note"] = text
    press(page, "say notes")


@pytest.fixture
def page(page):
    page.session_state["tab"] = "t"
    return page.run()


@pytest.fixture
def away():
    return lambda: unwritable(verdicts().database.file)


def test_a_verdict_that_waits_is_taken_back_before_one_that_is_written(three, page, away):
    pick(page, three[:1], "real_issue")
    with away():
        pick(page, three[1:2], "unsure")
        assert not_saved(page)[0] == 1
        press(page, "say undo")
        assert not_saved(page)[0] == 0 and shown(page)["judged"] == {three[0]: "real_issue"}
        assert shown(page)["kept"] == []
        assert saved(page) == "Took back “? Unsure” on Rows [1, 6, 7], which was not saved"
    press(page, "say again")
    assert stored() == {three[0]: ("real_issue",)}
    press(page, "say undo")
    assert stored() == {} and saved(page).startswith("Took back “✓ Real issue” on Rows [0, 5] · Saved")


def test_what_it_had_taken_up_waits_on(page, away):
    select(page, [0, 5])
    with away():
        press(page, "say real_issue")
        note(page, "the same fan")
        press(page, "say unsure")
        press(page, "say undo")
        assert list(shown(page)["judged"].values()) == ["real_issue"]
        press(page, "say undo")
        assert not_saved(page)[0] == 1
    press(page, "say again")
    assert [each[0] for each in stored().values()] == ["real_issue"] and list(written().values()) == [""]
    press(page, "say undo")
    assert stored() == {}


def test_of_several_that_wait_the_last_press_on_one_of_them_is_taken_back(three, page, away):
    with away():
        pick(page, three, "unsure")
        pick(page, three[1:2], "real_issue")
        press(page, "say undo")
        assert shown(page)["judged"] == dict.fromkeys(three, "unsure") and not_saved(page)[0] == 3
    press(page, "say again")
    assert stored() == dict.fromkeys(three, ("unsure",))


def test_what_was_said_last_is_taken_back_whatever_was_written_last(three, page, away):
    with away():
        pick(page, three[:1], "real_issue")
    pick(page, three[1:2], "unsure")  # the first waits on until there is another try
    press(page, "say undo")
    assert shown(page)["judged"] == {three[0]: "real_issue"} and stored() == {}
    press(page, "say again")
    assert stored() == {three[0]: ("real_issue",)}


def test_one_that_is_held_up_by_somebody_else_is_taken_back(three, page):
    pick(page, three[:1], "real_issue")
    newest = shown(page)["newest"]
    elsewhere(three[1], "unsure")
    page.session_state["shown_until"] = newest
    page.run()
    pick(page, three[1:2], "real_issue")
    assert "Bob" in not_saved(page)[1]
    press(page, "say undo")
    assert not_saved(page) == (0, "") and stored() == {three[0]: ("real_issue",)}


def test_a_mark_and_a_correction_that_wait_are_taken_back(page, away):
    hear(page, 3)
    with away():
        press(page, "mark")
        page.session_state["wanted reference"] = "good morning"
        press(page, "correct")
        press(page, "say undo")
        assert saved(page) == f"Took back the correction: {clip_id(3)}, which was not saved"
        assert not_saved(page)[0] == 1 and shown_reference(page) == {}
        press(page, "say undo")
        assert not_saved(page)[0] == 0
        assert saved(page) == f"Took back the mark of {clip_id(3)}, which was not saved"
    press(page, "say again")
    assert verdicts().corrections() == {} and verdicts().marked_references() == {}


def test_an_undo_that_waits_is_no_word_that_another_takes_back(page, away):
    select(page, [0, 5])
    press(page, "say real_issue")
    press(page, "say unsure")
    with away():
        press(page, "say undo")
        press(page, "say undo")
    press(page, "say again")
    assert stored() == {} and not_saved(page) == (0, "")


def test_an_event_that_comes_again_is_one_word(three, page, away):
    with away():
        pick(page, three[:1], "real_issue")
        page.session_state["presses"] -= 1
        pick(page, three[:1], "real_issue")
        press(page, "say undo")
        assert not_saved(page)[0] == 0 and shown(page)["judged"] == {}


def test_an_undo_of_the_page_before_leaves_what_nobody_had_seen_there(three, page, away, calls, monkeypatch):
    with away():
        pick(page, three[:1], "real_issue")
    again = annas_page(monkeypatch, calls)
    about = f"{verdicts().name} prediction"
    late = {"kind": "undo", "about": about, "press": "t:9", "late": True}
    again.session_state["kept words"] = [*shown(page)["kept"], late]
    again.run()
    press(again, "say kept")
    assert stored() == {three[0]: ("real_issue",)} and saved(again) == "Nothing to take back"
    press(again, "say undo")
    assert stored() == {}
