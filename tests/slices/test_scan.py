import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import hard_case, speech
from scan_checks import assert_sound, sets

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.errors import SlicecoreError
from slicecore.metrics import Costs
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner, scan


@settings(max_examples=50, deadline=None)
@given(
    n=st.integers(1, 120),
    dimensions=st.integers(1, 10),
    higher_is_better=st.booleans(),
    options=st.fixed_dictionaries(
        {
            "min_support": st.one_of(st.integers(1, 20), st.floats(0.001, 0.3)),
            "min_drop": st.sampled_from([0.0, 0.05, 0.1, 0.3, 1.0]),
            "relative": st.booleans(),
            "against": st.sampled_from(["whole", "rest"]),
            "rule": st.sampled_from(["best", "plain"]),
            "order": st.sampled_from(["impact", "evidence", "drop"]),
            "shuffles": st.sampled_from([0, 19, 99]),
        }
    ),
    seed=st.integers(0, 2**32 - 1),
)
def test_slices_are_sound_whatever_the_data_and_the_options(n, dimensions, higher_is_better, options, seed):
    rng = np.random.default_rng(seed)
    vectors, errors, words = hard_case(rng, n, dimensions)
    costs = Costs(errors, words, higher_is_better=higher_is_better)
    hierarchy = build_hierarchy(vectors)
    result = scan(hierarchy, costs, **options)
    assert_sound(result, costs)

    shuffle = rng.permutation(n)
    ids = np.array([f"clip {row}" for row in range(n)])
    again = scan(
        build_hierarchy(vectors[shuffle]),
        Costs(errors[shuffle], words[shuffle], higher_is_better=higher_is_better),
        ids=ids[shuffle],
        **options,
    )
    assert {frozenset(shuffle[list(members)].tolist()) for members in sets(again)} == sets(result)
    named = scan(hierarchy, costs, ids=ids, **options)
    assert again.slices == named.slices
    for slice_, other in zip(again.slices, named.slices, strict=True):
        assert (slice_.p_value, slice_.tier, slice_.interval) == (other.p_value, other.tier, other.interval)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), rule=st.sampled_from(["best", "plain"]))
def test_a_higher_threshold_never_lets_a_slice_through_that_fails_it(seed, rule):
    vectors, costs, _ = speech(300, [(20, 0.6), (15, 0.4)], seed=seed)
    scanner = Scanner(build_hierarchy(vectors), costs)
    for min_support in (2, 5, 10, 25):
        for min_drop in (0.0, 0.1, 0.2, 0.4):
            assert_sound(scanner.scan(Options(min_support, min_drop, rule=rule)), costs)


@pytest.mark.parametrize("seed", range(4))
def test_planted_groups_are_found_whole_and_nothing_else(seed):
    vectors, costs, group = speech(800, [(40, 0.6), (30, 0.5), (25, 0.7)], seed=seed)
    result = scan(build_hierarchy(vectors), costs, min_support=8, min_drop=0.15)
    assert len(result.slices) == 3
    matched = set()
    for slice_ in result.slices:
        planted = np.bincount(group[slice_.members] + 1).argmax() - 1
        members = set(np.flatnonzero(group == planted).tolist())
        jaccard = len(members & set(slice_.members.tolist())) / len(members | set(slice_.members.tolist()))
        assert planted in (0, 1, 2)
        assert jaccard > 0.9
        matched.add(planted)
    assert len(matched) == 3
    assert result.explained > 0.3


def test_large_problems_do_not_hide_a_small_one():
    vectors, costs, group = speech(1000, [(200, 0.7), (200, 0.7), (15, 0.55)], harmless=2)
    result = scan(build_hierarchy(vectors), costs, min_support=8, min_drop=0.0)
    assert any(set(slice_.members) == set(np.flatnonzero(group == 2)) for slice_ in result.slices)


def test_one_bad_clip_is_no_slice():
    vectors, costs, _ = speech(400)
    errors = costs.numerator.copy()
    errors[200] = 400
    assert not scan(build_hierarchy(vectors), Costs(errors, costs.denominator), min_support=3).slices


def test_metrics_where_higher_is_better_give_the_same_slices():
    vectors, costs, _ = speech(500, [(40, 0.6)])
    wrong = np.minimum(costs.numerator, costs.denominator)
    hierarchy = build_hierarchy(vectors)
    errors = scan(hierarchy, Costs(wrong, costs.denominator))
    correct = scan(hierarchy, Costs(costs.denominator - wrong, costs.denominator, higher_is_better=True))
    assert sets(errors) == sets(correct) != set()
    for slice_, other in zip(errors.slices, correct.slices, strict=True):
        assert slice_.drop == pytest.approx(other.drop)
        assert slice_.share == pytest.approx(other.share)
        assert slice_.value == pytest.approx(1 - other.value)


