"""Verdicts and assignments on clips that only Python knew, as of the legend or a filter, on pages after a reload."""

import os

import numpy as np
import pytest
import streamlit as st
from chosen_slices import annas_page, select, stored
from opened_page import (
    clip_id,
    finished,
    not_saved,
    open_table,
    press,
    reasoned,
    review,
    unwritable,
    verdicts,
)

from slicecore.storage.verdicts import Change
from slicecore_app.review.clips import panel as clips_panel
from slicecore_app.review.problems import panel as problems_panel
from slicecore_app.session.packed_rows import packed

MODEL = "prediction"
CLEARED = "The selection was cleared before this was saved."
TABLE = "The table has changed since, and its clips may be others."
HUM = list(range(22, 30))
"""Rows of the clips that the model gets wrong."""
FILTER = {"kind": "select", "words": "so long", "conditions": [], "everywhere": False}


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    """The basis and the other lists of the page, as the browser has them."""
    monkeypatch.setattr(clips_panel, "filterbar", lambda *, basis, **_: noted("drawn basis", list(basis)))
    monkeypatch.setattr(problems_panel, "problems", lambda *_, others, **__: noted("drawn lists", others))


def noted(name, value):
    st.session_state[name] = value


def word(page, picked=None, kind="verdict"):
    """The event of a word on a pick, from a page that has gone."""
    told = {"basis": page.session_state["drawn basis"], **(picked or {})}
    said = {"to": "Bob"} if kind == "assign" else {"verdict": "real_issue"}
    return {
        "kind": kind,
        "about": f"{verdicts().name} {MODEL}",
        "slice": None,
        "pick": 0,
        "framed": None,
        "picked": told,
        "newest": list(verdicts().newest()),
        "press": "t:1",
        **said,
    }


def shown(page):
    return page.session_state["drawn verdict"]


def send(page, *events):
    page.session_state["kept words"] = list(events)
    page.run()
    press(page, "say kept")


def judged():
    """Clips of the slices that have a verdict."""
    return [each.clip_ids for each in verdicts().current(MODEL).values() if each.verdict]


def ids(rows):
    return tuple(clip_id(row) for row in rows)


def assigned():
    workspace = verdicts().workspace(MODEL)
    return {workspace.own_slices[slice_id].clip_ids: name for slice_id, name in workspace.assignees.items()}


def rows_of_cluster(index):
    analysis = open_table().analysis("signal").result
    return np.flatnonzero(open_table().top_clusters("signal", analysis) == index).tolist()


def like(row):
    """Rows of the clips most like one, as the page selects them: here of all, since there are few."""
    vectors = open_table().analysis("signal").result.embeddings.vectors
    return np.flatnonzero(np.isfinite(vectors).all(axis=1)).tolist()


PICKS = {
    "a group of the legend": ({"kind": "group", "by": "cluster", "index": 0}, lambda: rows_of_cluster(0)),
    "these of the filter": (FILTER, lambda: HUM),
    "clips like one": ({"kind": "similar", "row": 0}, lambda: like(0)),
    "all clips": ({"kind": "all"}, lambda: list(range(30))),
}


@pytest.mark.parametrize("pick", PICKS)
def test_a_verdict_waits_and_is_saved_for_the_very_clips_once(page, calls, monkeypatch, pick):
    picked, rows = PICKS[pick]
    event = word(page, picked)
    again = annas_page(monkeypatch, calls)
    for _ in range(2):  # as where the browser sends it again
        send(again, event)
    count, text = not_saved(again)
    assert count == 1 and text.startswith(CLEARED) and text.endswith(": ✓ Real issue")
    assert shown(again)["unsaved"].label == "Save" and stored() == {}
    press(again, "say place")
    assert judged() == [ids(rows())] and not_saved(again) == (0, "") and shown(again)["kept"] == []
    send(again, event)
    press(again, "say place")
    ((slice_id, _),) = stored().items()
    assert len(verdicts().history(slice_id, MODEL)) == 1


@pytest.mark.usefixtures("explained")
def test_one_on_a_list_is_of_its_clips_as_they_were(page, calls, monkeypatch):
    reasoned(page)
    lists = [each for each in page.session_state["drawn lists"] if each.clips]
    assert lists
    event = word(page, {"kind": "list", "name": lists[0].name, "clips": lists[0].clips})
    again = annas_page(monkeypatch, calls)
    reasoned(again)
    send(again, event)
    assert shown(again)["unsaved"].label == "Save"
    press(again, "say discard")
    event["picked"]["clips"] = "of others"
    send(again, event)
    assert "It is not certain by now which clips it is about." in not_saved(again)[1]
    assert shown(again)["unsaved"].action == "discard" and stored() == {}


