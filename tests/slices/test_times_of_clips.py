"""Metadata slices over when clips were recorded: hours, nights, weekdays and moments."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from invented_calls import ACCENTS, scanned

from slicecore.slices.bins import bins_of
from slicecore.slices.metadata_slices import scan_metadata
from slicecore.table.time_stamps import time_stamps_of


@pytest.mark.parametrize(
    ("is_bad", "label"),
    [
        (lambda times: times.weekday == 6, "recorded on a Sunday"),
        (lambda times: times.weekday >= 5, "recorded on a Saturday or Sunday"),
        (lambda times: (times.hour >= 22) | (times.hour < 4), "recorded between 22:00 and 3:59"),
        (lambda times: (times.hour >= 9) & (times.hour < 12), "recorded between 9:00 and 11:59"),
        (lambda times: (times.hour >= 23) | (times.hour < 3), "recorded between 23:00 and 2:59"),
        (lambda times: (times.hour >= 21) | (times.hour < 1), "recorded between 21:00 and 0:59"),
        (lambda times: times.hour < 5, "recorded between 0:00 and 4:59"),
        (lambda times: times.hour >= 20, "recorded between 20:00 and 23:59"),
    ],
)
@pytest.mark.parametrize("as_text", [True, False])
def test_times_have_hours_weekdays_and_moments(is_bad, label, as_text):
    rng = np.random.default_rng(1)
    moments = pd.to_datetime(1_704_067_200 + rng.integers(0, 80 * 86400, 2000), unit="s")
    recorded = moments.strftime("%Y-%m-%dT%H:%M:%SZ") if as_text else moments
    table = pd.DataFrame({"accent": rng.choice(ACCENTS, 2000), "recorded": recorded})
    bad = is_bad(time_stamps_of(table.recorded))
    errors = rng.binomial(10, np.where(bad, 0.5, 0.1))
    result, data = scanned(table, errors)
    (described,) = scan_metadata(result, data)
    assert described.label == label
    assert described.slice.tier == "confirmed"
    assert np.array_equal(described.slice.members, np.flatnonzero(bad))
    (condition,) = described.conditions
    assert np.array_equal(
        np.flatnonzero(condition.meets(data.table["recorded"].to_numpy())), described.slice.members
    )


def test_a_night_is_at_most_half_of_the_clips():
    rng = np.random.default_rng(2)
    hour = rng.choice(24, 2000)
    hour[rng.random(2000) < 0.5] = 23
    recorded = pd.to_datetime(1_704_067_200 + rng.integers(0, 80, 2000) * 86400 + hour * 3600, unit="s")
    is_night = (hour >= 22) | (hour < 4)
    assert is_night.mean() > 0.6
    table = pd.DataFrame({"accent": rng.choice(ACCENTS, 2000), "recorded": recorded})
    result, data = scanned(table, rng.binomial(10, np.where(is_night, 0.4, 0.1)))
    found = scan_metadata(result, data)
    assert found and all(described.slice.support <= 1000 for described in found)


@settings(max_examples=60, deadline=None)
@given(
    hours=st.lists(st.tuples(st.integers(0, 23), st.booleans()), min_size=2, max_size=120),
    min_support=st.integers(1, 12),
)
@example([(13, True)] * 6 + [(hour, True) for hour in (2, 3, 20, 22)], 2)  # all but one hour
def test_nights_are_all_that_go_round_midnight_and_have_enough_clips_but_at_most_half(hours, min_support):
    """Copies, which do not count, are put into the bins alone."""
    hour, counted = (np.array(each) for each in zip(*hours, strict=True))
    recorded = pd.to_datetime(1_704_067_200 + hour * 3600 + np.arange(len(hour)) % 3600, unit="s")
    table = pd.DataFrame({"recorded": recorded})
    columns = bins_of(table, table[[]], {}, min_support, counted)
    nights = []
    for column in columns:
        if column.part == "hour":
            nights = [(int(begin), int(end)) for begin, end in column.inner if begin > end]
            code, size = column.code, column.size
    if not nights and not any(column.part == "hour" for column in columns):
        return
    of_counted, total = code[counted], int(counted.sum())
    wanted = [
        (begin, end)
        for begin in range(1, size)
        for end in range(1, begin)
        if min_support <= ((of_counted >= begin) | (of_counted < end)).sum() <= (total + 1) // 2
    ]
    assert sorted(nights) == sorted(wanted)


def test_a_bad_fortnight_is_found():
    rng = np.random.default_rng(1)
    days = rng.integers(0, 80, 2000)
    table = pd.DataFrame(
        {"recorded": (pd.Timestamp("2024-01-01") + pd.to_timedelta(days, "D")).strftime("%Y-%m-%d")}
    )
    bad = (days >= 31) & (days < 45)
    result, data = scanned(table, rng.binomial(10, np.where(bad, 0.5, 0.1)))
    (described,) = scan_metadata(result, data)
    assert described.label.startswith("recorded between 2024-0")
    assert np.isin(described.slice.members, np.flatnonzero(bad)).mean() > 0.7
    assert np.isin(np.flatnonzero(bad), described.slice.members).mean() > 0.7
    (condition,) = described.conditions
    assert np.array_equal(np.flatnonzero(condition.meets(table.recorded.to_numpy())), described.slice.members)
