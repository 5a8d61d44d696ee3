"""Metadata slices where speakers differ: what fits the bad ones at hand is none, what crosses them is one."""

import numpy as np
import pandas as pd
import pytest
from test_metadata_slices import scanned

from slicecore.slices.metadata_slices import scan_metadata


def of_speakers(seed, *, spread=0.1, device=0.0, accent=0.0):
    """Clips of 50 speakers with 20 each, who differ, and who have an accent, an age and a pitch."""
    rng = np.random.default_rng(seed)
    speaker = rng.permutation(np.arange(1000) % 50)
    of_accent, age = rng.permutation(np.arange(50) % 10)[speaker], rng.integers(0, 5, 50)[speaker]
    pitch = rng.normal(size=50)[speaker] + 0.1 * rng.normal(size=1000)
    of_device = rng.choice(4, 1000, p=[0.1, 0.3, 0.3, 0.3])
    rate = 0.2 + spread * rng.normal(size=50)[speaker] + device * (of_device == 0) + accent * (of_accent == 0)
    table = pd.DataFrame(
        {
            "speaker": [f"s{number}" for number in speaker],
            "accent": [f"accent {number}" for number in of_accent],
            "age": [f"age {number}" for number in age],
            "pitch": pitch,
            "device": [f"device {number}" for number in of_device],
        }
    )
    return table, rng.binomial(10, np.clip(rate, 0, 1))


def found_in(table, errors, *, knowing):
    """Labels of the slices of several speakers."""
    slices = scan_metadata(*scanned(table, errors), groups=table.speaker if knowing else None)
    return [
        each.label
        for each in slices
        if table.speaker[each.slice.members].value_counts(normalize=True).iloc[0] < 0.9
    ]


def test_conditions_that_fit_the_bad_speakers_at_hand_are_no_slices():
    tables = [of_speakers(seed) for seed in range(12)]
    unknown, known = (
        sum(len(found_in(*table, knowing=knowing)) for table in tables) for knowing in (False, True)
    )
    assert unknown >= 12
    assert known <= 4


def test_a_device_that_all_speakers_have_is_found_and_hardly_anything_else_of_several():
    found = [found_in(*of_speakers(seed, device=0.25), knowing=True) for seed in range(8)]
    assert all("device = device 0" in labels for labels in found)
    assert sum(len(labels) - 1 for labels in found) <= 2


@pytest.mark.parametrize("seed", range(4))
def test_an_accent_is_found_although_its_speakers_are_bad_one_by_one(seed):
    table, errors = of_speakers(seed, spread=0.05, accent=0.25)
    assert "accent = accent 0" in found_in(table, errors, knowing=True)


def test_copies_of_clips_tell_no_more_of_speakers():
    table, errors = of_speakers(3, device=0.25)
    rows = np.concatenate([np.arange(1000), np.arange(0, 1000, 7), np.arange(0, 1000, 7)])
    more = table.iloc[rows].reset_index(drop=True)
    result, data = scanned(more, errors[rows])
    slices = scan_metadata(result, data, groups=more.speaker, copies=rows)
    assert [found.label for found in slices if "speaker" not in found.label] == ["device = device 0"]
