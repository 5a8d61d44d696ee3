"""A page with map and treemap alone, shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import open_page, serve
from map_page import after, view, wait_for
from playwright.sync_api import Page

APP = Path(__file__).parents[1] / "component_pages" / "map_app.py"


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    with serve(APP, tmp_path_factory.mktemp("map") / "server.log") as address:
        yield address


@pytest.fixture(scope="module")
def shared_page(url, browser) -> Iterator[Page]:
    with open_page(browser, url) as page:
        wait_for(page, 1)
        yield page


@pytest.fixture
def page(shared_page) -> Iterator[Page]:
    """One page for all tests, put back to its start."""
    shared_page.errors.clear()
    after(shared_page, shared_page.get_by_role("button", name="Reset").click)
    if view(shared_page)["zoom"] != 1:
        shared_page.get_by_role("button", name="Show all clips").click()
    shared_page.get_by_role("button", name="Move and zoom").click()
    way_up = shared_page.get_by_test_id("treemap").get_by_role("button", name="All clips")
    if way_up.is_visible():
        way_up.click()
    yield shared_page
    assert not shared_page.errors


@pytest.fixture
def fresh(url, opened) -> Iterator[Page]:
    """A page of its own, for what can't be put back."""
    page = opened(url)
    wait_for(page, 1)
    yield page
    assert not page.errors
