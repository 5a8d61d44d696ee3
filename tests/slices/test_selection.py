import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.slices.selection import COSTS, background, choose, evidence


def background_step_by_step(errors, words, outside):
    """As the docstring says it, with one average clip of the whole added to every estimate.

    There is no cap where the clips outside do not differ.
    """
    rate = (errors[outside].sum() + errors.mean()) / (words[outside].sum() + words.mean())
    mean = rate * words
    excess = ((errors - mean) ** 2 - mean)[outside].sum()
    damping = 1 / (1 + max(0, excess / (mean[outside] ** 2).sum()) * mean)
    score, expected = (errors - mean) * damping, mean * damping
    for _ in range(3):
        average, deviation = score[outside].mean(), score[outside].std()
        if deviation > 1e-6 * abs(average):
            score = np.minimum(score, average + COSTS.cap * deviation)
    observed = score + expected
    expected = (
        expected * (observed[outside].sum() + observed.mean()) / (expected[outside].sum() + expected.mean())
    )
    square = (observed - expected) ** 2
    variance = square[outside].mean() + square.mean() / len(errors)
    return observed, expected, variance / expected[outside].mean(), observed.sum() / expected.sum()


@settings(max_examples=50, deadline=None)
@given(
    n=st.integers(4, 200), share=st.floats(0.3, 1), rate=st.floats(0.05, 2), seed=st.integers(0, 2**32 - 1)
)
@example(n=4, share=0.5, rate=0.5, seed=12992)  # both clips outside are alike
def test_background_is_that_of_the_clips_outside(n, share, rate, seed):
    rng = np.random.default_rng(seed)
    words = rng.integers(1, 30, size=n).astype(float)
    errors = rng.poisson(words * rate * rng.gamma(1, 1, size=n)).astype(float)
    errors[0] = 1
    outside = np.arange(n) < max(2, round(share * n))
    estimate = background(errors, words, outside)
    observed, expected, dispersion, overall = background_step_by_step(errors, words, outside)
    np.testing.assert_allclose(estimate.observed, observed, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(estimate.expected, expected, rtol=1e-9, atol=1e-9)
    assert estimate.dispersion == pytest.approx(dispersion)
    assert estimate.overall == pytest.approx(overall)


@pytest.mark.parametrize(
    ("errors", "words"),
    [([0, 0, 0, 0], [1, 1, 1, 1]), ([1, 1, 1, 1], [1, 1, 1, 1]), ([0, 0, 0, 0], [0, 0, 0, 0]), ([5], [2])],
)
def test_background_without_differences_is_defined(errors, words):
    estimate = background(np.array(errors, float), np.array(words, float), np.ones(len(errors), dtype=bool))
    assert np.isfinite([*estimate.observed, *estimate.expected, estimate.dispersion, estimate.overall]).all()


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(30, 250),
    min_support=st.integers(2, 15),
    min_drop=st.floats(0, 0.4),
    seed=st.integers(0, 2**32 - 1),
)
def test_chosen_clusters_are_candidates_and_disjoint(n, min_support, min_drop, seed):
    rng = np.random.default_rng(seed)
    label = rng.integers(6, size=n)
    vectors = rng.normal(scale=4, size=(6, 5))[label] + rng.normal(size=(n, 5))
    words = rng.integers(1, 20, size=n).astype(float)
    errors = rng.binomial(words.astype(int), np.where(label == 0, 0.6, 0.1)).astype(float)
    trees = build_hierarchy(vectors).trees
    whole = background(errors, words, np.ones(n, dtype=bool))
    candidates = []
    for tree in trees:
        drop = tree.sums(errors) / tree.sums(words) - errors.sum() / words.sum()
        candidates.append(
            np.flatnonzero((tree.size >= min_support) & (tree.parent >= 0) & (drop >= min_drop))
        )
    chosen = choose(
        trees, candidates, [evidence(tree, whole)[0] for tree in trees], errors, words, min_support
    )
    for tree, node in chosen:
        assert node in candidates[tree]
    members = np.concatenate([trees[tree].members(node) for tree, node in chosen]) if chosen else np.zeros(0)
    assert len(np.unique(members)) == len(members)
