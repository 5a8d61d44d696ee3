"""Drops that read exactly as a threshold meet it, whatever rounding takes from them."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import slicecore as sc
from slicecore.filtering.clip_filter import ClipFilter, search_texts
from slicecore.filtering.columns import columns_of
from slicecore.metrics import difference
from slicecore.slices.condition import Condition
from slicecore.slices.empty_scan import drop_below
from slicecore.thresholds import reaches

HUNDREDTHS = st.integers(0, 1000).map(lambda hundredths: Decimal(hundredths) / 100)


@given(HUNDREDTHS, HUNDREDTHS)
def test_a_difference_reaches_what_it_is_and_nothing_above(value, compared):
    drop, is_drop = float(value) - float(compared), value - compared
    assert reaches(drop, float(is_drop))
    assert reaches(drop, float(is_drop - Decimal("0.0001")))
    assert not reaches(drop, float(is_drop + Decimal("0.0001")))


@given(st.lists(st.floats(-10, 10) | st.just(np.nan) | st.just(-np.inf)), st.sampled_from([0.0, 0.1, 2.0]))
def test_arrays_are_compared_as_their_numbers_are(amounts, threshold):
    assert reaches(np.array(amounts), threshold).tolist() == [
        bool(reaches(amount, threshold)) for amount in amounts
    ]


def tied(*, against="whole", higher_is_better=False):
    """Hundred clips, thirty of which have exactly .3 (.7), ten points worse than what they are compared with."""
    is_bad = np.arange(100) < 30
    if against == "rest":
        words, bad, good = 1000, 300, 200
    else:
        words, bad, good = 700, 210, 110
    errors = np.where(is_bad, bad, good).astype(float)
    numerator = words - errors if higher_is_better else errors
    costs = sc.Costs(numerator, np.full(100, float(words)), higher_is_better=higher_is_better, name="WER")
    vectors = np.random.default_rng(0).normal(size=(100, 8)) * 0.1
    vectors[is_bad] += 3
    return is_bad, costs, sc.build_hierarchy(vectors)


@pytest.mark.parametrize("rule", ["best", "plain"])
@pytest.mark.parametrize(
    ("given", "of"),
    [
        ({"min_drop": 0.1}, {}),
        ({"min_drop": 0.5, "relative": True}, {}),
        ({"min_drop": 0.1, "against": "rest"}, {"against": "rest"}),
        ({"min_drop": 0.1}, {"higher_is_better": True}),
    ],
)
def test_a_cluster_whose_drop_is_the_minimum_is_flagged(rule, given, of):
    is_bad, costs, hierarchy = tied(**of)
    (slice_,) = sc.scan(hierarchy, costs, rule=rule, shuffles=0, min_support=20, **given).slices
    assert slice_.members.tolist() == np.flatnonzero(is_bad).tolist()
    assert slice_.drop == pytest.approx(0.1)
    more = {**given, "min_drop": given["min_drop"] + 0.001}
    assert not sc.scan(hierarchy, costs, rule=rule, shuffles=0, min_support=20, **more).slices


def test_values_of_a_column_whose_drop_is_the_minimum_are_a_slice():
    is_bad, costs, hierarchy = tied()
    table = pd.DataFrame({"sentence": "x", "prediction": "x", "device": np.where(is_bad, "phone", "desk")})
    data = sc.from_table(table, name="invented")
    scan = sc.scan(hierarchy, costs, ids=data.ids, min_support=20, min_drop=0.1, shuffles=0)
    assert [slice_.label for slice_ in sc.scan_metadata(scan, data)] == ["device = phone"]


def test_the_way_out_of_an_empty_scan_is_the_drop_that_the_worst_cluster_has():
    _, costs, hierarchy = tied()
    scan = sc.scan(hierarchy, costs, min_support=20, min_drop=0.2, shuffles=0)
    assert not scan.slices and scan.worst < 0.1
    assert drop_below(scan) == 0.1


def test_a_filter_by_the_metric_compares_what_people_read():
    table = pd.DataFrame({"reference": ["x"] * 2, "prediction": ["x"] * 2})
    data = sc.from_table(table, name="invented")
    small, large = (
        sc.Costs(np.array(errors), np.array([100.0, 100.0]), name="WER") for errors in ([30.0, 7], [20.0, 0])
    )
    both = difference(small, large, ("small", "large"))
    columns = columns_of(data, both)

    def met(name, operator, value):
        condition = Condition(name, operator, value)
        return ClipFilter(conditions=(condition,)).matches(search_texts(data), columns).tolist()

    assert met(both.name, "≥", 10) == [True, False]
    assert met("WER", "=", 7) == met("WER", "≤", 7) == [False, True]
