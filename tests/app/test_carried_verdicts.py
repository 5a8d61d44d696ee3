"""Verdicts of other times, models and tables on the page: shown, confirmed, dropped, listed where no slice has them."""

import pandas as pd
import pytest
import streamlit as st
from opened_page import WAIT_S, finished, open_table, press, review, saved

from slicecore.errors import StorageError
from slicecore_app.review.problems import panel
from slicecore_app.server import carrying, sources
from slicecore_app.server.open_table import CARRIED

HUM = range(22, 30)


def looked(page, failed=()):
    """Run the page with what the tables that were judged have; `failed` are tries of before."""
    finished(page)
    for i in range(len(sources.known())):
        for job in open_table(i).jobs.of(CARRIED):
            if not any(job is each for each in failed):
                assert job.ended.wait(WAIT_S) and job.state == "done", job.error
    page.run()
    assert not page.exception
    return page


def flagged(page):
    """Id of the only flagged slice."""
    (card,) = page.session_state["drawn problems"]
    return card.slice


def select(page):
    """Pick the only flagged slice; returns its id."""
    slice_id = flagged(page)
    page.button(key="pick the slice").click().run()
    assert not page.exception
    return slice_id


def carried(page):
    return page.session_state["drawn verdict"]["carried"]


def judged(page):
    """Verdict of the only flagged slice itself, None without one."""
    return page.session_state["drawn verdict"]["judged"].get(flagged(page))


def without_a_row(calls):
    table = pd.read_csv(calls)
    table.drop(index=23).to_csv(calls, index=False)
    return calls


@pytest.fixture(autouse=True)
def drawn_problems(monkeypatch):
    def draw(cards, *, others, on_event, **_):
        st.session_state["drawn problems"] = list(cards)
        st.session_state["drawn lists"] = list(others)

        def ask(**event):
            st.session_state["problems"] = {"event": event}
            on_event()

        for card in cards:
            st.button(
                card.title, key="pick the slice", on_click=lambda c=card: ask(kind="slice", slice=c.slice)
            )
        for entry in others:
            st.button(
                entry.label, key=f"list {entry.label}", on_click=lambda e=entry: ask(kind="list", name=e.name)
            )

    monkeypatch.setattr(panel, "problems", draw)


@pytest.fixture
def verdicts(calls, monkeypatch):
    """The verdicts of `calls`, in which the clips with the hum were judged."""
    page = looked(review(monkeypatch, calls))
    table = open_table()
    table.verdicts().judge(
        flagged(page),
        model="prediction",
        clip_ids=[str(table.data.ids[row]) for row in HUM],
        verdict="real_issue",
        tags=["hum"],
        reviewer="Anna",
    )
    return table.verdicts()


def test_a_verdict_holds_for_the_clips_that_are_left(calls, verdicts, monkeypatch):
    page = looked(review(monkeypatch, without_a_row(calls)))
    (shown,) = carried(page).values()
    assert shown.holds and shown.verdict == "real_issue"
    assert shown.text.startswith("Real issue: of these 7 clips, on ") and shown.text.endswith(", by Anna")


def test_a_verdict_holds_for_another_model_and_says_for_which_it_was(calls, verdicts, monkeypatch):
    table = pd.read_csv(calls)
    table.insert(
        2, "prediction_new", ["so long" if row in HUM else "good morning to you" for row in range(30)]
    )
    table.to_csv(calls, index=False)
    page = looked(review(monkeypatch, calls))
    page.selectbox(key="prediction").select("prediction_new").run()
    (shown,) = carried(page).values()
    assert shown.holds and ", for prediction, by Anna" in shown.text


def test_a_verdict_holds_under_another_name_of_the_table(calls, verdicts, monkeypatch):
    later = calls.rename(calls.with_name("calls_v2.csv"))
    page = looked(review(monkeypatch, later))
    (shown,) = carried(page).values()
    assert shown.holds and ", in calls, by Anna" in shown.text
    assert shown.short == "✓ Real issue · calls"


def test_a_corrected_reference_leaves_the_verdict(calls, verdicts, monkeypatch):
    table = pd.read_csv(calls)
    table.loc[25, "sentence"] = "good morning to all of you"
    table.to_csv(calls, index=False)
    page = looked(review(monkeypatch, calls))
    (shown,) = carried(page).values()
    assert shown.holds and shown.text.startswith("Real issue: of these 8 clips")


