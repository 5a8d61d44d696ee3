"""Everything that is taken from the inside of Streamlit's page is still there; what is not fails by its name."""

from __future__ import annotations

from pathlib import Path

import harness
import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect

from slicecore_app.web.streamlit_dom import GRID_CONTAINER, REACH_INS

PAGE = Path(__file__).parent / "component_pages" / "reach_ins_page.py"
OPEN = {
    "": lambda page: None,
    "menu": lambda page: page.get_by_role("combobox").click(),
    "popover": lambda page: page.get_by_role("button", name="Menu", exact=True).click(),
    "dialog": lambda page: page.get_by_role("button", name="Dialog").click(),
}


@pytest.fixture(scope="module")
def shared(browser, tmp_path_factory):
    log = tmp_path_factory.mktemp("reach-ins") / "server.log"
    toolbar = {
        "STREAMLIT_CLIENT_TOOLBAR_MODE": "developer"
    }  # otherwise there is one only while something happens
    with harness.serve(PAGE, log, toolbar) as url, harness.open_page(browser, url) as page:
        yield page


@pytest.fixture
def page(shared):
    yield shared
    shared.keyboard.press("Escape")
    expect(shared.locator('[role="dialog"], [role="listbox"], [data-testid="stPopoverBody"]')).to_have_count(
        0
    )


@pytest.mark.parametrize("name", REACH_INS)
def test_streamlit_has(page, name):
    reach_in = REACH_INS[name]
    OPEN[reach_in.opened](page)
    element = page.locator(reach_in.selector).first
    assert _comes(element), f"{name}: nothing is {reach_in.selector}, on which stands: {reach_in.purpose}"


def test_aggrid_has_its_container(page):
    assert _comes(page.frame_locator("iframe").first.locator(GRID_CONTAINER))


def _comes(locator) -> bool:
    try:
        locator.wait_for(state="attached", timeout=10_000)
    except PlaywrightTimeout:
        return False
    return True
