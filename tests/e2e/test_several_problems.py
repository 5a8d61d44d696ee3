"""Several problems of the list chosen together, and assigned and judged at once, in the browser."""

from __future__ import annotations

import harness
import pytest
from axe import serious
from chosen_problems import given, ids, second_picked
from playwright.sync_api import expect
from review_page import CARDS, CHOSEN, errors, explained, opened_review, picked, ready

from slicecore.storage.verdicts import Change, verdicts_of

HIDE = "() => Object.defineProperty(document, 'hidden', { value: true, configurable: true })"
"""As behind another tab, where a page does not ask for news."""


@pytest.fixture
def page(url, opened):
    return second_picked(opened, url, kept=True)


def test_chosen_problems_are_assigned_together_and_undone_together(page, home, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", str(home))
    cards, problems = page.locator(CARDS), page.get_by_test_id("problems")
    bar = problems.get_by_role("group", name="Chosen problems")
    first = picked(page)
    expect(bar).to_be_hidden()
    cards.nth(3).click(modifiers=["Shift"])
    cards.nth(5).click(modifiers=["Control"])
    chosen = [ids(cards)[i] for i in (1, 2, 3, 5)]
    assert ids(page.locator(CHOSEN)) == chosen
    expect(bar).to_contain_text("4 chosen")
    expect(page.locator(f'{CARDS}[aria-current="true"]')).to_have_attribute(
        "data-slice", first
    )  # is still picked
    bar.get_by_role("button", name="Choose who judges these 4 slices").click()
    page.get_by_role("dialog", name="Who judges these 4 slices").get_by_role("textbox").fill("Bob")
    page.keyboard.press("Enter")
    expect(page.locator(f"{CHOSEN} .assignee:visible")).to_have_text(["Bo"] * 4)
    expect(problems.get_by_role("status").filter(has_text="problems chosen")).to_have_text(
        f"4 of {cards.count()} problems chosen, assigned to Bob"
    )
    ready(page)
    stored = verdicts_of(harness.ROOT / "sample_data" / "table.csv")
    assert stored.workspace("prediction").assignees == dict.fromkeys(chosen, "Bob")
    page.keyboard.press("a")  # the key goes for all of them, too
    expect(page.locator(f"{CHOSEN} .assignee.mine")).to_have_count(4)
    page.keyboard.press("z")
    expect(page.locator(f"{CHOSEN} .assignee:visible")).to_have_text(["Bo"] * 4)
    page.keyboard.press("z")
    expect(cards.locator(".assignee:visible")).to_have_count(0)
    ready(page)
    expect(page.get_by_test_id("footer")).to_contain_text("Took back the assignment of 4 slices")
    assert stored.workspace("prediction").assignees == {}
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    assert picked(page) == first and errors(page) == []


def test_problems_are_chosen_by_keys_and_from_the_menu(page):
    cards, problems = page.locator(CARDS), page.get_by_test_id("problems")
    count, first = cards.count(), picked(page)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator(CHOSEN)).to_have_count(2)
    problems.get_by_role("listbox", name="Problems").focus()
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+Space")
    assert ids(page.locator(CHOSEN)) == [ids(cards)[i] for i in (1, 2, 4)]
    page.keyboard.press("Control+a")
    expect(page.locator(CHOSEN)).to_have_count(count)
    page.keyboard.press("Escape")
    page.keyboard.press("1")  # a verdict goes to the problem that is picked
    expect(cards.filter(has_text="Real issue")).to_have_count(1)
    ready(page)
    problems.get_by_role("button", name="Choose several problems").click()
    page.get_by_role("button", name="Without a verdict").click()
    expect(page.locator(CHOSEN)).to_have_count(count - 1)
    page.keyboard.press("ArrowDown")  # picks the next one, and the choice ends
    expect(page.locator(CHOSEN)).to_have_count(1)
    assert picked(page) != first
    ready(page)
    page.keyboard.press("z")
    ready(page)
    assert errors(page) == []


