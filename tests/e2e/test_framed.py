"""Verdicts go to what is framed at the press: after picks anywhere, held keys, in menus, without a server."""

from __future__ import annotations

import re

import harness
import numpy as np
import pytest
from playwright.sync_api import expect
from review_page import CARDS, MAIN, TABLE, draw_lasso, errors, explained, opened_review, ready, tag_and_note

import slicecore as sc

OWN = '[data-testid="problems"] [aria-label="Yours"] .card'
PRESS = """([key, count]) => {
  for (let i = 0; i < count; i++) {
    const init = { key, repeat: i > 0, bubbles: true, cancelable: true, composed: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", init));
  }
}"""


@pytest.fixture
def page(url, opened):
    page = opened_review(opened, url, kept=True)
    explained(page)  # which runs the page
    return page


def judged(verdicts):
    return {slice_id: judged.verdict for slice_id, judged in verdicts.current("prediction").items()}


def slices(page):
    return [card.get_attribute("data-slice") for card in page.locator(CARDS).all()]


def press_at_once(page, pick, key):
    """Pick an element and press a key in the same moment, before anything can come from the server."""
    page.evaluate(
        """([element, key]) => {
             element.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, detail: 1 }));
             const init = { key, bubbles: true, cancelable: true, composed: true };
             document.body.dispatchEvent(new KeyboardEvent("keydown", init));
           }""",
        [pick.element_handle(), key],
    )


def test_a_verdict_right_after_a_pick_goes_to_what_was_picked(page, verdicts):
    ids = slices(page)
    page.locator(CARDS).nth(0).click()
    ready(page)
    before = judged(verdicts)
    badge = page.get_by_test_id("treemap").locator(f'[data-slice="{ids[2]}"]')
    press_at_once(page, badge, "1")
    ready(page)
    assert judged(verdicts) == before | {ids[2]: "real_issue"}
    # A larger cluster: only Python knows which it is.
    press_at_once(page, page.get_by_role("button", name="Parent cluster"), "2")
    expect(page.locator(OWN)).to_contain_text("False alarm")
    ready(page)
    (own,) = verdicts.own_slices()
    assert judged(verdicts) == before | {ids[2]: "real_issue", own: "false_positive"}
    # A list of clips, judged twice while it is on its way: the second press takes the first one back.
    others = page.get_by_test_id("problems").get_by_role("navigation", name="Other lists")
    first = others.get_by_role("button").first
    press_at_once(page, first, "3")
    ready(page)
    assert len(verdicts.own_slices()) == 2
    assert sorted(judged(verdicts).values()) == sorted(
        [*before.values(), "real_issue", "false_positive", "reference_error"]
    )
    assert errors(page) == []


def test_a_lasso_is_judged_at_once(page, verdicts):
    page.locator(CARDS).nth(0).click()
    ready(page)
    before, own = judged(verdicts), set(verdicts.own_slices())
    draw_lasso(page, [(0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7), (0.3, 0.32)])
    page.keyboard.press("4")
    expect(page.get_by_test_id("footer")).to_contain_text("Saved")
    ready(page)
    (lassoed,) = set(verdicts.own_slices()) - own
    assert judged(verdicts) == before | {lassoed: "unsure"}
    assert errors(page) == []


def test_a_key_that_is_held_is_one_press(page, verdicts):
    ids = slices(page)
    for i, key in ((3, "1"), (4, "2")):
        page.locator(CARDS).nth(i).click()
        ready(page)
        page.evaluate(PRESS, [key, 15])
        ready(page)
    assert [judged(verdicts)[ids[i]] for i in (3, 4)] == ["real_issue", "false_positive"]
    assert [len(verdicts.history(ids[i], "prediction")) for i in (3, 4)] == [1, 1]
    page.evaluate(PRESS, ["z", 15])
    ready(page)
    assert ids[3] in judged(verdicts) and ids[4] not in judged(verdicts)
    expect(page.get_by_test_id("footer")).to_contain_text("Took back “✗ False alarm” on")
    # A key that moves something goes on.
    page.locator(CARDS).nth(0).click()
    page.evaluate(PRESS, ["ArrowDown", 3])
    expect(page.locator(CARDS).nth(3)).to_have_attribute("aria-selected", "true")
    ready(page)


