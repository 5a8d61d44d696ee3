"""Verdicts and notes that are not saved when the page goes: the next page in the tab has them."""

from __future__ import annotations

import contextlib
import functools
import sqlite3

import harness
import pytest
from axe import serious
from chosen_problems import given, ids, second_picked
from playwright.sync_api import expect
from review_page import CARDS, MAIN, draw_lasso, errors, explained, opened_review, other_errors, ready

NEARLY_ALL = [(0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98), (0.02, 0.04)]
OWN = '[data-testid="problems"] [aria-label="Yours"] .card'


@contextlib.contextmanager
def full(file, table="judgements"):
    """Let nothing be written into a table of the database, as on a disk that is full."""
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        refusal = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        database.execute(f"CREATE TRIGGER is_full BEFORE INSERT ON {table} {refusal}")
    yield
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("DROP TRIGGER is_full")


def name(page, text):
    """Give the picked slice a name, in the place of its title."""
    page.get_by_role("button", name="Rename", exact=True).click()
    page.get_by_role("textbox", name="Name of the slice").fill(text)
    page.keyboard.press("Enter")


def lassoed(opened, url):
    """A page with a lasso around nearly all clips."""
    page = opened_review(opened, url)
    explained(page)
    draw_lasso(page, NEARLY_ALL)
    expect(page.get_by_test_id("summary")).to_contain_text("in a lasso on the map")
    ready(page)
    return page


def test_a_verdict_that_could_not_be_written_is_there_after_a_reload_and_saved_once(url, opened, verdicts):
    page = second_picked(opened, url)
    cards, problem = page.locator(CARDS), page.get_by_test_id("judging").get_by_role("alert")
    slice_id = ids(cards)[1]
    card = page.locator(f"{CARDS}[data-slice='{slice_id}']")
    with full(verdicts.database.file):
        page.keyboard.press("1")
        expect(problem).to_contain_text("1 not saved")
        page.keyboard.press("t")
        page.get_by_role("textbox", name="Note").fill("the same fan")
        page.keyboard.press("Escape")
        ready(page)
        for _ in range(2):
            page.reload()
            explained(page)
            expect(problem).to_contain_text("1 not saved")
            expect(problem).to_contain_text("disk is full")
            expect(card).to_contain_text("Real issue")
        assert given(verdicts) == {}
    expect(problem).to_be_hidden()  # the page tries by itself
    ready(page)
    page.reload()
    explained(page)
    expect(problem).to_be_hidden()
    written = [(each.verdict, each.note) for each in verdicts.history(slice_id, "prediction")]
    assert written == [("real_issue", "the same fan")]
    assert errors(page) == []


def test_a_note_whose_lasso_is_gone_waits_and_can_be_saved(home, tmp_path, opened, verdicts):
    serve = functools.partial(harness.serve, MAIN, tmp_path / "server.log", {"SLICECORE_HOME": str(home)})
    with serve() as url:
        page = lassoed(opened, url)
    expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_visible()
    page.keyboard.press("t")
    page.get_by_role("textbox", name="Note").fill("the same fan")
    page.keyboard.press("Escape")
    judged = len(given(verdicts))
    page.goto(harness.nothing())
    with serve(port=int(url.rsplit(":", 1)[1])):
        page.goto(url)
        explained(page)
        problem = page.get_by_test_id("judging").get_by_role("alert")
        for load in ("first", "second"):
            expect(problem).to_contain_text("1 not saved")
            expect(problem).to_contain_text("The selection was cleared before this was saved.")
            expect(problem).to_contain_text("“the same fan”")
            if load == "first":
                page.reload()
                explained(page)
        assert serious(page) == []
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        problem.get_by_role("button", name="Copy").click()
        expect(problem.get_by_role("button", name="Copied")).to_be_visible()
        assert page.evaluate("() => navigator.clipboard.readText()") == "the same fan"
        assert len(given(verdicts)) == judged
        problem.get_by_role("button", name="Save").click()
        expect(problem).to_be_hidden()
        ready(page)
        (own,) = verdicts.own_slices()
        assert verdicts.current("prediction")[own].note == "the same fan"
        expect(page.locator(f"{CARDS}[data-slice='{own}']")).to_have_count(1)
        verdicts.remove(own)
        expect(page.locator(f"{CARDS}[data-slice='{own}']")).to_have_count(0)
        assert other_errors(page) == []


