"""Who is to judge a slice, on the page: assigned, taken back, told to others, and dealt out on the summary."""

import numpy as np
import pytest
from opened_page import clip_id, finished, not_saved, press, review, saved, unwritable, verdicts

from slicecore_app.pages.summary_reviewers import CHOSEN
from slicecore_app.session.selection import Pick

ANNA = {"reviewer": "Anna", "browser": "b1"}


@pytest.fixture
def page(calls, monkeypatch):
    page = finished(review(monkeypatch, calls))
    page.session_state["signature"] = ANNA
    page.session_state["picked"] = Pick(
        "selection", "", np.arange(22, 30), reason="the hum"
    )  # which is flagged
    return page.run()


def assign(page, to):
    page.session_state["wanted assignee"] = to
    press(page, "say assign")


def drawn(page):
    return page.session_state["drawn verdict"]["assignees"]


def work(page):
    """Rows of the table of reviewers: their names, and slices assigned, judged, left, and judged of others."""
    tables = [table.value for table in page.dataframe if "Assigned" in table.value]
    return [row for table in tables for row in table.itertuples(index=False, name=None)]


def stored():
    return verdicts().workspace("prediction").assignees


def test_a_slice_is_assigned_under_the_name_of_whoever_does_it_and_undo_takes_it_back(page):
    assign(page, "Bob")
    (slice_id,) = stored()
    assert stored() == drawn(page) == {slice_id: "Bob"}
    assert verdicts().workspace("prediction").assignments[slice_id].reviewer == "Anna"
    assign(page, "Anna")
    press(page, "say undo")
    assert stored() == drawn(page) == {slice_id: "Bob"} and "assignment" in saved(page)
    press(page, "say undo")
    assert stored() == drawn(page) == {}
    assert verdicts().current("prediction") == {}  # no verdict by it


def test_what_cannot_be_written_waits_and_shows(page):
    page.session_state["wanted assignee"] = "Bob"
    with unwritable(verdicts().database.file):
        page.button(key="say assign").click().run()
        assert not_saved(page)[0] == 1 and list(drawn(page).values()) == ["Bob"]
    assert stored() == {}
    press(page, "say again")
    assert list(stored().values()) == ["Bob"]


def test_an_assignment_by_somebody_else_meanwhile_is_left_and_told(page):
    assign(page, "Anna")
    (slice_id,) = stored()
    page.session_state["shown_until"] = verdicts().newest()
    clips = {slice_id: [clip_id(row) for row in range(22, 30)]}
    verdicts().assign({slice_id: "Cleo"}, model="prediction", clips=clips, reviewer="Bob")
    assign(page, "Dora")
    assert "assigned to Cleo by Bob meanwhile" in not_saved(page)[1]
    assert list(stored().values()) == ["Cleo"]


def test_assigning_a_selection_makes_it_a_slice_of_ones_own(page):
    page.session_state["picked"] = Pick("selection", "", np.array([0, 5]), reason="Rows [0, 5]")
    page.run()
    assign(page, "Bob")
    (slice_id,) = stored()
    assert list(verdicts().own_slices()) == [slice_id]
    press(page, "say unsure")
    assert verdicts().current("prediction")[slice_id].reviewer == "Anna"


@pytest.fixture
def three(page):
    """Ids of the slices on the page: the flagged one and two that somebody made, by which the choice goes."""
    for row in (0, 5):
        page.session_state["picked"] = Pick("selection", "", np.arange(row, row + 3), reason="by hand")
        page.run()
        assign(page, "Zoe")
    page.session_state["picked"] = Pick("selection", "", np.arange(22, 30), reason="the hum")
    page.run()
    assign(page, "Zoe")
    return list(stored())


def assign_several(page, slices, to):
    page.session_state["chosen slices"], page.session_state["wanted assignee"] = slices, to
    press(page, "say assign several")


def test_several_slices_are_assigned_at_once_and_one_undo_takes_all_back(page, three):
    assign_several(page, three, "Bob")
    assert stored() == drawn(page) == dict.fromkeys(three, "Bob")
    assign_several(page, three[:2], "")
    assert stored() == drawn(page) == {three[2]: "Bob"}
    press(page, "say undo")
    assert stored() == drawn(page) == dict.fromkeys(three, "Bob")
    assert "Took back the assignment of 2 slices" in saved(page)
    press(page, "say undo")
    assert stored() == drawn(page) == dict.fromkeys(three, "Zoe")


def test_an_assignment_of_several_slices_that_waits_counts_for_each(page, three):
    with unwritable(verdicts().database.file):
        assign_several(page, three, "Bob")
        assert not_saved(page)[0] == 3
    press(page, "say again")
    assert not_saved(page)[0] == 0 and stored() == dict.fromkeys(three, "Bob")


def test_of_several_slices_none_is_assigned_where_somebody_else_assigned_one(page, three):
    page.session_state["shown_until"] = verdicts().newest()
    own = next(slice_id for slice_id in three if slice_id in verdicts().own_slices())
    name, clips = verdicts().own_slices()[own].name, verdicts().own_slices()[own].clip_ids
    verdicts().assign({own: "Cleo"}, model="prediction", clips={own: clips}, reviewer="Bob")
    before = stored()
    assign_several(page, three, "Dora")
    assert not_saved(page)[1].startswith(f"{name} was assigned to Cleo by Bob meanwhile")
    assert stored() == drawn(page) == before
    del page.session_state["shown_until"]
    assign_several(page, three, "Dora")  # having seen it
    assert stored() == dict.fromkeys(three, "Dora")


def test_of_several_slices_none_is_assigned_where_one_has_left_the_list(page, three):
    assign_several(page, [*three, "0123456789ab"], "Bob")
    assert "1 of 4 slices are not in it any more" in not_saved(page)[1]
    assert stored() == drawn(page) == dict.fromkeys(three, "Zoe")


def test_open_slices_are_dealt_out_on_the_summary_which_says_how_far_everybody_is(page):
    verdicts().introduce("Bob", "b2")
    page.switch_page("summary.py").run()
    assert not page.exception and not work(page)
    flagged = [
        button.key.removeprefix("open ") for button in page.button if (button.key or "").startswith("open ")
    ]
    people = page.multiselect(key=CHOSEN)
    assert people.options[1:] == ["Bob"] and page.button(key="assign evenly").disabled
    people.set_value(["Bob"]).run()
    press(page, "assign evenly")
    assert stored() == dict.fromkeys(flagged, "Bob")
    assert page.button(key="assign evenly").disabled  # nothing is open
    assert work(page) == [("Bob", len(flagged), 0, len(flagged), 0)]
    page.session_state["signature"] = {"reviewer": "Bob", "browser": "b2"}
    page.switch_page("review.py").run()
    press(page, "say unsure")
    page.switch_page("summary.py").run()
    assert work(page) == [("Bob", len(flagged), 1, len(flagged) - 1, 0)]