@pytest.mark.parametrize("higher_is_better", [False, True])
@pytest.mark.parametrize("numerator", [0.0, 1.0])
@pytest.mark.parametrize("denominator", [0.0, 1.0])
def test_nothing_stands_out_where_all_clips_are_alike(numerator, denominator, higher_is_better):
    costs = Costs(np.full(60, numerator), np.full(60, denominator), higher_is_better=higher_is_better)
    vectors = np.random.default_rng(0).normal(size=(60, 4))
    for rule in ("best", "plain"):
        result = scan(build_hierarchy(vectors), costs, min_support=2, min_drop=0.0, rule=rule)
        assert np.isnan(result.overall) == (denominator == 0)
        if rule == "best":
            assert result.slices == ()
            assert result.explained == 0


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10])
@pytest.mark.parametrize("value", [0.0, np.nan])
def test_few_identical_or_missing_vectors_give_no_slice(n, value):
    result = scan(
        build_hierarchy(np.full((n, 3), value)), Costs(np.arange(n), np.ones(n)), min_support=1, min_drop=0
    )
    assert result.slices == ()
    assert result.worst is None
    assert len(result.slice_of_clip) == n


def test_clips_without_vector_count_in_the_overall_value_only():
    vectors, costs, _ = speech(400, [(30, 0.6)])
    vectors[350:] = np.nan
    errors = costs.numerator.copy()
    errors[350:] = 3 * costs.denominator[350:]
    costs = Costs(errors, costs.denominator)
    result = scan(build_hierarchy(vectors), costs, min_drop=0.0)
    assert result.overall == pytest.approx(costs.value())
    assert (result.slice_of_clip[350:] == -1).all()


def test_the_id_of_a_slice_follows_from_its_clips_alone():
    vectors, costs, _ = speech(400, [(30, 0.6)])
    hierarchy = build_hierarchy(vectors)
    ids = [f"clip {row}" for row in range(400)]
    first = scan(hierarchy, costs, ids=ids)
    other = scan(hierarchy, costs, ids=ids, min_drop=0.15)
    assert first.slices[0].id == other.slices[0].id
    renamed = scan(
        hierarchy, costs, ids=[*ids[:-1], "clip x"] if 399 in first.slices[0].members else ["x", *ids[1:]]
    )
    assert renamed.slices[0].id != first.slices[0].id


def test_the_plain_rule_keeps_a_parent_only_where_the_rest_is_bad_too():
    vectors, costs, group = speech(600, [(40, 0.7)], seed=2)
    result = scan(build_hierarchy(vectors), costs, min_support=5, min_drop=0.3, rule="plain")
    assert_sound(result, costs)
    assert any((group[slice_.members] == 0).mean() > 0.5 for slice_ in result.slices)


def test_bad_clips_are_explained():
    vectors, costs, _ = speech(100)
    hierarchy = build_hierarchy(vectors)
    with pytest.raises(SlicecoreError, match="costs cover 3"):
        Scanner(hierarchy, Costs(np.ones(3), np.ones(3)))
    with pytest.raises(SlicecoreError, match="ids cover 1"):
        Scanner(hierarchy, costs, ids=["a"])


def test_clips_that_somebody_selected_are_described_as_a_slice():
    vectors, costs, _ = speech(400, [(30, 0.6)])
    scanner = Scanner(build_hierarchy(vectors), costs)
    result = scanner.scan()
    flagged = result.slices[0]
    same = scanner.group(flagged.members[::-1])
    assert same == flagged
    for name in ("value", "drop", "impact", "share", "interval", "support", "evidence"):
        assert getattr(same, name) == pytest.approx(getattr(flagged, name))
    assert same.p_value is None and same.tier is None
    selected = scanner.group([3, 5, 5])
    assert selected.members.tolist() == [3, 5]
    assert selected.value == costs.value([3, 5])
    assert selected.drop == pytest.approx(costs.value([3, 5]) - costs.value())
    assert np.isfinite(selected.evidence)
    with pytest.raises(SlicecoreError):
        scanner.widen(selected, result)
    for rows, number in (([-1, 3], "-1"), ([3, 400], "400")):
        with pytest.raises(SlicecoreError, match=f"there is {number}"):
            scanner.group(rows)
    with pytest.raises(SlicecoreError, match="at least one clip"):
        scanner.group([])


