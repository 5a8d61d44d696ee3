"""The review page without a mouse: Tab goes through it in reading order and is seen; headings make an outline."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from review_page import CARDS, DEEP, errors, explained, opened_review, ready

RING = 24
"""Pixels of the accent that a ring has at least; that around a slider's handle is the smallest."""
MOST_STOPS = 200
PARTS = {
    "head": "head",
    "thresholds": "thresholds",
    "problems": "problems",
    "panel-tree": "clusters",
    "panel-map": "map",
    "panel-pick": "picked",
    "panel-clips": "clips",
    "panel-player": "player",
    "foot": "foot",
}
STOP = """(parts) => {
  let at = document.activeElement;
  for (let inner = at; inner && inner !== at.ownerDocument.body;) {
    at = inner;
    inner = at.shadowRoot?.activeElement ?? (at.tagName === "IFRAME" ? at.contentDocument.activeElement : null);
  }
  if (!at || at === document.body) return null;
  const parent = (element) =>
    element.parentElement ?? element.getRootNode().host ?? element.ownerDocument.defaultView.frameElement;
  const box = at.getBoundingClientRect();
  let [left, top, part] = [box.left, box.top, ""];
  for (let outer = at; outer; outer = parent(outer)) {
    if (outer.tagName === "IFRAME") {
      left += outer.getBoundingClientRect().left;
      top += outer.getBoundingClientRect().top;
    }
    for (const name of outer.classList) part ||= parts[name.replace("st-key-", "")] ?? "";
  }
  const name = at.getAttribute("aria-label") || at.labels?.[0]?.textContent || at.textContent;
  return { part, name: name.trim(), box: [left, top, left + box.width, top + box.height] };
}"""
HEADINGS = f"""() => {DEEP}.filter((element) => element.matches("h1, h2, h3, h4, h5, h6, [role=heading]"))
  .filter((heading) => heading.checkVisibility())
  .map((heading) => [Number(heading.ariaLevel ?? heading.tagName[1]), heading.textContent])"""


@dataclass
class Stop:
    """A place where Tab stopped: part of the page, name and box of the control, and a picture of the page."""

    part: str
    name: str
    box: list[float]
    picture: np.ndarray


class Camera:
    """Pictures of a page, taken a hundred times: Playwright's own ones change the page for each."""

    def __init__(self, page):
        self._browser = page.context.new_cdp_session(page)
        self._browser.send("Animation.enable")
        self._browser.send("Animation.setPlaybackRate", {"playbackRate": 1000})

    def picture(self):
        shot = self._browser.send("Page.captureScreenshot", {"optimizeForSpeed": True})["data"]
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(shot))).convert("RGB"))


def stops(page, camera):
    """Press Tab until the focus leaves the page."""
    passed = []
    while len(passed) < MOST_STOPS:
        page.keyboard.press("Tab")
        stop, before = page.evaluate(STOP, PARTS), None
        while stop != before:  # the table scrolls to the header of a column
            before, view = stop, camera.picture()
            stop = page.evaluate(STOP, PARTS)
        if stop is None:
            return passed
        passed.append(Stop(**stop, picture=view))
    raise AssertionError(f"Tab goes round and round, last through {[stop.name for stop in passed[-5:]]}")


def accent(picture, box, colour):
    """Pixels of a colour in a box and a little around it."""
    left, top, right, bottom = (round(side) for side in box)
    part = picture[max(0, top - 6) : bottom + 6, max(0, left - 10) : right + 26]
    return int((np.abs(part.astype(int) - colour).max(axis=2) < 40).sum())


@pytest.mark.parametrize(("size", "dark"), [((1440, 900), False), ((1280, 800), True)])
def test_tab_goes_through_the_page_in_reading_order_and_every_stop_is_seen(url, opened, size, dark):
    page = opened_review(opened, url, size=size, dark=dark)
    explained(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    ready(page)
    camera = Camera(page)
    before = camera.picture()
    passed = stops(page, camera)
    last = camera.picture()

    assert [stop.part for stop in passed[:2]] == ["", ""]  # Streamlit's link to the content, and the content
    parts = [part for part, _ in groupby(stop.part for stop in passed[2:])]
    wanted = list(PARTS.values())
    if size[0] < 1360:  # clusters and map share a place, the clusters are shown
        wanted.remove("map")
    assert parts == wanted, [(stop.part, stop.name) for stop in passed]
    assert all(stop.name for stop in passed)
    names = [stop.name for stop in passed]
    assert len(names) == len(set(names)), "two controls are called the same"

    colour = page.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--sc-accent').trim().slice(1)"
    )
    colour = np.array([int(colour[i : i + 2], 16) for i in (0, 2, 4)])
    pictures = [before, *(stop.picture for stop in passed), last]
    unseen = []
    for at, stop in enumerate(passed, 1):
        # Lists scroll: the ring of a neighbour may stand in the same place before and after.
        without = min(accent(pictures[near], stop.box, colour) for near in (0, at - 1, at + 1, -1))
        if accent(stop.picture, stop.box, colour) - without < RING:
            unseen.append(f"{stop.part}: {stop.name}")
    assert "; ".join(unseen) == ""
    assert errors(page) == []


