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

SHEET_WHILE_MORE_IS_LEARNED = """async (path) => {
  const { parts } = await import(new URL(path, document.baseURI).href);
  const draw = parts["review/slice/slice"];
  const host = document.body.appendChild(document.createElement("div"));
  const parentElement = host.attachShadow({ mode: "open" });
  const row = (actual, predicted) => [`${actual} taken for ${predicted}`, "4", "", [actual, predicted]];
  const rows = [row("yes", "no"), row("no", "yes")];
  const words = (more) => [{ title: "Confusions", rows: [...rows, ...more] }];
  const drawn = (more) => draw({
    data: { title: "Hum", slice: "s", number: 1, points: 3, tier: "", tier_hint: "", note: "", note_hint: "",
            numbers: [], text: "", shared: [], around: [], words: words([]), confusion: null, det: null,
            naming: null, name_hint: "", button: "", ...more },
    parentElement, setTriggerValue() {} });
  const wait = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  drawn({ seq: 1 });
  await wait();
  const sheet = parentElement.querySelector(".sheet");
  sheet.showPopover();
  await wait();
  const button = sheet.querySelectorAll("button")[1];
  button.focus();
  drawn({ seq: 2, text: "Hum 30.0 dB vs. 5.6 dB in the rest" });
  await wait();
  const { textContent } = parentElement.querySelector(".why");
  const learned = [textContent, button.isConnected, parentElement.activeElement === button];
  const last = drawn({ seq: 3, words: words([row("maybe", "no")]) });
  await wait();
  const more = [sheet.querySelectorAll("button").length, parentElement.activeElement?.textContent];
  sheet.hidePopover();
  host.remove();
  last();
  return [...learned, ...more];
}"""


def test_a_drawing_that_a_newer_one_overtakes_does_not_take_the_part_away(url, opened):
    page = opened_review(opened, url, kept=True)
    path = parts_url()
    assert page.evaluate(OVERTAKEN, path) == ["two", None]
    assert errors(page) == []


def test_the_sheet_of_a_slice_keeps_the_focus_while_the_rest_learns_more_and_when_itself_does(url, opened):
    page = opened_review(opened, url, kept=True)
    text, is_there, is_focused, buttons, focused = page.evaluate(SHEET_WHILE_MORE_IS_LEARNED, parts_url())
    assert text.endswith("in the rest") and is_there and is_focused
    assert (buttons, focused) == (3, "no taken for yes")
    assert errors(page) == []


def test_what_has_not_changed_is_not_drawn_anew_and_the_focus_stays(url, opened):
    page = opened_review(opened, url, kept=True)
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
    page = opened_review(opened, url, kept=True)
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
