"""Texts for the notes of several problems that were refused: on the page again after a reload, or another server."""

from __future__ import annotations

import functools

import harness
from axe import serious
from chosen_problems import ids, second_picked
from playwright.sync_api import expect
from review_page import CARDS, CHOSEN, MAIN, TABLE, errors, explained, other_errors, ready

import slicecore as sc
from slicecore.storage.verdicts import Change

OWN = "0" * 12


def test_a_text_waits_where_a_problem_has_gone_and_goes_to_the_others(url, opened, verdicts):
    page = second_picked(opened, url)
    cards, judging = page.locator(CARDS), page.get_by_test_id("judging")
    left = ids(cards)[1]
    verdicts.keep(OWN, clip_ids=[str(each) for each in sc.read(TABLE).ids[:5]], name="Made elsewhere")
    own = cards.filter(has_text="Made elsewhere")
    expect(own).to_have_count(1)
    ready(page)
    own.click(modifiers=["Control"])
    page.keyboard.press("t")
    sheet = page.get_by_role("dialog", name="Tags and note of these 2 problems")
    sheet.get_by_role("combobox", name="Tag").fill("hum")
    page.keyboard.press("Enter")
    sheet.get_by_role("textbox", name="Note for all").fill("the same fan")
    verdicts.remove(OWN)
    expect(own).to_have_count(0)
    page.keyboard.press("Escape")
    problem = judging.get_by_role("alert")
    reason = "1 of the 2 problems is not in the list any more: nothing was written."
    for load in ("first", "second"):
        expect(problem).to_contain_text("2 not saved")
        expect(problem).to_contain_text(f"{reason} The text waits in its field.")
        expect(problem.get_by_role("button")).to_have_text(["Discard", "Open it"])
        ready(page)
        assert verdicts.current("prediction") == {}
        if load == "first":
            page.reload()
            explained(page)
    problem.get_by_role("button", name="Open it").click()
    assert ids(page.locator(CHOSEN)) == [left]
    sheet = page.get_by_role("dialog", name="Tags and note of this problem")
    expect(sheet.get_by_role("textbox", name="Note for all")).to_have_value("the same fan")
    expect(sheet.get_by_role("status")).to_have_text(f"{reason} As you leave, it is saved for this problem.")
    expect(sheet.get_by_role("button", name="Remove hum")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(problem).to_be_hidden()
    ready(page)
    written = {slice_id: (each.tags, each.note) for slice_id, each in verdicts.current("prediction").items()}
    assert written == {left: (("hum",), "the same fan")}
    page.reload()
    explained(page)
    expect(problem).to_be_hidden()
    page.locator(CARDS).nth(1).click()
    ready(page)
    verdicts.amend(
        left,
        Change(None, (), ""),
        model="prediction",
        clip_ids=["x"],
        reviewer=verdicts.current("prediction")[left].reviewer,
    )
    assert errors(page) == []


def test_a_text_that_is_too_long_waits_over_a_restart_of_the_server_and_a_reload(
    home, tmp_path, opened, verdicts
):
    serve = functools.partial(harness.serve, MAIN, tmp_path / "server.log", {"SLICECORE_HOME": str(home)})
    with serve() as url:
        page = second_picked(opened, url)
        cards, judging = page.locator(CARDS), page.get_by_test_id("judging")
        cards.nth(2).click(modifiers=["Control"])
        chosen = [ids(cards)[i] for i in (1, 2)]
        page.keyboard.press("4")
        expect(cards.filter(has_text="Unsure")).to_have_count(2)
        ready(page)
        mine = verdicts.current("prediction")[chosen[1]].reviewer
        amend = functools.partial(verdicts.amend, model="prediction", clip_ids=["x"], reviewer=mine)
        amend(chosen[1], Change("real_issue", note="n" * 9_990))
        expect(cards.filter(has_text="Real issue")).to_have_count(1)
        page.keyboard.press("t")
        sheet = page.get_by_role("dialog", name="Tags and note of these 2 problems")
        note = sheet.get_by_role("textbox", name="Note for all")
        note.evaluate("(note) => { note.value = 'the same fan'; }")  # as before the long note was known
        page.keyboard.press("Escape")
        problem = judging.get_by_role("alert")
        expect(problem).to_contain_text("2 not saved")
        expect(problem).to_contain_text("would have 10,003 characters")
        ready(page)
    expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_visible()
    with serve(port=int(url.rsplit(":", 1)[1])):
        expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_hidden()
        ready(page)
        explained(page)
        for load in ("first", "second"):
            expect(problem).to_contain_text("2 not saved")
            expect(problem).to_contain_text("would have 10,003 characters")
            if load == "first":
                page.reload()
                explained(page)
        problem.get_by_role("button", name="Shorten").click()
        expect(note).to_have_value("the same fan")
        for _ in " fan":
            note.press("Backspace")
        page.keyboard.press("Escape")
        expect(problem).to_be_hidden()
        ready(page)
        now = verdicts.current("prediction")
        assert [now[each].note for each in chosen] == ["the same", f"{'n' * 9_990}\nthe same"]
        for slice_id in chosen:
            amend(slice_id, Change(None, (), ""))
        expect(cards.filter(has_text="Real issue")).to_have_count(0)
        assert other_errors(page) == []
