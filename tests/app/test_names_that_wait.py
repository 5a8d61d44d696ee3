"""Names of slices that can't be written: shown meanwhile, and written once, here or by the next page in the tab."""

import pytest
import streamlit as st
from chosen_slices import annas_page, select
from opened_page import clip_id, finished, not_saved, open_table, press, review, saved, unwritable, verdicts

from slicecore.storage.verdicts import OWN_REASON
from slicecore_app.access.visitor import Role, Visitor
from slicecore_app.review.slice import panel as slice_panel
from slicecore_app.server import sources

HUM = [22, 23, 24, 25, 26, 27, 28, 29]


def summary_as_a_field(content, *, on_event, **_):
    """The title as a field, `wanted name`, and a button `name it`; `drawn summary` is what is shown."""
    st.session_state["drawn summary"] = content
    st.text_input("Name", key="wanted name")

    def name_it():
        signature, word = st.session_state.get("signature", {}), dict(content.naming["word"])
        event = {"kind": "rename", "about": content.naming["about"], "press": "t:1", **signature}
        word["name"] = st.session_state["wanted name"]
        st.session_state["summary"] = {"event": {**event, "word": word}}
        on_event()

    st.button("name it", key="name it", on_click=name_it, disabled=content.naming is None)


@pytest.fixture(autouse=True)
def summary_without_a_browser(monkeypatch):
    monkeypatch.setattr(slice_panel, "slice_summary", summary_as_a_field)


def name(page, text):
    page.text_input(key="wanted name").set_value(text).run()
    press(page, "name it")


def title(page):
    return page.session_state["drawn summary"].title


def events(page):
    return page.session_state["drawn verdict"]["kept"]


def send(page, kept_events):
    page.session_state["kept words"] = kept_events
    press(page, "say kept")
    page.run()
    return page


def names():
    return [own.name for own in verdicts().own_slices().values()]


def writings():
    """Number of the newest writing about slices of one's own."""
    return verdicts().newest().own_slice


@pytest.fixture
def fan(page):
    """A lasso that is kept and named while the database is away."""
    select(page, [0, 5])
    with unwritable(verdicts().database.file):
        press(page, "keep")
        assert title(page) == "Rows [0, 5]" and not_saved(page)[0] == 1
        name(page, "the  same fan ")
        assert title(page) == "the same fan" and not_saved(page)[0] == 1
        assert "It is kept here and saved as soon as that can be." in not_saved(page)[1]
    assert names() == []
    return page


def test_a_lasso_that_is_kept_and_named_while_the_database_is_away_is_saved_when_it_is_back(fan):
    press(fan, "say again")
    (own,) = verdicts().own_slices().values()
    assert (own.name, own.reason, own.reviewer) == ("the same fan", f"{OWN_REASON}rows [0, 5]", "Anna")
    assert own.clip_ids == (clip_id(0), clip_id(5))
    assert not_saved(fan) == (0, "") and saved(fan) and title(fan) == "the same fan"
    assert fan.session_state["picked"].kind == "own"


def test_it_is_there_on_the_next_page_and_written_once(fan, calls, monkeypatch):
    again = annas_page(monkeypatch, calls)
    (event,) = events(fan)
    assert event["reviewer"] == "Anna"
    with unwritable(verdicts().database.file):
        send(again, [event])
        assert not_saved(again)[0] == 1 and events(again) == [event]
        select(again, [0, 5])
        assert title(again) == "the same fan"
    assert names() == []
    press(again, "say again")
    assert names() == ["the same fan"] and events(again) == []
    number = writings()
    send(again, [event])  # as where it comes twice
    press(fan, "say again")  # of the page before, which may live on
    assert names() == ["the same fan"] and writings() == number


def test_a_flagged_slice_that_is_named_waits_as_well(page, calls, monkeypatch):
    select(page, HUM)
    given = title(page)
    with unwritable(verdicts().database.file):
        name(page, "Gate calls")
        assert title(page) == "Gate calls"
    again = send(annas_page(monkeypatch, calls), events(page))
    (own,) = verdicts().own_slices().values()
    assert own.name == "Gate calls" and own.was_found and own.clip_ids == tuple(map(clip_id, HUM))
    select(again, HUM)
    assert (title(again), again.session_state["drawn summary"].name_hint) == (
        "Gate calls",
        f"found as {given}",
    )