def test_headings_make_an_outline(url, opened):
    page = opened_review(opened, url, kept=True)
    explained(page)
    page.locator(CARDS).nth(1).click()
    ready(page)
    headings = page.evaluate(HEADINGS)
    levels = [level for level, _ in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(following - level <= 1 for level, following in pairwise(levels))
    clip = page.get_by_test_id("player").get_by_role("heading").inner_text()
    sections = [text for level, text in headings if level == 2]
    assert sections == ["Thresholds", "Problems", "Clusters", "Map", "Mains hum", "Clips", clip]
    assert "Other lists" in [text for level, text in headings if level == 3]


def test_a_list_reached_with_tab_shows_its_picked_card(url, opened):
    page = opened_review(opened, url, size=(1280, 800), kept=True)
    explained(page)
    cards = page.locator(CARDS)
    cards.first.click()
    ready(page)
    page.get_by_test_id("problems").locator(".others button").last.evaluate(
        "(button) => button.scrollIntoView()"
    )
    page.get_by_role("button", name="Choose several problems").focus()
    page.keyboard.press("Tab")
    in_view = """(card) => { const body = card.getRootNode().querySelector(".sc-body");
                             const [inner, outer] = [card, body].map((element) => element.getBoundingClientRect());
                             return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1; }"""
    assert cards.first.evaluate(in_view)
    page.keyboard.press("ArrowDown")
    ready(page)
    assert cards.nth(1).get_attribute("aria-selected") == "true"


SHEETS = {
    "Options": "Clips",
    "What goes wrong: most often wrong, substituted, deleted, inserted, wrong by class": "What goes wrong in the slice",
    "Filter by a column": "Column",
    "Tags and note": "Tag",
    "Choose who judges this slice": "Nobody",
    "Choose several problems": "All that are listed",
}
"""Buttons that open a sheet, with the control in it at which one begins."""
MENUS = {"Saved views": "Name", "Export": "CSV"}
"""The same for Streamlit's own."""


def test_sheets_and_menus_are_entered_and_left_with_the_keyboard(url, opened):
    page = opened_review(opened, url, kept=True)
    explained(page)
    page.locator(CARDS).first.click()
    ready(page)
    for name, inside in SHEETS.items():
        button = page.get_by_role("button", name=name).first
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_function(
            f"([parts, name]) => ({STOP})(parts)?.name.startsWith(name)", arg=[PARTS, inside]
        )
        page.keyboard.press("Escape")
        expect(button).to_be_focused()
    for name, inside in MENUS.items():
        button = page.get_by_test_id("stPopover").get_by_role("button", name=name)
        button.focus()
        page.keyboard.press("Enter")
        body = page.get_by_test_id("stPopoverBody")
        body.get_by_label(inside, exact=True).or_(body.get_by_role("radio", name=inside)).wait_for()
        if not body.locator("input").count():  # a field has the focus at once
            page.keyboard.press("Tab")
        page.wait_for_function(f"([parts, name]) => ({STOP})(parts)?.name === name", arg=[PARTS, inside])
        page.keyboard.press("Shift+Tab")
        expect(button).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
        expect(button).to_be_focused()
    # A sheet closes before a field is left that the focus has gone to meanwhile.
    page.get_by_role("button", name="Filter by a column").first.press("Enter")
    sheet = page.get_by_role("dialog", name="Filter by a column")
    expect(sheet).to_be_visible()
    words = page.get_by_placeholder("Text or file name")
    words.focus()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(words).to_be_focused()
    page.keyboard.press("Escape")
    expect(words).not_to_be_focused()
    # A sheet that a key of the page opened gives the keys back to the page.
    button.blur()
    page.keyboard.press("t")
    page.wait_for_function(f"([parts, name]) => ({STOP})(parts)?.name === name", arg=[PARTS, "Tag"])
    page.keyboard.press("Escape")
    page.wait_for_function(f"(parts) => ({STOP})(parts) === null", arg=PARTS)
    page.keyboard.press("Space")
    expect(page.get_by_test_id("player")).to_have_attribute("data-state", "playing")
    # A dialog has the keys also where Tab has led out of it, and out of the page.
    page.keyboard.press("?")
    for key in ("Tab", "Tab", "Tab", "1", "Escape"):
        page.keyboard.press(key)
    expect(page.get_by_test_id("keyboard")).to_be_hidden()
    expect(page.locator(f'{CARDS}[aria-selected="true"]')).to_contain_text("not reviewed")
    assert errors(page) == []
