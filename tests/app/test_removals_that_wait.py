"""Slices of one's own that are taken off the list while the database is away: gone at once, and removed later, once."""

from datetime import datetime

import pytest
from chosen_slices import annas_page, elsewhere, select, stored
from opened_page import clip_id, finished, not_saved, open_table, press, review, saved, unwritable, verdicts

from slicecore.storage.verdicts import Change
from slicecore_app.access.visitor import Role, Visitor
from slicecore_app.server import sources

ROWS = [0, 5]
NAME = "Rows [0, 5]"


def events(page):
    return page.session_state["drawn verdict"]["kept"]


def judged(page):
    return page.session_state["drawn verdict"]["judged"]


def send(page, kept_events):
    page.session_state["kept words"] = list(kept_events)
    press(page, "say kept")
    return page


def is_listed(page):
    """True if the picked clips are a slice of somebody's own on the page, rather than clips that can be kept as one."""
    keys = {button.key for button in page.button}
    assert len(keys & {"keep", "remove own"}) == 1
    return "remove own" in keys


def names():
    return [own.name for own in verdicts().own_slices().values()]


def writings():
    """Numbers of the newest writings about slices of one's own and verdicts."""
    newest = verdicts().newest()
    return newest.own_slice, newest.judgement


@pytest.fixture
def own(page):
    """Id of a slice that Anna has made and called a real issue, which is picked."""
    select(page, ROWS)
    press(page, "keep")
    press(page, "say real_issue")
    (slice_id,) = verdicts().own_slices()
    assert stored() == {slice_id: ("real_issue",)} and is_listed(page)
    return slice_id


@pytest.fixture
def gone(page, own):
    """The page, after that slice was taken off the list while the database was away."""
    with unwritable(verdicts().database.file):
        press(page, "remove own")
        assert not is_listed(page) and judged(page) == {}
        assert not_saved(page)[0] == 1
        assert "It is kept here and saved as soon as that can be." in not_saved(page)[1]
    assert names() == [NAME]
    return page


def test_it_is_removed_when_the_database_is_back(gone):
    assert not is_listed(gone) and judged(gone) == {}
    press(gone, "say again")
    assert names() == [] and stored() == {} and not_saved(gone) == (0, "") and saved(gone).startswith("Saved")
    assert not is_listed(gone) and events(gone) == []


def test_the_next_page_removes_it_and_it_is_removed_once(gone, calls, monkeypatch):
    again = annas_page(monkeypatch, calls)
    select(again, ROWS)
    (event,) = events(gone)
    assert event["reviewer"] == "Anna"
    with unwritable(verdicts().database.file):
        send(again, [event])
        assert not is_listed(again) and not_saved(again)[0] == 1 and events(again) == [event]
    press(again, "say again")
    assert names() == [] and stored() == {} and events(again) == []
    number = writings()
    send(again, [event])  # as where it comes twice
    press(gone, "say again")  # of the page before, which may live on
    assert writings() == number and not_saved(again) == not_saved(gone) == (0, "")
    press(again, "keep")
    send(again, [event])
    assert names() == [NAME] and is_listed(again)
    assert not_saved(again) == (
        0,
        f"{NAME} was changed by you elsewhere since, at {clock()}; it stays on the list.",
    )


def clock():
    """Time of day at which the only slice was changed last."""
    (own,) = verdicts().own_slices().values()
    return f"{datetime.fromisoformat(own.time).astimezone():%H:%M}"


def test_one_that_somebody_has_renamed_meanwhile_is_there_again(gone, own):
    verdicts().rename(own, "the same fan", "Bob")
    press(gone, "say again")
    assert names() == ["the same fan"] and stored() == {own: ("real_issue",)}
    assert is_listed(gone) and judged(gone) == {own: "real_issue"}
    assert not_saved(gone) == (0, f"{NAME} was changed by Bob since, at {clock()}; it stays on the list.")
    press(gone, "remove own")  # by one who has seen that
    assert names() == [] and not_saved(gone) == (0, "")


def test_one_that_somebody_has_judged_meanwhile_is_there_again(gone, own):
    elsewhere(own, "unsure")
    press(gone, "say again")
    assert names() == [NAME] and stored("Bob") == {own: ("unsure",)} and is_listed(gone)
    assert f"{NAME} was judged by Bob since" in not_saved(gone)[1]


