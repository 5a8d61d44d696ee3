"""Map and treemap in a browser: what a press means, what stays over a rerun, what it looks like."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from component_pages.invented import OVERALL, invent
from harness import open_page, serve, settled, visit
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.components.scatter import NO_VALUE, drop_steps
from app.theme import DROP_POINTS, tokens

APP = Path(__file__).with_name("component_pages") / "map_app.py"
DATA = invent()
WITHOUT_WEBGL = """
  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind === "webgl2" ? null : getContext.call(this, kind, ...rest);
  };
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    with serve(APP, tmp_path_factory.mktemp("map") / "server.log") as address:
        yield address


@pytest.fixture(scope="module")
def visitor(browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    yield context
    context.close()


@pytest.fixture(scope="module")
def shared_page(url, visitor) -> Iterator[Page]:
    with visit(visitor, url) as page:
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
    assert not unexpected(shared_page)


@pytest.fixture
def fresh(url, visitor) -> Iterator[Page]:
    """A page of its own, for what can't be put back."""
    with visit(visitor, url) as page:
        wait_for(page, 1)
        yield page
        assert not unexpected(page)


def unexpected(page: Page) -> list[str]:
    """Errors of the page. Plotly writes paths with NaN while it goes into a cluster."""
    return [error for error in page.errors if "NaNL" not in error]


def wait_for(page: Page, seq: int) -> None:
    for name in ("scatter", "treemap"):
        page.locator(f'[data-testid="{name}"][data-seq="{seq}"]').wait_for()
    settled(page)


def seq(page: Page) -> int:
    return int(page.get_by_test_id("scatter").get_attribute("data-seq"))


def event(page: Page) -> dict:
    """The last event that reached Python, without its running number."""
    return {
        name: value
        for name, value in json.loads(page.get_by_test_id("stText").inner_text()).items()
        if name != "n"
    }


def after(page: Page, action) -> dict:
    """Do something that makes Python run; the event that it got."""
    before = seq(page)
    action()
    wait_for(page, before + 1)
    return event(page)


def move_slider(page: Page, key: str = "ArrowRight") -> None:
    slider = page.get_by_role("slider")
    slider.focus()
    after(page, lambda: page.keyboard.press(key))


def view(page: Page) -> dict:
    return json.loads(page.get_by_test_id("scatter").get_attribute("data-view"))


def moved(page: Page, action) -> None:
    """Do something and wait until the map shows another part of the plane."""
    section = page.get_by_test_id("scatter")
    before = section.get_attribute("data-view")
    action()
    expect(section).not_to_have_attribute("data-view", before)


def stage(page: Page, name: str = "scatter") -> Locator:
    return page.get_by_test_id(name).locator(".sc-stage")


def screen(page: Page) -> np.ndarray:
    """Where every clip is on the page (n, 2), by the camera that the map shows."""
    camera, box = view(page), stage(page).bounding_box()
    middle = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    return middle + (DATA.positions - [camera["x"], camera["y"]]) * camera["scale"] * np.array([1, -1])


def lonely_row(page: Page, rows: np.ndarray) -> int:
    """The one of some clips that is farthest from its nearest neighbour on the screen."""
    at = screen(page)
    distance = np.linalg.norm(at[rows, None] - at[None], axis=2)
    distance[np.arange(len(rows)), rows] = np.inf
    return int(rows[np.nanargmax(np.nanmin(distance, axis=1))])


def empty_spot(page: Page) -> tuple[float, float]:
    box = stage(page).bounding_box()
    return box["x"] + 12, box["y"] + box["height"] - 12


def pixel(page: Page, at) -> np.ndarray:
    shot = page.screenshot(clip={"x": round(at[0]) - 1, "y": round(at[1]) - 1, "width": 3, "height": 3})
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), float)[1, 1]


def scale_colour(points: float, dark: bool) -> np.ndarray:
    stops = [tokens(dark)[f"drop-{i}"] for i in range(8)]
    channels = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops])
    return np.array([np.interp(points, DROP_POINTS, channel) for channel in channels.T])


def drag(page: Page, corners: np.ndarray) -> None:
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=6)
    page.mouse.up()


def rectangle(page: Page) -> tuple[np.ndarray, list[int]]:
    """A rectangle around a slice on the screen, whose edges are clear of points, and the rows in it."""
    at = screen(page)
    inside = at[DATA.group == 1]
    low, high = inside.min(axis=0) - 5, inside.max(axis=0) + 5
    rows = np.flatnonzero(((at > low) & (at < high)).all(axis=1))
    corners = np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
    return corners, rows.tolist()


