"""The map in a browser: what a press means, what stays over a rerun, what it looks like; and both after a change."""

from __future__ import annotations

import io

import numpy as np
import pytest
from component_pages.invented import BASIS, OVERALL
from harness import visit
from map_page import (
    DATA,
    WITHOUT_WEBGL,
    after,
    drag,
    empty_spot,
    event,
    lonely_row,
    low_corner,
    middle,
    move_slider,
    moved,
    pixel,
    rectangle,
    scale_colour,
    screen,
    seq,
    stage,
    tile,
    view,
    wait_for,
)
from PIL import Image
from playwright.sync_api import expect

from slicecore_app.review.map.component import NO_VALUE, drop_steps
from slicecore_app.web.theme import tokens


def test_recolouring_keeps_the_zoom(page):
    start = view(page)
    x, y = empty_spot(page)
    page.mouse.move(x + 90, y - 100)
    moved(page, lambda: page.mouse.wheel(0, -500))
    zoomed = view(page)
    assert zoomed["zoom"] > 1.5
    move_slider(page)
    assert view(page) == zoomed
    moved(page, lambda: page.mouse.dblclick(x, y))
    assert view(page) == start


def test_wheel_keeps_what_is_under_the_pointer(page):
    row = lonely_row(page, np.flatnonzero(DATA.group == 1))
    before = screen(page)[row]
    page.mouse.move(*before.round())
    moved(page, lambda: page.mouse.wheel(0, -600))
    assert view(page)["zoom"] > 2
    assert np.abs(screen(page)[row] - before).max() < 2  # the pointer stands on a whole pixel


def test_drag_moves_the_map(page):
    start = view(page)
    before = screen(page)[0]
    x, y = empty_spot(page)
    page.mouse.move(x, y)
    page.mouse.down()
    moved(page, lambda: page.mouse.move(x + 60, y - 25))
    page.mouse.up()
    assert np.abs(screen(page)[0] - before - [60, -25]).max() < 0.5
    assert event(page) == {}
    moved(page, page.get_by_role("button", name="Show all clips").click)
    assert view(page) == start


def test_badge_and_outline_pick_their_slice(page):
    badge = page.get_by_test_id("scatter").get_by_role("button", name="Slice 1, Overdriven")
    assert after(page, badge.click) == {"kind": "slice", "slice": "slice1"}
    expect(page.get_by_test_id("scatter")).to_have_attribute("data-picked", "slice1")
    expect(page.get_by_test_id("treemap")).to_have_attribute("data-picked", "slice1")
    expect(badge).to_have_attribute("aria-pressed", "true")


def test_click_on_an_outline_picks_its_slice(page):
    at = screen(page)[DATA.group == 1]
    box = stage(page).bounding_box()
    spots = np.stack(
        np.meshgrid(*(np.arange(low, high) for low, high in zip(at.min(0), at.max(0), strict=True))), -1
    )
    away = np.nanmin(np.linalg.norm(spots.reshape(-1, 1, 2) - screen(page)[None], axis=2), axis=1)
    spot = spots.reshape(-1, 2)[
        np.argmin(np.where((away > 8.5), np.linalg.norm(spots.reshape(-1, 2) - at.mean(0), axis=1), np.inf))
    ]
    assert box["x"] < spot[0] < box["x"] + box["width"]
    assert after(page, lambda: page.mouse.click(*spot)) == {"kind": "slice", "slice": "slice2"}


def test_badge_by_keyboard(page):
    page.get_by_test_id("scatter").get_by_role("button", name="Slice 4").focus()
    assert after(page, lambda: page.keyboard.press("Enter")) == {"kind": "slice", "slice": "slice4"}


@pytest.mark.parametrize("group", [1, 7])
def test_click_near_a_point_picks_its_clip(page, group):
    row = lonely_row(page, np.flatnonzero(DATA.group == group))
    x, y = screen(page)[row]
    assert after(page, lambda: page.mouse.click(x + 2, y - 2)) == {"kind": "clip", "row": row, "basis": BASIS}


