import numpy as np
import pandas as pd
import pytest

from slicecore.table.left_out import columns_left_out

N = 200
RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("name", "cells", "reason"),
    [
        ("clip_id", RNG.permutation(N), "names clips"),
        ("uploadId", RNG.integers(10**9, 10**10, N), "names clips"),
        ("md5", [f"{number:032x}" for number in RNG.integers(0, 2**63, N)], "names clips"),
        ("file", [f"clip {i}.wav" for i in range(N)], "names clips"),
        ("model", ["v1"] * N, "has one value"),
        ("note", [None] * (N - 1) + [" "], "is empty"),
        ("gain", [3.0] * N, "has one value"),
        ("recorded", 1_700_000_000 + 500 * np.arange(N), None),
        ("pitch", RNG.normal(size=N), None),
        ("speaker_id", RNG.integers(0, 20, N), None),
        ("noisy", ["yes"] * 20 + [""] * (N - 20), None),
        ("flag", [1.0] * 20 + [None] * (N - 20), None),
        ("accent", RNG.choice(["irish", "scottish"], N), None),
        ("time", pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(N), "h"), None),
        ("day", [f"2024-01-01T00:{i // 60:02}:{i % 60:02}" for i in range(N)], None),
        ("grid", RNG.normal(size=N), None),
    ],
)
def test_columns_that_say_nothing_of_groups_are_left_out(name, cells, reason):
    assert columns_left_out(pd.DataFrame({name: cells}), [name]) == ({name: reason} if reason else {})
