"""The first run of a table: its steps, cancelling, and going on after the server was cut off."""

from __future__ import annotations

import json
import re
from pathlib import Path

import harness
import layout
import pytest
from playwright.sync_api import expect
from review_page import CARDS, errors, ready

from slicecore_app.launch import VIEW_VARIABLE

APP = Path(__file__).with_name("gated_app.py")
CLIPS = 40
ALL = 1000
LONG_MS = 120_000  # a slow machine is no failure


@pytest.fixture
def environment(gated):
    return {**gated, VIEW_VARIABLE: json.dumps({"model": "gated"})}


def fits(page):
    for size in ((1240, 800), (1440, 900), (1920, 1080)):
        layout.resize(page, *size)
        assert layout.faults(page) == [], size


def test_five_steps_with_progress_that_can_be_cancelled_and_goes_on(tmp_path, environment, gate, opened):
    with harness.serve(APP, tmp_path / "server.log", environment, anew=True) as url:
        page = opened(url, waits=False)
        steps = page.get_by_test_id("steps")
        expect(steps.locator("li")).to_have_count(5)
        expect(steps.locator('[aria-current="step"]')).to_contain_text("Compute embeddings")
        gate.write_text("14")  # three batches of four
        expect(steps).to_contain_text(re.compile(rf"12 of {CLIPS} clips.*clips/s.*about .* left"))
        expect(steps.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "30")
        expect(steps.locator("li.done")).to_have_text(
            [re.compile("Read the table.*40 rows"), re.compile("Look for")]
        )
        expect(steps.locator("li.ahead")).to_have_text(
            [re.compile("Build the cluster tree"), re.compile("Find")]
        )
        expect(page.get_by_test_id("figures")).to_contain_text(re.compile(r"Overall WER25\.0\s%Problems–"))
        expect(page.get_by_text("Cancelling keeps the 12 clips that are done")).to_be_visible()
        fits(page)
        page.keyboard.press("Escape")
        expect(page.get_by_text("Stops after the current clips")).to_be_visible()
        gate.write_text(str(ALL))
        expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
        expect(page.get_by_text(re.compile("The 1[2-6] clips that are done are kept"))).to_be_visible()
        gate.write_text("4")
        page.get_by_role("button", name="Go on").click()
        expect(steps).to_contain_text(re.compile(r"1[2-6] were there already"))
        gate.write_text(str(ALL))
        page.locator(CARDS).first.wait_for(timeout=LONG_MS)
        ready(page)
        expect(steps).to_have_count(0)
        assert errors(page) == []


def test_what_a_cut_off_run_has_done_is_not_done_again(tmp_path, environment, gate, opened):
    with harness.serve(APP, tmp_path / "first.log", environment) as url:
        page = opened(url, waits=False)
        gate.write_text("14")
        expect(page.get_by_test_id("steps")).to_contain_text(f"12 of {CLIPS} clips")
    gate.write_text("0")
    with harness.serve(APP, tmp_path / "second.log", environment) as url:
        page = opened(url, waits=False)
        steps = page.get_by_test_id("steps")
        expect(steps).to_contain_text(f"12 of {CLIPS} clips")
        expect(steps).to_contain_text("12 were there already")
        fits(page)
        gate.write_text(str(CLIPS - 12))  # as many as are left, and no more
        page.locator(CARDS).first.wait_for(timeout=LONG_MS)
        ready(page)
        assert errors(page) == []
