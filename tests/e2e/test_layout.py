"""Layout of the review page at every width: nothing cut off, over each other or wider than its place."""

from __future__ import annotations

import re

import harness
import layout
import odd_tables
import pytest
from playwright.sync_api import expect
from review_page import CARDS, MAIN, explained, opened_review, ready

from slicecore_app.launch import TABLES_VARIABLE


@pytest.mark.parametrize("dark", [False, True])
def test_no_text_is_cut_off_or_covered_at_any_width(url, opened, dark):
    page = opened_review(opened, url, dark=dark)
    layout.check(page, "nothing picked")
    explained(page)
    for at in (2, -1):
        page.locator(CARDS).nth(at).click()
        ready(page)
        layout.check(page, f"problem {at}")


def test_the_longest_names_stay_in_their_places(opened, tmp_path):
    table = odd_tables.write(tmp_path / "long", groups=3)
    long = table.rename(table.with_name(f"{odd_tables.LONG}.csv"))
    environment = {"SLICECORE_HOME": str(tmp_path / "home"), TABLES_VARIABLE: f'["{long}"]'}
    with harness.serve(MAIN, tmp_path / "server.log", environment) as address:
        page = opened_review(opened, address)
        explained(page)
        page.locator(CARDS).first.click()
        ready(page)
        layout.check(page, "long names")


@pytest.mark.parametrize("menu", ["Data set", "Embedding"])
def test_every_entry_of_a_menu_is_read_in_full(opened, url, menu):
    page = opened_review(opened, url, kept=True)
    page.get_by_role("combobox", name=menu).click()
    entries = page.get_by_role("option")
    expect(entries.first).to_be_visible()
    for entry in entries.all():
        wide = entry.evaluate(
            "entry => [entry, ...entry.querySelectorAll('*')].every(e => e.scrollWidth <= e.clientWidth + 1)"
        )
        assert wide, entry.inner_text()
    page.keyboard.press("Escape")


def test_names_of_compared_models_are_read_in_full(opened, url):
    page = opened_review(opened, url)
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="prediction_base").click()
    expect(page.get_by_test_id("summary").or_(page.get_by_test_id("figures")).first).to_contain_text("vs")
    ready(page)
    for name in ("Data set", "Model output", "Compare with", "Embedding", "Metric"):
        field = page.get_by_role("combobox", name=name)
        assert field.evaluate("field => field.scrollWidth <= field.clientWidth + 1"), name


def test_a_loop_leaves_every_speed_that_is_shown_in_the_player(opened, url):
    page = opened_review(opened, url, kept=True)
    page.locator(CARDS).first.click()
    ready(page)
    player = page.get_by_test_id("player")
    picture = player.get_by_test_id("picture")
    picture.wait_for()
    expect(player).to_have_attribute("data-drawn", re.compile(r"\d"))
    box = picture.bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 60, steps=4)
    page.mouse.up()
    expect(player.locator(".transport .chip").first).to_contain_text(" s")
    for width, height in layout.SIZES:
        layout.resize(page, width, height)
        transport = player.locator(".transport")
        assert transport.evaluate("bar => bar.scrollWidth <= bar.clientWidth"), width


def test_what_is_needed_to_judge_is_in_view_on_a_small_laptop(opened, url):
    page = opened_review(opened, f"{url}?compare=")  # of two models the words are scrolled
    explained(page)
    page.locator(CARDS).first.click()
    for size in ((1024, 650), (1024, 768), (1240, 650), (1366, 650), (1366, 768), (1440, 789)):
        layout.resize(page, *size)
        ready(page)
        _is_all_in_view(page, size)


def _is_all_in_view(page, size):
    player, words = page.get_by_test_id("player"), page.get_by_test_id("player").locator(".alignment")
    expect(player).to_have_attribute("data-drawn", re.compile(r"\d"))
    needed = {
        "verdict": page.get_by_role("button", name="Unsure"),
        "next": page.get_by_role("button", name="Next unreviewed"),
        "reason": page.get_by_test_id("summary").locator(".why"),
        "play": player.locator(".play"),
        "prediction": words.locator(".column").last.locator("> *").last,
        "foot": page.get_by_test_id("footer"),
    }
    for name, part in needed.items():
        box = part.bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= size[1], (name, size)
        assert box["x"] + box["width"] <= size[0], (name, size)
    assert words.evaluate("words => words.scrollHeight <= words.clientHeight"), size
    assert layout.faults(page) == [], size


def test_the_check_sees_what_is_wrong(opened, url):
    page = opened_review(opened, url, kept=True)
    page.evaluate("""() => {
      const put = (text, style) => {
        const line = document.body.appendChild(document.createElement("div"));
        line.textContent = text;
        line.className = "put";
        line.style.cssText = "position: fixed; white-space: nowrap; " + style;
      };
      put("much too long for it", "left: 400px; top: 2px; width: 40px; overflow: hidden");
      put("one above", "left: 600px; top: 2px");
      put("the other", "left: 610px; top: 4px");
    }""")
    faults = " ".join(layout.faults(page, patience=1))
    assert 'cut off: "much too long for it"' in faults
    assert re.search(r'over each other: "one above" at 600–\d+ and "the other" at 610–', faults)
    page.evaluate("() => document.querySelectorAll('.put').forEach((line) => line.remove())")


def test_the_reason_is_read_in_full_and_p_stands_beside_the_tier(url, opened):
    page = opened_review(opened, url, kept=True)
    explained(page)
    summary = page.get_by_test_id("summary")
    for card in page.locator(CARDS).all():
        card.click()
        ready(page)
        expect(summary.locator(".note")).to_have_text(re.compile(r"p = \.\d{3}"))
        for width, height in ((1280, 800), (1366, 768), (1440, 900), (1920, 1080)):
            layout.resize(page, width, height)
            reason = summary.locator(".why")
            assert reason.evaluate("reason => reason.scrollHeight <= reason.clientHeight + 2"), (
                width,
                reason.inner_text(),
            )
            assert summary.locator(".title").evaluate("title => title.scrollWidth <= title.clientWidth"), (
                width
            )


def test_in_a_low_window_sheets_stay_within_it_and_begin_at_the_top(url, opened):
    width, height = 1440, 390
    page = opened_review(opened, url, size=(width, height), kept=True)
    page.get_by_role("button", name="Options").click()
    sheet = page.locator("[popover]:popover-open")
    box = sheet.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert box["y"] >= 0 and box["y"] + box["height"] <= height
    last = sheet.get_by_role("radio").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard")).to_be_in_viewport()
    page.keyboard.press("Escape")
