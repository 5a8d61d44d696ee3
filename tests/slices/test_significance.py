from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.metrics import Costs
from slicecore.slices.clip_scores import ClipScores, standing
from slicecore.slices.cluster_null import SETTINGS
from slicecore.slices.options import Options
from slicecore.slices.scanner import Scanner, scan
from slicecore.slices.significance import PermutationTest


def clips(n=400, bad=(), seed=0):
    """Groups of 20 clips in 8 dimensions; `bad` lists their error rates, .1 for the rest."""
    rng = np.random.default_rng(seed)
    group = np.arange(n) // 20
    vectors = rng.normal(scale=4, size=(n // 20, 8))[group] + rng.normal(size=(n, 8))
    rate = np.full(n // 20, 0.1)
    rate[: len(bad)] = bad
    words = rng.integers(3, 20, size=n).astype(float)
    errors = rng.poisson(words * rate[group] * rng.gamma(1.5, 1 / 1.5, size=n)).astype(float)
    return vectors, Costs(errors, words)


def test_a_clear_problem_is_confirmed_and_p_cannot_be_zero():
    vectors, costs = clips(bad=[0.9, 0.8])
    hierarchy = build_hierarchy(vectors)
    result = scan(hierarchy, costs, shuffles=199)
    assert [slice_.tier for slice_ in result.slices] == ["confirmed", "confirmed"]
    assert min(slice_.p_value for slice_ in result.slices) >= 1 / 200


def test_without_problems_hardly_anything_is_confirmed():
    alarms = 0
    for seed in range(60):
        vectors, costs = clips(200, seed=seed)
        result = scan(build_hierarchy(vectors), costs, min_support=3, min_drop=0.05, shuffles=199)
        alarms += any(slice_.tier == "confirmed" for slice_ in result.slices)
    assert alarms <= 7  # 5 % would be 3; more than 7 has a chance of 1 %


def without_references(costs, share, rng):
    """The same clips, a share of them without a reference: every word that the model writes there is an error."""
    lacking = rng.random(len(costs)) < share
    words = costs.denominator
    return Costs(np.where(lacking, words, costs.numerator), np.where(lacking, 0, words))


def test_empty_references_do_not_hide_what_is_clearly_worse():
    found = 0
    for seed in range(5):
        vectors, costs = clips(600, bad=[0.8, 0.7], seed=seed)
        lacking = without_references(costs, 0.07, np.random.default_rng(seed))
        result = scan(build_hierarchy(vectors), lacking, shuffles=199)
        confirmed = [slice_.members for slice_ in result.slices if slice_.tier == "confirmed"]
        found += sum(np.count_nonzero(members < 40) for members in confirmed)
    assert found >= 150  # of 200 clips in the bad groups


def test_empty_references_by_accident_confirm_hardly_anything():
    alarms = 0
    for seed in range(60):
        vectors, costs = clips(seed=seed)
        lacking = without_references(costs, 0.07, np.random.default_rng(seed))
        result = scan(build_hierarchy(vectors), lacking, min_drop=0.05, shuffles=199)
        alarms += any(slice_.tier == "confirmed" for slice_ in result.slices)
    assert alarms <= 7  # 5 % would be 3; more than 7 has a chance of 1 %


CLUSTER = np.repeat(np.arange(16), 50)


@pytest.fixture(scope="module")
def hierarchies():
    """Thirty hierarchies of 16 clusters each: on one, all scans would share the same permutations, and their luck."""
    rng = np.random.default_rng(0)
    return [
        build_hierarchy(rng.normal(scale=4, size=(16, 8))[CLUSTER] + rng.normal(size=(800, 8)))
        for _ in range(30)
    ]


@pytest.mark.parametrize("follow", [False, True])
def test_hardly_anything_is_confirmed_where_only_the_length_of_clips_differs_between_clusters(
    follow, hierarchies
):
    """Half of 16 clusters have clips of 20 to 40 words and half of 1 or 2, at one error rate."""
    rng = np.random.default_rng(1)
    alarms = 0
    for i in range(300):
        long = rng.permutation(16)[CLUSTER] < 8
        words = np.where(long, rng.integers(20, 41, 800), rng.integers(1, 3, 800)).astype(float)
        words = words if follow else rng.permutation(words)
        errors = rng.poisson(0.15 * words * rng.gamma(1 / 0.8, 0.8, size=800)).astype(float)
        result = scan(hierarchies[i // 10], Costs(errors, words), min_drop=0.02, shuffles=199)
        alarms += any(slice_.tier == "confirmed" for slice_ in result.slices)
    assert alarms <= 24  # 5 % would be 15; more than 24 has a chance of 1 %


def test_p_is_that_of_the_maximum_over_all_clusters_by_brute_force():
    vectors, costs = clips(120, bad=[0.35], seed=3)
    hierarchy = build_hierarchy(vectors)
    result = scan(hierarchy, costs, min_support=4, min_drop=0.0)
    assert result.slices
    mean = costs.value() * costs.denominator
    overdispersion = max(0, (((costs.numerator - mean) ** 2) - mean).sum() / (mean**2).sum())
    variance = mean + overdispersion * mean**2
    residual = (costs.numerator - mean) / np.sqrt(variance)
    for _ in range(3):
        residual = np.minimum(residual, residual.mean() + 3.5 * residual.std())
    residual -= residual.mean()
    weight = mean / np.sqrt(variance)

    def statistic(values, members, agreement):
        inside = weight[members]
        spread = (inside**2).sum() - inside.sum() ** 2 / 120
        z = values[..., members] @ inside / (residual.std(ddof=1) * np.sqrt(spread))
        third = (
            (inside**3).sum() - 3 * (inside**2).sum() * inside.sum() / 120 + 2 * inside.sum() ** 3 / 120**2
        )
        skewness = (residual**3).mean() / residual.std() ** 3 * third / spread**1.5
        price = SETTINGS.price_of_disagreement * (1 - agreement)
        return standing(np.maximum(z, 0), max(SETTINGS.skewness * skewness, 0)) - price

    nodes = [
        (tree.members(v), tree.agreement[v])
        for tree in hierarchy.trees
        for v in range(len(tree.parent) - 1)
        if tree.size[v] >= 4
    ]
    rng = np.random.default_rng(0)
    shuffled = np.array([rng.permutation(residual) for _ in range(400)])
    maxima = np.max([statistic(shuffled, *node) for node in nodes], axis=0)
    for slice_ in result.slices:
        expected = (
            maxima >= statistic(residual, slice_.members, hierarchy.trees[slice_.tree].agreement[slice_.node])
        ).mean()
        assert slice_.p_value == pytest.approx(expected, abs=0.08)


def test_skewness_of_a_group_is_that_of_its_sums_under_permutation():
    _, costs = clips(60)
    scores = ClipScores.of(costs.numerator, costs.denominator)
    weight = scores.weight[:7]
    rng = np.random.default_rng(0)
    sums = np.array([(weight * rng.permutation(scores.residual)[:7]).sum() for _ in range(40_000)])
    expected = ((sums - sums.mean()) ** 3).mean() / sums.std() ** 3
    assert expected > 0.3
    skewness = scores.skewness(weight.sum(), (weight**2).sum(), (weight**3).sum())
    assert float(skewness) == pytest.approx(expected, abs=0.08)


@given(z=st.floats(0, 50), step=st.floats(1e-3, 5), skewness=st.floats(0, 3))
def test_what_stands_out_more_counts_more_and_less_where_sums_are_skewed(z, step, skewness):
    assert standing(z, skewness) < standing(z + step, skewness)
    assert standing(z, skewness) <= z * z / 2 * (1 + 1e-12)
    assert standing(z, skewness) >= standing(z, skewness + 0.1) * (1 - 1e-6)


def test_the_order_of_the_rows_does_not_matter():
    vectors, costs = clips(bad=[0.35, 0.3], seed=1)
    shuffle = np.random.default_rng(0).permutation(len(vectors))
    results = []
    for rows in (np.arange(len(vectors)), shuffle):
        numbers = Costs(costs.numerator[rows], costs.denominator[rows])
        hierarchy = build_hierarchy(vectors[rows])
        result = scan(hierarchy, numbers, min_drop=0.05, ids=[str(row) for row in rows], shuffles=99)
        results.append(
            [(slice_.id, slice_.p_value, slice_.tier, slice_.interval) for slice_ in result.slices]
        )
    assert results[0][0]
    assert results[0] == results[1]


def test_a_smaller_minimum_support_never_lowers_p():
    vectors, costs = clips(bad=[0.4], seed=2)
    hierarchy = build_hierarchy(vectors)
    scanner = Scanner(hierarchy, costs)
    p = {}
    for min_support in (2, 5, 10, 18):
        for slice_ in scanner.scan(Options(min_support, shuffles=199)).slices:
            p.setdefault(slice_.id, []).append(slice_.p_value)
    assert any(len(values) > 1 for values in p.values())
    for values in p.values():
        assert values == sorted(values, reverse=True)


def test_what_is_higher_is_better_gives_the_same_p():
    vectors, costs = clips(bad=[0.5])
    wrong = np.minimum(costs.numerator, costs.denominator)
    hierarchy = build_hierarchy(vectors)
    p = []
    for numbers in (
        Costs(wrong, costs.denominator),
        Costs(costs.denominator - wrong, costs.denominator, higher_is_better=True),
    ):
        p.append([slice_.p_value for slice_ in scan(hierarchy, numbers, shuffles=99).slices])
    assert p[0] == p[1] != []


@pytest.mark.parametrize("n", [0, 1, 3, 40])
@pytest.mark.parametrize("errors", [0.0, 1.0])
def test_where_nothing_differs_nothing_is_tested(n, errors):
    vectors = np.random.default_rng(0).normal(size=(n, 3))
    costs = Costs(np.full(n, errors), np.ones(n))
    hierarchy = build_hierarchy(vectors)
    for rule in ("best", "plain"):
        result = scan(hierarchy, costs, min_support=1, min_drop=0.0, rule=rule, shuffles=19)
        assert all(slice_.p_value == 1 and slice_.tier == "possible" for slice_ in result.slices)


def test_intervals_hold_the_value_and_shrink_with_more_clips():
    widths = []
    for n in (400, 4000):
        rng = np.random.default_rng(0)
        words = np.full(n, 10.0)
        errors = rng.binomial(10, np.where(np.arange(n) < n // 10, 0.6, 0.1)).astype(float)
        vectors = rng.normal(size=(n, 4)) + 20 * (np.arange(n) < n // 10)[:, None]
        costs = Costs(errors, words)
        (slice_,) = scan(build_hierarchy(vectors), costs).slices
        low, high = slice_.interval
        assert low < slice_.value < high
        assert low - 0.05 < 0.6 < high + 0.05
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_confirmed_problems_do_not_hide_a_smaller_one():
    vectors, costs = clips(800, bad=[1.2] * 8 + [0.6], seed=2)
    hierarchy = build_hierarchy(vectors)
    result = scan(hierarchy, costs)
    small = next(slice_ for slice_ in result.slices if set(slice_.members) == set(range(160, 180)))
    (alone,) = PermutationTest(hierarchy, costs).test([small], result.min_support, result.min_drop)
    assert small.p_value < alone
    assert small.tier == "confirmed"


def test_scans_in_several_threads_give_what_one_gives():
    vectors, costs = clips(bad=[0.5, 0.4, 0.35], seed=4)
    hierarchy = build_hierarchy(vectors)
    asked = [(support, drop) for support in (3, 5, 10) for drop in (0.02, 0.05, 0.1, 0.2)]

    def answers(result):
        return [(slice_.id, slice_.p_value, slice_.interval) for slice_ in result.slices]

    expected = [
        answers(Scanner(hierarchy, costs).scan(Options(*thresholds, shuffles=199))) for thresholds in asked
    ]
    shared = Scanner(hierarchy, costs)
    with ThreadPoolExecutor(8) as pool:
        threaded = list(
            pool.map(lambda thresholds: answers(shared.scan(Options(*thresholds, shuffles=199))), asked)
        )
    assert threaded == expected


def test_a_group_that_is_no_worse_than_the_whole_is_not_confirmed_among_the_clips_that_are_left():
    vectors, costs = clips(800, bad=[1.2] * 8, seed=3)
    errors = costs.numerator.copy()
    group = np.arange(160, 180)
    errors[group] = 0.28 * costs.denominator[group]  # .3 in the whole, .1 in the clips outside the bad groups
    costs = Costs(errors, costs.denominator)
    scanner = Scanner(build_hierarchy(vectors), costs)
    *bad, fair = (cluster_of(scanner, range(20 * i, 20 * i + 20)) for i in range(9))
    *p_of_bad, p = PermutationTest(scanner.hierarchy, costs).test([*bad, fair], 5, 0.0)
    assert max(p_of_bad) <= 0.05 and fair.value < costs.value()
    assert p > 0.5


def cluster_of(scanner, rows):
    """The cluster of some clips in the tree that agrees best with another one."""
    places = [
        (tree.agreement[node], at, node)
        for at, tree in enumerate(scanner.hierarchy.trees)
        for node in range(len(tree.parent))
        if set(tree.members(node)) == set(rows)
    ]
    return scanner.cluster(*max(places)[1:])
