"""An embedding that is made while somebody reviews: in a real browser, in two tabs, across a reload."""

from __future__ import annotations

import re
from pathlib import Path

import harness
import numpy as np
import pandas as pd
import pytest
import soundfile
from playwright.sync_api import expect
from review_page import CARDS, DEEP, errors, ready

RATE, CLIPS = 16_000, 40
ALL = 1000
NEWEST = f"Math.max(...{DEEP}.map((one) => Number(one.dataset?.seq ?? 0)))"
LONG_MS = 120_000  # a slow machine is no failure


@pytest.fixture
def gate(tmp_path):
    path = tmp_path / "gate"
    path.write_text("0")
    return path


@pytest.fixture
def url(tmp_path, gate):
    """A server on forty clips, of which the last ten hum and are misheard."""
    rng = np.random.default_rng(0)
    time = np.arange(RATE // 2) / RATE
    for i in range(CLIPS):
        noise = 0.03 * rng.normal(size=len(time))
        hum = 0.4 * np.sin(314.16 * time)
        soundfile.write(tmp_path / f"{i}.wav", noise if i < 30 else noise / 10 + hum, RATE)
    pd.DataFrame(
        {
            "audio": [f"{i}.wav" for i in range(CLIPS)],
            "sentence": ["good morning to you"] * CLIPS,
            "prediction": ["good morning to you"] * 30 + ["so long"] * 10,
        }
    ).to_csv(tmp_path / "calls.csv", index=False)
    env = {
        "SLICECORE_HOME": str(tmp_path / "home"),
        "SLICECORE_TABLES": f'["{tmp_path / "calls.csv"}"]',
        "GATE": str(gate),
    }
    with harness.serve(Path(__file__).with_name("gated_app.py"), tmp_path / "server.log", env) as address:
        yield address


def playing(page):
    return page.get_by_test_id("player").get_attribute("data-row")


def test_an_embedding_is_made_beside_the_review(url, gate, opened):
    page = opened(url)
    page.locator(CARDS).first.wait_for(timeout=3 * LONG_MS)
    ready(page)
    page.locator(CARDS).first.click()
    page.locator(f'{CARDS}[aria-selected="true"]').wait_for()
    ready(page)
    picked = page.locator(CARDS).first.get_attribute("data-slice")
    expect(page.get_by_test_id("player")).to_have_attribute("data-row", re.compile(r"\d"))
    first, drawn = playing(page), page.evaluate(NEWEST)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"drawn => {NEWEST} > drawn", arg=drawn)  # Python knows of it
    ready(page)
    clip = playing(page)
    assert clip != first

    # Name a model: it starts, and the page stays with what it shows.
    view = page.get_by_role("combobox", name="View")
    view.fill("gated")
    view.press("Enter")
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
    expect(other.locator(".st-key-strip")).to_contain_text("stops after the clips in hand")
    gate.write_text(str(ALL))
    expect(strip).to_contain_text("was cancelled. Finished clips are kept")
    gate.write_text("8")
    strip.get_by_role("button", name="Go on").click()
    expect(strip).to_contain_text(re.compile(rf"(1[2-9]|2\d) of {CLIPS} clips"))  # 12 at least were kept

    # It ends while somebody reviews, who goes over to it when they like.
    page.locator(CARDS).first.click()
    page.locator(f'{CARDS}[aria-selected="true"]').wait_for()
    gate.write_text(str(ALL))
    expect(strip).to_contain_text("gated is ready")
    expect(page.get_by_test_id("scatter")).to_contain_text("Recording (signal)")
    ready(
        page
    )  # a press while the strip turns from a fragment into a part of the page can get lost in Streamlit
    strip.get_by_role("button", name="Show it").click()
    expect(page.get_by_test_id("scatter")).to_contain_text("gated")
    expect(strip).to_have_count(0)
    # The same vectors under another name: the same slice, still picked and judged.
    chosen = page.locator(f'{CARDS}[data-slice="{picked}"]')
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(chosen).to_contain_text("Real issue")
    assert errors(page) == []
