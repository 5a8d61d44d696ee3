"""Selections in a real browser: a lasso, a filter, a group of the map's legend, similar clips; and links to a view."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect
from review_page import CARDS, TABLE, draw_lasso, errors, expect_clips, expect_rows, explained, ready

import slicecore as sc
from slicecore.metrics import wer
from slicecore.slices.options import Options

OWN = '[data-testid="problems"] [aria-label="Yours"] .card'


@pytest.fixture(scope="module")
def data():
    return sc.read(TABLE)


@pytest.fixture
def page(url, opened):
    """One page for all tests, without the filter and the part of the map that the one before has left."""
    page = opened(url, kept=True)
    page.locator(CARDS).first.wait_for()
    explained(page)
    for part, name in (("filterbar", "Clear"), ("scatter", "Show all clips")):
        button = page.get_by_test_id(part).get_by_role("button", name=name)
        if button.is_visible() and button.is_enabled():
            button.click()
            ready(page)
    yield page
    assert errors(page) == []


def stage(page):
    return page.get_by_test_id("scatter").locator(".sc-stage")


def lasso(page, left, top, right, bottom):
    """Draw a lasso with the mouse; shares of the map."""
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top + 0.02)]
    draw_lasso(page, corners)


def add_condition(page, column, operator, value):
    bar = page.get_by_test_id("filterbar")
    bar.get_by_role("button", name="Filter by a column").click()
    selects = bar.get_by_role("dialog").locator("select")
    selects.first.select_option(column)
    selects.last.select_option(operator)
    bar.get_by_role("dialog").locator("input").first.fill(value)
    bar.get_by_role("button", name="Add").click()


def test_a_lasso_is_judged_and_becomes_a_slice_that_can_be_renamed_and_removed(page):
    lasso(page, 0.02, 0.02, 0.98, 0.98)
    summary = page.get_by_test_id("summary")
    expect(summary).to_contain_text("in a lasso on the map")
    ready(page)
    expect(page.get_by_test_id("scatter")).to_contain_text(re.compile(r"\d+ clips · WER"))
    page.keyboard.press("1")
    expect(page.locator(OWN)).to_contain_text("Real issue")
    expect(page.locator(OWN)).to_have_attribute("aria-selected", "true")
    ready(page)
    is_whole = "label => label.scrollWidth <= label.clientWidth"
    assert page.locator(f"{OWN} .verdict").evaluate(is_whole)  # what the selection was gives way

    page.get_by_role("button", name="Rename or remove").click()
    page.get_by_label("Name", exact=True).last.fill("Nearly all")
    page.get_by_label("Name", exact=True).last.press("Enter")
    expect(page.locator(OWN)).to_contain_text("Nearly all")
    ready(page)
    # Another slice and back: the same clips, the same words.
    page.keyboard.press("Escape")
    page.locator(CARDS).first.click()
    ready(page)
    page.locator(OWN).click()
    expect(summary).to_contain_text("Nearly all")
    ready(page)
    page.get_by_role("button", name="Rename or remove").click()
    page.get_by_role("button", name="Remove from the list").click()
    expect(page.locator(OWN)).to_have_count(0)
    ready(page)


def test_the_table_is_filtered_and_says_so_where_nothing_matches(page, home, data):
    analysis = sc.analyse(data, cache=home / "cache")
    scanner = sc.Scanner(analysis.hierarchy, wer(data.reference, data.prediction, "basic"), ids=data.ids)
    inside = scanner.scan(Options(5, 0.1)).slices[1].members
    page.locator(CARDS).nth(1).click()
    ready(page)
    expect_clips(page, inside)
    page.keyboard.press("/")
    page.keyboard.type("zebra crossing")
    page.keyboard.press("Enter")
    expect(page.get_by_text("meets the filter words: “zebra crossing”")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("filterbar").get_by_role("button", name="Clear").click()
    ready(page)
    expect(page.get_by_text("meets the filter")).to_have_count(0)

    accents = data.table["accent"].to_numpy()
    wanted = next(accent for accent in np.unique(accents) if accent not in accents[inside])
    add_condition(page, "accent", "=", wanted)
    expect(page.get_by_text(f"meets the filter accent = {wanted}")).to_be_visible()
    matches = np.flatnonzero(accents == wanted)
    page.get_by_role("button", name=f"Look in all clips: {len(matches)} found").click()
    ready(page)
    bar = page.get_by_test_id("filterbar")
    expect(bar).to_contain_text(f"{len(matches)} of {len(data)} clips")
    expect_rows(page, matches)

    bar.get_by_role("button", name="Select these").click()
    expect(page.get_by_test_id("summary")).to_contain_text(f"ccent = {wanted}")
    ready(page)
    expect_clips(page, matches)
    page.keyboard.press("s")
    expect(page.get_by_test_id("summary")).to_contain_text("50 clips most like")
    ready(page)
    expect(page.get_by_text("50 clips, worst first")).to_be_visible()


def test_look_in_all_clips_may_be_ticked_before_there_is_a_condition(page, data):
    page.keyboard.press("Escape")
    page.locator(CARDS).first.click()
    ready(page)
    bar = page.get_by_test_id("filterbar")
    bar.get_by_role("button", name="Filter by a column").click()
    everywhere = bar.get_by_role("checkbox", name="Look in all clips")
    everywhere.check()
    ready(page)
    expect(everywhere).to_be_checked()
    value = str(data.table["accent"][0])
    selects = bar.get_by_role("dialog").locator("select")
    selects.first.select_option("accent")
    selects.last.select_option("=")
    bar.get_by_role("dialog").locator("input").first.fill(value)
    bar.get_by_role("button", name="Add").click()
    ready(page)
    matches = np.flatnonzero(data.table["accent"].to_numpy() == value)
    expect(bar).to_contain_text(f"{len(matches)} of {len(data)} clips")
    # A tick without a condition is forgotten with the sheet.
    bar.get_by_role("button", name="Clear").click()
    ready(page)
    bar.get_by_role("button", name="Filter by a column").click()
    everywhere.check()
    page.keyboard.press("Escape")
    bar.get_by_role("button", name="Filter by a column").click()
    expect(everywhere).not_to_be_checked()
    page.keyboard.press("Escape")


def test_an_interval_and_several_values_are_made_by_hand_and_are_in_the_link(url, opened, data):
    page = opened(url)  # where nothing is picked, all clips are filtered
    page.locator(CARDS).first.wait_for()
    explained(page)
    bar = page.get_by_test_id("filterbar")
    dialog = bar.get_by_role("dialog")
    rooms = data.table["room"].to_numpy()
    wanted = np.unique(rooms)[:2]
    bar.get_by_role("button", name="Filter by a column").click()
    dialog.locator("select").first.select_option("room")
    dialog.locator("select").last.select_option("is one of")
    for room in wanted:
        dialog.get_by_role("checkbox", name=room, exact=True).check()
    bar.get_by_role("button", name="Add").click()
    ready(page)
    matches = np.isin(rooms, wanted)
    expect(bar).to_contain_text(f"{matches.sum()} of {len(data)} clips")
    bar.get_by_role("button", name="Filter by a column").click()
    dialog.locator("select").first.select_option("words")
    dialog.locator("select").last.select_option("between")
    dialog.get_by_role("spinbutton", name="From").fill("7")
    dialog.get_by_role("spinbutton", name="To").fill("5")
    bar.get_by_role("button", name="Add").click()
    ready(page)
    words = wer(data.reference, data.prediction, "basic").denominator
    matches = np.flatnonzero(matches & (words >= 5) & (words <= 7))
    expect_rows(page, matches)
    chips = re.compile(r"(room is \w+ or \w+).*(words between 5 and 7)")
    expect(bar).to_contain_text(chips)
    expect(page).to_have_url(re.compile("where="))
    page.reload()
    ready(page)  # the table comes up anew with the page
    expect(page.get_by_test_id("filterbar")).to_contain_text(chips)
    expect_rows(page, matches)
    page.get_by_test_id("filterbar").get_by_role("button", name="Clear").click()
    ready(page)
    assert errors(page) == []


def test_the_map_is_coloured_by_a_column_and_a_group_of_the_legend_is_selected(page, data):
    fetched = []
    page.on("request", lambda request: "/api/published/" in request.url and fetched.append(request.url))
    colour = page.get_by_test_id("scatter").get_by_label("Colour of the points")
    whole = page.get_by_test_id("scatter").get_attribute("data-view")
    stage(page).hover()
    page.mouse.wheel(0, -400)
    expect(page.get_by_test_id("scatter")).not_to_have_attribute("data-view", whole)
    zoomed = json.loads(page.get_by_test_id("scatter").get_attribute("data-view"))["zoom"]
    for choice in ("column accent", "column words", "cluster", "value", "column accent"):
        colour.select_option(choice)
        ready(page)
    assert len(fetched) == len(set(fetched)) == 3  # every column once, what was there at first not again
    view = json.loads(page.get_by_test_id("scatter").get_attribute("data-view"))
    assert view["zoom"] == zoomed
    legend = page.get_by_test_id("scatter").get_by_role("group", name="Legend")
    most = data.table["accent"].value_counts().index[0]
    legend.get_by_role("button", name=most).click()
    expect(page.get_by_test_id("summary")).to_contain_text(f"ccent = {most}")
    ready(page)
    expect_clips(page, np.flatnonzero(data.table["accent"] == most))
    colour.select_option("value")
    ready(page)


def test_the_clip_under_the_pointer_is_shown_and_played_on_a_key_while_the_pick_stays(page, data):
    page.locator(CARDS).first.click()
    ready(page)
    picked = page.locator(f'{CARDS}[aria-selected="true"]').get_attribute("data-slice")
    box = stage(page).bounding_box()
    tip = page.get_by_test_id("scatter").locator(".sc-tip")
    for x, y in ((x, y) for y in np.linspace(0.2, 0.8, 13) for x in np.linspace(0.1, 0.6, 26)):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.evaluate(
            "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
        )
        if page.get_by_test_id("scatter").locator(".sc-stage[data-over]").count():
            break
    expect(tip).to_be_visible()
    row = int(tip.get_attribute("data-row"))
    expect(tip).to_contain_text(data.ids[row])
    page.keyboard.press("p")
    expect(page.get_by_test_id("player")).to_have_attribute("data-row", str(row))
    expect(page.get_by_test_id("player")).to_have_attribute("data-state", "playing")
    ready(page)
    expect(page.get_by_test_id("player")).to_have_attribute("data-row", str(row))
    assert page.locator(f'{CARDS}[aria-selected="true"]').get_attribute("data-slice") == picked


def test_a_link_opens_the_same_view_and_moves_of_a_slider_leave_the_history_alone(page, url, opened):
    length = page.evaluate("history.length")
    slider = page.get_by_role("slider", name="Minimum drop")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    slider.blur()
    ready(page)
    page.locator(CARDS).nth(2).click()
    ready(page)
    page.keyboard.press("/")
    page.keyboard.type("the")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_test_id("scatter").get_by_label("Colour of the points").select_option("column accent")
    ready(page)
    drop = slider.input_value()
    expect(page).to_have_url(
        re.compile(rf"drop={drop}.*colour=column.accent.*find=the.*slice=[0-9a-f]{{12}}")
    )
    assert page.evaluate("history.length") == length

    # The one who gets the link has left another view.
    other = opened(page.url)
    other.locator(CARDS).first.wait_for()
    ready(other)
    picked = f'{CARDS}[aria-selected="true"]'
    assert other.get_by_role("slider", name="Minimum drop").input_value() == drop
    expect(other.locator(picked)).to_have_attribute(
        "data-slice", page.locator(picked).get_attribute("data-slice")
    )
    expect(other.get_by_label("Filter by words in reference")).to_have_value("the")
    expect(other.get_by_test_id("scatter").get_by_role("group", name="Legend")).to_be_visible()
    assert errors(other) == []

    bad = opened(f"{url}/?drop=1e9&embedding=../../etc/passwd&slice=x")
    expect(bad.get_by_text("Left out of the address")).to_contain_text("embedding, drop, slice")
    ready(bad)
    assert errors(bad) == []
