"""The map of more clips than are drawn one by one: pixels from afar, points closer up, one lasso for both."""

from __future__ import annotations

import numpy as np
import pytest
from component_pages.invented import BASIS
from map_page import (
    DATA,
    after,
    drag,
    event,
    lonely_row,
    moved,
    pixel,
    rectangle,
    screen,
    stage,
    view,
    wait_for,
)
from playwright.sync_api import expect

from slicecore_app.web.theme import tokens


@pytest.fixture
def many(url, opened):
    page = opened(f"{url}?counted=1")
    wait_for(page, 1)
    yield page
    assert not page.errors


def drawn(page, kind: str) -> None:
    expect(page.get_by_test_id("scatter")).to_have_attribute("data-drawn", kind)


def zoom_in(page, row: int) -> None:
    page.mouse.move(*screen(page)[row])
    moved(page, lambda: page.mouse.wheel(0, -1200))
    drawn(page, "points")


def test_pixels_become_points_and_pixels_again(many):
    drawn(many, "pixels")
    legend = many.get_by_test_id("scatter").get_by_role("group", name="Legend")
    expect(legend).to_contain_text("clips per pixel")
    row = lonely_row(many, np.flatnonzero(DATA.group == 7))
    panel = np.array([int(tokens(False)["panel"][i : i + 2], 16) for i in (1, 3, 5)])
    seen = [pixel(many, screen(many)[row] + np.array([across, 0])) for across in (-1, 0, 1)]
    assert max(np.abs(colour - panel).max() for colour in seen) > 20
    zoom_in(many, row)
    expect(legend).to_contain_text("a point per clip")
    many.get_by_role("button", name="Show all clips").click()
    drawn(many, "pixels")


def test_a_lasso_over_pixels_holds_what_one_over_points_holds(many, page):
    held = {}
    for name, each in (("pixels", many), ("points", page)):
        corners, rows = rectangle(each)
        each.get_by_role("button", name="Select with a lasso").click()
        got = after(each, lambda each=each, corners=corners: drag(each, corners))
        expect(each.get_by_test_id("scatter").locator(".sc-caption")).to_contain_text(
            f"{len(rows)} clips · WER"
        )
        held[name] = rows
        assert ("corners" in got) == (name == "pixels")
    assert held["pixels"] == held["points"]
    drawn(many, "pixels")
    clear = many.get_by_test_id("scatter").get_by_role("button", name="Clear")
    assert after(many, clear.click) == {"kind": "lasso", "rows": []}


@pytest.mark.parametrize("closer", [False, True])
def test_a_click_picks_the_clip_under_it(many, closer):
    row = lonely_row(many, np.flatnonzero(DATA.group == 1))
    if closer:
        zoom_in(many, row)
    x, y = screen(many)[row]
    assert after(many, lambda: many.mouse.click(x + 2, y - 2)) == {"kind": "clip", "row": row, "basis": BASIS}


def test_a_pick_and_a_move_of_the_slider_keep_what_is_seen(many):
    zoom_in(many, lonely_row(many, np.flatnonzero(DATA.group == 1)))
    before = view(many)
    badge = many.get_by_test_id("scatter").get_by_role("button", name="Slice 2")
    after(many, lambda: badge.press("Enter"))
    assert event(many) == {"kind": "slice", "slice": "slice2"}
    assert view(many) == before
    drawn(many, "points")
    assert stage(many).is_visible()
