"""Actions of a reader on the way to a state of the page."""

from __future__ import annotations

import re

import tables
from playwright.sync_api import Page
from review_page import CARDS, DEEP, draw_lasso, explained, ready

LAYOUT = "document.documentElement.dataset.slicecoreView"


def look(page: Page) -> None:
    """Look at the page with all that comes a little later."""
    page.get_by_test_id("problems").wait_for()
    if page.locator(CARDS).count():
        explained(page)
    ready(page)


def pick(page: Page, number: int = 0) -> None:
    """Pick a problem, counted from 0."""
    page.locator(CARDS).first.wait_for()
    look(page)
    page.locator(CARDS).nth(number).click()
    page.locator(f'{CARDS}[aria-selected="true"]').wait_for()
    ready(page)


def confusion(page: Page) -> None:
    """Open the confusion matrix of a problem."""
    pick(page)
    page.get_by_role("button", name="Confusion matrix").click()
    page.get_by_role("grid", name="Confusion matrix").wait_for()


def det_curve(page: Page) -> None:
    """Open the DET curve of a problem."""
    pick(page)
    page.get_by_role("button", name="DET curve").click()
    page.get_by_role("img", name="DET curve").wait_for()


def review(page: Page) -> None:
    """Be in the middle of a review: two problems judged, a third one heard."""
    for number, key, verdict in ((0, "1", "Real issue"), (1, "4", "Unsure")):
        pick(page, number)
        card = page.locator(CARDS).nth(number)
        if verdict not in card.inner_text():
            page.keyboard.press(key)
            card.get_by_text(verdict).wait_for()
    pick(page, 2)


def several(page: Page) -> None:
    """Choose three problems together."""
    pick(page, 1)
    page.locator(CARDS).nth(3).click(modifiers=["Shift"])


def notes_of_several(page: Page) -> None:
    """Open tags and note of the three that are chosen, anew where the window had another width."""
    sheet = page.get_by_role("dialog", name="Tags and note of these 3 problems")
    if sheet.is_visible():
        page.keyboard.press("Escape")
    page.keyboard.press("t")
    sheet.wait_for()


def keys(page: Page) -> None:
    """Open the sheet of keys."""
    pick(page, 2)
    page.keyboard.press("?")
    page.get_by_test_id("keyboard").wait_for()


def lasso(page: Page) -> None:
    """Draw around the groups at the right end of the map."""
    pick(page, 2)
    corners = [(0.72, 0.3), (0.97, 0.26), (0.98, 0.62), (0.86, 0.72), (0.74, 0.6), (0.72, 0.32)]
    draw_lasso(page, corners)
    page.get_by_test_id("summary").get_by_text("in a lasso on the map").wait_for()
    ready(page)


def map_alone(page: Page) -> None:
    """See the map and no clusters, which another width of the window may have brought back."""
    while page.evaluate(LAYOUT) != "map":
        page.keyboard.press("m")


def empty(page: Page) -> None:
    """Ask for more than any cluster has."""
    page.get_by_text("No cluster meets both thresholds").wait_for()
    ready(page)


def summary(page: Page) -> None:
    """Go to what the problems cost."""
    look(page)
    page.get_by_test_id("figures").get_by_text("Errors explained").click()
    page.get_by_text("If all were fixed").wait_for()


def data(page: Page) -> None:
    """Name a table to be opened."""
    page.get_by_label("Table on this machine").fill("sample_data/table.csv")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Start").wait_for()


def picture_under_way(page: Page) -> None:
    """Pick a problem whose first clip has sound, but no picture yet."""
    look(page)
    page.route("**/picture.png*", lambda route: None)  # never answered
    pick(page, 4)


def unreadable(page: Page) -> None:
    """Be told of files that can't be decoded."""
    page.locator('[role="dialog"] canvas').first.wait_for()
    explained(page)


def no_audio(page: Page) -> None:
    """Go to a clip whose file is no audio."""
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Go on with")).click()
    page.get_by_role("dialog").wait_for(state="hidden")
    ready(page)
    page.keyboard.press("/")
    page.keyboard.type(tables.NO_AUDIO)
    page.keyboard.press("Enter")
    page.frame_locator(".st-key-clips-table iframe").locator(
        '.ag-center-cols-container [row-index="0"]'
    ).click()
    page.get_by_text("This clip can’t be played").wait_for()
    page.keyboard.press("Escape")


def second_clip(page: Page) -> None:
    """Hear the second worst clip of the worst problem."""
    pick(page)
    page.keyboard.press("ArrowRight")
    ready(page)


def preparing(page: Page, percent: int) -> None:
    """Wait until a first run has done some of its clips and knows how fast it is."""
    page.wait_for_function(
        f"""percent => {DEEP}.some((one) => one.role === "progressbar" && one.ariaValueNow >= percent)""",
        arg=percent,
    )
    page.get_by_text("clips/s").first.wait_for()
