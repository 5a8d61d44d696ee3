"""Columns of facts about every clip."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.filtering.columns import Column
from slicecore.table.metadata import MOST_VALUES_OF_A_NUMBER


@given(
    st.integers(0, MOST_VALUES_OF_A_NUMBER + 4),
    st.booleans(),
    st.integers(1, 5000),
    st.sampled_from(["sorted", "shuffled", "rare last"]),
)
def test_a_column_has_few_numbers_where_no_more_than_the_limit_differ(distinct, missing, n, order):
    values = np.resize(np.arange(distinct, dtype=float), n if distinct else 0)
    if missing:
        values = np.append(values, np.nan)
    if order == "sorted":
        values = np.sort(values)
    elif order == "shuffled":
        values = np.random.default_rng(n).permutation(values)
    else:
        values = np.append(np.zeros(n), values)
    few = 0 < len(set(values[~np.isnan(values)])) <= MOST_VALUES_OF_A_NUMBER
    assert Column("size", values).has_few == few


@pytest.mark.parametrize("missing", [0, 1])
def test_different_numbers_are_quantities_at_the_first_glance(missing, monkeypatch):
    monkeypatch.setattr(
        Column, "distinct", property(lambda column: pytest.fail("all numbers are told apart"))
    )
    values = np.random.default_rng(0).normal(size=5000)
    values[:missing] = np.nan
    assert not Column("loudness", values).has_few