def test_described_groups_take_no_more_than_so_much_memory():
    n = 40_000
    no_words = Costs(np.zeros(n), np.zeros(n))  # without a value there is no interval, which would take long
    scanner = Scanner(build_hierarchy(np.zeros((n, 1))), no_words)
    groups = [weakref.ref(scanner.group(np.arange(first, n))) for first in range(110)]
    members = sum(group().support for group in groups if group() is not None)
    assert members < 1 << 22
    assert groups[-1]() is scanner.group(np.arange(109, n))


@pytest.mark.parametrize(
    "vectors",
    [
        np.random.default_rng(0).normal(size=(10, 4)),
        np.random.default_rng(0).normal(size=(17, 4)),
        np.random.default_rng(0).normal(size=(20, 300)),
        np.arange(40.0)[:, None],
        np.zeros((40, 0)),
        np.repeat(np.eye(4), 10, axis=0),
        np.vstack([np.full((5, 3), np.inf), np.random.default_rng(0).normal(size=(30, 3))]),
        np.random.default_rng(0).normal(size=(40, 3)) * 1e30,
    ],
)
def test_hard_vectors_give_sound_slices(vectors):
    n = len(vectors)
    rng = np.random.default_rng(1)
    words = rng.integers(1, 9, size=n).astype(float)
    errors = rng.binomial(words.astype(int), np.where(np.arange(n) < n // 4, 0.9, 0.1)).astype(float)
    costs = Costs(errors, words)
    for rule in ("best", "plain"):
        assert_sound(scan(build_hierarchy(vectors), costs, min_support=2, min_drop=0.05, rule=rule), costs)


def test_identical_clips_are_flagged_together():
    vectors, costs, group = speech(400, [(30, 0.8)])
    vectors[group == 0] = vectors[group == 0][0]
    (slice_,) = scan(build_hierarchy(vectors), costs).slices
    assert set(np.flatnonzero(group == 0)) <= set(slice_.members)


def test_a_group_without_a_word_is_no_slice_however_many_errors_it_has():
    vectors, costs, group = speech(400, [(30, 0.8), (30, 0.8)])
    words = np.where(group == 0, 0, costs.denominator)
    silent = Costs(np.where(group == 0, 50, costs.numerator), words)
    result = scan(build_hierarchy(vectors), silent)
    assert_sound(result, silent)
    assert not any(set(slice_.members) <= set(np.flatnonzero(group == 0)) for slice_ in result.slices)
    assert any(set(slice_.members) == set(np.flatnonzero(group == 1)) for slice_ in result.slices)
    wrong_everywhere = Costs(costs.denominator, costs.denominator)
    assert scan(build_hierarchy(vectors), wrong_everywhere, min_drop=0).slices == ()


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1000),
    support=st.tuples(st.integers(1, 40), st.integers(0, 40)),
    drop=st.tuples(st.floats(0, 0.5), st.floats(0, 0.5)),
    against=st.sampled_from(["whole", "rest"]),
)
def test_after_raising_a_threshold_no_slice_fails_it(seed, support, drop, against):
    vectors, costs, _ = speech(200, [(20, 0.7), (12, 0.5)], seed=seed % 5, dimensions=8)
    scanner = Scanner(build_hierarchy(vectors), costs)
    low = scanner.scan(Options(support[0], drop[0], against=against, shuffles=0))
    high = scanner.scan(Options(sum(support), sum(drop), against=against, shuffles=0))
    assert_sound(high, costs)
    for slice_ in high.slices:
        assert slice_.support >= sum(support) and slice_.drop >= sum(drop)
    assert low.worst is None or high.worst is None or high.worst <= low.worst


@pytest.mark.parametrize("seed", range(3))
def test_a_few_clips_less_change_hardly_any_slice(seed):
    vectors, costs, _ = speech(800, [(40, 0.6), (30, 0.5), (25, 0.7)], seed=seed)
    first = scan(build_hierarchy(vectors), costs, min_support=8, min_drop=0.15, shuffles=0)
    for draw in range(4):
        remaining = np.sort(np.random.default_rng(draw).choice(800, size=792, replace=False))
        less = Costs(costs.numerator[remaining], costs.denominator[remaining])
        after = scan(build_hierarchy(vectors[remaining]), less, min_support=8, min_drop=0.15, shuffles=0)
        for slice_ in first.slices:
            members = set(slice_.members) & set(remaining)
            overlap = [
                len(members & set(remaining[other.members])) / len(members | set(remaining[other.members]))
                for other in after.slices
            ]
            assert max(overlap) > 0.9
