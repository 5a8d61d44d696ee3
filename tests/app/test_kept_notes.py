"""Notes that wait on the page, for whatever reason: another page, to which the browser sends them, has them again."""

import pytest
from chosen_slices import annas_page, elsewhere, ends, note, select, texts
from opened_page import not_saved, press, saved, unwritable, verdicts

from slicecore.storage.verdicts import LONGEST_NOTE


def events(page):
    return page.session_state["drawn verdict"]["kept"]


def reloaded(monkeypatch, calls, before):
    """Another page of Anna's, to which the browser sends what the one before has kept."""
    page = annas_page(monkeypatch, calls)
    page.session_state["kept words"] = events(before)
    press(page, "say kept")
    return page


@pytest.mark.parametrize("long", [True, False])
def test_a_refused_text_waits_on_the_next_page(three, page, calls, monkeypatch, long):
    if long:
        elsewhere(three[1], None, "Anna", note="n" * (LONGEST_NOTE - 4))
        page.run()
    note(page, three if long else [*three, "gone"], "hall", added=["hum"], removed=["far"])
    before = texts(page), not_saved(page)
    assert before[1][0] == (3 if long else 4)
    again = reloaded(monkeypatch, calls, page)
    assert (texts(again), not_saved(again)) == before and events(again) == events(page)
    press(again, "say kept")  # as where the browser sends it again
    assert (texts(again), not_saved(again)) == before
    note(again, three[::2], "hall", shortens=True)
    assert {ends()[each] for each in three[::2]} == {"hall"}


def test_one_that_fits_by_then_is_written(three, page, calls, monkeypatch):
    elsewhere(three[1], None, "Anna", note="n" * LONGEST_NOTE)
    page.run()
    note(page, three, "hall")
    assert ends() == {three[1]: "n" * 10}
    elsewhere(three[1], None, "Anna", note="50 Hz")
    page.run()
    again = reloaded(monkeypatch, calls, page)
    assert ends() == {three[0]: "hall", three[1]: "50 Hz\nhall", three[2]: "hall"}
    assert texts(again) == [] and saved(again).startswith("Added to the notes on 3 problems")


def test_one_that_somebody_else_holds_up_is_held_up_on_the_next_page(three, page, calls, monkeypatch):
    page.session_state["shown_until"] = verdicts().newest()
    elsewhere(three[1], "unsure")
    note(page, three, "fan")
    before = not_saved(page)
    assert before[0] == 3 and "Bob" in before[1]
    again = reloaded(monkeypatch, calls, page)
    assert not_saved(again) == before and ends() == {}
    press(again, "say rest")
    assert ends() == dict.fromkeys(three[::2], "fan") and events(again) == []


def test_one_that_could_not_be_written_is_on_the_next_page(three, page, calls, monkeypatch):
    with unwritable(verdicts().database.file):
        page.session_state["chosen slices"], page.session_state["wanted line"] = three, "fan"
        page.button(key="say notes of several").click().run()
        assert not_saved(page)[0] == 3
    again = reloaded(monkeypatch, calls, page)
    assert ends() == dict.fromkeys(three, "fan") and not_saved(again) == (0, "")
    press(page, "say again")
    assert ends() == dict.fromkeys(three, "fan")


def test_a_note_of_one_slice_that_is_too_long_waits_on_the_next_page(three, page, calls, monkeypatch):
    select(page, [0, 5])
    page.session_state["wanted note"] = "n" * (LONGEST_NOTE + 1)
    press(page, "say notes")
    before = not_saved(page)
    assert before[0] == 1 and "10,001 characters" in before[1]
    again = reloaded(monkeypatch, calls, page)
    assert not_saved(again) == before and ends() == {}
    press(again, "say discard")
    assert events(again) == []
