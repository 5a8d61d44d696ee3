"""The way in: the link of a page that `slicecore run` has started, in a real browser."""

from __future__ import annotations

import harness
import pytest
from playwright.sync_api import expect
from review_page import CARDS, errors, ready
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from slicecore.pipeline.page_process import Page

TABLE = harness.ROOT / "sample_data" / "table.csv"


@pytest.fixture
def log(tmp_path):
    return tmp_path / "page.log"


@pytest.fixture
def page(home, log, monkeypatch):
    """A page that `slicecore run` shows, as a process."""
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    with Page([str(TABLE)], log=log) as page:
        yield page


def test_the_link_opens_the_page_and_nothing_else_does(page, log, browser):
    link, token = page.url, page.url.partition("token=")[2]
    address = link.partition("?")[0]
    with harness.open_page(browser, address, waits=False) as stranger:
        expect(stranger.get_by_role("heading")).to_have_text("This page asks for a token")
        with (
            pytest.raises(InvalidStatus, match="401"),
            connect(f"{address}_stcore/stream".replace("http", "ws")),
        ):
            pass
        stranger.get_by_label("Token").fill("not this one")
        stranger.get_by_role("button", name="Open").click()
        expect(stranger.get_by_role("main")).to_contain_text("This is not the token")
        stranger.get_by_label("Token").fill(token)
        stranger.get_by_role("button", name="Open").click()
        stranger.locator(CARDS).first.wait_for()
    with harness.open_page(browser, link) as visitor:
        visitor.locator(CARDS).first.wait_for()
        assert "token" not in visitor.url and visitor.url.startswith(address)
        visitor.locator(CARDS).first.click()
        visitor.get_by_test_id("player").locator("canvas, img").first.wait_for()
        visitor.keyboard.press("1")
        ready(visitor)
        expect(visitor.get_by_test_id("footer")).to_contain_text("Saved")
        (cookie,) = (each for each in visitor.context.cookies() if each["name"] == f"slicecore-{page.port}")
        assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and token not in cookie["value"]
        assert not errors(visitor)
    assert token not in log.read_text()
