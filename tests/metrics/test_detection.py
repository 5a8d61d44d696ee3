"""False accepts and false rejects of a detector, and its DET curve."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore import metrics
from slicecore.errors import MetricError
from slicecore.metrics import DetectionTable, detection
from slicecore.metrics.detection import normal_deviates

REFERENCE = ["no", "no", "no", "no", "yes", "yes", "yes", "yes"]
SCORES = [0.1, 0.2, 0.3, 0.8, 0.4, 0.6, 0.7, 0.9]
TABLE = DetectionTable(REFERENCE, SCORES)


def test_rates_are_shares_of_the_clips_of_either_kind():
    rates = TABLE.rates(0.65)
    assert (rates.false_accepts, rates.false_rejects) == (1, 2)
    assert (rates.false_accept_rate, rates.false_reject_rate) == (0.25, 0.5)
    low, high = rates.false_reject_interval
    assert low == pytest.approx(0.15, abs=0.001) and high == pytest.approx(0.85, abs=0.001)
    some = TABLE.rates(0.65, [0, 3])
    assert some.false_accept_rate == 0.5
    assert np.isnan([some.false_reject_rate, *some.false_reject_interval]).all()


def test_by_default_the_threshold_is_that_of_equal_errors():
    costs = detection(REFERENCE, SCORES)
    assert costs.threshold == TABLE.equal_error_threshold == 0.5  # the roundest number from .4 to .6
    assert costs.value() == TABLE.curve().equal_error_rate == 0.25
    assert costs.outcomes[[3, 4]].tolist() == ["false accept", "false reject"]
    assert detection(REFERENCE, SCORES, 0.85).numerator.tolist() == [0, 0, 0, 0, 1, 1, 1, 0]


def test_equal_errors_may_lie_between_two_thresholds():
    curve = DetectionTable([0, 0, 0, 1, 1], [1, 2, 4, 3, 5]).curve()
    assert curve.false_accept_rate.tolist() == pytest.approx([1, 2 / 3, 1 / 3, 1 / 3, 0, 0])
    assert curve.false_reject_rate.tolist() == [0, 0, 0, 0.5, 0.5, 1]
    assert curve.equal_error_rate == pytest.approx(1 / 3)
    assert np.isnan(DetectionTable([1, 1], [1, 2]).curve().equal_error_rate)


def test_what_does_not_fit_says_where():
    with pytest.raises(MetricError, match="Row 3: the reference “maybe” says neither"):
        detection(["no", "maybe"], [0.1, 0.2])
    with pytest.raises(MetricError, match="“loud” is not a number"):
        detection(["no", "yes"], [0.1, "loud"])
    with pytest.raises(MetricError, match="finite"):
        detection(["no", "yes"], [0.1, 0.2], float("nan"))
    with pytest.raises(MetricError, match="has no threshold"):
        metrics.METRICS["mae"]([1], [2], threshold=0.5)


def test_deviates_are_those_of_the_normal_distribution():
    assert normal_deviates([0.5, 0.975, 0]).tolist() == pytest.approx([0, 1.959964, -np.inf], abs=1e-6)


CLIPS = st.tuples(
    st.booleans(), st.sampled_from([-1e6, -1.0, 0.0, 0.25, 0.2500001, 3.0]) | st.floats(-1e3, 1e3)
)


@given(st.lists(CLIPS, min_size=1, max_size=40), st.integers(2, 12))
def test_a_curve_has_the_rates_at_its_thresholds(clips, most):
    targets, scores = zip(*clips, strict=True)
    table = DetectionTable([int(target) for target in targets], scores)
    curve = table.curve()
    assert (np.diff(curve.false_accept_rate) <= 0).all() and (np.diff(curve.false_reject_rate) >= 0).all()
    steps = curve.steps(most).tolist()
    assert curve.at_equal_errors in steps and len(steps) <= most + 1
    for at in steps:
        rates = table.rates(curve.threshold(at))
        known = [rates.false_accept_rate, rates.false_reject_rate]
        expected = [curve.false_accept_rate[at], curve.false_reject_rate[at]]
        assert np.nan_to_num(known).tolist() == pytest.approx(expected)
    costs = table.costs()
    rates = table.rates(costs.threshold)
    assert costs.numerator.sum() == rates.false_accepts + rates.false_rejects
    assert (costs.outcomes == "false accept").sum() == rates.false_accepts
