"""Words on clips that only Python can name, said while the server is away: the next page has them of the very clips."""

from __future__ import annotations

import functools

import harness
import pandas as pd
from axe import serious
from chosen_problems import given
from playwright.sync_api import expect
from review_page import CARDS, MAIN, TABLE, explained, opened_review, other_errors, ready

ACCENT = "Scottish"


def serving(home, folder):
    return functools.partial(harness.serve, MAIN, folder / "server.log", {"SLICECORE_HOME": str(home)})


def pick_accent(page):
    page.locator(".sc-colour-legend").get_by_role("button", name=ACCENT).click()


def in_colours(opened, url):
    """The review page with points coloured by accent, whose legend has the groups."""
    page = opened_review(opened, url)
    explained(page)
    page.get_by_test_id("scatter").get_by_label("Colour of the points").select_option("column accent")
    expect(page.locator(".sc-colour-legend").get_by_role("button", name=ACCENT)).to_be_visible()
    ready(page)
    return page


def of_accent():
    """Ids of the clips of the group."""
    table = pd.read_csv(TABLE)
    return set(table["id"][table["accent"] == ACCENT])


def clips_of(verdicts):
    return {slice_id: set(own.clip_ids) for slice_id, own in verdicts.own_slices().items()}


def test_a_verdict_on_a_group_and_an_assignment_of_these_wait_and_are_saved_for_the_very_clips(
    home, tmp_path, opened, verdicts
):
    serve = serving(home, tmp_path)
    with serve() as url:
        page = in_colours(opened, url)
        field = page.get_by_role("searchbox")
        field.fill("the")
        field.press("Enter")
        expect(page.get_by_role("button", name="Select these")).to_be_visible()
        ready(page)
        field.blur()
    expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_visible()
    problem = page.get_by_test_id("judging").get_by_role("alert")
    pick_accent(page)
    page.keyboard.press("1")
    expect(problem).to_contain_text("“Real issue” is kept here and saved when it is back.")
    page.get_by_role("button", name="Select these").click()
    page.keyboard.press("a")
    expect(problem).to_contain_text("The assignment is kept here and saved when it is back.")
    page.goto(harness.nothing())
    with serve(port=int(url.rsplit(":", 1)[1])):
        page.goto(url)
        explained(page)
        for load in ("first", "second"):
            expect(problem).to_contain_text("2 not saved")
            expect(problem).to_contain_text("The selection was cleared before this was saved.")
            if load == "first":
                page.reload()
                explained(page)
        assert serious(page) == [] and clips_of(verdicts) == {}
        for left in ("1 not saved", None):
            problem.get_by_role("button", name="Save").click()
            expect(problem).to_contain_text(left) if left else expect(problem).to_be_hidden()
            ready(page)
        (group,), (these,) = given(verdicts), verdicts.workspace("prediction").assignees
        clips = clips_of(verdicts)
        assert given(verdicts) == {group: "real_issue"} and clips[group] == of_accent()
        assert clips.keys() == {group, these} and set() < clips[these] < clips[group]
        for slice_id in (group, these):
            verdicts.remove(slice_id)
        expect(page.locator(f"{CARDS}[data-slice='{group}']")).to_have_count(0)
        assert other_errors(page) == []


def test_a_verdict_on_a_group_is_saved_where_the_page_outlives_the_server(home, tmp_path, opened, verdicts):
    serve = serving(home, tmp_path)
    with serve() as url:
        page = in_colours(opened, url)
    expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_visible()
    pick_accent(page)
    page.keyboard.press("1")
    problem = page.get_by_test_id("judging").get_by_role("alert")
    expect(problem).to_contain_text("“Real issue” is kept here and saved when it is back.")
    with serve(port=int(url.rsplit(":", 1)[1])):
        expect(problem).to_be_hidden()
        ready(page)
        ((group, clips),) = clips_of(verdicts).items()
        assert clips == of_accent() and given(verdicts)[group] == "real_issue"
        verdicts.remove(group)
        expect(page.locator(f"{CARDS}[data-slice='{group}']")).to_have_count(0)
        assert other_errors(page) == []
