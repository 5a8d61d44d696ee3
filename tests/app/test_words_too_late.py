"""A verdict, or tags and a note, of a single slice that come when it, its model or its table is gone from the page."""

import pytest
from chosen_slices import ANNA, annas_page, judge, select, stored, written
from opened_page import clip_id, finished, not_saved, press, review, saved, verdicts

from slicecore.storage.verdicts import Change

MODEL = "prediction"
CLEARED = "The selection was cleared before this was saved."
MOVED = "The table or the model was changed before this was saved."


def shown(page):
    return page.session_state["drawn verdict"]


def said(page, kind, **words):
    """The event of words about what is picked, as the browser makes it."""
    return {
        "kind": kind,
        "about": f"{verdicts().name} {MODEL}",
        "slice": shown(page)["slice"],
        "newest": list(verdicts().newest()),
        "press": "t:1",
        "framed": shown(page)["framed"],
        **words,
    }


def note(page, text="the same fan", tags=("hum",)):
    return said(page, "notes", tags=list(tags), note=text)


def send(page, *events):
    page.session_state["kept words"] = list(events)
    press(page, "say kept")


def open_problems(page):
    """Ids of the flagged slices of the page."""
    select(page, [22, 23, 24, 25, 26, 27, 28, 29])
    return [shown(page)["slice"]]


def verdict_on_pick(page, number, verdict="real_issue"):
    """The event of a verdict on a lasso of which the browser does not know the slice yet."""
    about = f"{verdicts().name} {MODEL}"
    newest = list(verdicts().newest())
    return {
        "kind": "verdict",
        "about": about,
        "slice": None,
        "pick": number,
        "verdict": verdict,
        "newest": newest,
    }


def picked_as(page, number):
    """Let the pick on the page be that of an event with a number."""
    picks = {**page.session_state["recent_picks"]} if "recent_picks" in page.session_state else {}
    page.session_state["recent_picks"] = {**picks, number: page.session_state["picked"]}
    page.session_state["pick_number"] = number
    page.run()


def clear(page):
    page.session_state["picked"] = None
    page.run()
    assert not page.exception


@pytest.fixture
def lasso(page):
    select(page, [0, 5])
    return page


def test_a_note_waits_where_its_selection_was_cleared_and_is_saved_on_demand(lasso):
    page, event = lasso, note(lasso)
    clear(page)
    for _ in range(2):  # as where the browser sends it again
        send(page, event)
    assert not_saved(page) == (1, f"{CLEARED} Rows [0, 5]: hum, “the same fan”")
    offer = shown(page)["unsaved"]
    assert (offer.action, offer.label, offer.copied) == ("place", "Save", "the same fan")
    assert written() == {} and verdicts().own_slices() == {}
    press(page, "say place")
    assert written() == {event["slice"]: "the same fan"} and stored() == {event["slice"]: (None, "hum")}
    assert [own.clip_ids for own in verdicts().own_slices().values()] == [(clip_id(0), clip_id(5))]
    assert not_saved(page) == (0, "") and shown(page)["kept"] == []
    press(page, "say undo")
    assert written() == {}


def test_one_that_is_discarded_leaves_everything(lasso):
    page, event = lasso, note(lasso)
    clear(page)
    send(page, event)
    press(page, "say discard")
    assert not_saved(page) == (0, "") and shown(page)["kept"] == [] and written() == {}
    press(page, "say place")
    assert written() == {}


def test_it_waits_on_the_next_page_too_until_the_reader_says_so(lasso, calls, monkeypatch):
    page, event = lasso, note(lasso)
    clear(page)
    send(page, event)
    again = annas_page(monkeypatch, calls)
    for _ in range(2):
        send(again, *shown(page)["kept"])
        assert not_saved(again) == not_saved(page) and written() == {}
    press(again, "say place")
    assert written() == {event["slice"]: "the same fan"}


def test_one_without_clips_waits_for_the_same_clips_to_be_selected(lasso):
    page = lasso
    event = {**note(page), "framed": None}  # as of too many clips
    clear(page)
    send(page, event)
    offer = shown(page)["unsaved"]
    assert (offer.action, offer.copied) == ("discard", "the same fan")
    assert offer.text.startswith(f"{CLEARED} Select the same clips again to save it.")
    select(page, [0, 5])
    assert shown(page)["unsaved"].action == "place"
    press(page, "say place")
    assert written() == {event["slice"]: "the same fan"}


@pytest.mark.parametrize("back", [True, False])
def test_one_of_another_model_is_of_that_model(lasso, back):
    page, event = lasso, note(lasso)
    page.selectbox(key="prediction").select("prediction_large").run()
    send(page, event)
    assert not_saved(page) == (1, f"{MOVED} Rows [0, 5]: hum, “the same fan”")
    if back:
        page.selectbox(key="prediction").select("prediction").run()
    press(page, "say place")
    assert written() == {event["slice"]: "the same fan"} and not_saved(page) == (0, "")
    assert verdicts().current("prediction_large") == {}


def test_a_verdict_waits_as_well(lasso):
    page, event = lasso, said(lasso, "verdict", verdict="real_issue")
    clear(page)
    send(page, event)
    assert not_saved(page) == (1, f"{CLEARED} Rows [0, 5]: ✓ Real issue")
    assert shown(page)["unsaved"].copied == ""
    press(page, "say place")
    assert stored() == {event["slice"]: ("real_issue",)} and saved(page)


