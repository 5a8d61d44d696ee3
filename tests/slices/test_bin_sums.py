"""Sums over bins: the same by products as value by value, whatever the number of clips."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.slices import bin_sums
from slicecore.slices.bin_sums import binned, spanned


@given(
    st.integers(0, 2**31),
    st.integers(0, 60),
    st.integers(1, 7),
    st.integers(1, 3),
    st.sampled_from([0, 1000]),
)
def test_sums_are_those_of_the_clips_in_their_order(seed, n, size, count, many):
    rng = np.random.default_rng(seed)
    code, values = rng.integers(-1, size, n), rng.normal(size=(n, count))
    expected = np.zeros((count, size))
    for bin_of_clip, of_clip in zip(code, values, strict=True):
        if bin_of_clip >= 0:
            expected[:, bin_of_clip] += of_clip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bin_sums, "MANY", many)
        sums = binned(code, size, values)
    np.testing.assert_array_equal(sums, expected)
    np.testing.assert_allclose(spanned(sums, np.array([[0, size]]))[:, 0], expected.sum(axis=1), atol=1e-12)
