"""Two pages on one workspace: each shows what was said on the other, without a reload, and nothing is lost."""

from __future__ import annotations

import harness
from playwright.sync_api import expect
from review_page import CARDS, errors, explained, opened_review, ready

from slicecore.storage.home import workspace_folder
from slicecore.storage.verdicts import Verdicts

TABLE = harness.ROOT / "sample_data" / "table.csv"


def test_what_is_said_on_one_page_shows_on_the_other_and_nothing_is_lost(url, home, opened, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    verdicts = Verdicts(workspace_folder(TABLE) / "verdicts.sqlite")
    one, other = opened_review(opened, url), opened_review(opened, url)
    for page in (one, other):
        explained(page)  # which runs the page
    cards = [page.locator(CARDS) for page in (one, other)]
    ids = [card.get_attribute("data-slice") for card in cards[0].all()]
    for page, card in ((one, cards[0].nth(0)), (other, cards[1].nth(1))):
        card.click()
        ready(page)
    drawn = other.get_by_test_id("problems").get_attribute("data-seq")
    # At the same time, on different slices.
    one.keyboard.press("1")
    other.keyboard.press("2")
    for mine in cards:
        expect(mine.nth(0)).to_contain_text("Real issue")
        expect(mine.nth(1)).to_contain_text("False alarm")
    for page in (one, other):
        expect(page.get_by_test_id("figures")).to_contain_text(f"2 of {len(ids)}")
        ready(page)
    assert (
        other.get_by_test_id("problems").get_attribute("data-seq") == drawn
    )  # nothing but the verdicts has run
    # On the same slice: what is seen may be changed, and that is seen on the other page again.
    cards[1].nth(0).click()
    expect(other.get_by_test_id("judging").get_by_role("button", name="Real issue")).to_have_attribute(
        "aria-pressed", "true"
    )
    ready(other)
    other.keyboard.press("4")
    expect(cards[0].nth(0)).to_contain_text("Unsure")
    one.keyboard.press("t")
    one.get_by_role("textbox", name="Note").fill("fan in the room")
    one.keyboard.press("Escape")
    expect(other.get_by_test_id("judging")).to_contain_text("fan in the room")
    expect(cards[0].nth(0)).to_contain_text("Unsure")
    said = verdicts.current("prediction")
    assert {key: said[key].verdict for key in said} == {ids[0]: "unsure", ids[1]: "false_positive"}
    assert said[ids[0]].note == "fan in the room"
    assert [each.verdict for each in verdicts.history(ids[0], "prediction")] == [
        "real_issue",
        "unsure",
        "unsure",
    ]
    # A slice that somebody makes, and a reference that is called wrong, are for the whole page.
    verdicts.keep(
        "0" * 12, clip_ids=verdicts.current("prediction")[ids[1]].clip_ids[:5], name="Made elsewhere"
    )
    for page in (one, other):
        expect(page.get_by_test_id("problems")).to_contain_text("Made elsewhere")
    verdicts.mark_reference(said[ids[0]].clip_ids[0], wrong=True)
    for page in (one, other):
        expect(page.get_by_test_id("problems")).to_contain_text("Marked wrong references")
        ready(page)
        assert errors(page) == []