def test_a_newer_word_of_somebody_else_holds_it_up(lasso):
    page = lasso
    press(page, "keep")
    event = note(page)
    page.session_state["picked"] = None
    page.run()
    page.selectbox(key="prediction").select("prediction_large").run()
    send(page, event)
    verdicts().amend(
        event["slice"], Change("unsure"), model=MODEL, clip_ids=[clip_id(0), clip_id(5)], reviewer="Bob"
    )
    press(page, "say place")
    assert "Bob" in not_saved(page)[1] and written() == {}
    press(page, "say replace")
    assert written() == {event["slice"]: "the same fan"} and stored("Bob") == {event["slice"]: ("unsure",)}


def test_the_slices_are_judged_on_while_it_waits(lasso):
    page, event = lasso, note(lasso)
    clear(page)
    send(page, event)
    select(page, [1, 6, 7])
    press(page, "say unsure")
    assert list(stored().values()) == [("unsure",)] and not_saved(page)[0] == 1
    press(page, "say place")
    assert sorted(map(str, stored().values())) == sorted(map(str, [("unsure",), (None, "hum")]))


def test_clips_that_are_not_those_of_the_slice_are_not_taken(lasso):
    page, event = lasso, note(lasso)
    select(page, [1, 6, 7])
    other = shown(page)["framed"]
    clear(page)
    send(page, {**event, "framed": other})
    assert shown(page)["unsaved"].action == "discard"
    press(page, "say place")
    assert written() == {} and verdicts().own_slices() == {}


@pytest.mark.parametrize("goes", ["cleared", "replaced", "model"])
def test_a_verdict_on_a_lasso_that_only_had_a_number_waits_as_well(lasso, goes):
    page, slice_id = lasso, shown(lasso)["slice"]
    picked_as(page, 7)
    if goes == "replaced":
        select(page, [1, 6, 7])
        picked_as(page, 8)
    elif goes == "model":
        page.selectbox(key="prediction").select("prediction_large").run()
    else:
        clear(page)
    for _ in range(2):  # as where the browser sends it again
        send(page, {**verdict_on_pick(page, 7), "press": "t:1"})
    why = MOVED if goes == "model" else CLEARED
    assert not_saved(page) == (1, f"{why} Rows [0, 5]: ✓ Real issue") and stored() == {}
    assert shown(page)["unsaved"].action == "place"
    press(page, "say place")
    assert stored() == {slice_id: ("real_issue",)} and not_saved(page) == (0, "")
    assert [own.clip_ids for own in verdicts().own_slices().values()] == [(clip_id(0), clip_id(5))]


def test_one_on_a_lasso_that_nobody_knows_any_more_says_so(lasso):
    page = lasso
    picked_as(page, 7)
    clear(page)
    send(page, {**verdict_on_pick(page, 6), "press": "t:1"})
    assert not_saved(page) == (0, "The selection was cleared before it was saved. Select it again.")


@pytest.mark.parametrize("discards", [False, True])
def test_a_verdict_on_several_waits_where_the_model_was_changed(three, page, discards):
    about, newest = f"{verdicts().name} {MODEL}", list(verdicts().newest())
    hum = next(iter(open_problems(page)))
    event = {
        "kind": "verdict",
        "about": about,
        "slices": [*three[:2], hum],
        "verdict": "unsure",
        "newest": newest,
    }
    page.selectbox(key="prediction").select("prediction_large").run()
    send(page, {**event, "press": "t:1"})
    assert not_saved(page) == (3, f"{MOVED} 3 problems: ? Unsure") and stored() == {}
    press(page, "say discard" if discards else "say place")
    assert not_saved(page) == (0, "") and shown(page)["kept"] == []
    assert stored() == ({} if discards else dict.fromkeys([*three[:2], hum], ("unsure",)))
    assert verdicts().current("prediction_large") == {}


def several(slices, verdict):
    """The event of a verdict on several slices that were chosen on the page of the first model."""
    about, newest = f"{verdicts().name} {MODEL}", list(verdicts().newest())
    return {
        "kind": "verdict",
        "about": about,
        "slices": slices,
        "verdict": verdict,
        "newest": newest,
        "press": "t:1",
    }


def test_one_on_slices_that_the_session_does_not_know_waits_for_their_model(three, page, calls, monkeypatch):
    event = several([*three, *open_problems(page)], "unsure")
    again = finished(review(monkeypatch, calls))
    again.session_state["listed_before"] = {}  # as where the other model is the first that the session shows
    again.session_state["signature"] = ANNA
    again.selectbox(key="prediction").select("prediction_large").run()
    again.session_state["listed_before"] = {}
    send(again, event)
    assert not_saved(again) == (4, f"{MOVED} Open them again to save it. 4 problems: ? Unsure")
    assert shown(again)["unsaved"].action == "discard" and stored() == {}
    again.selectbox(key="prediction").select(MODEL).run()
    assert not_saved(again) == (4, f"{MOVED} 4 problems: ? Unsure")
    press(again, "say place")
    assert stored() == dict.fromkeys(event["slices"], ("unsure",)) and not_saved(again) == (0, "")


@pytest.mark.parametrize("discards", [False, True])
def test_that_several_are_judged_no_more_waits_where_the_model_was_changed(three, page, discards):
    judge(page, three[:2], "real_issue")
    event = several(three, None)
    page.selectbox(key="prediction").select("prediction_large").run()
    for _ in range(2):  # as where the browser sends it again
        send(page, event)
    assert not_saved(page) == (2, f"{MOVED} 2 problems: no verdict")
    press(page, "say discard" if discards else "say place")
    assert stored() == (dict.fromkeys(three[:2], ("real_issue",)) if discards else {})
    assert not_saved(page) == (0, "") and shown(page)["kept"] == []
    assert verdicts().history(three[2], MODEL) == []


def test_where_none_of_them_has_a_verdict_there_is_nothing_to_wait_for(three, page):
    event = several(three, None)
    page.selectbox(key="prediction").select("prediction_large").run()
    send(page, event)
    assert not_saved(page) == (0, "")
