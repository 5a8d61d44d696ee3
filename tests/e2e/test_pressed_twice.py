"""Keys of a verdict that are pressed before the page has followed a pick: nobody sees yet what the slice has."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from review_page import CARDS, DEEP, errors, opened_review, ready

PICK_AND_PRESS = f"""([key, digit, presses]) => {{
  const tile = {DEEP}.find((node) => node.matches(`[data-testid="treemap"] rect[data-key="${{key}}"]`));
  const box = tile.getBoundingClientRect();
  const place = {{ clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 }};
  tile.dispatchEvent(new MouseEvent("click", {{ bubbles: true, composed: true, detail: 1, ...place }}));
  for (let i = 0; i < presses; i++)
    document.body.dispatchEvent(
      new KeyboardEvent("keydown", {{ key: digit, bubbles: true, cancelable: true, composed: true }}));
}}"""


@pytest.mark.parametrize("presses", [1, 2])
def test_a_verdict_that_is_not_seen_yet_is_not_taken_back_by_its_key(url, opened, presses):
    page = opened_review(opened, url)
    tiles = page.locator('[data-testid="treemap"] rect[data-key]')
    flagged = {card.get_attribute("data-slice") for card in page.locator(CARDS).all()}
    keys = [tile.get_attribute("data-key") for tile in tiles.all()]
    cluster = [key for key in keys if key not in flagged][presses]
    unsure = page.get_by_test_id("judging").locator('[data-verdict="unsure"]')

    def pick_and_press(count):
        page.locator(CARDS).first.click()
        ready(page)
        expect(unsure).to_have_attribute("aria-pressed", "false")
        page.evaluate(PICK_AND_PRESS, [cluster, "4", count])
        ready(page)

    pick_and_press(1)
    expect(unsure).to_have_attribute("aria-pressed", "true")
    pick_and_press(presses)
    expect(unsure).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("4")  # now it is seen
    expect(unsure).to_have_attribute("aria-pressed", "false")
    ready(page)
    expect(unsure).to_have_attribute("aria-pressed", "false")
    assert errors(page) == []
