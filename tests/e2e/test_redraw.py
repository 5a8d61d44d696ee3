"""The page runs by itself now and then: what has not changed stays in its place, and so do focus and clicks."""

from __future__ import annotations

from playwright.sync_api import expect
from review_page import CARDS, errors, explained, opened_review, ready

from slicecore_app.web.components import parts_url

OVERTAKEN = """async (path) => {
  const { parts } = await import(new URL(path, document.baseURI).href);
  const draw = parts["review/evidence/evidence"];
  const host = document.body.appendChild(document.createElement("div"));
  const parentElement = host.attachShadow({ mode: "open" });
  const call = (text, seq) => draw({ data: { plots: [], text, seq }, parentElement, setTriggerValue() {} });
  const seen = () => new Promise(requestAnimationFrame).then(() => parentElement.querySelector(".text")?.textContent);
  const first = call("one", 1);
  const last = call("two", 2);
  first();
  const before = await seen();
  host.remove();
  last();
  return [before, await seen()];
}"""


def test_a_drawing_that_a_newer_one_overtakes_does_not_take_the_part_away(url, opened):
    page = opened_review(opened, url)
    path = parts_url()
    assert page.evaluate(OVERTAKEN, path) == ["two", None]
    assert errors(page) == []


def test_what_has_not_changed_is_not_drawn_anew_and_the_focus_stays(url, opened):
    page = opened_review(opened, url)
    explained(page)
    card = page.locator(CARDS).first.element_handle()
    other = page.get_by_role("navigation", name="Other lists").get_by_role("button").last
    other.focus()
    page.keyboard.press("Enter")
    expect(other).to_have_attribute("aria-pressed", "true")
    ready(page)
    expect(other).to_be_focused()
    assert card.evaluate("(card) => card.isConnected")
    assert errors(page) == []


def test_who_widens_by_keyboard_can_go_on_widening(url, opened):
    page = opened_review(opened, url)
    explained(page)
    page.locator(CARDS).nth(1).click()
    ready(page)
    picked = page.get_by_test_id("summary").locator(".numbers")
    wider = page.get_by_role("button", name="Parent cluster")
    before = wider.get_attribute("aria-label")
    clips = picked.text_content()
    wider.focus()
    page.keyboard.press("Enter")
    expect(picked).not_to_have_text(clips)
    ready(page)
    assert wider.get_attribute("aria-label") != before
    expect(wider).to_be_focused()
    assert errors(page) == []