def test_another_name_of_a_slice_that_is_there_waits_as_well(page):
    select(page, [0, 5])
    press(page, "keep")
    with unwritable(verdicts().database.file):
        name(page, "Glasgow")
        name(page, "Leith")
        assert title(page) == "Leith" and not_saved(page)[0] == 1
    press(page, "say again")
    assert names() == ["Leith"] and not_saved(page) == (0, "")


def test_one_that_was_removed_meanwhile_is_not_made_again(page):
    select(page, [0, 5])
    press(page, "keep")
    with unwritable(verdicts().database.file):
        name(page, "Glasgow")
    (own,) = verdicts().own_slices()
    verdicts().remove(own)
    press(page, "say again")
    assert names() == [] and not_saved(page)[0] == 0 and "no longer on the list" in not_saved(page)[1]


def test_one_that_waits_can_be_taken_off_the_list(fan):
    press(fan, "remove own")
    assert not_saved(fan) == (0, "") and events(fan) == []
    press(fan, "say again")
    assert names() == []


def test_a_verdict_on_it_and_an_assignment_wait_with_it(page):
    select(page, [0, 5])
    with unwritable(verdicts().database.file):
        press(page, "say real_issue")
        page.session_state["wanted assignee"] = "Bob"
        press(page, "say assign")
        name(page, "the same fan")
        press(page, "say unsure")
        assert title(page) == "the same fan"
    press(page, "say again")
    (own,) = verdicts().own_slices()
    assert names() == ["the same fan"] and verdicts().current("prediction")[own].verdict == "unsure"
    assert verdicts().workspace("prediction").assignees == {own: "Bob"}


def test_it_is_of_its_table(fan, calls, monkeypatch):
    other = calls.with_name("other.csv")
    other.write_bytes(calls.read_bytes())
    again = send(finished(review(monkeypatch, other, calls)), events(fan))
    assert not_saved(again)[0] == 1 and "when its table and model are open again" in not_saved(again)[1]
    assert "“the same fan”" in not_saved(again)[1]
    again.selectbox(key="source").select(list(sources.known())[1]).run()
    finished(again)
    assert names() == [] and not_saved(again) == (0, "")  # of the first, which has none
    assert [own.name for own in open_table(1).verdicts().own_slices().values()] == ["the same fan"]


def test_clips_that_are_not_there_any_more_leave_the_name_to_be_copied(fan, calls, monkeypatch):
    lines = calls.read_text().splitlines(keepends=True)
    calls.write_text("".join([lines[0], *lines[2:]]))
    again = send(annas_page(monkeypatch, calls), events(fan))
    note = again.session_state["drawn verdict"]["unsaved"]
    assert (note.count, note.action, note.copied) == (1, "discard", "the same fan")
    press(again, "say discard")
    assert not_saved(again) == (0, "") and names() == []


def test_a_name_for_a_page_that_shows_another_model_is_written(page):
    select(page, [0, 5])
    press(page, "keep")
    word = {**page.session_state["drawn summary"].naming["word"], "name": "Glasgow"}
    event = {"kind": "kept", "about": page.session_state["drawn summary"].naming["about"], "word": word}
    page.selectbox(key="prediction").select("prediction_large").run()
    send(page, [{**event, "press": "t:9", "reviewer": "Anna", "browser": "b1"}])
    assert names() == ["Glasgow"]


def test_somebody_else_does_not_write_it(fan, calls, monkeypatch):
    again = annas_page(monkeypatch, calls)
    for module in ("session.visitor", "session.review_memory"):
        monkeypatch.setattr(f"slicecore_app.{module}.visitor", lambda: Visitor("Bob", Role.REVIEW))
    send(again, events(fan))
    assert names() == [] and "Anna said" in not_saved(again)[1]