def test_one_that_somebody_has_judged_for_another_model_meanwhile_is_there_again(gone, own):
    verdicts().amend(
        own, Change("unsure"), model="prediction_large", clip_ids=[clip_id(0), clip_id(5)], reviewer="Bob"
    )
    press(gone, "say again")
    assert names() == [NAME] and len(verdicts().current("prediction_large")) == 1


def test_that_it_stays_is_said_though_another_word_is_saved_after_it(gone, own):
    select(gone, [1, 6, 7])
    with unwritable(verdicts().database.file):
        press(gone, "say unsure")
    verdicts().rename(own, "the same fan", "Bob")
    press(gone, "say again")
    assert sorted(stored().values()) == [("real_issue",), ("unsure",)]
    assert f"{NAME} was changed by Bob since" in not_saved(gone)[1]


def test_one_that_somebody_has_removed_meanwhile_is_nothing_to_speak_of(gone, own):
    verdicts().remove(own, "Bob")
    number = writings()
    press(gone, "say again")
    assert writings() == number and not_saved(gone) == (0, "")


def test_what_waits_of_it_goes_with_it(page, own):
    with unwritable(verdicts().database.file):
        press(page, "say unsure")
        page.text_input(key=f"name {own}").set_value("the same fan").run()
        assert not_saved(page)[0] == 2
        press(page, "remove own")
        assert not_saved(page)[0] == 1 and judged(page) == {}
    press(page, "say again")
    assert names() == [] and stored() == {} and not_saved(page) == (0, "")


@pytest.mark.parametrize("is_back", [True, False])
def test_a_verdict_on_the_same_clips_since_is_written_after_it(gone, own, is_back):
    if is_back:
        press(gone, "say unsure")
    else:
        with unwritable(verdicts().database.file):
            press(gone, "say unsure")
            assert is_listed(gone) is False and judged(gone) == {own: "unsure"} and not_saved(gone)[0] == 2
        press(gone, "say again")
    assert not_saved(gone) == (0, "") and stored() == {own: ("unsure",)} and names() == [NAME]
    history = [each.verdict for each in verdicts().history(own, "prediction")]
    assert history == ["real_issue", None, "unsure"]


def test_clips_that_are_kept_again_are_a_slice_again(gone, own):
    with unwritable(verdicts().database.file):
        press(gone, "keep")
        assert is_listed(gone) and judged(gone) == {}
    press(gone, "say again")
    assert names() == [NAME] and stored() == {} and not_saved(gone) == (0, "")


def test_it_is_of_its_table(gone, calls, monkeypatch):
    other = calls.with_name("other.csv")
    other.write_bytes(calls.read_bytes())
    again = send(finished(review(monkeypatch, other, calls)), events(gone))
    assert not_saved(again)[0] == 1 and f"{NAME}: taken off the list" in not_saved(again)[1]
    again.selectbox(key="source").select(list(sources.known())[1]).run()
    finished(again)
    assert open_table(1).verdicts().own_slices() == {} and not_saved(again) == (0, "")


def test_somebody_else_does_not_do_it(gone, calls, monkeypatch):
    again = annas_page(monkeypatch, calls)
    for module in ("session.visitor", "session.review_memory"):
        monkeypatch.setattr(f"slicecore_app.{module}.visitor", lambda: Visitor("Bob", Role.REVIEW))
    send(again, events(gone))
    assert names() == [NAME] and "Anna said" in not_saved(again)[1]


def test_undo_gives_it_up_with_what_it_had_taken_up(page, own):
    with unwritable(verdicts().database.file):
        press(page, "say unsure")
        page.text_input(key=f"name {own}").set_value("the same fan").run()
        press(page, "remove own")
        press(page, "say undo")
        assert not_saved(page)[0] == 2
        assert is_listed(page) and judged(page) == {own: "unsure"} and len(events(page)) == 2
    press(page, "say again")
    assert names() == ["the same fan"] and stored() == {own: ("unsure",)} and not_saved(page) == (0, "")


def test_an_undo_of_it_alone_says_so(gone, own):
    press(gone, "say undo")
    assert saved(gone) == f"Took back the removal of {NAME}, which was not saved"
    assert is_listed(gone) and judged(gone) == {own: "real_issue"} and not_saved(gone) == (0, "")
    press(gone, "say again")
    assert names() == [NAME]
