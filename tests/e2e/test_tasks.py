"""Labels and detection in a real browser: the confusion matrix by keyboard, the threshold; axe finds nothing."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from axe import serious
from harness import ROOT, serve
from playwright.sync_api import expect
from review_page import CARDS, ready

from slicecore_app.launch import TABLES_VARIABLE, VIEW_VARIABLE
from slicecore_app.server.sources import Source

pytestmark = pytest.mark.e2e

BAD = np.arange(120) < 20
WORDS = np.array(["yes", "no", "stop"])[np.arange(120) % 3]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """A table of labels and one of detection, without sound: twenty clips lie apart and go wrong."""
    folder = tmp_path_factory.mktemp("tasks")
    rng = np.random.default_rng(0)
    vectors = list(rng.normal(size=(120, 8)) + 6 * BAD[:, None])
    targets = np.arange(120) % 2
    made = {
        "labels": (WORDS, np.where(BAD, "no", WORDS)),
        "detection": (targets, np.where(BAD, 1 - targets, targets) + rng.normal(0, 0.1, 120)),
    }
    for name, (reference, prediction) in made.items():
        frame = pd.DataFrame({"reference": reference, "prediction": prediction, "vector": vectors})
        frame.to_parquet(folder / f"{name}.parquet")
    return {name: folder / f"{name}.parquet" for name in made}


@pytest.fixture(scope="module")
def url(tables, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tasks-home")
    environment = {
        "SLICECORE_HOME": str(folder),
        TABLES_VARIABLE: json.dumps([str(path) for path in tables.values()]),
        VIEW_VARIABLE: json.dumps({"model": "column:vector"}),
    }
    with serve(ROOT / "app" / "main.py", folder / "server.log", environment) as address:
        yield address


def test_a_cell_of_the_matrix_is_reached_and_selected_by_keyboard(url, opened):
    page = opened(url)
    page.locator(CARDS).first.click()
    ready(page)
    button = page.get_by_role("button", name="Confusion matrix")
    button.focus()
    page.keyboard.press("Enter")
    matrix = page.get_by_role("grid", name="Confusion matrix")
    expect(matrix.get_by_role("gridcell")).to_have_count(9)
    assert serious(page) == []
    matrix.get_by_role("gridcell").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    expect(matrix.get_by_role("gridcell").nth(3)).to_be_focused()
    labels = matrix.get_by_role("rowheader").all_inner_texts()
    at = 3 * labels.index("yes") + labels.index("no")
    matrix.get_by_role("gridcell").nth(at).focus()
    page.keyboard.press("Enter")
    expect(matrix).to_be_hidden()
    expect(page.get_by_test_id("summary").get_by_role("heading")).to_contain_text("Yes taken for no, 7 clips")


def test_a_threshold_moves_errors_and_curve(url, opened, tables):
    page = opened(f"{url}/?data={Source(str(tables['detection'])).token}&embedding=column%3Avector")
    page.locator(CARDS).first.click()
    ready(page)
    slider = page.get_by_role("slider", name="Score threshold")
    before = page.get_by_test_id("summary").get_by_text("False accepts").locator("xpath=..").inner_text()
    slider.press("End")
    summary = page.get_by_test_id("summary")
    expect(summary.get_by_text("False accepts").locator("xpath=..")).not_to_have_text(before)
    page.get_by_role("button", name="DET curve").click()
    expect(page.get_by_role("img", name="DET curve")).to_be_visible()
    assert serious(page) == []
