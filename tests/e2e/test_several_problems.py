"""Several problems of the list chosen together and assigned at once, in the browser."""

from __future__ import annotations

import harness
import pytest
from playwright.sync_api import expect
from review_page import CARDS, errors, explained, opened_review, picked, ready

from slicecore.storage.verdicts import verdicts_of

CHOSEN = f'{CARDS}[aria-selected="true"]'


@pytest.fixture
def page(url, opened):
    page = opened_review(opened, url)
    explained(page)
    page.locator(CARDS).nth(1).click()
    ready(page)
    return page


def ids(cards):
    return [card.get_attribute("data-slice") for card in cards.all()]


def test_chosen_problems_are_assigned_together_and_undone_together(page, home, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    cards, problems = page.locator(CARDS), page.get_by_test_id("problems")
    bar = problems.get_by_role("group", name="Chosen problems")
    first = picked(page)
    expect(bar).to_be_hidden()
    cards.nth(3).click(modifiers=["Shift"])
    cards.nth(5).click(modifiers=["Control"])
    chosen = [ids(cards)[i] for i in (1, 2, 3, 5)]
    assert ids(page.locator(CHOSEN)) == chosen
    expect(bar).to_contain_text("4 chosen")
    expect(page.locator(f'{CARDS}[aria-current="true"]')).to_have_attribute(
        "data-slice", first
    )  # is still picked
    bar.get_by_role("button", name="Choose who judges these 4 slices").click()
    page.get_by_role("dialog", name="Who judges these 4 slices").get_by_role("textbox").fill("Bob")
    page.keyboard.press("Enter")
    expect(page.locator(f"{CHOSEN} .assignee:visible")).to_have_text(["Bo"] * 4)
    expect(problems.get_by_role("status").filter(has_text="problems chosen")).to_have_text(
        f"4 of {cards.count()} problems chosen, assigned to Bob"
    )
    ready(page)
    stored = verdicts_of(harness.ROOT / "sample_data" / "table.csv")
    assert stored.workspace("prediction").assignees == dict.fromkeys(chosen, "Bob")
    page.keyboard.press("a")  # the key goes for all of them, too
    expect(page.locator(f"{CHOSEN} .assignee.mine")).to_have_count(4)
    page.keyboard.press("z")
    expect(page.locator(f"{CHOSEN} .assignee:visible")).to_have_text(["Bo"] * 4)
    page.keyboard.press("z")
    expect(cards.locator(".assignee:visible")).to_have_count(0)
    ready(page)
    expect(page.get_by_test_id("footer")).to_contain_text("Took back the assignment of 4 slices")
    assert stored.workspace("prediction").assignees == {}
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    assert picked(page) == first and errors(page) == []


def test_problems_are_chosen_by_keys_and_from_the_menu(page):
    cards, problems = page.locator(CARDS), page.get_by_test_id("problems")
    count, first = cards.count(), picked(page)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator(CHOSEN)).to_have_count(2)
    problems.get_by_role("listbox", name="Problems").focus()
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+Space")
    assert ids(page.locator(CHOSEN)) == [ids(cards)[i] for i in (1, 2, 4)]
    page.keyboard.press("Control+a")
    expect(page.locator(CHOSEN)).to_have_count(count)
    page.keyboard.press("1")  # a verdict goes to the problem that is picked
    expect(cards.filter(has_text="Real issue")).to_have_count(1)
    ready(page)
    problems.get_by_role("button", name="Choose several problems").click()
    page.get_by_role("button", name="Without a verdict").click()
    expect(page.locator(CHOSEN)).to_have_count(count - 1)
    page.keyboard.press("ArrowDown")  # picks the next one, and the choice ends
    expect(page.locator(CHOSEN)).to_have_count(1)
    assert picked(page) != first
    ready(page)
    page.keyboard.press("z")
    ready(page)
    assert errors(page) == []
