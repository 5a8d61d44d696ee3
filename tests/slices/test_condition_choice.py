"""The choice of metadata slices is made once for a table and its thresholds, and is the same from the cache."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.metrics import difference
from slicecore.slices import condition_choice
from slicecore.slices.metadata_slices import scan_metadata

N = 900


def table_and_errors():
    """Clips with a bad value, two bad values of a column, a bad range, bad hours, and a value that two columns say."""
    rng = np.random.default_rng(3)
    table = pd.DataFrame(
        {
            "accent": rng.choice(["american", "scottish", "irish"], N),
            "device": rng.choice(["phone", "headset", "laptop"], N),
            "city": rng.choice([f"city {i}" for i in range(9)], N),
            "band": np.repeat(["low", "high"], [N - 90, 90]),
            "rate": np.repeat([16000, 8000], [N - 90, 90]),
            "age": rng.integers(18, 80, N),
            "recorded": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 90 * 86400, N), "s"),
        }
    )
    hour = table.recorded.dt.hour
    bad = [
        (table.accent == "scottish") & (table.device == "phone"),
        table.city.isin(["city 3", "city 7"]),
        table.age >= 72,
        (hour >= 22) | (hour < 3),
        table.band == "high",
    ]
    errors = rng.binomial(10, 0.08, N) + sum(3 * rows.to_numpy() for rows in bad)
    return table.assign(recorded=table.recorded.dt.strftime("%Y-%m-%d %H:%M:%S")), errors


@cache
def tree():
    return sc.build_hierarchy(np.random.default_rng(0).normal(size=(N, 2)))


def searched(cache_folder, costs=None, measured=None, **options):
    table, errors = table_and_errors()
    data = sc.from_table(table.assign(sentence="x", prediction="x"), name="invented")
    costs = costs or sc.Costs(errors.astype(float), np.full(N, 10.0), name="WER")
    scan = sc.scan(
        tree(), costs, ids=data.ids, **{"min_support": 10, "min_drop": 0.05, "shuffles": 0} | options
    )
    found = scan_metadata(scan, data, measured, cache=cache_folder)
    return [
        (each.label, tuple(map(str, each.same)), each.slice.members.tolist(), each.slice.drop)
        for each in found
    ]


@pytest.fixture
def choices(monkeypatch):
    """A list with an entry for each time that groups were chosen."""
    made = []
    choose = condition_choice.choose_groups
    monkeypatch.setattr(condition_choice, "choose_groups", lambda groups: made.append(1) or choose(groups))
    return made


def test_groups_are_chosen_once_and_are_the_same_from_the_cache(tmp_path, choices):
    without = searched(None)
    joined = [label for label, *_ in without]
    assert any(" or " in label for label in joined) and any(" and " in label for label in joined)
    assert any(label.startswith("recorded between") for label in joined)
    assert any(same for _, same, *_ in without)
    assert searched(tmp_path) == searched(tmp_path) == without
    assert len(choices) == 2  # without a cache, and the first time with one


def test_nothing_chosen_is_remembered_too(tmp_path, choices):
    flat = sc.Costs(np.zeros(N), np.full(N, 10.0))
    assert searched(tmp_path, flat) == searched(tmp_path, flat) == []
    assert len(choices) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"min_drop": 0.1},
        {"min_support": 40},
        {"against": "rest"},
        {"measured": pd.DataFrame({"peak": np.linspace(0, 1, N).round(1)})},
    ],
    ids=lambda other: next(iter(other)),
)
def test_other_thresholds_or_columns_are_another_choice(tmp_path, choices, other):
    searched(tmp_path)
    assert searched(tmp_path, **other) == searched(None, **other)
    assert len(choices) == 3


def test_another_direction_or_kind_of_metric_is_another_choice(tmp_path, choices):
    _, errors = table_and_errors()
    costs = sc.Costs(errors.astype(float), np.full(N, 10.0))
    searched(tmp_path, costs)
    better = replace(costs, higher_is_better=True)
    assert searched(tmp_path, better) == searched(None, better)
    change = difference(costs, sc.Costs(np.zeros(N), np.full(N, 10.0)))
    assert searched(tmp_path, change) == searched(None, change)
    assert len(choices) == 5


def test_another_calibration_is_another_choice(tmp_path, choices, monkeypatch):
    searched(tmp_path)
    settings = condition_choice.condition_search.SETTINGS
    monkeypatch.setattr(condition_choice.condition_search, "SETTINGS", replace(settings, same=0.5))
    searched(tmp_path)
    assert len(choices) == 2
