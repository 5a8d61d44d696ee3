"""Words on several problems whose model is not the one on the page when they come: taken back, or saved on demand."""

from __future__ import annotations

import functools

import harness
from axe import serious
from chosen_problems import given, ids, second_picked
from playwright.sync_api import expect
from review_page import CARDS, MAIN, errors, explained, other_errors, ready

MODELS = ("prediction", "prediction_base")
MOVED = "The table or the model was changed before this was saved."


def look_at(page, model):
    page.get_by_role("combobox", name="Model output").click()
    page.get_by_role("option", name=model, exact=True).click()
    ready(page)
    explained(page)


def both_chosen(page):
    """Choose the second and the third problem; returns their ids."""
    cards = page.locator(CARDS)
    cards.nth(2).click(modifiers=["Control"])
    return [ids(cards)[i] for i in (1, 2)]


def histories(verdicts, slices):
    """Number of judgements of each slice so far."""
    return [len(verdicts.history(each, MODELS[0])) for each in slices]


def test_a_verdict_on_several_is_taken_back_on_the_page_of_another_model(url, opened, verdicts):
    page = second_picked(opened, url)
    foot = page.get_by_test_id("footer")
    chosen = both_chosen(page)
    page.keyboard.press("1")
    expect(foot.get_by_role("status")).to_contain_text("2 problems marked as real issues")
    ready(page)
    look_at(page, MODELS[1])
    assert given(verdicts) == dict.fromkeys(chosen, "real_issue")
    foot.get_by_role("button", name="Undo").click()
    expect(foot.get_by_role("status")).to_contain_text("Took back “✓ Real issue” on 2 problems")
    ready(page)
    assert given(verdicts) == {}
    page.keyboard.press("z")
    expect(foot.get_by_role("status")).to_contain_text("Nothing to take back")
    ready(page)
    look_at(page, MODELS[0])
    assert errors(page) == []


def test_a_late_verdict_on_several_waits_for_its_model_over_a_restart_and_is_saved_once(
    home, tmp_path, opened, verdicts
):
    serve = functools.partial(harness.serve, MAIN, tmp_path / "server.log", {"SLICECORE_HOME": str(home)})
    with serve() as url:
        page = second_picked(opened, url)
        chosen = both_chosen(page)
        known = histories(verdicts, chosen)
    expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_visible()
    page.keyboard.press("4")
    problem = page.get_by_test_id("judging").get_by_role("alert")
    expect(problem).to_contain_text("1 not saved")
    page.goto(harness.nothing())
    with serve(port=int(url.rsplit(":", 1)[1])):
        page.goto(f"{url}/?output={MODELS[1]}")
        explained(page)
        for load in ("first", "second"):
            expect(problem).to_contain_text("2 not saved")
            expect(problem).to_contain_text(f"{MOVED} 2 problems: ? Unsure")
            if load == "first":
                page.reload()
                explained(page)
        assert serious(page) == []
        assert given(verdicts) == {}
        problem.get_by_role("button", name="Save").click()
        expect(problem).to_be_hidden()
        ready(page)
        assert given(verdicts) == dict.fromkeys(chosen, "unsure")
        assert histories(verdicts, chosen) == [before + 1 for before in known]
        look_at(page, MODELS[0])
        foot = page.get_by_test_id("footer")
        foot.get_by_role("button", name="Undo").click()
        expect(foot.get_by_role("status")).to_contain_text("Took back “? Unsure” on 2 problems")
        ready(page)
        assert given(verdicts) == {} and verdicts.current(MODELS[1]) == {}
        assert other_errors(page) == []
