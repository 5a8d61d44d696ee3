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
    different = len(set(values[~np.isnan(values)]))
    column = Column("size", values)
    assert column.has_few == (0 < different <= MOST_VALUES_OF_A_NUMBER)
    assert column.distinct_count == different


@pytest.mark.parametrize(("number", "code"), [(2.0, 0), (np.nan, -1)])
def test_a_column_in_which_all_clips_are_alike_has_one_code(number, code):
    codes = Column("size", np.full(7, number)).codes
    assert codes.tolist() == [code] * 7
    assert codes.strides == (0,)  # for all of them: there may be millions


@pytest.mark.parametrize("missing", [0, 1])
def test_different_numbers_are_quantities_at_the_first_glance(missing, monkeypatch):
    monkeypatch.setattr(
        Column, "distinct", property(lambda column: pytest.fail("all numbers are told apart"))
    )
    values = np.random.default_rng(0).normal(size=5000)
    values[:missing] = np.nan
    assert not Column("loudness", values).has_few