# --- map ---


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
    assert after(page, lambda: page.mouse.click(x + 2, y - 2)) == {"kind": "clip", "row": row}


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
    assert after(page, lambda: page.keyboard.press("Escape")) == {"kind": "lasso", "rows": []}


@pytest.mark.parametrize("dark", [False, True])
def test_points_have_the_colour_of_their_drop(url, browser, dark):
    with open_page(browser, url, dark=dark) as page:
        wait_for(page, 1)
        rows = np.flatnonzero(DATA.group == 4)  # flagged: nearly opaque
        row = lonely_row(page, rows)
        page.mouse.move(*screen(page)[row])
        moved(page, lambda: page.mouse.wheel(0, -1500))  # large enough for a pure middle
        seen = pixel(page, screen(page)[row])
        drawn = 0.8 * scale_colour(DATA.value[row] - OVERALL, dark)
        panel = np.array([int(tokens(dark)["panel"][i : i + 2], 16) for i in (1, 3, 5)])
        assert np.abs(seen - drawn - 0.2 * panel).max() < 14  # 31 steps of colour, and the edge of a pixel
        assert not unexpected(page)


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


def difference(one: bytes, other: bytes) -> float:
    a, b = (np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), float) for shot in (one, other))
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
def test_few_and_identical_clips(url, visitor, query, sentence):
    with visit(visitor, f"{url}?{query}") as page:
        wait_for(page, 1)
        assert sentence in page.get_by_test_id("scatter").locator(".sc-message").text_content()
        assert all(np.isfinite(view(page)["scale"]))
        assert not unexpected(page)


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


def tile(page: Page, key: str) -> dict:
    """Where the tile of a cluster is on the page."""
    box = (
        stage(page, "treemap")
        .locator(".sc-plot")
        .evaluate(
            """(div, key) => {
             const found = [...div.querySelectorAll('g.slice')].find(one => one.__data__.data.data.id === key);
             if (!found) return null;
             const { x, y, width, height } = found.querySelector('path.surface').getBoundingClientRect();
             return { x, y, width, height };
           }""",
            key,
        )
    )
    assert box, f"no tile {key}"
    return box


def middle(box: dict) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def low_corner(box: dict) -> tuple[float, float]:
    return box["x"] + box["width"] - 8, box["y"] + box["height"] - 8


def test_click_in_a_flagged_tile_picks_the_slice(page):
    corner = low_corner(tile(page, "g0"))
    assert after(page, lambda: page.mouse.click(*corner)) == {"kind": "slice", "slice": "slice1"}
    expect(page.get_by_test_id("scatter")).to_have_attribute("data-picked", "slice1")


def test_click_elsewhere_picks_the_cluster(page):
    assert after(page, lambda: page.mouse.click(*middle(tile(page, "g7.20")))) == {
        "kind": "cluster",
        "key": "g7.20",
    }
    expect(page.get_by_test_id("treemap")).to_have_attribute("data-picked", "g7.20")


def test_click_on_a_label_picks_what_it_names(page):
    corner = tile(page, "g7")
    assert after(page, lambda: page.mouse.click(corner["x"] + 20, corner["y"] + 13)) == {
        "kind": "cluster",
        "key": "g7",
    }


def test_flagged_tile_by_keyboard(page):
    page.get_by_test_id("treemap").get_by_role("button", name="Slice 2, Sample rate: 35 clips").focus()
    assert after(page, lambda: page.keyboard.press("Enter")) == {"kind": "slice", "slice": "slice2"}


def test_going_in_stays_over_a_recolour_and_leads_back(page):
    treemap = page.get_by_test_id("treemap")
    whole = tile(page, "all")
    after(page, lambda: page.mouse.dblclick(*middle(tile(page, "g5.1"))))
    expect(treemap).to_have_attribute("data-level", "pair")
    assert np.allclose(list(tile(page, "pair").values()), list(whole.values()), atol=1)
    crumbs = treemap.get_by_role("navigation")
    expect(crumbs).to_have_text("All clips›70 clips")

    for _ in range(3):
        move_slider(page)
    expect(treemap).to_have_attribute("data-level", "pair")

    after(page, lambda: page.mouse.dblclick(*low_corner(tile(page, "g5.1"))))
    expect(treemap).to_have_attribute("data-level", "g5")
    crumbs.get_by_role("button", name="All clips").click()
    expect(treemap).to_have_attribute("data-level", "")
    tile(page, "g7")


