"""The treemap in a browser: what a press means, what stays over a rerun, where its labels are."""

from __future__ import annotations

import numpy as np
import pytest
from component_pages.invented import BASIS
from map_page import DATA, after, low_corner, middle, move_slider, stage, tile, wait_for
from playwright.sync_api import Page, expect


def test_click_in_a_flagged_tile_picks_the_slice(page):
    corner = low_corner(tile(page, "g0"))
    assert after(page, lambda: page.mouse.click(*corner)) == {"kind": "slice", "slice": "slice1"}
    expect(page.get_by_test_id("scatter")).to_have_attribute("data-picked", "slice1")


def test_click_elsewhere_picks_the_cluster(page):
    assert after(page, lambda: page.mouse.click(*middle(tile(page, "g7.20")))) == {
        "kind": "cluster",
        "key": "g7.20",
        "embedding": "signal",
        "basis": BASIS,
    }
    expect(page.get_by_test_id("treemap")).to_have_attribute("data-picked", "g7.20")


def test_no_label_of_a_cluster_around_lies_in_the_frame_of_the_picked_one(page):
    corner = tile(page, "g7")
    label = stage(page, "treemap").locator(".sc-plate").filter(has_text=f"{(DATA.group == 7).sum()} clips")
    expect(label).to_have_count(1)
    # Just below the label, in the part that it lies on.
    got = after(page, lambda: page.mouse.click(corner["x"] + 12, corner["y"] + 25))
    assert got["key"].startswith("g7.")
    expect(label).to_have_count(0)
    expect(stage(page, "treemap").locator(".sc-plate").filter(has_text="8 clips")).to_have_count(1)


def test_click_on_a_label_picks_what_it_names(page):
    corner = tile(page, "g7")
    assert after(page, lambda: page.mouse.click(corner["x"] + 20, corner["y"] + 13)) == {
        "kind": "cluster",
        "key": "g7",
        "embedding": "signal",
        "basis": BASIS,
    }


def test_flagged_tile_by_keyboard(page):
    page.get_by_test_id("treemap").get_by_role("button", name="Slice 2, Sample rate: 35 clips").focus()
    assert after(page, lambda: page.keyboard.press("Enter")) == {"kind": "slice", "slice": "slice2"}


def test_going_in_stays_over_a_recolour_and_leads_back(page):
    treemap = page.get_by_test_id("treemap")
    whole = tile(page, "all")
    after(page, lambda: page.mouse.dblclick(*middle(tile(page, "g5.1"))))
    expect(treemap).to_have_attribute("data-level", "pair")
    assert np.allclose(list(tile(page, "pair").values()), list(whole.values()), atol=1)
    crumbs = treemap.get_by_role("navigation")
    expect(crumbs).to_have_text("All clips›70 clips")

    for _ in range(3):
        move_slider(page)
    expect(treemap).to_have_attribute("data-level", "pair")

    after(page, lambda: page.mouse.dblclick(*low_corner(tile(page, "g5.1"))))
    expect(treemap).to_have_attribute("data-level", "g5")
    crumbs.get_by_role("button", name="All clips").click()
    expect(treemap).to_have_attribute("data-level", "")
    tile(page, "g7")


def test_a_slice_picked_elsewhere_is_brought_into_sight(page):
    treemap = page.get_by_test_id("treemap")
    after(page, lambda: page.mouse.dblclick(*low_corner(tile(page, "g5.1"))))
    expect(treemap).to_have_attribute("data-level", "pair")
    after(page, page.get_by_test_id("scatter").get_by_role("button", name="Slice 1").click)
    expect(treemap).to_have_attribute("data-level", "")


def test_pointing_at_a_tile_tells_its_numbers(page):
    page.mouse.move(*low_corner(tile(page, "g0")))
    page.mouse.move(*middle(tile(page, "g7.20")))
    tip = page.get_by_test_id("treemap").locator(".sc-tip")
    expect(tip).to_be_visible()
    assert "8 clips · " in tip.inner_text() and "pts" in tip.inner_text()


@pytest.mark.parametrize("parts", [4, 40])
def test_labels_neither_overlap_nor_leave_their_plates(url, opened, parts):
    page = opened(f"{url}?parts={parts}")
    wait_for(page, 1)
    for width in (1440, 1000, 620, 360):
        page.set_viewport_size({"width": width, "height": 900})
        wide = round(stage(page, "treemap").bounding_box()["width"])
        whole = stage(page, "treemap").locator(".sc-tiles rect").first
        expect(whole).to_have_attribute("width", str(wide))
        check_labels(page)


def check_labels(page: Page) -> None:
    boxes = (
        page.get_by_test_id("treemap")
        .locator(".sc-layer")
        .evaluate(
            """layer => [...layer.querySelectorAll('.sc-plate, .sc-badge')].map(group => {
                 const box = element => { const { left, top, right, bottom } = element.getBoundingClientRect();
                                          return [left, top, right, bottom]; };
                 return { plate: box(group.querySelector('rect')),
                          texts: [...group.querySelectorAll('text')].map(box), what: group.textContent };
               })"""
        )
    )
    around = stage(page, "treemap").bounding_box()
    assert len(boxes) >= 7
    for i, label in enumerate(boxes):
        left, top, right, bottom = label["plate"]
        assert left >= around["x"] - 1 and right <= around["x"] + around["width"] + 1, label["what"]
        for text in label["texts"]:
            assert text[0] >= left - 0.5 and text[2] <= right + 0.5, label["what"]
        for other in boxes[:i]:
            x0, y0, x1, y1 = other["plate"]
            apart = right <= x0 + 0.1 or x1 <= left + 0.1 or bottom <= y0 + 0.1 or y1 <= top + 0.1
            assert apart, (label["what"], other["what"])
