"""Problems of the sample's list that are chosen together, in the browser, and what is on disk of them."""

from __future__ import annotations

from review_page import CARDS, explained, opened_review, ready


def second_picked(opened, url, **options):
    """The review page, explained, with the second problem of its list picked."""
    page = opened_review(opened, url, **options)
    explained(page)
    page.locator(CARDS).nth(1).click()
    ready(page)
    return page


def ids(cards):
    return [card.get_attribute("data-slice") for card in cards.all()]


def given(verdicts):
    return {slice_id: each.verdict for slice_id, each in verdicts.current("prediction").items()}