@pytest.mark.parametrize("dialog", ["inside", "around"])
def test_streamlits_dialog_about_the_connection_takes_no_key(page, verdicts, dialog):
    """It stays on the page for a moment after it was closed."""
    page.locator(CARDS).nth(5).click()
    ready(page)
    slice_id = page.locator(CARDS).nth(5).get_attribute("data-slice")
    before = len(verdicts.history(slice_id, "prediction"))
    inside = '<div class="stDialog"><div role="dialog"></div></div>'
    around = '<div role="dialog"><div class="stDialog"></div></div>'
    page.evaluate(
        "html => document.body.insertAdjacentHTML('beforeend', html)",
        inside if dialog == "inside" else around,
    )
    page.keyboard.press("1")
    ready(page)
    assert len(verdicts.history(slice_id, "prediction")) == before + 1
    page.evaluate("() => document.body.lastElementChild.remove()")


def test_escape_in_tags_and_note_leaves_the_lasso_and_saves_them(page, verdicts):
    before = set(verdicts.own_slices())
    draw_lasso(page, [(0.1, 0.1), (0.6, 0.1), (0.6, 0.6), (0.1, 0.6), (0.1, 0.12)])
    expect(page.get_by_test_id("summary")).to_contain_text("in a lasso on the map")
    ready(page)
    tag_and_note(page, "hum", "fan in the room")
    (lassoed,) = set(verdicts.own_slices()) - before
    judgement = verdicts.current("prediction")[lassoed]
    assert (judgement.tags, judgement.note) == (("hum",), "fan in the room")
    expect(page.get_by_test_id("summary")).to_contain_text("in a lasso on the map")
    # Without a sheet Escape takes the lasso away; its card can be picked again.
    page.keyboard.press("Escape")
    expect(page.locator(OWN).last).to_have_attribute("aria-selected", "false")
    ready(page)
    page.locator(OWN).last.click()
    expect(page.locator(OWN).last).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("button", name="hum · fan in the room")).to_be_visible()
    ready(page)
    assert errors(page) == []


def test_a_menu_takes_the_focus_and_all_keys(page, verdicts):
    before = judged(verdicts)
    draw_lasso(page, [(0.2, 0.2), (0.5, 0.2), (0.5, 0.5), (0.2, 0.5), (0.2, 0.22)])
    ready(page)
    page.get_by_role("button", name="Keep as a slice").click()
    ready(page)
    page.get_by_role("button", name="Rename or remove").click()
    field = page.get_by_label("Name", exact=True).last
    expect(field).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("12 clean studios")
    page.keyboard.press("Enter")
    expect(page.locator(OWN).last).to_contain_text("12 clean studios")
    ready(page)
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    page.get_by_role("button", name="iews").first.click()
    expect(page.get_by_label("Name", exact=True).last).to_be_focused()
    page.keyboard.type("1 night")
    assert judged(verdicts) == before
    page.keyboard.press("Escape")
    expect(page.get_by_label("Name", exact=True)).to_be_hidden()
    page.keyboard.press("1")  # the page has its keys again
    expect(page.locator(OWN).last).to_contain_text("Real issue")
    ready(page)
    assert errors(page) == []


