"""The whole job in a real browser, on the sample data: find, pick, hear, judge, come back, export."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import harness
import numpy as np
import pytest
from layout import resize
from playwright.sync_api import expect
from review_page import (
    CARDS,
    MAIN,
    NOTE_SOUND,
    TABLE,
    errors,
    expect_cards,
    expect_clips,
    explained,
    picked,
    ready,
)

import slicecore as sc
from slicecore.metrics import METRICS
from slicecore.pipeline.scanning import scanner_of
from slicecore.slices.options import Options

PLAYER = '[data-testid="player"]'
PLAYED = "(window.sounding?.currentTime ?? 0)"


@dataclass
class Workplace:
    """A home folder of its own, and what the engine itself finds on the sample data."""

    home: Path
    logs: Path

    def serve(self):
        return harness.serve(MAIN, self.logs / "server.log", {"SLICECORE_HOME": str(self.home)})


@pytest.fixture(scope="module")
def workplace(home, tmp_path_factory):
    return Workplace(home, tmp_path_factory.mktemp("logs"))


def more_like(page, slice_):
    """Find more clips like a slice in the folder of the sample data, and hear one; the menu is open."""
    page.keyboard.press("Escape")
    page.locator(f'{CARDS}[data-slice="{slice_.id}"]').click()
    ready(page)
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Clips like this slice").click()
    dialog = page.locator(".stDialog")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)  # Escape is for the dialog
    dialog.get_by_label("Folder of recordings").fill(str(TABLE.parent / "clips"))
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="Find", exact=True).click()
    dialog.get_by_text(re.compile(r"^100 clips, \d+ of them")).wait_for()
    place = dialog.locator("canvas").first.bounding_box()
    page.mouse.click(place["x"] + 15, place["y"] + 55)
    dialog.locator("audio").wait_for()
    dialog.get_by_role("button", name="Close").click()
    dialog.wait_for(state="detached")


@pytest.fixture(scope="module")
def scanner(workplace):
    data = sc.read(TABLE)
    analysis = sc.analyse(data, cache=workplace.home / "cache")
    costs = METRICS["wer"](data.reference, data.prediction, "basic")
    return data, costs, scanner_of(analysis, costs, "speaker", None)


@pytest.fixture(scope="module")
def running(workplace, scanner):
    with workplace.serve() as url:
        yield url


def move(page, name, key, times, value):
    """Move a slider by key and let it go."""
    slider = page.get_by_role("slider", name=name)
    slider.focus()
    for _ in range(times):
        page.keyboard.press(key)
    expect(slider).to_have_value(str(value))
    slider.blur()


def test_a_tour_comes_up_once_leaves_the_keys_to_the_page_and_comes_again_when_asked_for(running, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    with contextlib.closing(context), harness.visit(context, running) as page:
        tour = page.get_by_test_id("tour")
        expect(tour).to_contain_text("1 of 5")
        ready(page)
        page.keyboard.press("ArrowDown")  # what the step describes
        expect(page.locator(f'{CARDS}[aria-selected="true"]')).to_have_count(1)
        for step in ("2 of 5", "3 of 5", "4 of 5", "5 of 5"):
            tour.get_by_role("button", name="Next").click()
            expect(tour).to_contain_text(step)
            card, foot = tour.bounding_box(), 900
            assert card["x"] >= 0 and card["y"] >= 0 and card["y"] + card["height"] <= foot
        page.keyboard.press("Escape")
        expect(tour).to_be_hidden()
        page.reload()
        ready(page)
        expect(tour).to_be_hidden()
        page.keyboard.press("?")
        page.get_by_role("button", name="Show the tour").click()
        expect(tour).to_contain_text("1 of 5")
        assert page.errors == []


def test_the_whole_job(workplace, scanner, opened):
    data, costs, engine = scanner
    with workplace.serve() as url:
        page = opened(url)
        page.locator(CARDS).first.wait_for()
        ready(page)
        expect_cards(page, engine.scan(Options(5, 0.1)))
        explained(page)

        # A threshold moved by key gives exactly what the engine gives.
        move(page, "Minimum drop", "ArrowRight", 25, 35)
        assert engine.scan(Options(5, 0.35)).slices != engine.scan(Options(5, 0.1)).slices
        expect_cards(page, engine.scan(Options(5, 0.35)))
        move(page, "Minimum drop", "ArrowLeft", 25, 10)
        scan = engine.scan(Options(5, 0.1))
        expect_cards(page, scan)

        # Picking in list, treemap and map shows the same clips everywhere.
        target = scan.slices[1]
        for pick in (
            lambda: page.locator(CARDS).nth(1).click(),
            lambda: page.locator(f'[data-testid="treemap"] [data-slice="{target.id}"]').first.click(
                force=True
            ),
            lambda: page.locator(f'[data-testid="scatter"] .sc-badge[data-slice="{target.id}"]').click(
                force=True
            ),
        ):
            page.locator(CARDS).nth(0).click()
            ready(page)
            pick()
            page.locator(f'{CARDS}[data-slice="{target.id}"][aria-selected="true"]').wait_for()
            ready(page)
            assert picked(page) == target.id
            expect_clips(page, target.members)

        # Hear the clip, jump in it.
        page.evaluate(NOTE_SOUND)
        page.keyboard.press("Space")
        page.wait_for_function(f"() => {PLAYED} > 0.2")
        page.keyboard.press("Space")
        picture = page.get_by_test_id("picture").locator("canvas").last
        box = picture.bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_function(f"() => Math.abs({PLAYED} / window.sounding.duration - 0.5) < 0.05")

        # Judge two slices by key.
        page.keyboard.press("1")
        page.locator(f'{CARDS}[data-slice="{target.id}"]', has_text="Real issue").wait_for()
        ready(page)
        page.keyboard.press("n")
        other = scan.slices[2]
        page.locator(f'{CARDS}[data-slice="{other.id}"][aria-selected="true"]').wait_for()
        ready(page)
        page.keyboard.press("2")
        page.locator(f'{CARDS}[data-slice="{other.id}"]', has_text="False alarm").wait_for()
        ready(page)
        assert errors(page) == []

    # Another server, another day: both verdicts are there.
    with workplace.serve() as url:
        page = opened(url)
        page.locator(f'{CARDS}[data-slice="{target.id}"]', has_text="Real issue").wait_for()
        page.locator(f'{CARDS}[data-slice="{other.id}"]', has_text="False alarm").wait_for()
        explained(page)
        page.locator(f'{CARDS}[data-slice="{target.id}"]', has_text="Mains hum").wait_for()
        page.get_by_role("button", name="Export").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Reviewed slices").click()
        text = Path(download.value.path()).read_text(encoding="utf-8")
        more_like(page, target)
        assert errors(page) == []

    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    table = {row["id"]: row for row in csv.DictReader(TABLE.open(encoding="utf-8", newline=""))}
    expected = []
    for slice_, verdict in ((target, "real_issue"), (other, "false_positive")):
        for member in slice_.members:
            clip = table[data.ids[member]]
            expected.append(
                {
                    "slice_id": slice_.id,
                    "verdict": verdict,
                    "tags": "",
                    "note": "",
                    "id": clip["id"],
                    "audio": clip["audio"],
                    "reference": clip["sentence"],
                    "prediction": clip["prediction"],
                    "errors": f"{costs.numerator[member]:.0f}",
                    "words": f"{costs.denominator[member]:.0f}",
                    "slice_support": str(slice_.support),
                    "metric": "WER",
                    "name": "",
                    "reason": "",
                    "clip_verdict": "",
                    "carried_over": "",
                    "from_table": "",
                    "from_model": "",
                    **{name: clip[name] for name in data.metadata},
                }
            )
            numbers = {
                "value": costs.numerator[member] / costs.denominator[member],
                "slice_value": costs.numerator[slice_.members].sum()
                / costs.denominator[slice_.members].sum(),
                "overall_value": costs.numerator.sum() / costs.denominator.sum(),
            }
            numbers["drop"] = numbers["slice_value"] - numbers["overall_value"]
            row = rows[len(expected) - 1]
            for name, number in numbers.items():
                assert float(row[name]) == pytest.approx(number, abs=1e-6)
            assert row["time"]
            assert set(row) == {
                *expected[-1],
                *numbers,
                "time",
                "reviewer",
                "causes",
                "claims",
                "explanation",
                "remedy",
            }
            if slice_ is target:
                assert row["causes"] == "hum"
                assert row["explanation"].startswith("Mains hum: ")
                assert row["remedy"].startswith("Notch out 50 or 60 Hz")
    defused = [{name: re.sub(r"^'(?=[=+\-@])", "", cell) for name, cell in row.items()} for row in rows]
    assert [
        {name: row[name] for name in wanted} for row, wanted in zip(defused, expected, strict=True)
    ] == expected


def test_a_pick_survives_a_threshold_that_no_longer_flags_it(running, scanner, opened):
    *_, engine = scanner
    page = opened(running)
    page.locator(CARDS).first.wait_for()
    ready(page)
    page.locator(CARDS).last.click()
    ready(page)
    worst = engine.scan(Options(5, 0.1)).slices[-1]
    expect_clips(page, worst.members)
    move(page, "Minimum drop", "End", 1, 100)
    page.get_by_text("No cluster meets both thresholds").wait_for()
    explained(page)
    expect_clips(page, worst.members)
    assert page.get_by_test_id("summary").get_by_text("not flagged").is_visible()
    # The way out that the page offers leads back to slices.
    page.get_by_role("button", name=re.compile("Lower the drop to")).click()
    page.locator(CARDS).first.wait_for()
    ready(page)
    drop = int(page.get_by_role("slider", name="Minimum drop").input_value())
    expect_cards(page, engine.scan(Options(5, drop / 100)))
    # The next page opens as this one is left.
    page.get_by_role("button", name="Reset").click()
    expect_cards(page, engine.scan(Options(5, 0.1)))
    assert errors(page) == []


@pytest.fixture
def shared(running, opened):
    """One page for the tests that take it as it is."""
    page = opened(running, kept=True)
    page.locator(CARDS).first.wait_for()
    ready(page)
    return page


def test_a_slice_shows_its_test_and_can_be_widened_and_narrowed(shared, scanner):
    *_, engine = scanner
    scan = engine.scan(Options(5, 0.1))
    page = shared
    explained(page)
    for card, slice_ in zip(page.locator(CARDS).all(), scan.slices, strict=True):
        expect(card).to_contain_text(slice_.tier)
    second = scan.slices[1]
    page.locator(CARDS).nth(1).click()
    summary = page.get_by_test_id("summary")
    expect(summary).to_contain_text(f"{second.tier}p = {second.p_value:.3f}".replace("0.", "."))
    expect(summary).to_contain_text(f"{100 * second.interval[0]:.1f}")
    expect(summary).to_contain_text(f"{100 * second.interval[1]:.1f}")
    expect_clips(page, second.members)

    narrow = engine.narrow(second, scan)
    page.get_by_role("button", name=f"Worst sub-cluster: {narrow.support} clips").click()
    expect(summary).to_contain_text("not flagged")
    expect_clips(page, narrow.members)
    page.get_by_role("button", name=f"Parent cluster: {second.support} clips").click()
    expect(page.locator(CARDS).nth(1)).to_have_attribute("aria-selected", "true")
    expect_clips(page, second.members)
    wide = engine.widen(second, scan)
    page.get_by_role("button", name=f"Parent cluster: {wide.support} clips").click()
    expect_clips(page, wide.members)
    assert errors(page) == []


def test_options_change_the_scan_as_they_do_in_the_engine(shared, scanner):
    *_, engine = scanner
    page = shared
    page.get_by_role("button", name="Options").click()
    page.get_by_text("The rest", exact=True).click()
    expect_cards(page, engine.scan(Options(5, 0.1, against="rest")))
    page.get_by_text("Confirmed only", exact=True).click()
    expect_cards(page, engine.scan(Options(5, 0.1, against="rest", tier="confirmed")))
    page.get_by_text("The whole", exact=True).click()
    page.get_by_text("Share of the overall value", exact=True).click()
    scan = engine.scan(Options(5, 0.5, relative=True, tier="confirmed"))
    assert scan.min_drop == pytest.approx(0.5 * scan.overall)
    expect_cards(page, scan)
    page.get_by_role("radiogroup", name="At most").get_by_text("5", exact=True).click()
    expect_cards(page, engine.scan(Options(5, 0.5, relative=True, tier="confirmed", max_slices=5)))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Reset").click()
    expect_cards(page, engine.scan(Options(5, 0.1)))
    assert errors(page) == []


def test_keys_reach_the_page_while_the_table_has_the_focus(shared):
    page = shared
    explained(page)
    page.locator(CARDS).nth(3).click()
    page.locator(f'{CARDS}[aria-selected="true"]').wait_for()
    ready(page)
    rows = page.frame_locator(".st-key-clips-table iframe").locator(".ag-center-cols-container")
    rows.locator('[row-index="2"]').click()
    ready(page)
    clip = page.get_by_test_id("player").get_attribute("data-row")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("player")).not_to_have_attribute("data-row", clip)
    ready(page)
    for key, verdict in (("1", "Real issue"), ("4", "Unsure"), ("4", "not reviewed")):
        page.keyboard.press(key)
        expect(page.locator(CARDS).nth(3)).to_contain_text(verdict)
        ready(page)
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    assert errors(page) == []


def test_a_verdict_pressed_at_once_belongs_to_the_slice_just_picked(shared):
    page = shared
    page.locator(CARDS).nth(4).click()
    page.locator(".st-key-verdict button:not([disabled])").first.wait_for()
    ready(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("3")
    expect(page.locator(CARDS).nth(5)).to_contain_text("Wrong ref.")
    expect(page.locator(CARDS).nth(4)).to_contain_text("not reviewed")
    assert errors(page) == []


@pytest.mark.parametrize("dark", [False, True])
def test_the_page_fits_the_window(running, opened, dark):
    sizes = [(1280, 800), (1440, 900), (1920, 1080)]
    if dark:
        sizes.reverse()
    page = opened(running, size=sizes[0], dark=dark)
    page.locator(CARDS).first.wait_for()
    for size in sizes:
        resize(page, *size)
        ready(page)
        widths = page.evaluate(
            "[document.documentElement.scrollWidth, document.querySelector('.stMain').scrollWidth]"
        )
        heights = page.evaluate(
            "[document.documentElement.scrollHeight, document.querySelector('.stMain').scrollHeight]"
        )
        assert max(widths) <= size[0]
        assert max(heights) <= size[1]
    background = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert (np.mean([int(part) for part in re.findall(r"\d+", background)[:3]]) < 100) == dark
    assert errors(page) == []
