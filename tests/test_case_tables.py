"""Tables of the worked cases: each is recognised, and has the overall value that its page tells."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from slicecore.metrics import METRICS, mean_of, usual_metric

MADE = runpy.run_path(str(Path(__file__).parents[1] / "docs" / "cases" / "make_tables.py"))


@pytest.fixture(scope="module")
def tables():
    return MADE["tables"](np.random.default_rng(MADE["SEED"]))[1]


@pytest.mark.parametrize(
    ("name", "columns", "metric", "value"),
    [
        ("commands.csv", ("label", "prediction"), "error_rate", 0.08),
        ("quality.csv", ("mos", "mos_pred"), "mae", 0.295),
        ("wake-words.csv", ("label", "prediction"), "detection", 22 / 300),
    ],
)
def test_a_table_is_looked_at_by_its_metric(tables, name, columns, metric, value):
    reference, prediction = (tables[name][column] for column in columns)
    assert usual_metric(reference, prediction) == metric
    assert METRICS[metric](reference, prediction).value() == pytest.approx(value, abs=5e-4)


def test_a_rating_has_a_mean(tables):
    assert set(tables["mos.csv"]) == {"audio", "room", "device", "mos"}
    assert mean_of(tables["mos.csv"]["mos"], "mos").value() == pytest.approx(3.96, abs=5e-3)


def test_a_sound_has_its_fault():
    clean, hum, fan = (
        np.abs(np.fft.rfft(MADE["sound"]("go", fault, np.random.default_rng(0))))
        for fault in ("", "hum", "fan")
    )
    fifty = round(50 * MADE["SECONDS"])
    assert hum[fifty] > 100 * clean[fifty] and np.median(fan) > 3 * np.median(clean)
