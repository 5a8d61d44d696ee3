"""Two models side by side: what one adds to the metric more than the other, and the slices where it does."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import hard_case, speech
from scan_checks import assert_sound, sets

import slicecore as sc
from slicecore import metrics
from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.display.treemap import cluster_tree
from slicecore.errors import MetricError
from slicecore.filtering.columns import columns_of
from slicecore.metrics import Costs, difference
from slicecore.report.tables import reviewed_table
from slicecore.slices.metadata_slices import scan_metadata
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner, scan
from slicecore.storage.verdicts import Judgement, name_of_comparison

counts = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 12)), min_size=1, max_size=20
)


def both(clips, higher_is_better=False, is_rate=True):
    model, other, words = np.array(clips, dtype=float).T
    return tuple(
        Costs(errors, words, higher_is_better=higher_is_better, name="M", is_rate=is_rate)
        for errors in (model, other)
    )


def worse_in_the_first_group(seed=0):
    """Two models that find the same clips hard; the first is much worse than the other in 40 clips."""
    vectors, other, group = speech(800, [(40, 0.3), (30, 0.6)], seed=seed)
    rng = np.random.default_rng(seed + 1)
    words = other.denominator
    changed = rng.binomial(words.astype(int), 0.04) - rng.binomial(words.astype(int), 0.04)
    more = np.maximum(other.numerator + changed, 0) + (group == 0) * rng.binomial(words.astype(int), 0.5)
    return vectors, difference(Costs(more, words, name="WER"), other), group


@given(counts, st.integers(0, 2**20 - 1))
def test_the_value_of_any_group_is_the_difference_of_both_values(clips, bits):
    model, other = both(clips)
    part = np.array([bits >> i & 1 for i in range(len(clips))], dtype=bool)
    value = difference(model, other).value(part)
    assert value == pytest.approx(model.value(part) - other.value(part), nan_ok=True)
    assert difference(other, model).value(part) == pytest.approx(-value, nan_ok=True)


@given(counts, st.booleans(), st.booleans())
def test_what_counts_is_never_negative_and_more_where_the_model_is_worse(clips, higher_is_better, is_rate):
    costs = difference(*both(clips, higher_is_better, is_rate))
    errors, words = costs.excess(), costs.denominator
    assert (errors >= 0).all()
    known = words > 0
    worse = (-1 if higher_is_better else 1) * costs.per_clip()[known]
    order = np.argsort(worse, kind="stable")
    assert (np.diff((errors[known] / words[known])[order]) >= -1e-9).all()
    if is_rate:
        assert (errors <= 2 * words).all()
    assert (costs.losses()[known] > 0).tolist() == (worse > 0).tolist()


@pytest.mark.parametrize(
    ("model", "other", "problem"),
    [
        (metrics.wer(["a b"], ["a"]), metrics.cer(["a b"], ["a"]), "WER of one model .* with CER"),
        (metrics.wer(["a b"], ["a"]), metrics.wer(["a b", "c"], ["a", "c"]), "1 clips .* 2 of the other"),
        (metrics.wer(["a b"], ["a"]), metrics.wer(["a b c"], ["a"]), "Row 2 counts 2 .* and 3"),
        (
            metrics.mae([1], [2]),
            metrics.custom(lambda references, predictions: 0.0, [1], [2], name="MAE"),
            "add up",
        ),
    ],
)
def test_what_has_no_difference_is_a_sentence(model, other, problem):
    with pytest.raises(MetricError, match=problem):
        difference(model, other)


@pytest.mark.parametrize("seed", range(3))
def test_the_group_in_which_the_model_is_worse_is_found_and_one_bad_for_both_is_not(seed):
    vectors, costs, group = worse_in_the_first_group(seed)
    result = scan(build_hierarchy(vectors), costs, min_support=10, min_drop=0.1)
    assert_sound(result, costs)
    confirmed = [slice_ for slice_ in result.slices if slice_.tier == "confirmed"]
    assert len(confirmed) == 1
    planted = np.flatnonzero(group == 0)
    (slice_,) = confirmed
    assert len(np.intersect1d(slice_.members, planted)) >= 0.9 * max(len(planted), slice_.support)
    assert slice_.value == pytest.approx(
        costs.model.value(slice_.members) - costs.other.value(slice_.members)
    )
    assert slice_.interval[0] < slice_.value < slice_.interval[1]
    assert slice_.interval[0] > result.overall
    assert slice_.share == pytest.approx(costs.losses()[slice_.members].sum() / costs.losses().sum())


def test_the_other_way_round_it_is_not_worse():
    vectors, costs, group = worse_in_the_first_group()
    result = scan(
        build_hierarchy(vectors), difference(costs.other, costs.model), min_support=10, min_drop=0.1
    )
    assert not any(np.isin(slice_.members, np.flatnonzero(group == 0)).any() for slice_ in result.slices)


@pytest.mark.parametrize("against", ["whole", "rest"])
def test_where_both_do_the_same_is_no_drop_though_the_model_is_better_elsewhere(against):
    vectors, costs, group = worse_in_the_first_group()
    other = costs.model.numerator + np.where(group == 0, 0, 0.3 * costs.denominator)
    better = difference(costs.model, Costs(other, costs.denominator, name="WER"))
    assert better.value() < -0.2
    tree = build_hierarchy(vectors)
    result = scan(tree, better, min_support=10, min_drop=0.1, against=against)
    assert not result.slices
    assert result.worst <= 0
    assert Scanner(tree, better).group(np.flatnonzero(group == 0), against).drop == 0
    # Worse on the whole: what is worse by as much is no drop either.
    worse = difference(better.other, better.model)
    assert not scan(tree, worse, min_support=10, min_drop=0.1).slices
    drop = worse.drop(np.array([0.0, 0.1, np.nan]), 0.25)
    assert drop.tolist()[:2] == pytest.approx([-0.25, -0.15])
    assert np.isnan(drop[2])


def test_screen_metadata_and_export_know_the_same_drop():
    vectors, costs, group = worse_in_the_first_group()
    better = difference(
        Costs(costs.model.numerator * (group == 0), costs.denominator, name="WER"),
        Costs(costs.denominator * (group != 0), costs.denominator, name="WER"),
        ("small", "large"),
    )
    tree = build_hierarchy(vectors)
    result = scan(tree, better, min_support=10, min_drop=0.1)
    (slice_,) = result.slices
    assert slice_.drop == pytest.approx(slice_.value)
    tiles = cluster_tree(tree, result)
    assert tiles.drop[tiles.slice == 0] == pytest.approx(slice_.drop)
    texts = np.where(group == 0, "hum", "none")
    table = pd.DataFrame({"text": ["a"] * 800, "small": ["a"] * 800, "large": ["a"] * 800, "noise": texts})
    data = sc.from_table(table, reference="text", prediction=["small", "large"], name="two")
    (described,) = scan_metadata(result, data, pairs=False)
    assert described.slice.drop == pytest.approx(described.slice.value)
    ids = tuple(data.ids[slice_.members])
    judged = Judgement(slice_.id, name_of_comparison("small", "large"), "real_issue", (), "", "", "", ids)
    exported = reviewed_table(data, result, {slice_.id: judged})
    assert exported["drop"].to_numpy() == pytest.approx(slice_.drop)
    assert set(exported["model"]) == {"small"}
    assert set(exported["compared_with"]) == {"large"}


def test_output_without_end_in_a_few_clips_of_the_other_model_hides_nothing():
    vectors, costs, _ = worse_in_the_first_group()
    endless = costs.other.numerator.copy()
    endless[np.arange(300, 800, 100)] += 400
    spoilt = difference(costs.model, Costs(endless, costs.denominator, name="WER"))
    tree = build_hierarchy(vectors)
    confirmed = [slice_ for slice_ in scan(tree, spoilt, min_support=10).slices if slice_.tier == "confirmed"]
    assert {frozenset(slice_.members.tolist()) for slice_ in confirmed} == sets(
        scan(tree, costs, min_support=10)
    )


@settings(max_examples=30, deadline=None)
@given(
    n=st.integers(1, 120),
    higher_is_better=st.booleans(),
    is_rate=st.booleans(),
    against=st.sampled_from(["whole", "rest"]),
    rule=st.sampled_from(["best", "plain"]),
    min_drop=st.sampled_from([0.0, 0.05, 0.3]),
    shuffles=st.sampled_from([0, 19]),
    seed=st.integers(0, 2**32 - 1),
)
def test_slices_of_a_difference_are_sound(
    n, higher_is_better, is_rate, against, rule, min_drop, shuffles, seed
):
    rng = np.random.default_rng(seed)
    vectors, errors, words = hard_case(rng, n, 5)
    model, other = (
        Costs(numerator, words, higher_is_better=higher_is_better, name="M", is_rate=is_rate)
        for numerator in (errors, errors[::-1])
    )
    costs = difference(model, other)
    result = scan(
        build_hierarchy(vectors), costs, against=against, rule=rule, min_drop=min_drop, shuffles=shuffles
    )
    assert_sound(result, costs)
    assert 0 <= result.explained <= 1 + 1e-9


def test_two_models_that_do_the_same_differ_nowhere():
    vectors, costs, _ = speech(300, [(30, 0.7)])
    result = scan(build_hierarchy(vectors), difference(costs, costs), min_drop=0.0)
    assert result.overall == 0
    assert all(slice_.tier == "possible" and slice_.share == 0 for slice_ in result.slices)
    assert not scan(build_hierarchy(vectors), difference(costs, costs), min_drop=0.01).slices


def test_a_relative_drop_is_a_share_of_what_the_model_has():
    vectors, costs, _ = worse_in_the_first_group()
    result = Scanner(build_hierarchy(vectors), costs).scan(Options(min_drop=0.5, relative=True))
    assert result.min_drop == pytest.approx(0.5 * costs.model.value())


def test_every_clip_has_the_difference_and_what_both_models_have():
    data = sc.from_table(
        pd.DataFrame({"text": ["a b", "c d"], "small": ["a x", "c d"], "large": ["a b", "x x"]}),
        reference="text",
        name="two",
        prediction=["small", "large"],
    )
    model, other = (metrics.wer(data.reference, data.predictions[name]) for name in ("small", "large"))
    columns = columns_of(data, difference(model, other, ("small", "large")))
    assert {name: column.values.tolist() for name, column in columns.items()} == {
        "WER difference": [50.0, -100.0],
        "WER of large": [0.0, 100.0],
        "WER": [50.0, 0.0],
        "errors": [1.0, 0.0],
        "words": [2.0, 2.0],
    }
    assert [column.unit for column in columns.values()] == ["pts", "%", "%", "", ""]
