"""Order of clips by what they are: that of a sort by all keys, whatever their sizes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from slicecore.clustering.hierarchy import build_hierarchy
from slicecore.slices.canonical_order import canonical_order


@given(st.integers(0, 2**32 - 1), st.integers(2, 80), st.booleans())
@settings(max_examples=40)
def test_clips_stand_by_leaves_then_words_then_groups_then_rows(seed, n, whole_numbers):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(n, 3)).astype(np.float32)
    vectors[rng.random(n) < 0.1] = np.nan
    hierarchy = build_hierarchy([vectors])
    words = rng.integers(0, 4, n).astype(float) if whole_numbers else rng.random(n)
    groups = rng.integers(-1, 5, n)
    leaves = [tree.leaf_of_clip(n) for tree in hierarchy.trees]
    inside = np.flatnonzero(leaves[0] >= 0) if leaves else np.zeros(0, int)

    order, _ = canonical_order(hierarchy, rng.random(n), words, None)
    assert np.array_equal(order, [row for row in np.lexsort([words, *leaves]) if row in set(inside)])

    order, numbered = canonical_order(hierarchy, rng.random(n), words, groups)
    assert np.array_equal(
        order, [row for row in np.lexsort([numbered, words, *leaves]) if row in set(inside)]
    )
    known = groups >= 0
    pairs = set(zip(groups[known].tolist(), numbered[known].tolist(), strict=True))
    assert len(pairs) == len(set(groups[known])) == len(set(numbered[known]))
    assert len(set(numbered[~known])) == np.count_nonzero(~known)
