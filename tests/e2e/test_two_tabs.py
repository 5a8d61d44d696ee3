"""Two pages on one workspace: each shows the verdicts of the other, without a reload, and nothing is lost."""

from __future__ import annotations

import getpass

import harness
from playwright.sync_api import expect
from review_page import CARDS, errors, explained, opened_review, ready

from slicecore.storage.verdicts import verdicts_of

TABLE = harness.ROOT / "sample_data" / "table.csv"


def test_verdicts_of_one_page_show_on_the_other_and_nothing_is_lost(url, home, opened, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    verdicts = verdicts_of(TABLE)
    account = getpass.getuser()
    verdicts.introduce(account, "a third browser")
    first, second = opened_review(opened, url), opened_review(opened, url)
    for page in (first, second):
        explained(page)  # which runs the page
    cards = [page.locator(CARDS) for page in (first, second)]
    ids = [card.get_attribute("data-slice") for card in cards[0].all()]
    for page, card in ((first, cards[0].nth(0)), (second, cards[1].nth(1))):
        card.click()
        ready(page)
    drawn = second.get_by_test_id("problems").get_attribute("data-seq")
    # At the same time, on different slices.
    first.keyboard.press("1")
    second.keyboard.press("2")
    for mine in cards:
        expect(mine.nth(0)).to_contain_text("Real issue")
        expect(mine.nth(1)).to_contain_text("False alarm")
    for page in (first, second):
        expect(page.get_by_test_id("figures")).to_contain_text(f"2 of {len(ids)}")
        ready(page)
    assert (
        second.get_by_test_id("problems").get_attribute("data-seq") == drawn
    )  # nothing but the verdicts has run
    # Each is somebody else until they say that they are the one whom the account has in other browsers, too.
    fields = [page.get_by_role("textbox", name="Reviewer: your name") for page in (first, second)]
    assert {field.input_value() for field in fields} == {f"{account} 2", f"{account} 3"}
    for page, field in zip((first, second), fields, strict=True):
        page.get_by_role("button", name="That’s me").click()
        expect(field).to_have_value(account)
    # On the same slice: what is seen may be changed, and that is seen on the other page again.
    cards[1].nth(0).click()
    expect(second.get_by_test_id("judging").get_by_role("button", name="Real issue")).to_have_attribute(
        "aria-pressed", "true"
    )
    ready(second)
    second.keyboard.press("4")
    expect(cards[0].nth(0)).to_contain_text("Unsure")
    first.keyboard.press("t")
    first.get_by_role("textbox", name="Note").fill("fan in the room")
    first.keyboard.press("Escape")
    expect(second.get_by_test_id("judging")).to_contain_text("fan in the room")
    expect(cards[0].nth(0)).to_contain_text("Unsure")
    judgements = verdicts.current("prediction")
    assert {key: judgements[key].verdict for key in judgements} == {
        ids[0]: "unsure",
        ids[1]: "false_positive",
    }
    assert judgements[ids[0]].note == "fan in the room"
    assert [each.verdict for each in verdicts.history(ids[0], "prediction")] == [
        "real_issue",
        "unsure",
        "unsure",
    ]
    # Under another name, which is typed into the foot, the verdict stands beside that of the first.
    field = fields[1]
    field.fill("Bob 1")  # a verdict elsewhere
    field.press("Enter")
    second.keyboard.press("2")
    expect(cards[1].nth(0)).to_contain_text("False alarm · disputed")
    expect(cards[0].nth(0)).to_contain_text("False alarm · disputed")
    said = first.get_by_role("note", name="Verdicts of all reviewers")
    expect(said).to_contain_text("Bob 1")
    expect(said).to_contain_text("you")
    expect(first.get_by_test_id("judging").get_by_role("button", name="Unsure")).to_have_attribute(
        "aria-pressed", "true"
    )
    whose = second.get_by_role("combobox", name="Verdicts of")
    whose.select_option("me alone")
    expect(second.get_by_test_id("figures")).to_contain_text(f"Reviewed by you1 of {len(ids)}")
    expect(cards[1].nth(1)).to_contain_text("not reviewed")
    whose.select_option("everybody")
    ready(second)
    second.reload()
    ready(second)
    expect(field).to_have_value("Bob 1")  # the browser remembers it
    field.fill(account)
    field.press("Enter")
    # A slice that somebody makes, and a reference that is called wrong, are for the whole page.
    verdicts.keep(
        "0" * 12, clip_ids=verdicts.current("prediction")[ids[1]].clip_ids[:5], name="Made elsewhere"
    )
    for page in (first, second):
        expect(page.get_by_test_id("problems")).to_contain_text("Made elsewhere")
    verdicts.mark_reference(judgements[ids[0]].clip_ids[0], wrong=True)
    for page in (first, second):
        expect(page.get_by_test_id("problems")).to_contain_text("Marked wrong references")
        ready(page)
        assert errors(page) == []
