"""What axe-core finds on the pages, light and dark: nothing serious or critical."""

from __future__ import annotations

import harness
import pytest
from axe_playwright_python.sync_playwright import Axe
from review_page import CARDS, opened_review, ready

MAIN = harness.ROOT / "app" / "main.py"
pytestmark = pytest.mark.parametrize("dark", [False, True])


@pytest.fixture(scope="module")
def url(home):
    with harness.serve(MAIN, home / "server.log", {"SLICECORE_HOME": str(home)}) as address:
        yield address


def serious(page):
    """Serious and critical findings on a page or in a frame: rule, element, and why."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (one["id"], node["html"][:120], node["failureSummary"][:200])
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


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
    page.locator(".js-plotly-plot").first.wait_for(timeout=60_000)
    harness.settled(page)
    assert serious(page) == []
