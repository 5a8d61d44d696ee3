"""The bar of chosen problems and its menus: their room in the list, the keyboard, and what readers are told."""

from __future__ import annotations

import pytest
from axe import serious
from playwright.sync_api import expect
from review_page import CARDS, CHOSEN, errors, explained, opened_review, ready


@pytest.mark.parametrize("width", [1024, 1280, 1440, 1920])
def test_the_bar_of_chosen_problems_fits_into_the_list(url, opened, width):
    page = opened_review(opened, url, kept=True)
    page.locator(CARDS).first.click()
    ready(page)
    page.set_viewport_size({"width": width, "height": 900})
    page.keyboard.press("Shift+ArrowDown")
    bar = page.get_by_role("group", name="Chosen problems", exact=True)
    expect(page.get_by_role("group", name="Verdict on both chosen problems")).to_be_visible()
    expect(bar).to_contain_text("2 chosen")
    inside = """(bar) => { const [outer, ...inner] = [bar, ...bar.querySelectorAll(":scope > span, button")]
                             .map((element) => element.getBoundingClientRect());
                           return inner.every((box) => box.left >= outer.left && box.right <= outer.right
                             && box.height <= 28); }"""
    assert bar.evaluate(inside)
    assert page.get_by_test_id("judging").evaluate("(panel) => panel.scrollHeight <= panel.clientHeight + 1")


@pytest.mark.parametrize("dark", [False, True])
def test_the_menu_of_verdicts_is_for_the_keyboard_and_for_readers_too(url, opened, dark):
    page = opened_review(opened, url, dark=dark)
    explained(page)
    page.locator(CARDS).nth(1).click()
    ready(page)
    page.keyboard.press("Shift+ArrowDown")
    button = page.get_by_role("button", name="Verdict on these 2 problems")
    button.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name="Verdict on these 2 problems")
    expect(menu.get_by_role("button", name="Real issue")).to_be_focused()
    expect(menu.get_by_role("button", name="No verdict")).to_be_disabled()
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.locator(CHOSEN)).to_have_count(2)  # one Escape for one thing
    page.keyboard.press("t")
    sheet = page.get_by_role("dialog", name="Tags and note of these 2 problems")
    expect(sheet.get_by_role("combobox", name="Tag")).to_be_focused()
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_hidden()
    assert errors(page) == []
