import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import hard_case, speech

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.errors import SlicecoreError
from slicecore.metrics import Costs
from slicecore.slices.examples import nearest_good, similar_clips, typical_clip
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner, scan


@settings(max_examples=30, deadline=None)
@given(
    n=st.integers(10, 150),
    dimensions=st.integers(1, 6),
    higher_is_better=st.booleans(),
    against=st.sampled_from(["whole", "rest"]),
    seed=st.integers(0, 2**32 - 1),
)
def test_narrowing_and_widening_are_inverse(n, dimensions, higher_is_better, against, seed):
    vectors, errors, words = hard_case(np.random.default_rng(seed), n, dimensions)
    costs = Costs(errors, words, higher_is_better=higher_is_better)
    scanner = Scanner(build_hierarchy(vectors), costs)
    result = scanner.scan(Options(min_support=3, min_drop=0.0, against=against, shuffles=9))
    for slice_ in result.slices:
        seen = slice_
        while (narrower := scanner.narrow(seen, result)) is not None:
            assert set(narrower.members) < set(seen.members)
            assert scanner.widen(narrower, result) == seen
            assert narrower.value == pytest.approx(costs.value(narrower.members))
            assert narrower.p_value is narrower.tier is None
            assert narrower.interval[0] <= narrower.interval[1]
            assert narrower.impact == max(
                child.impact for child in scanner.children(seen, result) if not np.isnan(child.impact)
            )
            seen = narrower
        assert all(np.isnan(child.value) for child in scanner.children(seen, result))
        above = scanner.ancestors(slice_, result)
        assert [len(wider.members) for wider in above] == sorted({len(wider.members) for wider in above})
        assert above[:1] == [wider for wider in [scanner.widen(slice_, result)] if wider is not None]
        for wider in above:
            assert set(slice_.members) < set(wider.members)
            assert len(wider.members) < np.isfinite(vectors).all(axis=1).sum()
        children = scanner.children(slice_, result)
        assert len(children) in (0, 2)
        if children:
            assert sorted(np.concatenate([child.members for child in children])) == slice_.members.tolist()


@settings(max_examples=15, deadline=None)
@given(n=st.integers(3, 80), dimensions=st.integers(1, 5), seed=st.integers(0, 2**32 - 1))
def test_the_value_of_every_cluster_is_that_of_a_group_by(n, dimensions, seed):
    vectors, errors, words = hard_case(np.random.default_rng(seed), n, dimensions)
    costs = Costs(errors, words)
    scanner = Scanner(build_hierarchy(vectors), costs)
    overall = errors.sum() / words.sum()
    for index, tree in enumerate(scanner.hierarchy.trees):
        for node in range(len(tree.parent)):
            cluster = scanner.cluster(index, node)
            inside = np.isin(np.arange(n), tree.members(node))
            assert cluster.support == inside.sum()
            if words[inside].sum() == 0:
                assert np.isnan([cluster.value, cluster.drop, cluster.impact, *cluster.interval]).all()
                continue
            assert cluster.value == pytest.approx(errors[inside].sum() / words[inside].sum())
            assert cluster.drop == pytest.approx(cluster.value - overall)
            assert cluster.impact == pytest.approx(errors[inside].sum() - overall * words[inside].sum())


def test_coming_back_to_a_flagged_slice_brings_its_test_along():
    vectors, costs, _ = speech(500, [(40, 0.6)])
    scanner = Scanner(build_hierarchy(vectors), costs)
    result = scanner.scan()
    slice_ = result.slices[0]
    back = scanner.widen(scanner.narrow(slice_, result), result)
    assert back is slice_
    assert back.tier == "confirmed"
    untested = scanner.widen(scanner.narrow(slice_))
    assert untested == slice_
    assert untested.tier is untested.p_value is None
    assert scanner.widen(scanner.widen(slice_, result), result) not in result.slices


def test_slices_of_another_hierarchy_are_refused():
    vectors, costs, _ = speech(500, [(40, 0.6)])
    result = scan(build_hierarchy(vectors), costs)
    other = Scanner(build_hierarchy(vectors[::-1]), costs)
    with pytest.raises(SlicecoreError, match=result.slices[0].id):
        other.widen(result.slices[0])


@pytest.mark.parametrize("higher_is_better", [False, True])
def test_the_nearest_good_clips_are_outside_good_and_near(higher_is_better):
    vectors, costs, _ = speech(500, [(40, 0.6)])
    vectors[::7] = np.nan
    if higher_is_better:
        right = costs.denominator - np.minimum(costs.numerator, costs.denominator)
        costs = Costs(right, costs.denominator, higher_is_better=True)
    slice_ = scan(build_hierarchy(vectors), costs).slices[0]
    rows = nearest_good(slice_, vectors, costs, count=6)
    typical = typical_clip(slice_, vectors)
    assert typical in slice_.members
    assert len(rows) == 6
    sign = -1 if higher_is_better else 1
    values = sign * costs.per_clip()
    good = np.flatnonzero(values <= min(sign * costs.value(), np.nanmedian(values)))
    good = good[~np.isin(good, slice_.members) & np.isfinite(vectors[good]).all(axis=1)]
    distance = np.linalg.norm(vectors[good] - vectors[typical], axis=1)
    assert rows.tolist() == good[np.argsort(distance, kind="stable")][:6].tolist()


def test_where_much_is_wrong_a_good_clip_is_better_than_the_whole():
    vectors, costs, _ = speech(300, [(60, 0.9), (60, 0.6)])
    worst = scan(build_hierarchy(vectors), costs).slices[0]
    assert costs.value() > 0.3
    (good,) = nearest_good(worst, vectors, costs, count=1)
    assert costs.value([good]) <= np.nanmedian(costs.per_clip()) < 0.2


def test_where_no_clip_is_good_there_is_nothing_to_compare_with():
    vectors, costs, _ = speech(300, [(30, 0.6)])
    slice_ = scan(build_hierarchy(vectors), costs).slices[0]
    errors = np.where(np.isin(np.arange(300), slice_.members), 0.0, 2.0)
    assert nearest_good(slice_, vectors, Costs(errors, np.ones(300))).tolist() == []
    assert nearest_good(slice_, np.full((300, 2), np.nan), costs).tolist() == []
    assert typical_clip(slice_, np.full((300, 2), np.nan)) is None
    with pytest.raises(SlicecoreError, match="row for every clip"):
        nearest_good(slice_, vectors[0], costs)
    with pytest.raises(SlicecoreError, match="400 clips, but costs of 300"):
        nearest_good(slice_, np.zeros((400, 2)), costs)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12))
def test_similar_clips_are_the_nearest_of_all(seed, count):
    rng = np.random.default_rng(seed)
    vectors = rng.integers(-2, 3, (30, 3)).astype(np.float32)
    vectors[7] = np.nan
    row = int(rng.choice([i for i in range(30) if i != 7]))
    nearest = similar_clips(row, vectors, count)
    others = [i for i in range(30) if i not in (row, 7)]
    others.sort(key=lambda i: (((vectors[i] - vectors[row]) ** 2).sum(), i))
    assert nearest.tolist() == [row, *others][:count]


@pytest.mark.parametrize("row", [-1, 4, 2])
def test_a_clip_without_a_vector_has_none_like_it(row):
    vectors = np.zeros((4, 2))
    vectors[2] = np.inf
    with pytest.raises(SlicecoreError):
        similar_clips(row, vectors)
