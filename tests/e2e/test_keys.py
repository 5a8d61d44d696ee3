"""Every key of the review page, on the sample data; also pressed early, and two at once."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from review_page import CARDS, NOTE_SOUND, errors, explained, opened_review, picked, ready, tag_and_note


def player(page):
    return page.get_by_test_id("player")


def seconds(page):
    return float(page.get_by_test_id("time").inner_text().split("/")[0])


def test_problems_are_picked_and_judged_by_key(url, opened):
    page = opened_review(opened, url)
    cards = page.locator(CARDS)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    expect(cards.nth(1)).to_have_attribute("aria-selected", "true")
    # A verdict stays on its slice; the same again takes it back; each replaces the one before.
    for key, label in (("1", "Real issue"), ("2", "False alarm"), ("3", "Wrong ref."), ("4", "Unsure")):
        page.keyboard.press(key)
        expect(cards.nth(1)).to_contain_text(label)
    page.keyboard.press("4")
    expect(cards.nth(1)).to_contain_text("not reviewed")
    page.keyboard.press("1")
    # Only N goes on, and undo takes back one verdict after the other.
    page.keyboard.press("n")
    page.keyboard.press("2")
    expect(cards.nth(2)).to_contain_text("False alarm")
    expect(page.get_by_test_id("figures")).to_contain_text(re.compile(r"2 of \d"))
    ready(page)
    expect(page.get_by_test_id("footer")).to_contain_text("Saved")
    page.keyboard.press("z")
    expect(cards.nth(2)).to_contain_text("not reviewed")
    expect(cards.nth(1)).to_contain_text("Real issue")
    page.keyboard.press("z")
    expect(cards.nth(1)).to_contain_text("not reviewed")
    ready(page)
    assert errors(page) == []


def test_a_slider_gives_the_keys_back(url, opened):
    page = opened_review(opened, url)
    slider = page.get_by_role("slider", name="Minimum drop")
    treemap = page.get_by_test_id("treemap")
    # Reached by key it takes the arrows only.
    slider.focus()
    page.keyboard.press("ArrowRight")
    ready(page)
    expect(slider).to_be_focused()
    page.keyboard.press("m")
    expect(treemap).to_be_hidden()
    page.keyboard.press("m")
    page.keyboard.press("m")
    expect(treemap).to_be_visible()
    # Escape leaves it, and the arrows belong to the list again.
    page.keyboard.press("Escape")
    expect(slider).not_to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(CARDS).first).to_have_attribute("aria-selected", "true")
    ready(page)
    # A press on the place where it stands moves nothing, and leaves no focus either.
    box = slider.bounding_box()
    at = slider.evaluate("slider => (slider.value - slider.min) / (slider.max - slider.min)")
    page.mouse.click(box["x"] + 8 + at * (box["width"] - 16), box["y"] + box["height"] / 2)
    expect(slider).not_to_be_focused()
    ready(page)
    assert errors(page) == []


def test_keys_pressed_before_their_part_is_there_are_not_lost(url, opened):
    page = opened(url, waits=False)
    page.get_by_test_id("figures").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("3")
    card = page.locator(CARDS).first
    expect(card).to_have_attribute("aria-selected", "true")
    expect(card).to_contain_text("Wrong ref.")
    ready(page)
    page.keyboard.press("z")
    expect(card).to_contain_text("not reviewed")
    ready(page)


def test_listening_by_key(url, opened):
    page = opened_review(opened, url)
    page.evaluate(NOTE_SOUND)
    page.keyboard.press("ArrowDown")
    expect(player(page)).to_have_attribute("data-row", re.compile(r"\d+"))
    ready(page)
    first = player(page).get_attribute("data-row")
    page.keyboard.press("Space")
    expect(player(page)).to_have_attribute("data-state", "playing")
    page.keyboard.press("Space")
    expect(player(page)).to_have_attribute("data-state", "paused")
    for _ in range(int(seconds(page)) + 1):
        page.keyboard.press(",")
    expect(page.get_by_test_id("time")).to_contain_text("0.00 /")
    page.keyboard.press(".")
    expect(page.get_by_test_id("time")).to_contain_text("1.00 /")
    for key, speed in (("]", "1.5"), ("[", "1"), ("[", "0.75")):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=f"Speed {speed}", exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
    page.keyboard.press("]")
    for key, name in (("l", "Loop"), ("v", "Same loudness")):
        page.keyboard.press(key)
        expect(player(page).get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        page.keyboard.press(key)
        expect(player(page).get_by_role("button", name=name)).to_have_attribute("aria-pressed", "false")
    # To the good clip and back, at the same place; no other part of the page follows.
    page.keyboard.press("b")
    expect(player(page)).not_to_have_attribute("data-row", first)
    expect(player(page)).to_contain_text("good clip like it")
    expect(page.get_by_test_id("time")).to_contain_text("1.00 /")
    page.keyboard.press("b")
    expect(player(page)).to_have_attribute("data-row", first)
    expect(page.get_by_test_id("time")).to_contain_text("1.00 /")
    page.keyboard.press("ArrowRight")
    expect(player(page)).not_to_have_attribute("data-row", first)
    page.keyboard.press("ArrowLeft")
    expect(player(page)).to_have_attribute("data-row", first)
    ready(page)
    assert errors(page) == []


def test_a_press_on_the_map_draws_no_ring_around_the_page(url, opened):
    page = opened_review(opened, url, kept=True)
    main = page.get_by_test_id("stMain")
    stage = page.get_by_test_id("scatter").locator(".sc-stage")
    stage.click(position={"x": 4, "y": stage.bounding_box()["height"] - 4})
    page.keyboard.press("Shift")
    expect(main).to_be_focused()
    expect(main).to_have_css("outline-style", "none")
    # Reached with Tab it has one.
    main.evaluate("element => element.blur()")
    page.keyboard.press("Tab")
    main.focus()
    expect(main).to_have_css("outline-style", "solid")


def test_fields_sheets_and_views_open_and_close_by_key(url, opened):
    page = opened_review(opened, url, kept=True)
    page.locator(CARDS).first.click()
    ready(page)
    tag_and_note(page, "hum", "fan in the room")
    # In a field the keys are letters; Escape gives them back to the page.
    page.keyboard.press("/")
    words = page.get_by_test_id("filterbar").get_by_role("searchbox")
    expect(words).to_be_focused()
    page.keyboard.type("1")
    expect(words).to_have_value("1")
    expect(page.locator(CARDS).first).to_contain_text("not reviewed")
    words.fill("")
    page.keyboard.press("Escape")
    expect(words).not_to_be_focused()
    page.keyboard.press("?")
    sheet = page.get_by_test_id("keyboard")
    expect(sheet).to_contain_text("next unreviewed")
    page.keyboard.press("1")  # rests below the sheet
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.locator(CARDS).first).to_contain_text("not reviewed")
    # Both, the map alone, the clusters alone.
    tree, chart = page.get_by_test_id("treemap"), page.get_by_test_id("scatter")
    for tree_is_there, map_is_there in ((False, True), (True, False), (True, True)):
        page.keyboard.press("m")
        expect(tree).to_be_visible(visible=tree_is_there)
        expect(chart).to_be_visible(visible=map_is_there)
    assert errors(page) == []


def test_the_cause_leads_to_the_clip_that_shows_it(url, opened):
    page = opened_review(opened, url, kept=True)
    explained(page)
    card = page.locator(CARDS, has_text="Mains hum")
    card.click()
    summary, evidence = page.get_by_test_id("summary"), page.get_by_test_id("evidence")
    expect(summary.get_by_role("heading")).to_have_text("Mains hum")
    expect(summary).to_contain_text(re.compile(r"Hum \d+\.\d\sdB vs\."))
    ready(page)
    page.evaluate(NOTE_SOUND)
    plot = evidence.get_by_role("button", name=re.compile("^Hum"))
    expect(plot).to_contain_text(re.compile(r"vs\. \d+\.\d dB\s*higher in \d+"))
    plot.click()
    page.wait_for_function("() => window.sounding?.currentTime > 0")
    # The table is sorted by it, most first.
    frame = page.frame_locator(".st-key-clips-table iframe").locator(":root").element_handle().owner_frame()
    frame.wait_for_function("""() => {
      const row = (cell) => Number(cell.closest("[role=row]").getAttribute("row-index"));
      const cells = [...document.querySelectorAll('.ag-center-cols-container [role=row] [col-id="hum"]')];
      const hums = cells.sort((a, b) => row(a) - row(b)).map((cell) => parseFloat(cell.innerText));
      return hums.length > 3 && hums.every((hum, i) => i === 0 || hum <= hums[i - 1]);
    }""")
    # What is marked in the picture of the clip, until D takes it away; told to those who can't see it.
    marked = player(page).get_by_role("list", name="Faults marked in the picture")
    faults = player(page).get_by_role("button", name="Mark faults")
    tag = player(page).locator(".tags span", has_text=re.compile(r"^[56]0 Hz"))
    for is_shown in (True, False, True):
        expect(faults).to_have_attribute("aria-pressed", str(is_shown).lower())
        expect(tag).to_be_visible(visible=is_shown)
        expect(marked).to_have_count(int(is_shown))
        page.keyboard.press("d")
    page.keyboard.press("d")
    expect(marked).to_contain_text(re.compile(r"Mains hum: [56]0 Hz"))
    # The words behind the errors.
    summary.get_by_role("button", name="What goes wrong").click()
    expect(page.get_by_role("dialog", name="What goes wrong in the slice")).to_contain_text(
        "Most often wrong"
    )
    page.keyboard.press("Escape")
    ready(page)
    assert errors(page) == []


def test_a_pick_shows_at_once_and_survives_a_summary_of_the_costs(url, opened):
    page = opened_review(opened, url, kept=True)
    explained(page)
    page.locator(CARDS).nth(1).click()
    ready(page)
    slice_id = picked(page)
    page.get_by_test_id("figures").get_by_text("Errors explained").click()
    expect(page.get_by_text("What the problems cost")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_contain_text("If all were fixed")
    page.get_by_text("Back to the review").click()
    page.locator(CARDS).first.wait_for()
    ready(page)
    assert picked(page) == slice_id
    assert errors(page) == []
