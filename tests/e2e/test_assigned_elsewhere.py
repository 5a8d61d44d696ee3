"""Two people in two browsers: one assigns slices, the other sees it and lists theirs."""

from __future__ import annotations

import harness
from playwright.sync_api import expect
from review_page import CARDS, errors, explained, opened_review, picked, ready

from slicecore.storage.verdicts import verdicts_of

TABLE = harness.ROOT / "sample_data" / "table.csv"


def call(page, name):
    """Give the reviewer in a browser a name."""
    field = page.get_by_role("textbox", name="Reviewer: your name")
    field.fill(name)
    field.press("Enter")


def test_what_one_assigns_another_sees_and_lists(url, home, opened, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    verdicts = verdicts_of(TABLE)
    anna, bob = opened_review(opened, url), opened_review(opened, url)
    for page, name in ((anna, "Anna"), (bob, "Bob")):
        explained(page)
        call(page, name)
    of_anna, of_bob = (page.locator(CARDS) for page in (anna, bob))
    first = of_anna.nth(0).get_attribute("data-slice")
    expect(anna.get_by_role("combobox", name="Assigned to")).to_be_hidden()  # nothing is assigned yet
    of_anna.nth(1).click()
    ready(anna)
    second = picked(anna)
    # To somebody who has not judged yet, by name; and the first to herself by a key.
    anna.get_by_role("button", name="Choose who judges this slice").click()
    sheet = anna.get_by_role("dialog", name="Who judges this slice")
    sheet.get_by_role("textbox", name="Name of somebody else").fill("Bob")
    anna.keyboard.press("Enter")
    expect(sheet).to_be_hidden()
    expect(of_anna.nth(1).locator(".assignee")).to_have_text("Bo")
    of_anna.nth(0).click()
    anna.keyboard.press("a")
    expect(of_anna.nth(0).locator(".assignee")).to_have_attribute("title", "Assigned to you")
    # Bob sees both without a reload, and lists his.
    expect(of_bob.nth(0).locator(".assignee")).to_have_attribute("title", "Assigned to Anna")
    expect(of_bob.nth(1).locator(".assignee")).to_have_attribute("title", "Assigned to you")
    choice = bob.get_by_role("combobox", name="Assigned to")
    choice.select_option("me")
    listed = bob.locator(f"{CARDS}:visible")
    expect(listed).to_have_count(1)
    bob.keyboard.press("n")
    ready(bob)
    assert picked(bob) == second
    bob.keyboard.press("1")
    expect(of_anna.nth(1)).to_contain_text("Real issue")
    choice.select_option("nobody")
    expect(listed).to_have_count(of_anna.count() - 2)
    choice.select_option("all")
    assert verdicts.workspace("prediction").assignees == {first: "Anna", second: "Bob"}
    anna.keyboard.press("z")
    expect(of_bob.nth(0).locator(".assignee")).to_be_hidden()
    expect(anna.get_by_test_id("footer")).to_contain_text("Took back the assignment of")
    for page in (anna, bob):
        ready(page)
        assert errors(page) == []