def test_confirming_writes_a_judgement_of_this_slice_and_undo_takes_it_back(calls, verdicts, monkeypatch):
    page = looked(review(monkeypatch, without_a_row(calls)))
    slice_id = select(page)
    press(page, "say confirm")
    assert judged(page) == "real_issue" and not carried(page)
    written = open_table().verdicts().current("prediction")[slice_id]
    assert (written.tags, len(written.clip_ids), written.origin.model) == (("hum",), 7, "prediction")
    assert len(open_table().verdicts().current("prediction")) == 2  # that of before stays
    press(page, "say undo")
    assert judged(page) is None and list(carried(page)) == [slice_id]


def test_another_verdict_replaces_the_one_carried_over_for_this_slice_and_keeps_its_tags(
    calls, verdicts, monkeypatch
):
    page = looked(review(monkeypatch, without_a_row(calls)))
    slice_id = select(page)
    press(page, "say unsure")
    written = open_table().verdicts().current("prediction")[slice_id]
    assert (written.verdict, written.tags) == ("unsure", ("hum",))


def test_the_same_verdict_as_the_one_carried_over_confirms_it(calls, verdicts, monkeypatch):
    page = looked(review(monkeypatch, without_a_row(calls)))
    slice_id = select(page)
    press(page, "say real_issue")
    assert judged(page) == "real_issue"
    assert open_table().verdicts().current("prediction")[slice_id].origin is not None


def test_a_dropped_verdict_does_not_come_back_until_that_is_undone(calls, verdicts, monkeypatch):
    page = looked(review(monkeypatch, without_a_row(calls)))
    slice_id = select(page)
    press(page, "say decline")
    assert not carried(page) and not judged(page)
    again = looked(review(monkeypatch, calls))
    assert not carried(again)
    assert all(entry.section != "Judged, not found now" for entry in again.session_state["drawn lists"])
    press(page, "say undo")
    assert list(carried(page)) == [slice_id]
    assert saved(page).startswith("Offers the verdict on ")


def test_a_verdict_of_fewer_clips_is_a_hint_that_does_not_count(calls, verdicts, monkeypatch):
    table = open_table()
    clips = [str(table.data.ids[row]) for row in HUM][:5]
    verdicts.judge(
        select(looked(review(monkeypatch, calls))), model="prediction", clip_ids=clips, verdict=None
    )
    verdicts.judge("of five", model="prediction", clip_ids=clips, verdict="unsure", reviewer="Anna")
    page = looked(review(monkeypatch, calls))
    (shown,) = carried(page).values()
    assert not shown.holds and shown.text.startswith("Unsure? of 5 of these 8 clips, on ")


def test_judged_clips_that_are_no_slice_are_listed_with_the_reason_and_can_be_picked(
    calls, verdicts, monkeypatch
):
    table = open_table()
    clips = [str(clip) for clip in table.data.ids[:9]]
    verdicts.judge(
        "fine", model="prediction", clip_ids=clips, verdict="real_issue", note="echo", reviewer="Anna"
    )
    verdicts.judge("gone", model="prediction", clip_ids=["x"], verdict="unsure")
    page = looked(review(monkeypatch, calls))
    listed = [
        entry for entry in page.session_state["drawn lists"] if entry.section == "Judged, not found now"
    ]
    assert [(entry.label, entry.result) for entry in listed] == [
        ("? Unsure: 1 clip", "clips gone"),
        ("✓ Real issue: echo", "within thresholds"),
    ]
    assert "by Anna. Now within thresholds: WER 0.0" in listed[1].hint
    press(page, "list ✓ Real issue: echo")
    assert page.session_state["picked"].rows.tolist() == list(range(9))


def test_why_nothing_is_carried_over_is_told_and_a_click_tries_again(calls, verdicts, monkeypatch):
    def broken(*_):
        raise StorageError("The clips can't be noted: the disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(carrying, "known_tables", broken)
        page = finished(review(monkeypatch, without_a_row(calls)))
        for job in open_table().jobs.of(CARRIED):
            assert job.ended.wait(WAIT_S)
        page.run()
    (entry,) = [entry for entry in page.session_state["drawn lists"] if entry.name == panel.NOT_CARRIED]
    assert "the disk is full" in entry.hint
    failed = open_table().jobs.of(CARRIED)  # two where the clips were measured meanwhile
    page.button(key=f"list {entry.label}").click().run()
    page = looked(page, failed)
    assert carried(page)
    assert entry.name not in {entry.name for entry in page.session_state["drawn lists"]}
