"""Findings of axe-core on the pages, light and dark: nothing serious or critical."""

from __future__ import annotations

import harness
import pytest
from axe import serious
from review_page import CARDS, opened_review, ready

pytestmark = pytest.mark.parametrize("dark", [False, True])


def test_review(url, opened, dark):
    page = opened_review(opened, url, dark=dark)
    assert serious(page) == []
    page.locator(CARDS).nth(2).click()
    ready(page)
    assert serious(page) == []
    frame = page.locator(".st-key-clips-table iframe")
    page.frame_locator(".st-key-clips-table iframe").locator(".ag-row").first.wait_for()
    assert frame.get_attribute("title")
    assert serious(frame.element_handle().content_frame()) == []


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
