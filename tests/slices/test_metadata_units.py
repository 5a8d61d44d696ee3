"""Metadata slices where clips come in groups or are in the table several times."""

import numpy as np
import pandas as pd
import pytest
from test_metadata_slices import calls, scanned

import slicecore as sc
from slicecore.slices.metadata_slices import scan_metadata


def by_speakers(seed, planted=0.0):
    """Clips of 60 speakers who differ, ten speakers to a city."""
    rng = np.random.default_rng(seed)
    speaker = rng.integers(0, 60, 900)
    rate = rng.beta(3, 17, 60)
    rate[:10] += planted
    table = pd.DataFrame(
        {"speaker": [f"s{i}" for i in speaker], "city": [f"city {i // 10}" for i in speaker]}
    )
    return table, rng.binomial(10, rate[speaker])


def test_speakers_who_differ_confirm_no_city():
    by_clips = by_groups = 0
    for seed in range(20):
        table, errors = by_speakers(seed)
        result, data = scanned(table[["city"]], errors, min_drop=0.02)
        by_clips += any(m.slice.tier == "confirmed" for m in scan_metadata(result, data))
        by_groups += any(
            m.slice.tier == "confirmed" for m in scan_metadata(result, data, groups=table.speaker)
        )
    assert by_clips >= 10
    assert by_groups <= 3  # 1 expected


def test_a_city_whose_speakers_are_all_bad_is_confirmed_and_says_who_is_in_it():
    confirmed = 0
    for seed in range(10):
        table, errors = by_speakers(seed, planted=0.3)
        result, data = scanned(table[["city"]], errors)
        (city,) = scan_metadata(result, data, groups=table.speaker)
        assert city.label == "city = city 0"
        assert city.slice.groups.count == 10
        confirmed += city.slice.tier == "confirmed"
    assert confirmed >= 9


def test_one_bad_speaker_is_tested_against_clips():
    table, errors = by_speakers(3)
    bad = (table.speaker == "s7").to_numpy()
    errors[bad] = 7
    result, data = scanned(table, errors)
    slices = {
        described.label: described.slice for described in scan_metadata(result, data, groups=table.speaker)
    }
    assert slices["speaker = s7"].tier == "confirmed"
    assert slices["speaker = s7"].groups.is_one


@pytest.mark.parametrize("label", ["", None, "own"])
def test_groups_of_one_clip_each_are_tested_by_clips(label):
    table, errors = by_speakers(5, planted=0.3)
    result, data = scanned(table[["city"]], errors)
    groups = [f"clip {i}" if label == "own" else label for i in range(len(table))]
    by_groups, by_clips = scan_metadata(result, data, groups=groups), scan_metadata(result, data)
    assert [(each.label, each.slice.p_value) for each in by_groups] == [
        (each.label, each.slice.p_value) for each in by_clips
    ]


def with_copies(table, errors, again, times):
    """Clips of which some are in the table so often, and the row that stands for each."""
    rows = np.concatenate([np.arange(len(table)), np.tile(again, times - 1)])
    return table.iloc[rows].reset_index(drop=True), errors[rows], rows


@pytest.mark.parametrize("groups", [False, True])
def test_copies_count_once_in_choice_and_test(groups):
    table, errors, rng = calls(400)
    errors[(table.accent == "irish").to_numpy()] += 2
    errors[(table.age > 65).to_numpy()] += 3
    table["recorded"] = pd.date_range("2024-03-01", periods=400, freq="5h").strftime("%Y-%m-%d %H:%M")
    result, data = scanned(table, errors, min_drop=0.05, shuffles=99)
    copied, costs, copies = with_copies(table, errors, rng.choice(400, 40, replace=False), 5)
    again, more = scanned(copied, costs, min_drop=0.05, shuffles=99)
    once = scan_metadata(result, data, groups=table.speaker if groups else None)
    several = scan_metadata(again, more, groups=copied.speaker if groups else None, copies=copies)
    tests = {each.label: (each.slice.p_value, each.slice.tier) for each in once}
    assert {each.label: (each.slice.p_value, each.slice.tier) for each in several} == tests
    assert {"accent = irish"} < set(tests)
    for each in several:
        assert each.slice.support > len(np.unique(copies[each.slice.members])) >= 10


def test_copies_of_a_few_clips_are_no_slice_and_confirm_nothing():
    alarms = {False: 0, True: 0}
    for seed in range(10):
        table, errors, _ = calls(300, seed)
        table["room"] = np.where(np.arange(300) < 6, "attic", "hall")
        errors[:6] = 6
        copied, costs, copies = with_copies(table, errors, np.arange(30), 5)
        result, data = scanned(copied, costs, min_drop=0.02, shuffles=99)
        for known in alarms:
            slices = scan_metadata(result, data, copies=copies if known else None)
            alarms[known] += any(each.slice.tier == "confirmed" for each in slices)
            assert ("room = attic" in {each.label for each in slices}) is not known
    assert alarms[False] == 10
    assert alarms[True] <= 2  # 0.5 expected


def test_without_copies_nothing_changes():
    table, errors, _ = calls(300)
    errors[(table.accent == "irish").to_numpy()] += 2
    result, data = scanned(table, errors, min_drop=0.02, shuffles=99)
    slices, same = (scan_metadata(result, data, copies=copies) for copies in (None, np.arange(300)))
    assert [(s.label, s.slice.p_value) for s in slices] == [(s.label, s.slice.p_value) for s in same] != []


def test_copies_of_other_clips_are_an_error():
    result, data = scanned(*calls(100)[:2])
    with pytest.raises(sc.errors.SlicecoreError, match="copies"):
        scan_metadata(result, data, copies=np.arange(99))
