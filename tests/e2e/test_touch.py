"""The review page on a tablet: with a finger problems are picked, heard and judged, and clips selected by a lasso."""

from __future__ import annotations

import layout
from playwright.sync_api import expect
from review_page import CARDS, DEEP, errors, explained, opened_review, ready

# WCAG 2.5.8: 24 px, or a circle of 24 px around its middle that meets no other target.
SMALL_TARGETS = f"""() => {{
  const seen = (element) => element.checkVisibility({{ opacityProperty: true, visibilityProperty: true }});
  const targets = {DEEP}
    .filter((element) => element.matches(
      "button, a[href], input, select, [role=button], [role=option], [role=combobox]"))
    .filter((element) => seen(element) && !element.disabled && !element.matches(".shared")) // .shared: within a text
    .map((element) => ({{ element, box: element.getBoundingClientRect() }}))
    .filter(({{ box }}) => box.width > 1 && box.height > 1);
  const isSmall = ({{ box }}) => box.width < 23.5 || box.height < 23.5;
  const middle = ({{ left, top, width, height }}) => [left + width / 2, top + height / 2];
  const meets = (one, other) => {{
    const [x, y] = middle(one.box), [u, v] = middle(other.box), {{ left, right, top, bottom }} = other.box;
    const toBox = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    return toBox < 11.5 || (isSmall(other) && Math.hypot(u - x, v - y) < 23.5);
  }};
  const inside = (one, other) => one.element.contains(other.element) || other.element.contains(one.element);
  return targets.filter(isSmall)
    .filter((one) => targets.some((other) => one !== other && !inside(one, other) && meets(one, other)))
    .map(({{ element, box }}) => `${{element.ariaLabel || element.textContent}} ${{box.width}} x ${{box.height}}`);
}}"""
MAP = f"""() => {DEEP}.find((element) => element.matches('[data-testid="scatter"]'))"""


def drag(page, places):
    """Draw with a finger."""
    browser = page.context.new_cdp_session(page)
    for i, (x, y) in enumerate(places):
        kind = "touchMove" if i else "touchStart"
        browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def pinch(page, x, y):
    """Spread two fingers around a place."""
    browser = page.context.new_cdp_session(page)
    for kind, by in (("touchStart", 20), ("touchMove", 30), ("touchMove", 40)):
        fingers = [{"x": x + side * by, "y": y, "id": i} for i, side in enumerate((-1, 1))]
        browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
    browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_tablet_is_enough_to_pick_hear_judge_and_select(url, opened):
    page = opened_review(opened, url, apart=True, touch=True, size=(1024, 768))
    explained(page)
    card, player = page.locator(CARDS).nth(1), page.get_by_test_id("player")
    card.tap()
    expect(card).to_have_attribute("aria-selected", "true")
    ready(page)
    player.get_by_role("button", name="Play").tap()
    expect(player).to_have_attribute("data-state", "playing")
    for text in ("Real issue", "not reviewed"):
        page.get_by_role("button", name="Real issue").tap()
        expect(card).to_contain_text(text)
    # What a mouse finds out by staying over a thing.
    page.get_by_test_id("summary").get_by_text("Support").tap()
    title = page.get_by_test_id("title")
    expect(title).to_contain_text("Number of clips in it")
    page.get_by_test_id("footer").tap()
    expect(title).to_be_hidden()
    for size in ((1180, 820), (1024, 768)):
        layout.resize(page, *size)
        ready(page)
        assert layout.faults(page, patience=5000) == [], size
        assert page.evaluate(SMALL_TARGETS) == [], size
    page.get_by_role("button", name="Map", exact=True).first.tap()
    stage = page.get_by_test_id("scatter").locator(".sc-stage")
    middle = stage.bounding_box()
    pinch(page, middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
    page.wait_for_function(f"() => JSON.parse(({MAP})().dataset.view).zoom > 1.9")
    page.get_by_role("button", name="Show all clips").tap()
    page.get_by_role("button", name="Select with a lasso").tap()
    box = stage.bounding_box()
    corners = [(0.1, 0.1), (0.5, 0.05), (0.9, 0.1), (0.9, 0.9), (0.5, 0.95), (0.1, 0.9), (0.1, 0.2)]
    drag(page, [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners])
    expect(page.get_by_test_id("summary").get_by_role("heading")).to_contain_text("lasso on the map")
    page.get_by_test_id("scatter").get_by_role("button", name="Clear").tap()
    ready(page)
    assert errors(page) == []
