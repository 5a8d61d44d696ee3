import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, rankdata, spearmanr

from slicecore.explain.ranks import Ranks, probability_interval

_NUMBERS = st.lists(st.one_of(st.integers(-3, 3).map(float), st.just(float("nan"))), min_size=24, max_size=60)


@settings(max_examples=60, deadline=None)
@given(_NUMBERS, st.data())
def test_probability_and_p_are_those_of_scipy(numbers, data):
    values = np.array(numbers)
    size = data.draw(st.integers(8, 12))
    group = data.draw(st.permutations(range(len(values))))[:size]
    others = sorted(set(range(len(values))) - set(group))
    subset = others[: len(others) // 2 + 4]
    ranks = Ranks(pd.DataFrame({"a": values, "b": np.arange(len(values))}))
    if "a" not in ranks.names:
        return
    for rest in (others, subset):
        comparison = ranks.compare(group, None if rest is others else rest)
        x, y = (values[rows][~np.isnan(values[rows])] for rows in (group, rest))
        at = ranks.names.index("a")
        assert (comparison.inside[at], comparison.outside[at]) == (len(x), len(y))
        if min(len(x), len(y)) < 5:
            assert np.isnan(comparison.probability[at])
            continue
        brute = ((x[:, None] > y).sum() + (x[:, None] == y).sum() / 2) / (len(x) * len(y))
        assert comparison.probability[at] == pytest.approx(brute)
        if len(np.unique(np.concatenate([x, y]))) > 1:
            test = mannwhitneyu(x, y, method="asymptotic", use_continuity=False)
            assert comparison.p_value[at] == pytest.approx(test.pvalue)


@given(
    st.lists(
        st.floats(-1e6, 1e6)
        | st.floats(-1e6, 1e6, width=32)
        | st.just(np.nan)
        | st.sampled_from([-0.0, 0.0, 1.0]),
        min_size=2,
        max_size=40,
    )
)
def test_quartiles_are_those_of_numpy(numbers):
    column = np.array(numbers)
    ranks = Ranks(pd.DataFrame({"column": column}))
    if ranks.names:
        np.testing.assert_array_equal(ranks.quartiles[0], np.nanquantile(column, [0, 0.25, 0.5, 0.75, 1]))
    else:
        assert len(np.unique(column[~np.isnan(column)])) < 2 and ranks.quartiles.shape == (0, 5)


def test_correlation_is_spearmans():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(200, 3)), columns=list("abc"))
    table["b"] += table["a"]
    assert np.allclose(Ranks(table).correlation, spearmanr(table).statistic)


def test_the_ranks_of_many_clips_are_exact_and_their_numbers_are_not_copied():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"a": np.floor(rng.random(300_001) * 150_000)})
    ranks = Ranks(table)
    assert np.shares_memory(ranks.columns[0], table["a"].to_numpy())
    group = rng.permutation(len(table))[:1001]
    u = rankdata(table["a"])[group].sum() - 1001 * 1002 / 2
    assert ranks.compare(group).probability[0] == u / (1001 * (len(table) - 1001))


def test_known_ranks_are_taken_of_the_same_numbers_alone():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(60, 3)).round(1), columns=list("abc"))
    table.loc[::7, "a"] = np.nan
    other = table.assign(b=table["c"], d=table["a"])
    known, group = Ranks(table), np.arange(20)
    alone, with_known = Ranks(other).compare(group), Ranks(other, known).compare(group)
    assert np.array_equal(alone.p_value, with_known.p_value)
    assert np.array_equal(alone.probability, with_known.probability)


def test_constant_columns_are_left_out():
    assert len(Ranks(pd.DataFrame({"a": [1.0] * 9})).compare([0, 1]).probability) == 0
    assert Ranks(pd.DataFrame({"a": [1.0] * 9, "b": range(9), "c": [np.nan] * 9})).names == ("b",)


@settings(max_examples=80, deadline=None)
@given(st.integers(5, 500), st.integers(5, 100_000), st.floats(0, 1))
def test_the_interval_holds_the_probability_and_mirrors(inside, outside, probability):
    low, high = probability_interval(probability, inside, outside)
    assert 0 <= low <= probability <= high <= 1
    assert high - low > 0
    mirrored = probability_interval(1 - probability, inside, outside)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-6)


def test_the_interval_covers_what_is_true():
    rng = np.random.default_rng(1)
    true = 0.8
    shift = 1.190  # of normal values with deviation 1: P(X > Y) = Φ(shift / √2) = 0.8
    covered = 0
    for _ in range(400):
        x, y = rng.normal(shift, 1, 15), rng.normal(0, 1, 60)
        low, high = probability_interval(float((x[:, None] > y).mean()), 15, 60)
        covered += low <= true <= high
    assert covered / 400 == pytest.approx(0.95, abs=0.03)


def test_the_interval_has_a_width_where_all_pairs_go_one_way():
    low, high = probability_interval(1.0, 10, 1000)
    assert high == 1
    assert 0.5 < low < 0.95
