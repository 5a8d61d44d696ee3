"""Texts for the notes of problems, in the browser: below what is there, and in their field again where refused."""

from __future__ import annotations

import pytest
from axe import serious
from chosen_problems import ids, second_picked
from playwright.sync_api import expect
from review_page import CARDS, CHOSEN, errors, ready

from slicecore.storage.verdicts import Change


@pytest.fixture
def page(url, opened):
    return second_picked(opened, url, kept=True)


def test_a_note_goes_below_that_of_each_chosen_problem(page, verdicts):
    cards, judging = page.locator(CARDS), page.get_by_test_id("judging")
    page.keyboard.press("t")
    page.get_by_role("textbox", name="Note").fill("50 Hz")
    page.keyboard.press("Escape")
    expect(judging.get_by_role("button", name="50 Hz")).to_be_visible()
    ready(page)
    cards.nth(2).click(modifiers=["Control"])
    chosen = [ids(cards)[i] for i in (1, 2)]
    page.keyboard.press("t")
    sheet = page.get_by_role("dialog", name="Tags and note of these 2 problems")
    note = sheet.get_by_role("textbox", name="Note for all")
    note.fill("t" * 1_000)
    expect(sheet.get_by_role("status")).to_have_text("At most 1,000 characters.")
    note.fill("the same fan")
    expect(sheet.get_by_role("status")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.get_by_test_id("footer")).to_contain_text("Added to the notes on 2 problems")
    ready(page)
    notes = {slice_id: each.note for slice_id, each in verdicts.current("prediction").items()}
    assert notes == {chosen[0]: "50 Hz\nthe same fan", chosen[1]: "the same fan"}
    page.keyboard.press("t")
    expect(note).to_have_value("")  # the next one is another
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(judging.get_by_role("button", name="50 Hz the same fan")).to_be_visible()
    page.keyboard.press("z")
    expect(judging.get_by_role("button", name="50 Hz", exact=False)).not_to_contain_text("fan")
    ready(page)
    page.keyboard.press("z")
    ready(page)
    assert verdicts.current("prediction") == {} and errors(page) == []


def test_a_note_that_is_too_long_says_so_and_waits_until_it_is_shorter(page, verdicts):
    judging = page.get_by_test_id("judging")
    page.keyboard.press("t")
    sheet = page.get_by_role("dialog", name="Tags and note", exact=True)
    note = sheet.get_by_role("textbox", name="Note")
    note.fill("n" * 10_000)
    expect(sheet.get_by_role("status")).to_have_text("At most 10,000 characters.")
    note.press("n")  # no room
    expect(note).to_have_value("n" * 10_000)
    # As what was written on a page from before there was a limit, or by what types for the reader.
    note.evaluate("(note) => { note.value += ' and more'; }")
    page.keyboard.press("Escape")
    problem = judging.get_by_role("alert")
    expect(problem).to_contain_text("1 not saved")
    expect(problem).to_contain_text("would have 10,009 characters; notes have at most 10,000.")
    expect(problem.get_by_role("button")).to_have_text(["Discard"])
    ready(page)
    assert verdicts.current("prediction") == {}
    page.keyboard.press("t")
    expect(note).to_be_visible()
    expect(note).to_have_value("n" * 10_000 + " and more")
    expect(sheet.get_by_role("status")).to_contain_text("10,009 characters: notes have at most 10,000")
    assert serious(page) == []
    for _ in " and more":
        note.press("Backspace")
    page.keyboard.press("Escape")
    expect(problem).to_be_hidden()
    ready(page)
    assert [each.note for each in verdicts.current("prediction").values()] == ["n" * 10_000]
    page.keyboard.press("z")
    ready(page)
    assert verdicts.current("prediction") == {} and errors(page) == []


def test_a_note_for_several_that_is_refused_is_in_its_field_again(page, verdicts):
    cards, judging = page.locator(CARDS), page.get_by_test_id("judging")
    cards.nth(2).click(modifiers=["Control"])
    chosen = [ids(cards)[i] for i in (1, 2)]
    title = cards.nth(2).locator(".title").text_content()
    page.keyboard.press("4")
    expect(cards.filter(has_text="Unsure")).to_have_count(2)
    ready(page)
    page.keyboard.press("t")
    sheet = page.get_by_role("dialog", name="Tags and note of these 2 problems")
    note, why = sheet.get_by_role("textbox", name="Note for all"), sheet.get_by_role("status")
    sheet.get_by_role("combobox", name="Tag").fill("hum")
    page.keyboard.press("Enter")
    note.fill("the same fan")
    # Meanwhile the note on one of them becomes long in another browser of the same person.
    long, mine = "n" * 9_990, verdicts.current("prediction")[chosen[1]].reviewer
    verdicts.amend(
        chosen[1], Change("real_issue", note=long), model="prediction", clip_ids=["x"], reviewer=mine
    )
    expect(cards.filter(has_text="Real issue")).to_have_count(1)
    page.keyboard.press("Escape")
    problem = judging.get_by_role("alert")
    expect(problem).to_contain_text("2 not saved")
    reason = f"The note on {title} would have 10,003 characters; notes have at most 10,000."
    expect(problem).to_contain_text(reason)
    expect(problem.get_by_role("button")).to_have_text(["Discard", "Shorten"])
    ready(page)
    assert [each.tags for each in verdicts.current("prediction").values()] == [(), ()]
    page.keyboard.press("t")
    expect(note).to_be_focused()
    expect(note).to_have_value("the same fan")
    expect(why).to_have_text(f"{reason} 3 characters too many.")
    expect(sheet.get_by_role("button", name="Remove hum")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")  # as it was: nothing is sent
    page.keyboard.press("Escape")  # the choice ends
    page.keyboard.press("2")  # goes to the one that is picked, and its verdict waits for nothing
    expect(cards.nth(1)).to_contain_text("False alarm")
    problem.get_by_role("button", name="Shorten").click()
    assert ids(page.locator(CHOSEN)) == chosen
    expect(note).to_have_value("the same fan")
    for left in (2, 1):
        note.press("Backspace")
        expect(why).to_contain_text(f"{left} character{'s' * (left > 1)} too many.")
    note.press("Backspace")
    expect(why).to_have_text("One of the notes is long: no more than 9 characters fit.")
    page.keyboard.press("Escape")
    expect(problem).to_be_hidden()
    ready(page)
    now = verdicts.current("prediction")
    assert [(now[each].verdict, now[each].tags) for each in chosen] == [
        ("false_positive", ("hum",)),
        ("real_issue", ("hum",)),
    ]
    assert [now[each].note for each in chosen] == ["the same", f"{long}\nthe same"]
    page.keyboard.press("t")
    expect(note).to_have_value("")
    page.keyboard.press("Escape")
    for slice_id in chosen:
        verdicts.amend(slice_id, Change(None, (), ""), model="prediction", clip_ids=["x"], reviewer=mine)
    expect(cards.filter(has_text="False alarm")).to_have_count(0)
    assert errors(page) == []