def test_a_verdict_on_a_lasso_that_the_server_never_heard_of_waits_and_can_be_saved(
    home, tmp_path, opened, verdicts
):
    serve = functools.partial(harness.serve, MAIN, tmp_path / "server.log", {"SLICECORE_HOME": str(home)})
    with serve() as url:
        page = opened_review(opened, url)
        explained(page)
    expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_visible()
    problem = page.get_by_test_id("judging").get_by_role("alert")
    draw_lasso(page, NEARLY_ALL)
    page.keyboard.press("1")
    expect(problem).to_contain_text("“Real issue” is kept here and saved when it is back.")
    judged = given(verdicts)
    page.goto(harness.nothing())
    with serve(port=int(url.rsplit(":", 1)[1])):
        page.goto(url)
        explained(page)
        for load in ("first", "second"):
            expect(problem).to_contain_text("1 not saved")
            expect(problem).to_contain_text("The selection was cleared before this was saved.")
            expect(problem).to_contain_text("in a lasso on the map: ✓ Real issue")
            if load == "first":
                page.reload()
                explained(page)
        assert serious(page) == [] and given(verdicts) == judged
        problem.get_by_role("button", name="Save").click()
        expect(problem).to_be_hidden()
        ready(page)
        (own,) = verdicts.own_slices()
        assert given(verdicts) == {**judged, own: "real_issue"}
        expect(page.locator(f"{CARDS}[data-slice='{own}']")).to_contain_text("Real issue")
        verdicts.remove(own)
        expect(page.locator(f"{CARDS}[data-slice='{own}']")).to_have_count(0)
        assert other_errors(page) == []


def test_a_name_that_could_not_be_written_is_there_after_a_reload_and_saved_once(
    home, tmp_path, opened, verdicts
):
    serve = functools.partial(harness.serve, MAIN, tmp_path / "server.log", {"SLICECORE_HOME": str(home)})
    with serve() as url:
        page = lassoed(opened, url)
        problem, own = page.get_by_test_id("judging").get_by_role("alert"), page.locator(OWN)
        with full(verdicts.database.file, "own_slices"):
            page.get_by_role("button", name="Keep as a slice").click()
            expect(problem).to_contain_text("1 not saved")
            expect(own).to_have_count(1)
            ready(page)
            name(page, "Nearly all")
            expect(own).to_contain_text("Nearly all")
            ready(page)
            page.reload()
            explained(page)
            expect(problem).to_contain_text("1 not saved")
            expect(own).to_contain_text("Nearly all")
            assert verdicts.own_slices() == {}
        expect(problem).to_be_hidden()  # the page tries by itself
        ready(page)
        own.click()
        ready(page)
        assert [each.name for each in verdicts.own_slices().values()] == ["Nearly all"]
    expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_visible()
    name(page, "All but some")
    expect(problem).to_contain_text("The name is kept here and saved when it is back.")
    page.goto(harness.nothing())
    with serve(port=int(url.rsplit(":", 1)[1])):
        page.goto(url)
        explained(page)
        expect(own).to_contain_text("All but some")
        ready(page)
        own.click()
        ready(page)
        page.get_by_role("button", name="Rename", exact=True).click()
        page.get_by_role("textbox", name="Name of the slice").fill("Half a na")
        page.reload()  # while it is typed
        explained(page)
        expect(own).to_contain_text("Half a na")
        ready(page)
        ((slice_id, kept),) = verdicts.own_slices().items()
        assert kept.name == "Half a na"
        verdicts.remove(slice_id)
        expect(own).to_have_count(0)
        assert other_errors(page) == []