def test_click_beside_everything_does_nothing(page):
    page.mouse.click(*empty_spot(page))
    move_slider(page)
    assert event(page) == {}


def test_lasso_tool_gives_exactly_the_rows_inside(page):
    corners, rows = rectangle(page)
    page.get_by_role("button", name="Select with a lasso").click()
    assert after(page, lambda: drag(page, corners)) == {"kind": "lasso", "rows": rows}
    expect(page.get_by_test_id("scatter").locator(".sc-caption")).to_contain_text(f"{len(rows)} clips · WER")
    clear = page.get_by_test_id("scatter").get_by_role("button", name="Clear")
    assert after(page, clear.click) == {"kind": "lasso", "rows": []}
    expect(clear).to_be_hidden()


def test_shift_and_drag_is_a_lasso_and_escape_ends_it(page):
    corners, rows = rectangle(page)
    page.keyboard.down("Shift")
    got = after(page, lambda: drag(page, corners))
    page.keyboard.up("Shift")
    assert got == {"kind": "lasso", "rows": rows}
    # Out of sight it stays.
    hide = "(isHidden) => { document.body.style.display = isHidden ? 'none' : ''; }"
    page.evaluate(hide, True)
    page.keyboard.press("Escape")
    page.evaluate(hide, False)
    expect(page.get_by_role("button", name="Clear")).to_be_visible()
    assert after(page, lambda: page.keyboard.press("Escape")) == {"kind": "lasso", "rows": []}


@pytest.mark.parametrize("dark", [False, True])
def test_points_have_the_colour_of_their_drop(url, opened, dark):
    page = opened(url, dark=dark)
    wait_for(page, 1)
    rows = np.flatnonzero(DATA.group == 4)  # flagged: nearly opaque
    row = lonely_row(page, rows)
    page.mouse.move(*screen(page)[row])
    moved(page, lambda: page.mouse.wheel(0, -1500))  # large enough for a pure middle
    seen = pixel(page, screen(page)[row])
    drawn = 0.8 * scale_colour(DATA.value[row] - OVERALL, dark)
    panel = np.array([int(tokens(dark)["panel"][i : i + 2], 16) for i in (1, 3, 5)])
    assert np.abs(seen - drawn - 0.2 * panel).max() < 14  # 31 steps of colour, and the edge of a pixel
    assert not page.errors


def test_a_lost_context_comes_back(page):
    canvas = page.get_by_test_id("scatter").locator("canvas")
    before = stage(page).screenshot()
    canvas.evaluate(
        """canvas => new Promise(done => {
             const soon = () => requestAnimationFrame(() => requestAnimationFrame(done));
             canvas.addEventListener('webglcontextrestored', soon);
             const loss = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
             canvas.addEventListener('webglcontextlost', () => setTimeout(() => loss.restoreContext()));
             loss.loseContext();
           })"""
    )
    assert difference(before, stage(page).screenshot()) < 0.5


def difference(first: bytes, second: bytes) -> float:
    a, b = (np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), float) for shot in (first, second))
    return float(np.abs(a - b).mean()) if a.shape == b.shape else np.inf


def test_without_webgl_a_sentence_stands_in(url, browser):
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(WITHOUT_WEBGL)
    page.goto(url)
    expect(page.get_by_test_id("scatter").get_by_role("status")).to_contain_text("needs WebGL 2")
    context.close()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [("clips=0", "No clip has a position"), ("clips=1", ""), ("clips=30&identical=1", ""), ("clips=2", "")],
)
def test_few_and_identical_clips(url, opened, query, sentence):
    page = opened(f"{url}?{query}")
    wait_for(page, 1)
    assert sentence in page.get_by_test_id("scatter").locator(".sc-message").text_content()
    assert all(np.isfinite(view(page)["scale"]))
    assert not page.errors


