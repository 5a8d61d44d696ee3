"""Layout of the page in a saved view, in a real browser: under a name, over a reload and in a link."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import expect
from review_page import CARDS, errors, explained, opened_review, ready


def table(page):
    return page.frame_locator(".st-key-clips-table iframe")


def order(page):
    """Column and direction by which the table of clips is sorted, as its header shows it."""
    sorted_by = table(page).locator('.ag-header-cell[aria-sort="ascending"], [aria-sort="descending"]')
    expect(sorted_by).to_have_count(1)
    return sorted_by.get_attribute("col-id"), sorted_by.get_attribute("aria-sort")


def part_of_map(page):
    return json.loads(page.get_by_test_id("scatter").get_attribute("data-view"))


def in_address(page, **values):
    """Wait until the address has these values; None: it has no such name."""
    page.wait_for_function(
        """values => { const now = new URLSearchParams(location.search);
             return Object.entries(values).every(([name, value]) => now.get(name) === value); }""",
        arg=values,
    )
    ready(page)


def address(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def arrange(page):
    """Go into a cluster, look at a part of the map, sort the clips by their length, show the map alone."""
    stage = page.get_by_test_id("treemap").locator(".sc-stage")
    box = stage.bounding_box()
    stage.dblclick(position={"x": 0.25 * box["width"], "y": 0.5 * box["height"]})
    expect(page.get_by_test_id("treemap")).to_have_attribute("data-level", re.compile(".+"))
    ready(page)
    chart = page.get_by_test_id("scatter").locator(".sc-stage")
    box = chart.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.wheel(0, -500)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"], steps=4)
    page.mouse.up()
    header = table(page).locator('.ag-header-cell[col-id="duration"]')
    for direction in ("ascending", "descending"):
        header.click()
        expect(header).to_have_attribute("aria-sort", direction)
    page.keyboard.press("m")
    in_address(page, panels="map", order="duration desc")
    page.wait_for_function("() => /map=[^&]/.test(location.search) && /level=[^&]/.test(location.search)")
    ready(page)


def disarrange(page):
    """Another layout: both panels, all clusters, the whole map, the worst clips first."""
    for _ in range(2):
        page.keyboard.press("m")
    page.get_by_test_id("treemap").get_by_role("button", name="All clips").click()
    page.get_by_role("button", name="Show all clips").click()
    table(page).locator('.ag-header-cell[col-id="value"]').click()
    table(page).locator('.ag-header-cell[col-id="value"]').click()
    in_address(page, panels=None, level=None, map=None)


def layout(page):
    return {
        "panels": page.evaluate("document.documentElement.dataset.slicecoreView"),
        "level": page.get_by_test_id("treemap").get_attribute("data-level"),
        "map": {
            name: pytest.approx(value, rel=1e-3, abs=1e-3)
            for name, value in part_of_map(page).items()
            if name != "scale"
        },
        "order": order(page),
    }


def same(page, wanted):
    expect(page.get_by_test_id("treemap")).to_have_attribute("data-level", wanted["level"])
    expect(
        table(page).locator(f'[col-id="{wanted["order"][0]}"][aria-sort="{wanted["order"][1]}"]')
    ).to_be_visible()
    now = layout(page)
    seen = {name: value.expected for name, value in now.pop("map").items()}
    assert {**now, "map": seen} == wanted


def test_the_layout_is_kept_under_a_name_over_a_reload_and_in_a_link(url, opened):
    page = opened_review(opened, url)
    explained(page)  # which runs the page
    page.locator(CARDS).first.click()
    ready(page)
    arrange(page)
    wanted = layout(page)
    assert wanted["panels"] == "map" and wanted["order"] == ("duration", "descending")
    assert part_of_map(page)["zoom"] > 1.5
    link = page.url

    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Long calls")
    page.get_by_role("button", name="Save this view").click()
    expect(page.get_by_role("button", name="Long calls", exact=True)).to_be_visible()  # a run has begun
    page.keyboard.press("Escape")
    ready(page)
    drawn = page.get_by_test_id("problems").get_attribute("data-seq")
    disarrange(page)
    assert (
        page.get_by_test_id("problems").get_attribute("data-seq") == drawn
    )  # nothing but the layout has run
    assert not address(page).keys() & {"panels", "level", "map"}
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("button", name="Long calls", exact=True).click()
    in_address(page, panels="map", order="duration desc")
    same(page, wanted)

    page.reload()
    page.locator(CARDS).first.wait_for()
    ready(page)
    same(page, wanted)

    other = opened_review(opened, link)
    same(other, wanted)
    # And without an address: as it was left.
    other = opened_review(opened, url)
    same(other, wanted)
    assert errors(page) == errors(other) == []


def test_a_layout_that_makes_no_sense_is_left_out_and_named(url, opened):
    bad = {"panels": "x", "level": "../1", "map": "0.5,0.5,9999", "order": "os.system desc"}
    page = opened(f"{url}?{urlencode(bad)}", waits=False)
    toast = page.get_by_test_id("stToast")  # which goes after some seconds
    for name in bad:
        expect(toast).to_contain_text(name)
    in_address(page, panels=None, level=None, map=None, order=None)
    gone = opened(f"{url}?{urlencode({'level': '9-99999', 'panels': 'clusters'})}", waits=False)
    expect(gone.get_by_test_id("stToast")).to_contain_text("The cluster that was open is not among those")
    expect(gone.get_by_test_id("scatter")).to_be_hidden()
    in_address(gone, level=None, panels="clusters")
    assert errors(page) == errors(gone) == []


def test_the_clips_are_said_to_be_worst_first_only_while_they_are(url, opened):
    page = opened_review(opened, url)
    page.locator(CARDS).first.click()
    ready(page)
    caption = page.get_by_text("clips, worst first")
    expect(caption).to_be_visible()
    table(page).locator('.ag-header-cell[col-id="duration"]').click()
    expect(caption).to_have_count(0)
    assert errors(page) == []
