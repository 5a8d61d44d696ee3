import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.metrics import Costs, custom
from slicecore.metrics.intervals import value_interval


def clips(kind, n, rng):
    words = rng.negative_binomial(3, 0.2, size=n) + 1.0
    if kind == "words":
        return Costs(rng.poisson(words * rng.uniform(0.1, 0.9) * rng.gamma(1.25, 0.8, size=n)), words)
    if kind == "right or wrong":
        return Costs(rng.random(n) < rng.uniform(0.2, 0.8), np.ones(n))
    if kind == "a few clips have most":
        return Costs(np.where(np.arange(n) < 2, 60, rng.poisson(words * 0.1)), words)
    return Costs(rng.gamma(0.7, 1, size=n), np.ones(n))


@pytest.mark.parametrize("kind", ["words", "right or wrong", "a few clips have most", "amounts"])
@pytest.mark.parametrize("n", [4, 12, 30, 100, 400])
def test_the_interval_is_that_of_very_many_resamples(kind, n):
    for seed in range(3):
        rng = np.random.default_rng([seed, n])
        costs = clips(kind, n, rng)
        low, high = value_interval(costs, np.arange(n))
        draws = rng.integers(n, size=(20_000, n))
        resampled = costs.numerator[draws].sum(axis=1) / costs.denominator[draws].sum(axis=1)
        expected = np.quantile(resampled, [0.025, 0.975])
        # With few clips right or wrong a resample has few possible values; the next one is as good.
        allowed = max(0.12 * (expected[1] - expected[0]), 1.01 / n if kind == "right or wrong" else 0)
        assert (low, high) == pytest.approx(tuple(expected), abs=allowed)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 60), words=st.integers(0, 6), seed=st.integers(0, 2**32 - 1))
def test_the_interval_lies_among_the_clips_whatever_their_order(n, words, seed):
    rng = np.random.default_rng(seed)
    denominator = rng.integers(0, words + 1, size=n).astype(float)
    denominator[0] = 1
    numerator = rng.poisson(denominator * rng.choice([0.05, 0.5, 3])).astype(float)
    members = np.arange(n)
    bounds = value_interval(Costs(numerator, denominator), members)
    alone = numerator[denominator > 0] / denominator[denominator > 0]
    with_errors_alone = numerator[denominator == 0].sum() > 0
    assert alone.min() - 1e-9 <= bounds[0] <= bounds[1]
    assert with_errors_alone or bounds[1] <= alone.max() + 1e-9
    shuffle = rng.permutation(n)
    assert value_interval(Costs(numerator[shuffle], denominator[shuffle]), members) == bounds


@pytest.mark.parametrize("n", [3, 40])
@pytest.mark.parametrize("value", [0.0, 1.0, 2.5])
def test_clips_that_are_all_alike_give_no_width(n, value):
    words = np.arange(1.0, n + 1)
    assert value_interval(Costs(value * words, words), np.arange(n)) == (value, value)


def test_where_higher_is_better_and_below_zero_nothing_is_different():
    rng = np.random.default_rng(0)
    numerator = rng.normal(-3, 1, size=50)
    low, high = value_interval(Costs(numerator, np.ones(50), higher_is_better=True), np.arange(50))
    assert low < numerator.mean() < high < -2


def test_a_function_of_the_users_is_resampled():
    values = np.random.default_rng(0).gamma(1, size=60).tolist()
    metric = custom(lambda references, _: float(np.median(references)), values, values)
    low, high = value_interval(metric, np.arange(60))
    assert low < np.median(values) < high