def test_a_removal_that_could_not_be_written_is_done_after_a_reload_and_a_name_in_the_menu_is_saved(
    url, opened, verdicts
):
    page = lassoed(opened, url)
    problem, own = page.get_by_test_id("judging").get_by_role("alert"), page.locator(OWN)
    page.get_by_role("button", name="Keep as a slice").click()
    expect(own).to_have_count(1)
    ready(page)
    menu = page.get_by_role("button", name="Rename or remove")
    menu.click()
    page.get_by_test_id("stPopoverBody").get_by_label("Name", exact=True).fill("Half a na")
    page.reload()  # while it is typed
    explained(page)
    expect(own).to_contain_text("Half a na")
    ready(page)
    assert [each.name for each in verdicts.own_slices().values()] == ["Half a na"]
    own.click()
    ready(page)
    with full(verdicts.database.file, "own_slices"):
        menu.click()
        page.get_by_role("button", name="Remove from the list").click()
        expect(problem).to_contain_text("1 not saved")
        expect(own).to_have_count(0)
        ready(page)
        page.reload()
        explained(page)
        expect(problem).to_contain_text("1 not saved")
        expect(problem).to_contain_text("disk is full")
        expect(own).to_have_count(0)
        assert len(verdicts.own_slices()) == 1
    expect(problem).to_be_hidden()  # the page tries by itself
    ready(page)
    assert verdicts.own_slices() == {}
    expect(own).to_have_count(0)
    assert errors(page) == []


@pytest.mark.parametrize("reloads", [False, True], ids=["the page stays", "the page is loaded anew"])
def test_a_removal_that_waits_is_done_once_by_the_next_server(home, tmp_path, opened, verdicts, reloads):
    serve = functools.partial(harness.serve, MAIN, tmp_path / "server.log", {"SLICECORE_HOME": str(home)})
    with contextlib.ExitStack() as away:
        with serve() as url:
            page = lassoed(opened, url)
            problem, own = page.get_by_test_id("judging").get_by_role("alert"), page.locator(OWN)
            page.get_by_role("button", name="Keep as a slice").click()
            expect(own).to_have_count(1)
            ready(page)
            page.keyboard.press("1")
            expect(own).to_contain_text("Real issue")
            ready(page)
            (slice_id,), written = verdicts.own_slices(), verdicts.newest().own_slice
            away.enter_context(full(verdicts.database.file, "own_slices"))
            page.get_by_role("button", name="Rename or remove").click()
            page.get_by_role("button", name="Remove from the list").click()
            expect(problem).to_contain_text("1 not saved")
            expect(own).to_have_count(0)
            ready(page)
        expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_visible()
        if reloads:
            page.goto(harness.nothing())
        with serve(port=int(url.rsplit(":", 1)[1])):
            if reloads:
                page.goto(url)
                explained(page)
            expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_hidden()
            expect(problem).to_contain_text("1 not saved")
            expect(problem).to_contain_text("disk is full")
            expect(own).to_have_count(0)
            assert list(verdicts.own_slices()) == [slice_id]
            away.close()
            expect(problem).to_be_hidden()  # the page tries by itself
            ready(page)
            assert verdicts.own_slices() == {} and given(verdicts).get(slice_id) is None
            assert verdicts.newest().own_slice == written + 1
            expect(own).to_have_count(0)
            assert other_errors(page) == []


def test_what_is_being_written_when_the_page_is_loaded_anew_is_saved(url, opened, verdicts):
    page = second_picked(opened, url)
    cards = page.locator(CARDS)
    slice_id = ids(cards)[1]
    page.keyboard.press("t")
    page.get_by_role("combobox", name="Tag").fill("hum")
    page.get_by_role("textbox", name="Note").fill("half a sen")
    page.reload()
    explained(page)
    page.locator(f"{CARDS}[data-slice='{slice_id}']").click()
    expect(page.locator(".judging .open-notes")).to_contain_text("hum · half a sen")
    ready(page)
    now = verdicts.current("prediction")[slice_id]
    assert (now.tags, now.note) == (("hum",), "half a sen")
    assert errors(page) == []
