import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicecore.table.time_stamps import time_stamps_of


def test_an_offset_moves_the_moment_but_not_the_clock_on_the_wall():
    times = time_stamps_of(
        pd.Series(["2024-03-09T22:15:00+01:00", "2024-03-09 22:15:00Z", "2024-03-10T00:15-05:00", ""])
    )
    assert times.seconds[:3].tolist() == [1_710_018_900, 1_710_022_500, 1_710_047_700]
    assert times.hour[:3].tolist() == [22, 22, 0]
    assert times.weekday[:3].tolist() == [5, 5, 6]
    assert np.isnan([times.seconds[3], times.hour[3], times.weekday[3]]).all()


def test_dates_have_no_hour():
    times = time_stamps_of(pd.Series(["2024-03-09", None, "2024-03-10"]))
    assert times.hour is None
    assert times.weekday[[0, 2]].tolist() == [5, 6]


@pytest.mark.parametrize(
    "cells",
    [
        ["scottish", "2024-03-09"],
        ["20240309", "20240310"],
        [1.0, 2.0],
        [True, False],
        ["", None],
        ["2024-99-09"],
        [["2024-03-09"], ["2024-03-09"]],
        [],
    ],
)
def test_other_columns_are_no_times(cells):
    assert time_stamps_of(pd.Series(cells)) is None


@given(st.lists(st.datetimes(pd.Timestamp("1900-01-01"), pd.Timestamp("2100-01-01")), min_size=1))
def test_text_and_times_of_pandas_say_the_same(moments):
    texts = time_stamps_of(pd.Series([moment.isoformat() for moment in moments]))
    times = time_stamps_of(pd.Series(moments))
    assert np.allclose(texts.seconds, times.seconds)
    assert texts.weekday.tolist() == times.weekday.tolist()
    assert (texts.hour is None) == (times.hour is None)
    if times.hour is not None:
        assert texts.hour.tolist() == times.hour.tolist() == [moment.hour for moment in moments]
