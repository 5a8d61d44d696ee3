import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import speech

from slicecore import metrics
from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.errors import MetricError, SlicecoreError
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner, scan


def mean_error(references, predictions):
    return float(np.mean([abs(a - b) for a, b in zip(references, predictions, strict=True)]))


def median_error(references, predictions):
    return float(np.median([abs(a - b) for a, b in zip(references, predictions, strict=True)]))


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000), shift=st.sampled_from([0.0, -50.0]))
def test_a_mean_by_a_function_gives_what_the_metric_that_adds_up_gives(seed, shift):
    vectors, costs, _ = speech(200, [(20, 0.7)], seed=seed, dimensions=6)
    errors = costs.numerator.tolist()
    hierarchy = build_hierarchy(vectors)
    own = metrics.custom(lambda references, _: float(np.mean(references)) + shift, errors, errors)
    added = metrics.mae(errors, [0.0] * 200)
    direct, expected = (
        scan(hierarchy, costs, min_support=8, min_drop=0.5, shuffles=99) for costs in (own, added)
    )
    assert direct.overall == pytest.approx(expected.overall + shift)
    assert direct.slices == expected.slices
    for slice_, other in zip(direct.slices, expected.slices, strict=True):
        assert slice_.value == pytest.approx(other.value + shift)
        assert slice_.drop == pytest.approx(other.drop)
        assert slice_.impact == pytest.approx(other.impact)
        assert slice_.p_value == other.p_value


@pytest.mark.parametrize("higher_is_better", [False, True])
def test_a_function_that_does_not_add_up_is_called_per_cluster(higher_is_better):
    vectors, costs, group = speech(300, [(30, 0.8)], dimensions=6)
    errors = (costs.numerator * (-1 if higher_is_better else 1)).tolist()
    sizes = []

    def median(references, predictions):
        sizes.append(len(references))
        assert len(references) == len(predictions)
        return float(np.median(references))

    metric = metrics.custom(median, errors, errors, higher_is_better)
    assert metric.name == "median"
    sizes.clear()
    scanner = Scanner(build_hierarchy(vectors), metric)
    result = scanner.scan(Options(min_support=10, min_drop=1.0))
    assert min(sizes) >= 10
    assert result.overall == np.median(errors)
    (slice_,) = result.slices
    assert (group[slice_.members] == 0).mean() > 0.8
    assert slice_.tier == "confirmed"
    assert slice_.value == np.median(np.array(errors)[slice_.members])
    assert slice_.drop == abs(slice_.value - result.overall)
    assert slice_.interval[0] <= slice_.value <= slice_.interval[1]
    assert scanner.widen(scanner.narrow(slice_)) == slice_
    for other in [
        *scanner.ancestors(slice_),
        *scanner.children(slice_),
        *scanner.children(scanner.narrow(slice_)),
    ]:
        assert other.value == np.median(np.array(errors)[other.members])


def test_the_order_of_the_rows_does_not_matter():
    vectors, costs, _ = speech(200, [(20, 0.8)], dimensions=6)
    shuffle = np.random.default_rng(1).permutation(200)
    results = []
    for rows in (np.arange(200), shuffle):
        errors = costs.numerator[rows].tolist()
        metric = metrics.custom(median_error, errors, [0.0] * 200)
        names = [f"c{row}" for row in rows]
        result = scan(build_hierarchy(vectors[rows]), metric, ids=names, min_drop=0.5, shuffles=49)
        results.append(
            [(slice_.id, slice_.value, slice_.p_value, slice_.interval) for slice_ in result.slices]
        )
    assert results[0] == results[1] != []


def test_clips_and_clusters_without_a_value_are_no_errors():
    vectors, costs, _ = speech(200, [(20, 0.8)], dimensions=6)
    errors = [None if row % 3 == 0 else error for row, error in enumerate(costs.numerator.tolist())]

    def mean_of_known(references, _):
        known = [reference for reference in references if reference is not None]
        return sum(known) / len(known) if known else float("nan")

    metric = metrics.custom(mean_of_known, errors, errors, name="known")
    assert metric.denominator.tolist() == [float(row % 3 != 0) for row in range(200)]
    assert np.isnan(metric.value([])) and np.isnan(metric.value([0, 3]))
    result = scan(build_hierarchy(vectors), metric, min_support=2, min_drop=0.5)
    assert result.slices
    assert all(np.isfinite([slice_.value, slice_.drop, *slice_.interval]).all() for slice_ in result.slices)


def test_no_clips_at_all():
    metric = metrics.custom(mean_error, [], [])
    result = scan(build_hierarchy(np.zeros((0, 3))), metric)
    assert result.slices == () and np.isnan(result.overall)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (lambda references, predictions: 1 / 0, r"fails on row 2: division by zero"),
        (lambda references, predictions: "bad", "gives 'bad' for row 2"),
        (lambda references, predictions: float("inf"), "infinite for row 2"),
        (lambda references, predictions: float("nan"), "no value for any single clip"),
    ],
)
def test_what_a_function_does_wrong_is_explained(function, sentence):
    with pytest.raises(MetricError, match=sentence):
        metrics.custom(function, [1, 2], [1, 2])


def test_a_function_that_fails_on_a_cluster_names_its_clips():
    def single_only(references, predictions):
        (reference,) = references
        return float(reference)

    vectors, costs, _ = speech(100)
    with pytest.raises(MetricError, match="single_only fails on 100 clips, the first in row 2"):
        scan(
            build_hierarchy(vectors),
            metrics.custom(single_only, costs.numerator.tolist(), costs.numerator.tolist()),
        )


def test_lengths_must_match_and_only_the_whole_can_be_compared_with():
    with pytest.raises(MetricError, match="2 references but 1 prediction"):
        metrics.custom(mean_error, [1, 2], [1])
    with pytest.raises(SlicecoreError, match="whole only"):
        scan(build_hierarchy(np.eye(4)), metrics.custom(mean_error, range(4), [0, 0, 1, 1]), against="rest")
