"""Tests of a group against the rest have the values of scipy.stats."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from slicecore.explain import group_tests


@st.composite
def tables(draw):
    n = draw(st.integers(1, 3000))
    group = draw(st.integers(1, n))
    everywhere = draw(arrays(np.int64, 5, elements=st.integers(0, n)))
    inside = np.array([draw(st.integers(0, min(int(known), group))) for known in everywhere])
    return inside, n, everywhere, group


@given(tables())
def test_fisher(table):
    inside, n, everywhere, group = table
    np.testing.assert_allclose(
        group_tests.fisher_p(*table), stats.hypergeom.sf(inside - 1, n, everywhere, group), rtol=1e-10
    )


def test_fisher_where_scipy_keeps_its_function_elsewhere(monkeypatch):
    table = np.array([3, 0, 9]), 40, np.array([12, 5, 9]), 10
    p_value = group_tests.fisher_p(*table)
    monkeypatch.setitem(sys.modules, "scipy.special._ufuncs", None)
    np.testing.assert_allclose(group_tests.fisher_p(*table), p_value, rtol=1e-10)


@given(arrays(np.float64, st.integers(0, 40), elements=st.floats(0, 1)))
def test_p_values_corrected_together(p_values):
    expected = stats.false_discovery_control(p_values) if len(p_values) else p_values
    np.testing.assert_array_equal(group_tests.q_values(p_values), expected)


@given(
    arrays(np.float64, st.integers(1, 40), elements=st.integers(0, 9) | st.floats(-5, 5)),
    arrays(np.float64, st.integers(1, 40), elements=st.integers(0, 9) | st.floats(-5, 5)),
    st.booleans(),
)
def test_ranks_and_mann_whitney(group, rest, greater):
    np.testing.assert_array_equal(group_tests.average_ranks(group), stats.rankdata(group))
    if np.ptp(np.concatenate([group, rest])):
        expected = stats.mannwhitneyu(group, rest, alternative="greater" if greater else "two-sided")
        got = group_tests.mann_whitney(group, rest, greater=greater)
        assert got == pytest.approx((expected.statistic, expected.pvalue), rel=1e-10, abs=0)
