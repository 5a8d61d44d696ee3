"""Helpers of the tests of map and treemap: events that reach Python, places on the page."""

from __future__ import annotations

import io
import json

import numpy as np
from component_pages.invented import invent
from harness import settled
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from slicecore_app.web.theme import DROP_POINTS, drop_colours

DATA = invent()
WITHOUT_WEBGL = """
  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind === "webgl2" ? null : getContext.call(this, kind, ...rest);
  };
"""


def wait_for(page: Page, seq: int) -> None:
    for name in ("scatter", "treemap"):
        page.locator(f'[data-testid="{name}"][data-seq="{seq}"]').wait_for()
    settled(page)


def seq(page: Page) -> int:
    return int(page.get_by_test_id("scatter").get_attribute("data-seq"))


def event(page: Page) -> dict:
    """The last event that reached Python, without what says which it was."""
    return {
        name: value
        for name, value in json.loads(page.get_by_test_id("stText").inner_text()).items()
        if name not in ("n", "tab", "picks")
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
    """Place of every clip on the page (n, 2), by the camera that the map shows."""
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
    channels = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in drop_colours(dark)])
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


def tile(page: Page, key: str) -> dict:
    """Box of the tile of a cluster on the page."""
    return stage(page, "treemap").locator(f'.sc-tiles [data-key="{key}"]').bounding_box()


def middle(box: dict) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def low_corner(box: dict) -> tuple[float, float]:
    return box["x"] + box["width"] - 8, box["y"] + box["height"] - 8
