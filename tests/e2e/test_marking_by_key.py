"""Calling the reference of a clip wrong in a real browser: key, button, undo, focus in the table, tabs, a restart."""

from __future__ import annotations

import re

import harness
import pytest
from playwright.sync_api import expect
from review_page import CARDS, MAIN, errors, explained, opened_review, ready

TYPED = "unmistakable"


@pytest.fixture
def served(home, tmp_path):
    def serve(port=0):
        env = {"SLICECORE_HOME": str(home)}
        return harness.serve(MAIN, tmp_path / "server.log", env, port=port)

    return serve


def button(page):
    return page.get_by_test_id("player").get_by_role("button", name="Wrong reference")


def expect_wrong(page, wrong=True):
    expect(button(page)).to_have_attribute("aria-pressed", str(wrong).lower())


def table(page):
    return page.frame_locator(".st-key-clips-table iframe").locator(".ag-center-cols-container")


def marked(page):
    """The rows of the table that carry the mark."""
    return table(page).locator("[role=row]", has=page.locator('[role="img"][aria-label="Wrong reference"]'))


def clip(page):
    return page.get_by_test_id("player").get_by_role("heading").inner_text()


def pick(page, card):
    page.locator(CARDS).nth(card).click()
    ready(page)
    table(page).locator("[role=row]").first.wait_for()


def alignment(page):
    return page.get_by_role("group", name=re.compile("^Reference: "))


def correct_by_key(page):
    """Correct the reference of the clip that plays; the field has all keys while it is open."""
    field, caption = (
        page.get_by_role("textbox", name="Reference"),
        page.get_by_test_id("player").locator(".sc-caption"),
    )
    expect(caption).to_contain_text(re.compile(r"\d s\b"))  # the length of the sound comes after the texts
    words, delivered, heard = alignment(page).inner_text(), caption.inner_text(), clip(page)
    page.keyboard.press("e")
    expect(field).to_be_focused()
    expect(field).to_be_editable()
    before = field.input_value()
    page.keyboard.press("Control+a")
    page.keyboard.type(f"1 n {TYPED}")  # a verdict and a way on elsewhere
    expect(alignment(page)).to_contain_text(TYPED)
    expect(caption).to_contain_text("→")
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(alignment(page)).to_have_text(words, use_inner_text=True)
    expect(caption).to_have_text(delivered)
    expect(page.locator(CARDS).first).to_contain_text("not reviewed")
    page.keyboard.press("e")
    expect(field).to_have_value(before)
    expect(field).to_be_editable()
    page.keyboard.press("Control+a")
    page.keyboard.type(TYPED)
    page.keyboard.press("Enter")
    expect(field).to_be_hidden()
    expect(alignment(page)).to_contain_text(TYPED)
    ready(page)
    expect(table(page).get_by_role("img", name="Corrected reference")).to_have_count(1)
    expect(page.get_by_test_id("figures")).to_contain_text("corrected")
    assert clip(page) == heard


def test_a_reference_is_marked_by_key_and_button_and_the_mark_stays(served, opened):
    with served() as url:
        page = opened_review(opened, url)
        pick(page, 0)
        first = clip(page)
        page.keyboard.press("w")
        expect_wrong(page)
        expect(marked(page)).to_have_count(1)
        ready(page)
        expect(page.get_by_test_id("footer")).to_contain_text("Saved")
        # The clip goes on counting, and nothing else than the mark has changed.
        expect(button(page)).to_have_attribute("title", re.compile("still counts in the WER"))
        expect(page.locator(CARDS).first).to_contain_text("not reviewed")
        page.keyboard.press("ArrowRight")
        expect_wrong(page, False)
        button(page).click()
        expect_wrong(page)
        expect(marked(page)).to_have_count(2)
        ready(page)
        # Undo takes back what was said last, also where a verdict came between.
        page.keyboard.press("1")
        expect(page.locator(CARDS).first).to_contain_text("Real issue")
        page.keyboard.press("z")
        expect(page.locator(CARDS).first).to_contain_text("not reviewed")
        expect(marked(page)).to_have_count(2)
        page.keyboard.press("z")
        expect(marked(page)).to_have_count(1)
        expect_wrong(page, False)
        ready(page)
        others = page.get_by_test_id("problems").get_by_role("navigation", name="Other lists")
        expect(others.get_by_role("button", name="Marked wrong references")).to_contain_text("1")
        correct_by_key(page)
        assert errors(page) == []
    # Another process, another visitor.
    with served() as url:
        page = opened_review(opened, url)
        pick(page, 0)
        assert clip(page) == first
        expect_wrong(page)
        expect(marked(page)).to_have_count(1)
        page.keyboard.press("ArrowRight")
        expect(alignment(page)).to_contain_text(TYPED)
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("w")
        expect_wrong(page, False)
        expect(marked(page)).to_have_count(0)
        ready(page)
        assert errors(page) == []


def test_the_key_works_while_the_table_has_the_focus_and_marks_in_other_tabs_stay(served, opened):
    with served() as url:
        page, other = opened_review(opened, url), opened_review(opened, url)
        for each in (page, other):
            explained(each)
            pick(each, 1)
        rows = table(page).locator("[role=row]")
        rows.nth(2).click()
        page.keyboard.press("w")
        expect_wrong(page)
        expect(marked(page)).to_have_count(1)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("w")
        expect(marked(page)).to_have_count(2)
        ready(page)
        assert page.evaluate("document.activeElement.tagName") == "IFRAME"
        # The other tab learns of it by itself, and says something about its own clip.
        expect(marked(other)).to_have_count(2)
        other.keyboard.press("w")
        expect_wrong(other)
        expect(marked(other)).to_have_count(3)
        page.reload()
        page.locator(CARDS).first.wait_for()
        ready(page)
        pick(page, 1)
        expect(marked(page)).to_have_count(3)
        page.keyboard.press("w")
        ready(page)
        page.keyboard.press("z")
        ready(page)
        expect(marked(page)).to_have_count(3)
        assert errors(page) + errors(other) == []
