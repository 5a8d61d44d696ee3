"""Verdicts on a lasso whose pick nobody knows any more, as after a reload: its corners say which clips it has."""

import numpy as np
import pytest
from chosen_slices import ANNA, annas_page, select, stored
from opened_page import WAIT_S, finished, not_saved, open_table, press, review, verdicts

from slicecore_app.server.registry import publish_points

MODEL = "prediction"
CLEARED = "The selection was cleared before this was saved."
MOVED = "The table or the model was changed before this was saved."


@pytest.fixture
def places(page):
    """Places of the clips on the map, (n, 2)."""
    table = open_table()
    job = table.places_job("signal", table.analysis("signal").result, "hnne")
    assert job.ended.wait(WAIT_S)
    page.run()
    return job.result


@pytest.fixture
def left(places):
    """Rows of the clips in the left half of the map, those in the lasso."""
    return np.flatnonzero(places[:, 0] < middle(places)).tolist()


@pytest.fixture
def word(places):
    """The event of a verdict on that lasso, from a page that has gone."""
    far, x = 1e6, float(middle(places))
    corners = [[-far, -far], [-far, far], [x, far], [x, -far]]
    return {
        "kind": "verdict",
        "about": f"{verdicts().name} {MODEL}",
        "slice": None,
        "pick": 0,
        "verdict": "real_issue",
        "framed": None,
        "picked": {"kind": "lasso", "corners": corners, "points": publish_points(places)},
        "newest": list(verdicts().newest()),
        "press": "t:1",
    }


def middle(places):
    return np.nanmedian(places[:, 0])


def shown(page):
    return page.session_state["drawn verdict"]


def send(page, *events):
    page.session_state["kept words"] = list(events)
    press(page, "say kept")


def own_clips():
    return [own.clip_ids for own in verdicts().own_slices().values()]


def ids(rows):
    return tuple(str(open_table().data.ids[row]) for row in rows)


def test_it_waits_and_is_saved_for_the_clips_of_the_lasso_on_demand(page, word, left):
    for _ in range(2):  # as where the browser sends it again
        send(page, word)
    about = f"{len(left)} clips in a lasso on the map"
    assert not_saved(page) == (1, f"{CLEARED} {about[:1].upper()}{about[1:]}: ✓ Real issue")
    assert shown(page)["unsaved"].action == "place" and stored() == {}
    press(page, "say place")
    assert own_clips() == [ids(left)] and list(stored().values()) == [("real_issue",)]
    assert not_saved(page) == (0, "") and shown(page)["kept"] == []
    send(page, word)
    press(page, "say place")
    (slice_id,) = stored()
    assert len(verdicts().history(slice_id, MODEL)) == 1  # once, however often it comes


def test_the_next_page_has_it_too(page, word, left, calls, monkeypatch):
    send(page, word)
    again = annas_page(monkeypatch, calls)
    send(again, *shown(page)["kept"])
    assert not_saved(again) == not_saved(page)
    press(again, "say discard")
    assert not_saved(again) == (0, "") and shown(again)["kept"] == [] and stored() == {}


def test_on_another_model_it_is_of_the_model_for_which_it_was_said(page, word, left):
    page.selectbox(key="prediction").select("prediction_large").run()
    send(page, word)
    assert not_saved(page)[1].startswith(f"{MOVED} {len(left)} clips")
    press(page, "say place")
    assert list(stored().values()) == [("real_issue",)] and verdicts().current("prediction_large") == {}


def test_the_clips_of_a_flagged_slice_are_that_slice(page, word, places):
    rows = [22, 23, 24, 25, 26, 27, 28, 29]
    select(page, rows)
    flagged = shown(page)["slice"]
    page.session_state["picked"] = None
    page.run()
    low, high = places[rows].min(axis=0) - 1e-4, places[rows].max(axis=0) + 1e-4
    corners = [[low[0], low[1]], [low[0], high[1]], [high[0], high[1]], [high[0], low[1]]]
    inside = np.flatnonzero(((places > low) & (places < high)).all(axis=1)).tolist()
    assert inside == rows  # a hum lies apart from the rest
    lasso = {**word["picked"], "corners": [[float(x), float(y)] for x, y in corners]}
    send(page, {**word, "picked": lasso})
    press(page, "say place")
    assert stored() == {flagged: ("real_issue",)} and own_clips() == []


def test_one_on_another_map_waits_until_that_is_on_the_page(page, word, left):
    there = word["picked"]["points"]
    send(page, {**word, "picked": {**word["picked"], "points": "another map"}})
    offer = shown(page)["unsaved"]
    assert offer.action == "discard"
    assert offer.text == (
        f"{CLEARED} Its clips are found where the same map is on the page. Select clips to save it for these. "
        "a lasso on the map: ✓ Real issue"
    )
    press(page, "say place")
    assert stored() == {}
    (event,) = shown(page)["kept"]
    event["word"]["parts"][0]["picked"]["points"] = there
    press(page, "say discard")
    send(page, event)
    assert shown(page)["unsaved"].action == "place"


@pytest.mark.parametrize("lasso", [{"corners": 3, "points": ""}, {"corners": [[1]]}, {}])
def test_what_is_no_lasso_waits_without_its_clips(page, word, lasso):
    send(page, {**word, "picked": {"kind": "lasso", **lasso}})
    assert not_saved(page)[0] == 1 and shown(page)["unsaved"].action == "discard"


def test_one_of_another_table_waits_for_that(page, word, calls, monkeypatch):
    other = calls.with_name("other.csv")
    other.write_bytes(calls.read_bytes())
    again = finished(review(monkeypatch, other, calls))
    again.session_state["signature"] = ANNA
    send(again, word)
    assert shown(again)["unsaved"].action == "discard" and not_saved(again)[0] == 1
    assert stored() == {}