def test_an_assignment_waits_likewise_and_makes_the_clips_a_slice_of_ones_own(page, calls, monkeypatch):
    event = word(page, {**FILTER, "words": "1.wav"}, "assign")
    again = annas_page(monkeypatch, calls)
    send(again, event)
    assert not_saved(again) == (1, f"{CLEARED} Words: “1.wav”: for Bob") and assigned() == {}
    third = annas_page(monkeypatch, calls)
    send(third, *shown(again)["kept"])
    press(third, "say place")
    assert assigned() == {ids([1, 11, 21]): "Bob"} and not_saved(third) == (0, "")
    number = verdicts().newest()
    send(third, event)
    press(third, "say place")
    assert verdicts().newest() == number and not_saved(third)[0] == 0  # once, however often it comes


def test_an_assignment_waits_on_where_the_database_is_away(page, calls, monkeypatch):
    event = word(page, {**FILTER, "words": "1.wav"}, "assign")
    again = annas_page(monkeypatch, calls)
    send(again, event)
    with unwritable(verdicts().database.file):
        press(again, "say place")
        assert "It is kept here" in not_saved(again)[1]
    third = annas_page(monkeypatch, calls)
    for kept in shown(again)["kept"]:
        send(third, kept)
    assert assigned() == {ids([1, 11, 21]): "Bob"} and not_saved(third) == (0, "")


def test_an_assignment_by_somebody_else_since_is_left_and_told(page, calls, monkeypatch):
    select(page, HUM)
    flagged = shown(page)["slice"]
    event = word(page, FILTER, "assign")
    verdicts().assign({flagged: "Cleo"}, model=MODEL, clips={flagged: ids(HUM)}, reviewer="Bob")
    send(page, event)
    press(page, "say place")
    assert "assigned to Cleo by Bob meanwhile" in not_saved(page)[1]
    assert verdicts().workspace(MODEL).assignees == {flagged: "Cleo"} and verdicts().own_slices() == {}


def test_an_assignment_on_another_model_is_of_the_model_for_which_it_was_said(three, page):
    event = {**word(page, kind="assign"), "slices": three[:2]}
    page.selectbox(key="prediction").select("prediction_large").run()
    send(page, event)
    assert not_saved(page)[0] == 2 and not_saved(page)[1].endswith("2 problems: for Bob")
    press(page, "say place")
    assert verdicts().workspace(MODEL).assignees == dict.fromkeys(three[:2], "Bob")
    assert verdicts().workspace("prediction_large").assignees == {} and not_saved(page) == (0, "")


@pytest.mark.parametrize("saves", [True, False])
def test_where_the_table_has_changed_the_reader_chooses(page, calls, monkeypatch, saves):
    event = word(page, FILTER)
    text = calls.read_text()
    calls.write_text(
        text.replace("29.wav,good morning to you,so long", "29.wav,good morning to you,so short")
    )
    os.utime(calls, ns=(1, 1))
    again = annas_page(monkeypatch, calls)
    send(again, event)
    said = "clips of a filter: ✓ Real issue"
    assert not_saved(again) == (1, f"{CLEARED} {TABLE} Select clips to save it for these. {said}")
    press(again, "say place")
    assert stored() == {} and not_saved(again)[0] == 1
    select(again, [0, 5])
    offer = shown(again)["unsaved"]
    assert offer.text == f"{CLEARED} {TABLE} It can be saved for the clips that are selected now. {said}"
    assert (offer.action, offer.label) == ("place", "Save for these")
    press(again, "say place" if saves else "say discard")
    assert judged() == ([ids([0, 5])] if saves else []) and not_saved(again) == (0, "")


def test_one_on_another_embedding_or_model_is_found_when_that_is_there_again(page):
    event = word(page, FILTER)
    page.selectbox(key="prediction").select("prediction_large").run()
    send(page, event)
    assert "Its clips are found where the same model and metric are on the page." in not_saved(page)[1]
    page.selectbox(key="prediction").select(MODEL).run()
    assert shown(page)["unsaved"].label == "Save"
    press(page, "say place")
    assert judged() == [ids(HUM)]


