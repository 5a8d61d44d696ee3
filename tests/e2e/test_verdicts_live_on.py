"""Verdicts in a real browser after the table or the model has changed: shown, counted, confirmed, dropped."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from unittest.mock import patch

import harness
import pandas as pd
import pytest
from playwright.sync_api import expect
from review_page import CARDS, MAIN, TABLE, errors, explained, opened_review, picked, ready

import slicecore as sc
from slicecore.metrics import wer
from slicecore.slices.options import Options
from slicecore.storage.verdicts import verdicts_of
from slicecore_app.launch import TABLES_VARIABLE

SLICES = 7
CARRIED = f"{CARDS} .verdict.carried"


def sample():
    """The sample data without ids, so that they are made of audio path and reference."""
    table = pd.read_csv(TABLE).drop(columns="id")
    return table.assign(audio=[str(TABLE.parent / audio) for audio in table["audio"]])


def judge(path: Path, home: Path, share: float = 1.0) -> list[str]:
    """Judge every slice, or its first clips, as if those had been a slice; returns the ids of the slices."""
    data = sc.read(path)
    analysis = sc.analyse(data, cache=home / "cache")
    scan = sc.Scanner(analysis.hierarchy, wer(data.reference, data.prediction), data.ids).scan(
        Options(5, 0.1)
    )
    with patch.dict(os.environ, SLICECORE_HOME=str(home)):
        verdicts = verdicts_of(path)
    for slice_ in scan.slices:
        clips = [str(data.ids[row]) for row in slice_.members]
        some = clips[: round(share * len(clips))]
        name = slice_.id if share == 1 else f"part of {slice_.id}"
        verdicts.judge(
            name, model="prediction", clip_ids=some, verdict="real_issue", reviewer="Anna", tags=["hum"]
        )
    return [slice_.id for slice_ in scan.slices]


@pytest.fixture
def serve(tmp_path, prepared):
    """Serve a table in a home folder of its own."""
    shutil.copytree(prepared, tmp_path / "home" / "cache")

    def serve(path):
        env = {"SLICECORE_HOME": str(tmp_path / "home"), TABLES_VARIABLE: json.dumps([str(path)])}
        return harness.serve(MAIN, tmp_path / "server.log", env)

    return serve


@pytest.fixture
def judged(tmp_path, serve):
    """A table whose slices were judged, and its rows."""
    table, path = sample(), tmp_path / "eval.csv"
    table.to_csv(path, index=False)
    judge(path, tmp_path / "home")
    return path, table


def expect_all_carried(page, text):
    expect(page.locator(CARRIED)).to_have_count(SLICES)
    expect(page.get_by_test_id("figures")).to_contain_text(f"{SLICES} of {SLICES}{SLICES} carried over")
    page.locator(CARDS).first.click()
    expect(page.get_by_test_id("judging").locator(".carried").first).to_contain_text(text)
    expect(page.locator(".judging .next")).to_be_disabled()


def test_a_corrected_row_leaves_the_verdicts(judged, serve, opened):
    path, table = judged
    corrected = table.index[[0, 100, 200]]
    table.loc[corrected, "sentence"] += " Corrected."
    table.drop(index=[5, 50]).to_csv(path, index=False)
    with serve(path) as url:
        page = opened_review(opened, url)
        explained(page)
        changed = page.locator(f"{CARDS} .verdict", has_text="Real issue")
        expect(changed).to_have_count(SLICES)
        expect(page.locator(f"{CARDS} .verdict.open")).to_have_count(0)
        expect(page.get_by_test_id("figures")).to_contain_text(f"{SLICES} of {SLICES}")
        assert not errors(page)


def test_the_verdicts_of_one_model_hold_for_another_with_the_same_slices(judged, serve, opened):
    path, table = judged
    table.assign(prediction_new=table["prediction"]).to_csv(path, index=False)
    with serve(path) as url:
        page = opened_review(opened, url)
        page.get_by_role("combobox", name="Model output").click()
        page.get_by_role("option", name="prediction_new", exact=True).click()
        ready(page)
        explained(page)
        expect_all_carried(page, "for prediction, by Anna")
        assert not errors(page)


def test_the_verdicts_are_there_under_another_name_of_the_table(judged, serve, opened, tmp_path):
    path, _ = judged
    with serve(path.rename(tmp_path / "eval_v2.csv")) as url:
        page = opened_review(opened, url)
        explained(page)
        expect_all_carried(page, "in eval, by Anna")
        page.keyboard.press("y")
        ready(page)
        expect(page.locator(CARRIED)).to_have_count(SLICES - 1)
        expect(page.get_by_role("button", name="Real issue")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("z")
        ready(page)
        expect_all_carried(page, "in eval, by Anna")
        assert not errors(page)


def test_a_hint_does_not_count_until_a_key_confirms_it_and_goes_with_another(tmp_path, serve, opened):
    path = tmp_path / "eval.csv"
    sample().to_csv(path, index=False)
    judge(path, tmp_path / "home", share=0.7)
    with serve(path) as url:
        page = opened_review(opened, url)
        explained(page)
        hints = page.locator(f"{CARDS} .verdict.open", has_text="Real issue?")
        expect(hints).to_have_count(SLICES)
        expect(page.get_by_test_id("figures")).to_contain_text(f"0 of {SLICES}")
        page.locator(CARDS).first.click()
        ready(page)
        first = picked(page)
        expect(page.locator(".judging .carried").first).to_contain_text("Real issue? of ")
        page.keyboard.press("y")
        ready(page)
        expect(hints).to_have_count(SLICES - 1)
        expect(page.get_by_test_id("figures")).to_contain_text(f"1 of {SLICES}")
        expect(page.locator(".judging .open-notes")).to_contain_text("hum")
        page.keyboard.press("n")
        ready(page)
        page.keyboard.press("x")
        ready(page)
        expect(hints).to_have_count(SLICES - 2)
        page.reload()
        explained(page)
        expect(hints).to_have_count(SLICES - 2)
        expect(page.locator(f"{CARDS}[data-slice='{first}'] .verdict")).to_have_text("✓ Real issue")
        assert not errors(page)


def test_a_tab_that_was_open_during_an_update_is_loaded_anew_and_its_verdict_is_written(
    opened, tmp_path, serve
):
    with serve(TABLE) as address:
        page = opened_review(opened, address)
        explained(page)
        page.locator(CARDS).nth(1).click()
        ready(page)
        slice_id = picked(page)
    expect(page.get_by_test_id("footer").get_by_role("alert")).to_be_visible()
    page.keyboard.press("1")
    updated = tmp_path / "updated"
    shutil.copytree(MAIN.parent, updated / "app", ignore=shutil.ignore_patterns("__pycache__"))
    with (updated / "app/slicecore_app/web/connection.js").open("a") as module:
        module.write("// changed\n")
    env = {
        "SLICECORE_HOME": str(tmp_path / "home"),
        TABLES_VARIABLE: json.dumps([str(TABLE)]),
        "PYTHONPATH": os.pathsep.join([str(updated / "app"), str(harness.ROOT)]),
    }
    port = int(address.rsplit(":", 1)[1])
    with harness.serve(updated / "app/main.py", tmp_path / "updated.log", env, port=port, anew=True):
        page.wait_for_function("() => performance.getEntriesByType('navigation')[0].type === 'reload'")
        expect(page.locator(CARDS).nth(1)).to_contain_text("Real issue")
        ready(page)
        assert picked(page) == slice_id
        expect(page.get_by_test_id("problems")).to_have_count(1)