def test_a_verdict_by_key_by_button_and_from_the_menu_goes_to_all_chosen(page, verdicts):
    cards, foot = page.locator(CARDS), page.get_by_test_id("footer")
    first = picked(page)
    cards.nth(3).click(modifiers=["Shift"])
    chosen = [ids(cards)[i] for i in (1, 2, 3)]
    judging = page.get_by_test_id("judging")
    group = judging.get_by_role("group", name="Verdict on all 3 chosen problems")
    page.keyboard.press("1")
    expect(cards.filter(has_text="Real issue")).to_have_count(3)
    expect(foot.get_by_role("status")).to_contain_text("3 problems marked as real issues")
    ready(page)
    assert given(verdicts) == dict.fromkeys(chosen, "real_issue")
    expect(group.get_by_role("button", name="Real issue")).to_have_attribute("aria-pressed", "true")

    group.get_by_role("button", name="False alarm").click()
    expect(cards.filter(has_text="False alarm")).to_have_count(3)
    expect(foot.get_by_role("status")).to_contain_text("3 problems marked as false alarms")
    foot.get_by_role("button", name="Undo").click()  # all three, at once
    expect(cards.filter(has_text="Real issue")).to_have_count(3)
    expect(foot.get_by_role("status")).to_contain_text("Took back “✗ False alarm” on 3 problems")
    expect(foot.get_by_role("button", name="Undo")).to_be_hidden()
    ready(page)
    assert given(verdicts) == dict.fromkeys(chosen, "real_issue")

    cards.nth(5).click(modifiers=["Control"])
    menu = page.get_by_role("group", name="Chosen problems").get_by_role(
        "button", name="Verdict on these 4 problems"
    )
    menu.click()
    page.get_by_role("dialog", name="Verdict on these 4 problems").get_by_role(
        "button", name="Unsure"
    ).click()
    expect(cards.filter(has_text="Unsure")).to_have_count(4)
    ready(page)
    menu.click()
    page.get_by_role("dialog", name="Verdict on these 4 problems").get_by_role(
        "button", name="No verdict"
    ).click()
    expect(cards.filter(has_text="Unsure")).to_have_count(0)
    expect(foot.get_by_role("status")).to_contain_text("Took back “? Unsure” on 4 problems")
    ready(page)
    assert given(verdicts) == {}
    page.keyboard.press("2")
    expect(cards.filter(has_text="False alarm")).to_have_count(4)
    page.keyboard.press("2")  # the same key takes back what all have
    expect(cards.filter(has_text="False alarm")).to_have_count(0)
    ready(page)
    assert given(verdicts) == {}
    page.keyboard.press("Escape")
    expect(judging.get_by_role("group", name="Verdict", exact=True)).to_be_visible()
    page.keyboard.press("3")
    expect(cards.filter(has_text="Wrong ref.")).to_have_count(1)
    ready(page)
    assert given(verdicts) == {first: "reference_error"}
    page.keyboard.press("3")
    ready(page)
    histories = [[each.verdict for each in verdicts.history(slice_id, "prediction")] for slice_id in chosen]
    assert len(histories[1]) == 7 and histories[1] == histories[2]
    assert errors(page) == []


def test_tags_are_added_to_all_chosen_and_taken_off_all(page, verdicts):
    def tags():
        return [list(each.tags) for each in verdicts.current("prediction").values()]

    cards = page.locator(CARDS)
    cards.nth(2).click(modifiers=["Control"])
    page.keyboard.press("t")
    sheet = page.get_by_role("dialog", name="Tags and note of these 2 problems")
    sheet.get_by_role("combobox", name="Tag").fill("hum, far")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    judging = page.get_by_test_id("judging")
    expect(judging.get_by_role("button", name="hum · far")).to_be_visible()
    expect(page.get_by_test_id("footer")).to_contain_text("2 problems tagged hum, far")
    ready(page)
    assert tags() == [["hum", "far"]] * 2
    cards.nth(3).click(modifiers=["Control"])
    page.get_by_role("group", name="Chosen problems").get_by_role(
        "button", name="Verdict on these 3 problems"
    ).click()
    page.get_by_role("button", name="Tags and note …").click()
    sheet = page.get_by_role("dialog", name="Tags and note of these 3 problems")
    sheet.get_by_role("button", name="Remove far, which 2 of 3 have").click()
    sheet.get_by_role("combobox", name="Tag").fill("hum")
    page.keyboard.press("Escape")
    expect(judging.get_by_role("button", name="hum", exact=False).first).to_be_visible()
    ready(page)
    assert tags() == [["hum"]] * 3
    page.keyboard.press("z")
    ready(page)
    page.keyboard.press("z")
    ready(page)
    assert tags() == [] and errors(page) == []


def test_where_somebody_judged_one_meanwhile_the_page_says_which_and_judges_none(page, verdicts):
    cards = page.locator(CARDS)
    cards.nth(2).click(modifiers=["Control"])
    chosen = [ids(cards)[i] for i in (1, 2)]
    title = cards.nth(2).locator(".title").text_content()
    judging = page.get_by_test_id("judging")
    page.evaluate(HIDE)
    clips = ["as a scan has them"]
    verdicts.amend(chosen[1], Change("unsure"), model="prediction", clip_ids=clips, reviewer="Bob")
    page.keyboard.press("1")
    problem = judging.get_by_role("alert")
    expect(problem).to_contain_text("2 not saved")
    expect(problem).to_contain_text(f"Bob judged {title} at ")
    expect(cards.filter(has_text="Real issue")).to_have_count(0)
    ready(page)
    assert given(verdicts) == {chosen[1]: "unsure"}
    problem.get_by_role("button", name="Replace").click()
    expect(problem).to_be_hidden()
    expect(cards.filter(has_text="Real issue")).to_have_count(2)
    ready(page)
    assert given(verdicts) == dict.fromkeys(chosen, "real_issue")
    page.keyboard.press("z")
    expect(cards.filter(has_text="Real issue")).to_have_count(0)
    ready(page)
    assert given(verdicts) == {chosen[1]: "unsure"}
    verdicts.amend(chosen[1], Change(None), model="prediction", clip_ids=clips, reviewer="Bob")
    page.evaluate("() => delete document.hidden")
    expect(cards.filter(has_text="Unsure")).to_have_count(0)
    assert errors(page) == []


