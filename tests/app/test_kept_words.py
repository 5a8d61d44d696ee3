"""Words that could not be written and wait on a page that goes: the next page in the tab writes them, once."""

import pytest
from chosen_slices import annas_page, elsewhere, select
from opened_page import (
    clip_id,
    finished,
    hear,
    not_saved,
    open_table,
    press,
    review,
    saved,
    unwritable,
    verdicts,
)

from slicecore_app.access.visitor import Role, Visitor
from slicecore_app.server import sources
from slicecore_app.session.visitor import MAY_LOOK


def events(page):
    return page.session_state["drawn verdict"]["kept"]


def given_while_away(page, *keys):
    with unwritable(verdicts().database.file):
        for key in keys:
            page.button(key=key).click().run()
        assert not page.exception and not_saved(page)[0]


def sent_to(page, kept_events):
    page.session_state["kept words"] = kept_events
    press(page, "say kept")
    return page


def choose(page, slices, verdict):
    page.session_state["chosen slices"], page.session_state["wanted verdict"] = slices, verdict


@pytest.fixture
def page(page):
    page.session_state["tab"] = "t"
    return page.run()


@pytest.fixture
def reloaded(calls, monkeypatch):
    """Another page of Anna's, to which the browser sends what the one before has kept."""

    def reload(before, *tables):
        page = annas_page(monkeypatch, calls) if not tables else finished(review(monkeypatch, *tables))
        return sent_to(page, events(before))

    return reload


def judged(reviewer="Anna", model="prediction", table=0):
    """Verdict, tags and note by the number of clips of the slice."""
    given = open_table(table).verdicts().workspace(model).opinions.values()
    return {
        len(each.clip_ids): (each.verdict, *each.tags, each.note)
        for opinions in given
        for each in opinions
        if each.reviewer == reviewer
    }


def test_a_verdict_on_a_selection_is_written_by_the_next_page_once(page, reloaded):
    select(page, [0, 5])
    page.session_state["wanted note"] = "fan"
    given_while_away(page, "say real_issue", "say notes")
    (event,) = events(page)
    assert event["reviewer"] == "Anna" and event["browser"] == "b1"
    again = reloaded(page)
    assert judged() == {2: ("real_issue", "fan")} and not_saved(again) == (0, "") and events(again) == []
    assert [own.clip_ids for own in verdicts().own_slices().values()] == [(clip_id(0), clip_id(5))]
    press(again, "say undo")
    assert judged() == {}
    sent_to(again, [event])  # as where it comes twice
    press(page, "say again")  # of the page before, which may live on
    assert judged() == {}


def test_one_that_can_not_be_written_yet_waits_there_too_and_shows(three, page, calls, monkeypatch):
    choose(page, three, "unsure")
    given_while_away(page, "say several")
    again = annas_page(monkeypatch, calls)
    again.session_state["kept words"] = events(page)
    given_while_away(again, "say kept")
    assert events(again) == events(page) and not_saved(again)[0] == 3
    opinions = again.session_state["drawn verdict"]["opinions"]
    assert {each.reviewer for given in opinions.values() for each in given} == {"Anna"}
    assert again.session_state["drawn verdict"]["judged"] == dict.fromkeys(three, "unsure") and judged() == {}
    press(again, "say again")
    assert {each[0] for each in judged().values()} == {"unsure"} and events(again) == []


def test_a_newer_word_of_somebody_else_holds_it_up(three, page, reloaded):
    choose(page, three[:2], "unsure")
    given_while_away(page, "say several")
    elsewhere(three[1], "real_issue")
    again = reloaded(page)
    count, text = not_saved(again)
    assert count == 2 and "Bob" in text and judged() == {}
    once_more = reloaded(again)
    assert not_saved(once_more) == (count, text)
    press(once_more, "say rest")
    assert judged() == {2: ("unsure", "")}


def test_what_was_said_later_in_the_page_before_stands(three, page):
    """Its answer may not have come when the page went: the tab sends the earlier word, too."""
    slice_id = three[0]
    select(page, [0, 5])
    first = {"kind": "verdict", "slice": slice_id, "newest": [0] * 6, "framed": None}
    page.session_state["kept words"] = [{**first, "verdict": "real_issue", "press": "t:1"}]
    given_while_away(page, "say kept")
    waiting = events(page)
    page.session_state["kept words"] = [{**first, "verdict": "unsure", "press": "t:2"}]
    press(page, "say kept")
    assert judged() == {2: ("unsure", "")}
    sent_to(page, waiting)
    assert judged() == {2: ("unsure", "")} and not_saved(page) == (0, "")


