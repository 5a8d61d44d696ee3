import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import speech

import slicecore as sc
from slicecore.slices.impact import value_if_fixed, waterfall

VECTORS, COSTS, _ = speech(bad=((40, 0.8), (30, 0.6)))
HIERARCHY = sc.build_hierarchy(VECTORS)


@pytest.fixture(scope="module")
def result():
    return sc.scan(HIERARCHY, COSTS, min_support=20, min_drop=0.1, shuffles=0)


def test_the_value_if_fixed_is_that_of_all_other_clips(result):
    costs = result.costs
    for slice_ in result.slices:
        others = np.setdiff1d(np.arange(len(costs)), slice_.members)
        assert value_if_fixed(costs, slice_.members) == costs.value(others)


def test_the_value_if_fixed_is_where_the_waterfall_of_one_slice_ends(result):
    for options in ({"max_slices": 1}, {"max_slices": 1, "order": "drop"}):
        alone = sc.scan(HIERARCHY, result.costs, min_support=20, min_drop=0.1, shuffles=0, **options)
        assert value_if_fixed(result.costs, alone.slices[0].members) == waterfall(alone).rest


def test_a_large_slice_is_fixed_only_when_it_is_as_good_as_the_rest():
    costs = sc.metrics.error_rate(list("aaaaaaaa"), list("bbbbaaaa"))
    assert value_if_fixed(costs, [0, 1, 2, 3]) == 0  # the average of all clips would leave a quarter wrong


def test_without_other_clips_nobody_knows_the_value_if_fixed(result):
    assert np.isnan(value_if_fixed(result.costs, np.arange(len(result.costs))))


def test_good_clips_are_not_made_worse(result):
    costs = result.costs
    good = np.flatnonzero(costs.numerator == 0)
    assert value_if_fixed(costs, good) == costs.value()


def test_higher_is_better_counts_the_other_way():
    costs = sc.metrics.accuracy(list("aaaaaaaa"), list("bbbaaaaa"))
    assert value_if_fixed(costs, [0, 1, 2]) == 1


def test_a_metric_of_the_users_leaves_the_clips_out():
    costs = sc.metrics.custom(
        lambda references, predictions: float(np.median(predictions)), [0] * 5, [1, 1, 2, 9, 9]
    )
    assert value_if_fixed(costs, [3, 4]) == 1


def test_a_waterfall_goes_from_the_overall_value_to_that_of_the_rest(result):
    fall = waterfall(result)
    assert len(fall.steps) == len(result.slices) > 1
    assert fall.steps[0].before == fall.overall == result.overall
    assert fall.steps[-1].after == fall.rest
    assert fall.rest == pytest.approx(result.costs.value(result.slice_of_clip < 0))
    for step, following in zip(fall.steps, fall.steps[1:], strict=False):
        assert step.after == following.before
        assert step.change <= following.change < 0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.booleans())
def test_steps_add_up(seed, better):
    vectors, costs, _ = speech(n=200, bad=((20, 0.7),), seed=seed)
    if better:
        costs = sc.Costs(costs.denominator - costs.numerator, costs.denominator, higher_is_better=True)
    result = sc.scan(sc.build_hierarchy(vectors), costs, min_support=5, min_drop=0.05, shuffles=0)
    fall = waterfall(result)
    assert fall.overall + sum(step.change for step in fall.steps) == pytest.approx(fall.rest)


def test_a_waterfall_of_a_users_metric_takes_the_clips_out():
    errors = COSTS.numerator.tolist()
    median = sc.metrics.custom(lambda references, _: float(np.mean(references)) ** 2, errors, errors)
    result = sc.scan(HIERARCHY, median, min_support=20, min_drop=1.0, shuffles=0)
    fall = waterfall(result)
    assert len(fall.steps) > 1
    first = fall.steps[0]
    assert first.after == value_if_fixed(median, first.slice.members)
    assert first.after == min(value_if_fixed(median, slice_.members) for slice_ in result.slices)
    assert fall.steps[-1].after == fall.rest == median.value(result.slice_of_clip < 0)


def test_without_slices_nothing_falls():
    vectors, costs, _ = speech(bad=((40, 0.8), (30, 0.6)))
    fall = waterfall(sc.scan(sc.build_hierarchy(vectors), costs, min_drop=0.9, shuffles=0))
    assert fall.steps == ()
    assert fall.rest == fall.overall