def test_a_narrow_window_redraws(fresh):
    page = fresh
    page.set_viewport_size({"width": 700, "height": 900})
    canvas = page.get_by_test_id("scatter").locator("canvas")
    expect(canvas).to_have_js_property("width", round(stage(page).bounding_box()["width"]))
    at = screen(page)
    box = stage(page).bounding_box()
    assert (np.nanmin(at, axis=0) >= [box["x"], box["y"]]).all()
    assert (np.nanmax(at, axis=0) <= [box["x"] + box["width"], box["y"] + box["height"]]).all()


def test_steps_follow_the_scale():
    steps = drop_steps(np.array([-500.0, -35.0, 27.5, 90.0, 500.0, np.nan]))
    assert steps.tolist() == [0, 0, 15, 30, 30, NO_VALUE]


# --- treemap ---


def test_both_come_back_after_they_were_hidden(fresh):
    over = fresh.locator(".st-key-over")
    over.evaluate("element => { element.style.setProperty('display', 'none', 'important'); }")
    fresh.set_viewport_size({"width": 800, "height": 900})
    over.evaluate("element => { element.style.removeProperty('display'); }")
    wide = round(stage(fresh, "treemap").bounding_box()["width"])
    expect(stage(fresh, "treemap").locator(".sc-tiles rect").first).to_have_attribute("width", str(wide))
    canvas = fresh.get_by_test_id("scatter").locator("canvas")
    expect(canvas).to_have_js_property("width", round(stage(fresh).bounding_box()["width"]))


def test_both_go_and_come_again(fresh):
    checkbox = fresh.get_by_test_id("stCheckbox").locator("label")
    for count in range(1, 4):
        checkbox.click()
        expect(fresh.get_by_test_id("scatter")).to_have_count(0)
        expect(fresh.get_by_test_id("treemap")).to_have_count(0)
        checkbox.click()
        wait_for(fresh, 1 + 2 * count)
    corner = low_corner(tile(fresh, "g0"))
    assert after(fresh, lambda: fresh.mouse.click(*corner)) == {"kind": "slice", "slice": "slice1"}


def test_sharp_on_a_dense_screen(url, browser):
    context = browser.new_context(device_scale_factor=2)
    with visit(context, url) as page:
        wait_for(page, 1)
        canvas = page.get_by_test_id("scatter").locator("canvas")
        expect(canvas).to_have_js_property("width", round(2 * stage(page).bounding_box()["width"]))
        row = lonely_row(page, np.flatnonzero(DATA.group == 1))
        assert after(page, lambda: page.mouse.click(*screen(page)[row])) == {
            "kind": "clip",
            "row": row,
            "basis": BASIS,
        }
    context.close()


def test_double_click_on_a_point_picks_once(page):
    row = lonely_row(page, np.flatnonzero(DATA.group == 1))
    before = seq(page)
    page.mouse.dblclick(*screen(page)[row])
    wait_for(page, before + 1)
    move_slider(page)
    assert seq(page) == before + 2


def test_both_follow_a_change_of_the_theme(fresh):
    page = fresh
    spot = middle(tile(page, "g7.20"))
    surface = stage(page, "treemap").locator(".sc-tiles rect").last
    light, fill = pixel(page, spot), surface.evaluate("tile => tile.style.fill")
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(15, 17, 22)")
    move_slider(page)  # the page's own colours follow with the next run
    expect(surface).not_to_have_css("fill", fill)
    value = np.nanmean(DATA.value[DATA.group == 7]) - OVERALL
    assert np.abs(pixel(page, spot) - scale_colour(value, dark=True)).max() < 25
    assert np.abs(light - scale_colour(value, dark=False)).max() < 25
    assert np.abs(pixel(page, empty_spot(page)) - [0x17, 0x1A, 0x21]).max() < 2