def test_it_is_of_its_table(page, calls, reloaded):
    select(page, [0, 5])
    given_while_away(page, "say real_issue")
    other = calls.with_name("other.csv")
    other.write_bytes(calls.read_bytes())
    again = reloaded(page, other, calls)
    assert not_saved(again)[0] == 1 and "when its table and model are open again" in not_saved(again)[1]
    assert judged(table=0) == {} and judged(table=1) == {}
    assert events(again) == events(page)
    again.selectbox(key="source").select(list(sources.known())[1]).run()
    finished(again)
    assert judged(table=1) == {2: ("real_issue", "")} and judged(table=0) == {}
    assert not_saved(again) == (0, "") and events(again) == []


def test_of_another_model_of_the_table_it_is_written_at_once(page, calls, monkeypatch):
    select(page, [0, 5])
    given_while_away(page, "say real_issue")
    again = annas_page(monkeypatch, calls)
    again.selectbox(key="prediction").select("prediction_large").run()
    sent_to(again, events(page))
    assert judged() == {2: ("real_issue", "")} and judged(model="prediction_large") == {}


def test_it_is_written_under_the_name_under_which_it_was_said(page, calls, monkeypatch):
    select(page, [0, 5])
    given_while_away(page, "say real_issue")
    page.session_state["signature"] = {"reviewer": "Cleo", "browser": "b1"}
    page.run()
    again = annas_page(monkeypatch, calls)
    again.session_state["signature"] = {"reviewer": "Cleo", "browser": "b1"}
    sent_to(again, events(page))
    select(again, [1, 6, 7])
    press(again, "say unsure")
    assert judged() == {2: ("real_issue", "")} and judged("Cleo") == {3: ("unsure", "")}


@pytest.mark.parametrize(
    ("visitor", "reason"),
    [(Visitor("Anna", Role.LOOK), MAY_LOOK), (Visitor("Bob", Role.REVIEW), "Anna said")],
)
def test_neither_who_may_only_look_nor_somebody_else_writes_it(page, calls, monkeypatch, visitor, reason):
    select(page, [0, 5])
    given_while_away(page, "say real_issue")
    again = annas_page(monkeypatch, calls)
    for module in ("session.visitor", "session.review_memory"):
        monkeypatch.setattr(f"slicecore_app.{module}.visitor", lambda: visitor)
    sent_to(again, events(page))
    assert verdicts().newest().judgement == 0 and reason in not_saved(again)[1]


def test_corrections_marks_and_assignments_wait_as_well(three, page, reloaded):
    hear(page, 3)
    page.session_state["wanted reference"] = "good morning"
    page.session_state["chosen slices"], page.session_state["wanted assignee"] = three[:1], "Bob"
    given_while_away(page, "correct", "mark", "say assign several")
    assert not_saved(page)[0] == 3
    reloaded(page)
    assert {clip: each.text for clip, each in verdicts().corrections().items()} == {
        clip_id(3): "good morning"
    }
    assert list(verdicts().marked_references()) == [clip_id(3)]
    assert verdicts().workspace("prediction").assignees == {three[0]: "Bob"}


def test_an_undo_that_could_not_be_written_is_done_by_the_next_page(page, reloaded):
    select(page, [0, 5])
    press(page, "say real_issue")
    press(page, "say unsure")
    given_while_away(page, "say undo")
    again = reloaded(page)
    assert judged() == {2: ("real_issue", "")} and not_saved(again) == (0, "")


def test_clips_that_are_not_there_any_more_leave_the_text_to_be_copied(page, calls, reloaded):
    select(page, [0, 5])
    page.session_state["wanted note"] = "fan"
    given_while_away(page, "say notes")
    lines = calls.read_text().splitlines(keepends=True)
    calls.write_text("".join([lines[0], *lines[2:]]))
    again = reloaded(page)
    note = again.session_state["drawn verdict"]["unsaved"]
    assert (note.count, note.action, note.copied) == (1, "discard", "fan")
    assert "not in the table as they were" in note.text and "“fan”" in note.text
    press(again, "say discard")
    assert not_saved(again) == (0, "") and events(again) == [] and judged() == {}


@pytest.mark.parametrize("word", [None, {}, {"of": "a poem"}, {"of": "slices", "parts": [{"slice": "a"}]}])
def test_what_is_no_word_is_told(page, word):
    event = {"kind": "kept", "about": f"{verdicts().name} prediction", "press": "t:1", "word": word}
    sent_to(page, [event])
    assert not_saved(page) == (0, "What was not saved can't be read any more.")
    assert saved(page) == ""
