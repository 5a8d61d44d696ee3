"""Two models side by side in a real browser: chosen, listed by difference, aligned, judged, linked, and left again."""

from __future__ import annotations

import re

import harness
import layout
import odd_tables
import pandas as pd
import pytest
from axe import serious
from playwright.sync_api import expect
from review_page import (
    CARDS,
    DEEP,
    MAIN,
    TABLE,
    errors,
    expect_cards,
    expect_rows,
    explained,
    opened_review,
    ready,
)

import slicecore as sc
from slicecore.measurements import measure
from slicecore.metrics import difference, wer
from slicecore.pipeline.scanning import scanner_of
from slicecore.slices.options import Options
from slicecore.text.normalisation import normalise
from slicecore_app.launch import TABLES_VARIABLE

NAMES = ("prediction", "prediction_base")
ALIGNMENT = '[data-testid="player"] .alignment'
LINES_IN_SIGHT = f"""() => {{
  const [player] = {DEEP}.filter((element) => element.matches('[data-testid="player"]'));
  const words = player?.querySelector(".alignment"), end = words?.getBoundingClientRect().bottom;
  const lines = words ? [...words.querySelectorAll(".side > *")] : [];
  const counts = player ? [...player.querySelectorAll(".counts .wrong")] : [];
  return lines.length === 3 && lines.every((line) => line.getBoundingClientRect().bottom <= end)
    && counts.length && counts.every((count) => count.getBoundingClientRect().height < 26);
}}"""
"""First words of the reference and of both models in sight without scrolling, and each count of errors on one line."""


@pytest.fixture(scope="module")
def data():
    return sc.read(TABLE)


@pytest.fixture(scope="module")
def costs(data):
    return difference(*(wer(data.reference, data.predictions[name]) for name in NAMES), NAMES)


@pytest.fixture(scope="module")
def scan(home, data, costs):
    analysis = sc.analyse(data, cache=home / "cache")
    return scanner_of(analysis, costs, "speaker", None).scan(Options(5, 0.1))


@pytest.fixture(scope="module")
def running(home):
    with harness.serve(MAIN, home / "server.log", {"SLICECORE_HOME": str(home)}) as url:
        yield url


def compare_with(page, name):
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name=name, exact=True).click()


def rows(page):
    """Rows of the table as (row, text of the difference, both values), from the top."""
    frame = page.frame_locator(".st-key-clips-table iframe")
    frame.locator('.ag-center-cols-container [role="row"]').first.wait_for()
    return frame.locator(":root").evaluate(
        """root => [...root.querySelectorAll('.ag-center-cols-container [role="row"]')]
             .sort((a, b) => a.getAttribute("row-index") - b.getAttribute("row-index"))
             .map((row) => [Number(row.getAttribute("row-id")), row.querySelector('[col-id="value"]').innerText.trim(),
                            [...row.querySelectorAll('.both > span')].map((line) => line.innerText)])"""
    )


def lines(page):
    """The lines of the alignment, each without its gaps and signs."""
    columns = page.locator(f"{ALIGNMENT} .column:not(.side)").evaluate_all(
        "columns => columns.map((column) => [...column.children].map((cell) => cell.innerText.replace(/^[+]/, '')))"
    )
    return [" ".join(filter(None, line)) for line in zip(*columns, strict=True)]


def expect_aligned(page, row, data):
    """Wait until the player shows this clip, with the words of reference and both predictions in their lines."""
    expect(page.get_by_test_id("player")).to_have_attribute("data-row", str(row))
    expect(page.locator(f"{ALIGNMENT} .side > *")).to_have_text(["ref", *NAMES])
    texts = [data.reference, *(data.predictions[name] for name in NAMES)]
    assert lines(page) == normalise([text[row] for text in texts], "basic")


def test_two_models_are_compared_from_the_list_to_the_alignment(running, opened, data, costs, scan):
    page = opened_review(opened, running)
    figures = page.get_by_test_id("figures")
    compare_with(page, "prediction_base")
    expect(figures).to_contain_text("WER of prediction minus prediction_base")
    expect_cards(page, scan)
    expect(page.locator(CARDS).first).to_contain_text(re.compile(r"\d+ vs \d+.% · 17 clips"))

    page.locator(CARDS).first.click()
    ready(page)
    worst, values = scan.slices[0], costs.per_clip()
    expect_rows(page, worst.members)
    table = rows(page)
    order = [row for row, *_ in table]
    assert set(order) <= set(worst.members.tolist())
    assert [values[row] for row in order] == sorted(values[order], reverse=True)
    row, text, both = table[0]
    assert text == f"+{100 * values[row]:.0f}\u202fpts"
    assert both == [f"{100 * each.per_clip()[row]:.0f}\u202f%" for each in (costs.model, costs.other)]
    expect_aligned(page, row, data)
    page.keyboard.press("ArrowRight")
    expect_aligned(page, order[1], data)
    ready(page)
    expect_aligned(page, order[1], data)

    page.keyboard.press("1")
    expect(page.locator(CARDS).first).to_contain_text("Real issue")
    ready(page)
    link = page.url
    assert "compare=prediction_base" in link
    other = opened_review(opened, link)
    expect_cards(other, scan)
    expect(other.locator(CARDS).first).to_contain_text("Real issue")
    assert errors(other) == []

    compare_with(page, "no other")
    expect(figures).to_contain_text("Overall WER")
    same = page.locator(f'{CARDS}[data-slice="{worst.id}"]')
    expect(same).to_contain_text("not reviewed")
    ready(page)
    same.click()
    ready(page)
    expect(page.locator(f"{ALIGNMENT} .side > *")).to_have_text(["ref", "pred"])
    assert errors(page) == []


def test_long_names_of_both_models_stay_in_their_places(opened, tmp_path):
    path = odd_tables.write(tmp_path / "two", groups=3)
    table = pd.read_csv(path)
    long = f"prediction_{odd_tables.LONG}"
    table.rename(columns={"prediction": long}).assign(**{f"{long}_2": table["sentence"]}).to_csv(
        path, index=False
    )
    clips = sc.read(path)
    sc.analyse(clips, cache=tmp_path / "home" / "cache")
    measure(clips, cache=tmp_path / "home" / "cache")
    environment = {"SLICECORE_HOME": str(tmp_path / "home"), TABLES_VARIABLE: f'["{path}"]'}
    with harness.serve(MAIN, tmp_path / "server.log", environment) as address:
        page = opened_review(opened, f"{address}?compare={long}_2")
        explained(page)
        page.locator(CARDS).first.click()
        ready(page)
        expect(page.locator(f"{ALIGNMENT} .side > *")).to_have_text(["ref", long, f"{long}_2"])
        for width, height in ((1440, 900), (1920, 1080)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function(LINES_IN_SIGHT, polling=harness.LOOK_MS)
        layout.check(page, "two models with long names")
        assert serious(page) == []