@pytest.mark.parametrize("how", ["its clips", "how it was picked"])
def test_these_of_a_filter_within_a_selection_are_found_within_that(page, calls, monkeypatch, how):
    rows = [0, 5, 22, 23]
    select(page, rows)
    base = {"kind": "slice", "slice": shown(page)["slice"], "clips": packed(np.array(rows)), "title": "Four"}
    if how == "how it was picked":
        base = {"basis": page.session_state["drawn basis"], **FILTER, "id": flagged_id(page)}
        rows = HUM
    event = word(page, {**FILTER, "words": "so", "within": base})
    again = annas_page(monkeypatch, calls)
    send(again, event)
    press(again, "say place")
    assert judged() == [ids([row for row in rows if row >= 22])]


def flagged_id(page):
    select(page, HUM)
    return shown(page)["slice"]


def test_what_is_no_pick_waits_without_its_clips(page):
    within = [{"kind": "lost"}, {"kind": "slice", "slice": "0123456789ab"}, {**FILTER, "id": "0123456789ab"}]
    basis = page.session_state["drawn basis"]
    for picked in (
        *({**FILTER, "within": {"basis": basis, **each}} for each in within),
        {"kind": "group", "by": 3, "index": "x"},
        {"kind": "similar", "row": -1},
        {"kind": "similar"},
        {"kind": "select", "words": "x"},
        {"kind": "select", "words": "", "conditions": [{"column": "x"}], "everywhere": True},
        {"kind": "list", "name": "no such list", "clips": ""},
        {"kind": "cluster", "key": "no such cluster"},
        {"kind": "clip", "row": 1000},
        {"basis": ["x"], "kind": "all"},
    ):
        send(page, word(page, picked))
        assert not_saved(page)[0] == 1 and shown(page)["unsaved"].action == "discard", picked
        press(page, "say discard")
    assert stored() == {}


def test_what_nobody_can_read_is_refused(page):
    deep = {"kind": "all"}
    for _ in range(30):
        deep = {"kind": "all", "within": deep}
    for picked in ("x", {"kind": ["x"]}, {"kind": "all", "basis": 3}, {"kind": "all", "within": "x"}, deep):
        send(page, {**word(page), "picked": picked})
        assert not_saved(page) == (0, "The selection was cleared before it was saved. Select it again."), (
            picked
        )


@pytest.mark.parametrize("is_same", [True, False])
def test_a_pick_that_is_told_again_counts_where_its_clips_are_those_that_were_seen(page, is_same):
    """As after a restart of the server, to which the browser tells the pick once more, with the number of its event."""
    select(page, HUM)
    page.session_state["pick_number"] = 7
    page.run()
    event = {**word(page, FILTER), "pick": 7}
    if not is_same:
        event["picked"]["words"] = "good"
    send(page, event)
    assert judged() == ([ids(HUM)] if is_same else [])
    assert not_saved(page)[0] == (0 if is_same else 1)


def told_again(page):
    """A group of the legend, which the session has as the clips of the hum, since its basis was another then."""
    select(page, HUM)
    page.session_state["recent_picks"] = {7: page.session_state["picked"]}
    page.session_state["pick_number"] = 7
    page.run()
    return {**word(page, {"kind": "group", "by": "column accent", "index": 0}), "pick": 7}


@pytest.mark.parametrize("is_same", [True, False])
def test_a_pick_that_the_session_knows_counts_on_another_model_where_it_was_what_was_seen(page, is_same):
    event = told_again(page)
    if not is_same:
        event["picked"]["basis"][-2] = "another metric"
    page.selectbox(key="prediction").select("prediction_large").run()
    send(page, event)
    assert (shown(page)["unsaved"].label == "Save") is is_same
    press(page, "say place")
    assert judged() == ([ids(HUM)] if is_same else [])


def test_a_newer_verdict_of_somebody_else_holds_it_up(page):
    flagged = flagged_id(page)
    event = word(page, FILTER)
    verdicts().amend(flagged, Change("unsure"), model=MODEL, clip_ids=ids(HUM), reviewer="Bob")
    send(page, event)
    press(page, "say place")
    assert "Bob" in not_saved(page)[1] and stored() == {}
    press(page, "say replace")
    assert stored() == {flagged: ("real_issue",)} and stored("Bob") == {flagged: ("unsure",)}


def test_one_of_another_table_waits_for_that(page, calls, monkeypatch):
    event = word(page, FILTER)
    other = calls.with_name("other.csv")
    other.write_bytes(calls.read_bytes())
    again = finished(review(monkeypatch, other, calls))
    send(again, event)
    assert "Open them again to save it." in not_saved(again)[1] and stored() == {}
