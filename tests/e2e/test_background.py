"""An embedding that is made while somebody reviews: in a real browser, in two tabs, across a reload."""

from __future__ import annotations

import json
import re
from pathlib import Path

import harness
import layout
import pytest
from playwright.sync_api import expect
from review_page import CARDS, errors, explained, opened_review, ready

from slicecore_app.launch import TABLES_VARIABLE
from slicecore_app.session.view_file import ViewFile

APP = Path(__file__).with_name("gated_app.py")
CLIPS = 40
ALL = 1000
SIZES = ((1024, 768), (1240, 800), (1440, 900), (1920, 1080))
LONG_MS = 120_000  # a slow machine is no failure


@pytest.fixture
def url(tmp_path, gated):
    with harness.serve(APP, tmp_path / "server.log", gated) as address:
        yield address


def playing(page):
    return page.get_by_test_id("player").get_attribute("data-row")


def choose(page, model):
    """Name an embedding in the head."""
    view = page.get_by_role("combobox", name="Embedding")
    view.fill(model)
    view.press("Enter")


def test_an_embedding_is_made_beside_the_review(url, gate, opened):
    page = opened(url)
    page.locator(CARDS).first.wait_for(timeout=3 * LONG_MS)
    explained(page)
    page.locator(CARDS).first.click()
    page.locator(f'{CARDS}[aria-selected="true"]').wait_for()
    ready(page)
    picked = page.locator(CARDS).first.get_attribute("data-slice")
    expect(page.get_by_test_id("player")).to_have_attribute("data-row", re.compile(r"\d"))
    first = playing(page)
    page.keyboard.press("ArrowRight")
    ready(page)  # Python knows of it
    clip = playing(page)
    assert clip != first

    # Name a model: it starts, and the page stays with what it shows.
    choose(page, "gated")
    strip = page.locator(".st-key-strip")
    expect(strip).to_contain_text("gated")
    gate.write_text("14")
    expect(strip).to_contain_text(f"12 of {CLIPS} clips")
    expect(page.locator(f'{CARDS}[aria-selected="true"]')).to_have_attribute("data-slice", picked)
    assert playing(page) == clip
    expect(page.get_by_test_id("scatter")).to_contain_text("Recording (signal)")
    page.locator(".st-key-verdict button").first.click()
    expect(page.locator(CARDS).first).to_contain_text("Real issue")

    # A reload and another tab see it too, and the other tab cancels it.
    page.reload()
    expect(strip).to_contain_text(f"12 of {CLIPS} clips")
    other = page.context.new_page()
    other.goto(url)
    expect(other.locator(".st-key-strip")).to_contain_text(f"12 of {CLIPS} clips")
    other.locator(".st-key-strip").get_by_role("button", name="Cancel").click()
    expect(other.locator(".st-key-strip")).to_contain_text("stops after the current clips")
    gate.write_text(str(ALL))
    expect(strip).to_contain_text("was cancelled. Finished clips are kept")
    gate.write_text("8")
    # A press while the strip turns from a fragment into a part of the page can get lost in Streamlit.
    ready(page)
    strip.get_by_role("button", name="Go on").click()
    expect(strip).to_contain_text(re.compile(rf"(1[2-9]|2\d) of {CLIPS} clips"))  # 12 at least were kept

    # It ends while somebody reviews, who goes over to it when they like.
    page.locator(CARDS).first.click()
    page.locator(f'{CARDS}[aria-selected="true"]').wait_for()
    gate.write_text(str(ALL))
    expect(strip).to_contain_text("gated is ready")
    expect(page.get_by_test_id("scatter")).to_contain_text("Recording (signal)")
    ready(page)  # as above
    strip.get_by_role("button", name="Show it").click()
    expect(page.get_by_test_id("scatter")).to_contain_text("gated")
    expect(strip).to_have_count(0)
    # The same vectors under another name: the same slice, still picked and judged.
    chosen = page.locator(f'{CARDS}[data-slice="{picked}"]')
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(chosen).to_contain_text("Real issue")
    assert errors(page) == []


def test_a_view_whose_embedding_is_not_made_waits_for_it(url, gated, gate, opened, monkeypatch):
    monkeypatch.setenv("SLICECORE_HOME", gated["SLICECORE_HOME"])
    (table,) = json.loads(gated[TABLES_VARIABLE])
    ViewFile(table).save("Long calls", {"embedding": "gated", "drop": "35", "panels": "map"})
    page = opened_review(opened, url)
    explained(page)
    scatter, treemap = page.get_by_test_id("scatter"), page.get_by_test_id("treemap")
    drop = page.get_by_role("slider", name="Minimum drop")
    before = drop.input_value()
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("button", name="Long calls", exact=True).click()
    strip = page.locator(".st-key-strip")
    expect(strip).to_contain_text("The view “Long calls” waits for gated")
    # Nothing of it is there yet, but the address is that of the view: a reload waits on.
    page.wait_for_function("() => /embedding=gated/.test(location.search)")
    page.reload()
    page.locator(CARDS).first.wait_for()
    expect(strip).to_contain_text("waits for gated")
    ready(page)
    expect(scatter).to_contain_text("Recording (signal)")
    expect(treemap).to_be_visible()
    expect(drop).to_have_value(before)
    for size in SIZES:
        layout.resize(page, *size)
        assert layout.faults(page) == [], size
    gate.write_text(str(ALL))
    expect(strip).to_contain_text("gated is ready. Show it to open the linked view")
    ready(page)
    strip.get_by_role("button", name="Show it").click()
    expect(scatter).to_contain_text("gated")
    expect(treemap).to_be_hidden()
    expect(drop).to_have_value("35")
    expect(strip).to_have_count(0)
    ready(page)
    assert errors(page) == []