def test_an_undo_leaves_out_what_somebody_judged_since(page, verdicts):
    cards, foot = page.locator(CARDS), page.get_by_test_id("footer").get_by_role("status")
    cards.nth(3).click(modifiers=["Shift"])
    chosen = [ids(cards)[i] for i in (1, 2, 3)]
    title = cards.nth(2).locator(".title").text_content()
    for key, word in (("4", "Unsure"), ("1", "Real issue")):
        page.keyboard.press(key)
        expect(cards.filter(has_text=word)).to_have_count(3)
    ready(page)
    clips = ["as a scan has them"]
    verdicts.amend(chosen[1], Change("false_positive"), model="prediction", clip_ids=clips, reviewer="Bob")
    expect(cards.nth(2)).to_contain_text("False alarm")  # seen, and still newer than what is taken back
    page.keyboard.press("z")
    problem = page.get_by_test_id("judging").get_by_role("alert")
    expect(problem).to_contain_text("Not done")
    expect(problem).to_contain_text(f"Judged since: {title} by Bob (✗ False alarm).")
    expect(problem.get_by_role("button")).to_have_text(["Discard", "Undo the others"])
    assert serious(page) == []
    problem.get_by_role("button", name="Undo the others").click()
    expect(problem).to_be_hidden()
    expect(foot).to_contain_text(f"Took back “✓ Real issue” on 2 problems, {title} left out")
    assert ids(page.locator(CHOSEN)) == chosen  # as before
    ready(page)
    assert given(verdicts) == {
        chosen[0]: "unsure",
        chosen[1]: "false_positive",
        chosen[2]: "unsure",
    }
    page.keyboard.press("z")
    ready(page)
    assert given(verdicts) == {chosen[1]: "false_positive"}
    verdicts.amend(chosen[1], Change(None), model="prediction", clip_ids=clips, reviewer="Bob")
    expect(cards.filter(has_text="False alarm")).to_have_count(0)
    assert errors(page) == []


def test_the_others_are_judged_where_somebody_in_another_browser_judged_one_meanwhile(url, opened, verdicts):
    anna, bob = opened_review(opened, url), opened_review(opened, url)
    for page, name in ((anna, "Anna"), (bob, "Bob")):
        explained(page)
        field = page.get_by_role("textbox", name="Reviewer: your name")
        field.fill(name)
        field.press("Enter")
    cards, foot = anna.locator(CARDS), anna.get_by_test_id("footer").get_by_role("status")
    cards.nth(1).click()
    ready(anna)
    cards.nth(3).click(modifiers=["Shift"])
    chosen = [ids(cards)[i] for i in (1, 2, 3)]
    title = cards.nth(2).locator(".title").text_content()
    anna.evaluate(HIDE)
    bob.locator(CARDS).nth(2).click()
    bob.keyboard.press("4")
    ready(bob)
    assert given(verdicts) == {chosen[1]: "unsure"}

    anna.keyboard.press("1")
    problem = anna.get_by_test_id("judging").get_by_role("alert")
    expect(problem).to_contain_text(f"Bob judged {title} at ")
    others = problem.get_by_role("button", name="Judge the others")
    expect(others).to_have_attribute("title", f"All but {title}")
    inside = """(alert) => { const outer = alert.getBoundingClientRect();
        const shown = [...alert.querySelectorAll("button:not([hidden])")];
        return shown.map((button) => button.getBoundingClientRect()).every((box) =>
            box.left >= outer.left && box.right <= outer.right && box.bottom <= outer.bottom && box.height < 26); }"""
    for size in ((1024, 768), (1280, 800), (1920, 1080), (1440, 900)):
        anna.set_viewport_size({"width": size[0], "height": size[1]})
        assert problem.evaluate(inside)
        panel = anna.get_by_test_id("judging")
        assert panel.evaluate("(panel) => panel.scrollHeight <= panel.clientHeight + 1")
    others.click()
    expect(problem).to_be_hidden()
    expect(foot).to_contain_text(f"2 problems marked as real issues, {title} left out")
    assert ids(anna.locator(CHOSEN)) == [chosen[1]]
    expect(cards.nth(2)).to_contain_text("Unsure")  # as Bob left it
    ready(anna)
    assert given(verdicts) == {
        chosen[0]: "real_issue",
        chosen[1]: "unsure",
        chosen[2]: "real_issue",
    }
    expect(bob.locator(CARDS).filter(has_text="Real issue")).to_have_count(2)
    anna.keyboard.press("1")  # having seen it, on what is chosen still
    expect(cards.nth(2)).to_contain_text("Real issue")
    ready(anna)
    opinions = verdicts.workspace("prediction").opinions[chosen[1]]
    assert [(each.reviewer, each.verdict) for each in opinions] == [("Bob", "unsure"), ("Anna", "real_issue")]
    for _ in range(2):
        anna.keyboard.press("z")
        ready(anna)
    expect(bob.locator(CARDS).filter(has_text="Real issue")).to_have_count(0)
    bob.keyboard.press("4")
    ready(bob)
    assert given(verdicts) == {} and errors(anna) == errors(bob) == []
