"""`SliceGuard.report` opens the page on what `find_issues` found, with its metric and its thresholds."""

from __future__ import annotations

import json

import harness
import numpy as np
import pandas as pd
import pytest
import soundfile
from jiwer import wer
from playwright.sync_api import expect
from review_page import CARDS, SHOWN_SLICES, ready

from slicecore.sliceguard import SliceGuard

RATE, CLIPS = 16_000, 40
LONG_MS = 120_000


@pytest.fixture
def df(tmp_path, monkeypatch):
    """Forty clips of two rooms; ten in the hall hum and are misheard."""
    monkeypatch.setenv("SLICECORE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STREAMLIT_SERVER_HEADLESS", "true")
    rng = np.random.default_rng(0)
    hum = 0.4 * np.sin(314.16 * np.arange(RATE // 2) / RATE)
    for i in range(CLIPS):
        noise = 0.03 * rng.normal(size=len(hum))
        soundfile.write(tmp_path / f"{i}.wav", noise if i < 30 else noise / 10 + hum, RATE)
    sentences = ["good morning to you all", "good day"] * (CLIPS // 2)
    return pd.DataFrame(
        {
            "audio": [str(tmp_path / f"{i}.wav") for i in range(CLIPS)],
            "room": ["office"] * 20 + ["hall"] * 20,
            "sentence": sentences,
            "prediction": sentences[:30] + ["good bye"] * 10,
        }
    )


def wer_metric(y_true, y_pred):
    return np.mean([wer(s_y, s_pred) for s_y, s_pred in zip(y_true, y_pred, strict=True)])


def pooled(y_true, y_pred):
    return wer(list(y_true), list(y_pred))


@pytest.mark.parametrize(
    ("features", "metric", "name", "drop"),
    [
        (["audio"], wer_metric, "wer_metric", "0.3"),
        (["audio", "room"], pooled, "WER, as written", "30\u202fpts"),
    ],
)
def test_the_page_shows_the_issues(df, browser, features, metric, name, drop):
    guard = SliceGuard()
    issues = guard.find_issues(
        df, features, "sentence", "prediction", metric, metric_mode="min", min_support=6, min_drop=0.3
    )
    assert issues
    guard.report(wait=False)
    with guard.page:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(harness.PATIENCE_MS)
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(guard.page.url)
        page.locator(CARDS).first.wait_for(timeout=LONG_MS)
        ready(page)
        slice_ids = page.evaluate(SHOWN_SLICES)
        assert slice_ids == [issue["slice_id"] for issue in issues], json.dumps(slice_ids)
        expect(page.get_by_role("combobox", name="Metric")).to_have_value(name)
        expect(page.get_by_role("slider", name="Minimum drop")).to_have_attribute("aria-valuetext", drop)
        assert errors == []
        page.close()
    assert not guard.page.running
