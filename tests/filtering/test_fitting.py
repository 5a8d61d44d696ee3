"""Metadata slices as filters, which leave exactly their clips; conditions that do not fit are errors."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import slicecore as sc
from slicecore.errors import SlicecoreError
from slicecore.filtering.clip_filter import ClipFilter
from slicecore.filtering.columns import EMPTY, Column, columns_of, measured_columns
from slicecore.filtering.metadata_conditions import filter_conditions
from slicecore.slices.condition import Condition
from slicecore.table.dataset import from_table

SAMPLE = Path(__file__).parents[2] / "sample_data" / "table.csv"
N = 400


def generated(seed=0):
    """A table of every kind of column, some with names that a filter has for something else."""
    rng = np.random.default_rng(seed)
    when = pd.date_range("2024-01-01 00:30", periods=N, freq="5h")
    return pd.DataFrame(
        {
            "sentence": "x",
            "prediction": "x",
            "accent": rng.choice([" irish ", "scottish", "welsh", "indian", None], N),
            "age": rng.integers(18, 80, N),
            "digits": rng.choice([1.0, 2.0, 3.5, 4.0, np.nan], N),
            "errors": rng.choice(["few", "many", "none"], N),
            "Length": np.where(rng.random(N) < 0.1, np.nan, rng.gamma(3, 2, N)),
            "duration": rng.normal(size=N).round(2),
            "studio": rng.random(N) < 0.3,
            "visits": pd.array(rng.integers(0, 60, N), dtype="Int64"),
            "recorded": when.strftime("%Y-%m-%dT%H:%M:%S+02:00"),
            "uploaded": when[rng.permutation(N)],
            "day": when.strftime("%Y-%m-%d")[rng.permutation(N)],
        }
    )


def measured_of(n, seed):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"duration": rng.gamma(3, 2, n), "speech_share": rng.random(n).round(3)})


def slices_of(data, errors, measured, **options):
    costs = sc.Costs(errors.astype(float), np.full(len(errors), 10.0), name="WER")
    hierarchy = sc.build_hierarchy(np.random.default_rng(0).normal(size=(len(errors), 2)))
    scan = sc.scan(hierarchy, costs, min_support=8, min_drop=0.01, shuffles=0, **options)
    catalogue = measured_columns(measured.reindex(columns=list(sc.measurements.CATALOGUE)))
    return costs, sc.scan_metadata(scan, data, measured), columns_of(data, costs, catalogue)


PLANTED = {
    "accent": lambda t: t.accent.isin([" irish ", "welsh"]),
    "age": lambda t: t.age.between(40, 47),
    "digits": lambda t: t.digits.isin([2.0, 3.5]),
    "errors": lambda t: t.errors == "many",
    "Length": lambda t: t.Length > 9,
    "duration": lambda t: t.duration.between(-0.3, 0.1),
    "studio": lambda t: t.studio,
    "visits": lambda t: t.visits.between(20, 26).astype(bool),
    "recorded": lambda t: pd.to_datetime(t.recorded).dt.hour.isin([22, 23, 0, 1]),
    "uploaded": lambda t: t.uploaded.between("2024-02-01", "2024-02-08"),
    "day": lambda t: pd.to_datetime(t.day).dt.day_of_week >= 5,
    "pair": lambda t: (t.age > 60) & (t.errors == "few"),
    "measured": None,
}


@pytest.mark.parametrize("planted", PLANTED)
def test_the_filter_of_a_metadata_slice_leaves_exactly_its_clips(planted):
    table, measured = generated(), measured_of(N, 1)
    bad = measured.speech_share.between(0.2, 0.3) if planted == "measured" else PLANTED[planted](table)
    errors = np.random.default_rng(2).binomial(10, np.where(bad, 0.5, 0.1))
    data = from_table(table, name="t", reference="sentence", prediction="prediction")
    _, slices, columns = slices_of(data, errors, measured)
    names = {"pair": "age", "measured": "speech_share"}
    assert names.get(planted, planted) in {
        condition.column for each in slices for condition in each.conditions
    }
    for each in slices:
        leaves = ClipFilter(conditions=filter_conditions(each.conditions, columns)).matches([""] * N, columns)
        assert np.array_equal(np.flatnonzero(leaves), each.slice.members), each.label


def test_every_metadata_slice_of_the_sample_is_a_filter():
    data = sc.read(SAMPLE)
    errors = sc.metrics.wer(data.reference, data.prediction).numerator
    measured = measured_of(len(data), 3)
    measured["duration"] = np.sort(measured.duration)[np.argsort(np.argsort(-errors, kind="stable"))]
    _, slices, columns = slices_of(data, errors.clip(0, 10), measured)
    assert len(slices) > 3
    for each in slices:
        conditions = filter_conditions(each.conditions, columns)
        leaves = ClipFilter(conditions=conditions).matches([""] * len(data), columns)
        assert np.array_equal(np.flatnonzero(leaves), each.slice.members), each.label


def columns_by_hand():
    times = pd.Series(["2024-03-09 22:15", "2024-03-10 05:00", None, "2024-03-11 12:00"])
    return {
        "accent": Column("accent", np.array(["irish", "welsh", EMPTY, "irish"], dtype=object)),
        "age": Column("age", np.array([20.0, 30.0, np.nan, 40.0])),
        "recorded": Column("recorded", times.fillna(EMPTY).to_numpy(dtype=object), cells=times),
        "day": Column("day", np.array(["2024-03-09"] * 4, dtype=object), cells=pd.Series(["2024-03-09"] * 4)),
    }


DAY = pd.Timestamp("2024-03-10").timestamp()


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        (Condition("accent", "is one of", ("irish", EMPTY)), [0, 2, 3]),
        (Condition("age", "between", (20.0, 30.0)), [0, 1]),
        (Condition("age", "to", (20.0, 30.0)), [0]),
        (Condition("age", "<", 30.0), [0]),
        (Condition("age", "is one of", (20.0, 40.0)), [0, 3]),
        (Condition("recorded", "≥", DAY, part="moment"), [1, 3]),
        (Condition("recorded", "to", (DAY, DAY + 86400), part="moment"), [1]),
        (Condition("recorded", "between", (22.0, 5.0), part="hour"), [0, 1]),
        (Condition("recorded", "=", "Monday", part="weekday"), [3]),
        (Condition("recorded", "is one of", ("Monday", "Sunday"), part="weekday"), [1, 3]),
    ],
)
def test_a_filter_takes_every_condition_of_metadata_slices(condition, rows):
    leaves = ClipFilter(conditions=(condition,)).matches([""] * 4, columns_by_hand())
    assert np.flatnonzero(leaves).tolist() == rows


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        (Condition("age", "between", (60.0, 50.0)), "the first is larger"),
        (Condition("age", "between", 50.0), "two ends"),
        (Condition("age", "between", (1.0, 2.0, 3.0)), "two ends"),
        (Condition("age", "≥", (1.0, 2.0)), "one value"),
        (Condition("age", "≥", float("nan")), "holds numbers"),
        (Condition("age", "is one of", ()), "one value"),
        (Condition("age", "is one of", ("20", "30")), "holds numbers"),
        (Condition("age", "≥", 3.0, part="moment"), "“age” has no dates"),
        (Condition("accent", "between", ("a", "b")), "can't be compared"),
        (Condition("accent", "=", "Monday", part="weekday"), "“accent” has no dates"),
        (Condition("recorded", "≥", 1e300, part="moment"), "is no moment"),
        (Condition("recorded", "between", (1.0, 24.0), part="hour"), "is no hour"),
        (Condition("recorded", "=", "Someday", part="weekday"), "is no weekday"),
        (Condition("day", "between", (1.0, 2.0), part="hour"), "no times of the day"),
        (Condition("gone", "=", "x"), "no column “gone”"),
    ],
)
def test_what_a_column_does_not_take_is_a_sentence(condition, what):
    with pytest.raises(SlicecoreError, match=what):
        ClipFilter(conditions=(condition,)).check(columns_by_hand())


def test_a_condition_on_a_column_that_is_gone_is_a_sentence():
    with pytest.raises(SlicecoreError, match="no column “Length”"):
        filter_conditions([Condition("duration", "≥", 3.0, "Length", "s")], columns_by_hand())
