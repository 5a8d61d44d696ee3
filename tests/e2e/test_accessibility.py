"""Findings of axe-core on the pages, light and dark: nothing serious or critical."""

from __future__ import annotations

import re

import harness
import pytest
from axe import serious
from playwright.sync_api import expect
from review_page import CARDS, explained, opened_review, ready

pytestmark = pytest.mark.parametrize("dark", [False, True])
SHEETS = [
    "Options",
    "What goes wrong",
    "Filter by a column",
    "Tags and note",
    "Choose who judges this slice",
    "Columns",
    "Choose several problems",
]
MENUS = ["Saved views", "Export"]
OPEN = (
    "dialog[open], [popover]:popover-open, .stDialog section, "
    "[data-testid=stPopoverBody], [data-testid=stSelectboxVirtualDropdown]"
)


def test_review(url, opened, dark):
    page = opened_review(opened, url, dark=dark)
    assert serious(page) == []
    page.locator(CARDS).nth(2).click()
    ready(page)
    assert serious(page) == []
    # As a screen reader has it.
    read = page.get_by_role("option", name=re.compile(r"^\d of \d, "))
    assert read.count() == page.locator(CARDS).count()
    third = page.locator(f'{CARDS}[aria-selected="true"]')
    name = r"^3 of \d, .+, \+[\d.]+\spts, WER [\d.]+\s%, \d+ clips, (confirmed|possible), not reviewed$"
    expect(third).to_have_accessible_name(re.compile(name))
    words = page.get_by_test_id("player").locator(".alignment")
    expect(words).to_have_accessible_name(
        re.compile(r"^Reference: .+\. Prediction: .+\. .*Substituted: \S+ → \S+")
    )
    frame = page.locator(".st-key-clips-table iframe")
    page.frame_locator(".st-key-clips-table iframe").locator(".ag-row").first.wait_for()
    assert frame.get_attribute("title")
    assert serious(frame.element_handle().content_frame()) == []
    look_into_all_that_opens(page)


def look_into_all_that_opens(page):
    """Sheets, menus, the lists of the head, dialogs and the tour, one after the other."""
    opened = page.locator(OPEN)

    def look_and_close():
        opened.first.wait_for()
        assert serious(page, opened.last) == []
        page.keyboard.press("Escape")
        expect(opened).to_have_count(0)

    explained(page)
    for name in (*SHEETS, *MENUS):
        page.get_by_role("button", name=name).first.click()
        look_and_close()
    page.get_by_role("combobox", name="Embedding").click()
    look_and_close()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Clips like this slice").click()
    page.get_by_label("Folder of recordings").wait_for()
    look_and_close()
    page.keyboard.press("?")
    look_and_close()
    page.keyboard.press("?")
    page.get_by_role("button", name="Show the tour").click()
    look_and_close()


def test_data(url, opened, dark):
    page = opened(f"{url}/data", dark=dark)
    page.get_by_label("Table on this machine").wait_for()
    harness.settled(page)
    assert serious(page) == []


def test_summary(url, opened, dark):
    page = opened(f"{url}/summary", dark=dark)
    page.locator(".js-plotly-plot").first.wait_for()
    harness.settled(page)
    assert serious(page) == []


def test_models(url, opened, dark):
    page = opened(f"{url}/models", dark=dark)
    page.get_by_role("grid").or_(page.get_by_role("table")).first.wait_for()
    harness.settled(page)
    assert serious(page) == []