def test_the_summary_page_does_not_run_by_itself(url, opened):
    page = opened(url, apart=True)
    frames = []

    def note(frame):
        frames.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.clock.install()
    page.reload()
    explained(page)
    page.get_by_test_id("figures").get_by_text("Errors explained").click()
    expect(page.get_by_text("What the problems cost")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    page.wait_for_function("() => !document.documentElement.hasAttribute('data-slicecore-busy')")
    page.wait_for_function(harness.SETTLED)
    count = len(frames)
    page.clock.fast_forward(30_000)
    page.wait_for_function(harness.SETTLED)
    assert len(frames) == count


def test_while_the_server_is_away_the_framed_slice_is_judged_and_the_tab_comes_back_to_it(
    home, opened, verdicts
):
    environment = {"SLICECORE_HOME": str(home)}
    with harness.serve(MAIN, home / "away.log", environment) as address:
        page = opened_review(opened, address)
        explained(page)
        page.locator(CARDS).nth(0).click()
        ready(page)
        before = judged(verdicts)
    expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_visible()
    ids = slices(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    framed = page.locator(f'{CARDS}[aria-selected="true"]')
    expect(framed).to_have_attribute("data-slice", ids[2])
    # The panel follows: it says which slice the verdict will go to.
    title = page.locator(CARDS).nth(2).locator(".title").inner_text()
    expect(page.get_by_test_id("summary").get_by_role("heading")).to_have_text(title)
    page.keyboard.press("2")
    page.keyboard.press("ArrowDown")
    with harness.serve(MAIN, home / "back.log", environment, port=int(address.rsplit(":", 1)[1])):
        expect(page.get_by_test_id("footer")).to_contain_text("Saved")
        explained(page)
        expect(framed).to_have_attribute("data-slice", ids[3])
        assert judged(verdicts) == before | {ids[2]: "false_positive"}
        assert errors_but_connection(page) == []


def test_after_a_restart_a_tab_comes_back_on_its_own_view_and_pick(home, opened, tmp_path):
    """The address that Streamlit sends along is the one with which the tab was opened."""
    environment = {"SLICECORE_HOME": str(home)}
    vectors = tmp_path / "other.npy"
    data = sc.read(TABLE)
    np.save(vectors, np.random.default_rng(0).normal(size=(len(data), 4)))
    with harness.serve(MAIN, home / "away.log", environment) as address:
        page = opened_review(opened, address)
        explained(page)
        field = page.get_by_role("combobox", name="Embedding")
        field.fill(str(vectors))
        field.press("Enter")
        page.wait_for_function(
            """() => {
              const buttons = [...document.querySelectorAll("button")];
              const isMade = buttons.some((button) => button.innerText.includes("Show it"));
              return isMade || location.search.includes("other.npy");
            }"""
        )
        if "other.npy" not in page.url:  # on a slow machine it is not there at once
            page.get_by_role("button", name="Show it").click()
        expect(page).to_have_url(re.compile("embedding=.*other.npy"))
        ready(page)
        # A tile of an unflagged cluster, which no address names.
        page.get_by_test_id("treemap").locator("rect[data-key]").last.dispatch_event("click", {"detail": 1})
        ready(page)
        picked = page.get_by_test_id("treemap").get_attribute("data-picked")
        title = page.get_by_test_id("summary").get_by_role("heading").inner_text()
        # Another tab leaves another view behind.
        other = opened_review(opened, f"{address}/?embedding=signal&drop=12")
        expect(other.get_by_role("slider", name="Minimum drop")).to_have_value("12")
        ready(other)
    expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_visible()
    drawn_before = page.get_by_test_id("heard").get_attribute("data-seq")
    with harness.serve(MAIN, home / "back.log", environment, port=int(address.rsplit(":", 1)[1])):
        expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_hidden()
        # The page still shows what the old server drew until the new one has drawn it.
        expect(page.get_by_test_id("heard")).not_to_have_attribute("data-seq", drawn_before)
        ready(page)
        expect(page).to_have_url(re.compile("embedding=.*other.npy"))
        expect(page.get_by_role("slider", name="Minimum drop")).to_have_value("10")
        expect(page.get_by_test_id("treemap")).to_have_attribute("data-picked", picked)
        expect(page.get_by_test_id("summary").get_by_role("heading")).to_have_text(title)


def errors_but_connection(page):
    return [
        text for text in errors(page) if not re.search("ERR_|WebSocket|Client Error|not responding|404", text)
    ]


PRESS_AND_LEAVE = """(keys) => {
  for (const key of keys) {
    const init = { key, bubbles: true, cancelable: true, composed: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", init));
    document.body.dispatchEvent(new KeyboardEvent("keyup", init));
  }
  location.href = "about:blank";
}"""


def test_a_word_given_just_before_the_page_goes_is_written_once(page, verdicts):
    slice_id = slices(page)[0]
    page.locator(CARDS).first.click()
    ready(page)
    before, address = verdicts.history(slice_id, "prediction"), page.url
    expect(page.get_by_test_id("player")).to_have_attribute("data-row", re.compile(r"\d"))
    page.evaluate(PRESS_AND_LEAVE, ["4", "2", "w"])
    page.wait_for_url("about:blank")
    page.goto(address)
    card = page.locator(f'{CARDS}[data-slice="{slice_id}"]')
    expect(card).to_contain_text("False alarm")
    ready(page)
    numbers = {each.number for each in before}
    new = [each for each in verdicts.history(slice_id, "prediction") if each.number not in numbers]
    assert sorted(each.verdict for each in new) == ["false_positive", "unsure"]
    assert judged(verdicts)[slice_id] == "false_positive"
    assert len(verdicts.marked_references()) == 1