def test_a_slice_picked_elsewhere_is_brought_into_sight(page):
    treemap = page.get_by_test_id("treemap")
    after(page, lambda: page.mouse.dblclick(*low_corner(tile(page, "g5.1"))))
    expect(treemap).to_have_attribute("data-level", "pair")
    after(page, page.get_by_test_id("scatter").get_by_role("button", name="Slice 1").click)
    expect(treemap).to_have_attribute("data-level", "")


def test_pointing_at_a_tile_tells_its_numbers(page):
    page.mouse.move(*low_corner(tile(page, "g0")))
    page.mouse.move(*middle(tile(page, "g7.20")))
    tip = page.get_by_test_id("treemap").locator(".sc-tip")
    expect(tip).to_be_visible()
    assert "8 clips · " in tip.inner_text() and "pts" in tip.inner_text()


@pytest.mark.parametrize("parts", [4, 40])
def test_labels_neither_overlap_nor_leave_their_plates(url, visitor, parts):
    with visit(visitor, f"{url}?parts={parts}") as page:
        wait_for(page, 1)
        for width in (1440, 1000, 620, 360):
            page.set_viewport_size({"width": width, "height": 900})
            wide = round(stage(page, "treemap").bounding_box()["width"])
            plot = stage(page, "treemap").locator(".main-svg").first
            expect(plot).to_have_attribute("width", re.compile(f"^{wide}"))
            check_labels(page)


def check_labels(page: Page) -> None:
    boxes = (
        page.get_by_test_id("treemap")
        .locator(".sc-layer")
        .evaluate(
            """layer => [...layer.querySelectorAll('.sc-plate, .sc-badge')].map(group => {
                 const box = element => { const { left, top, right, bottom } = element.getBoundingClientRect();
                                          return [left, top, right, bottom]; };
                 return { plate: box(group.querySelector('rect')),
                          texts: [...group.querySelectorAll('text')].map(box), what: group.textContent };
               })"""
        )
    )
    around = stage(page, "treemap").bounding_box()
    assert len(boxes) >= 7
    for i, one in enumerate(boxes):
        left, top, right, bottom = one["plate"]
        assert left >= around["x"] - 1 and right <= around["x"] + around["width"] + 1, one["what"]
        for text in one["texts"]:
            assert text[0] >= left - 0.5 and text[2] <= right + 0.5, one["what"]
        for other in boxes[:i]:
            x0, y0, x1, y1 = other["plate"]
            apart = right <= x0 + 0.1 or x1 <= left + 0.1 or bottom <= y0 + 0.1 or y1 <= top + 0.1
            assert apart, (one["what"], other["what"])


def test_both_come_back_after_they_were_hidden(fresh):
    over = fresh.locator(".st-key-over")
    over.evaluate("one => { one.style.setProperty('display', 'none', 'important'); }")
    fresh.set_viewport_size({"width": 800, "height": 900})
    over.evaluate("one => { one.style.removeProperty('display'); }")
    wide = round(stage(fresh, "treemap").bounding_box()["width"])
    expect(stage(fresh, "treemap").locator(".main-svg").first).to_have_attribute(
        "width", re.compile(f"^{wide}")
    )
    canvas = fresh.get_by_test_id("scatter").locator("canvas")
    expect(canvas).to_have_js_property("width", round(stage(fresh).bounding_box()["width"]))


def test_both_go_and_come_again(fresh):
    shown = fresh.get_by_test_id("stCheckbox").locator("label")
    for count in range(1, 4):
        shown.click()
        expect(fresh.get_by_test_id("scatter")).to_have_count(0)
        expect(fresh.get_by_test_id("treemap")).to_have_count(0)
        shown.click()
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
        assert after(page, lambda: page.mouse.click(*screen(page)[row])) == {"kind": "clip", "row": row}
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
    surface = stage(page, "treemap").locator("path.surface").last
    light, fill = pixel(page, spot), surface.evaluate("one => one.style.fill")
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(15, 17, 22)")
    move_slider(page)  # the page's own colours follow with the next run
    expect(surface).not_to_have_css("fill", fill)
    value = np.nanmean(DATA.value[DATA.group == 7]) - OVERALL
    assert np.abs(pixel(page, spot) - scale_colour(value, dark=True)).max() < 25
    assert np.abs(light - scale_colour(value, dark=False)).max() < 25
    assert np.abs(pixel(page, empty_spot(page)) - [0x17, 0x1A, 0x21]).max() < 2
