import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_calls import calls, clusters, scanned

import slicecore as sc
from slicecore.slices import dealing
from slicecore.slices.condition import Condition
from slicecore.slices.describer import Describer
from slicecore.slices.metadata_slices import MetadataSlice, mostly, scan_metadata


def test_what_was_shuffled_is_kept_for_the_same_clips_and_thresholds(tmp_path, monkeypatch):
    table, errors, _ = calls()
    errors[(table.accent == "scottish").to_numpy()] += 2
    result, data = scanned(table, errors)
    groups = table.speaker.to_numpy()
    without = [(found.label, found.slice.p_value) for found in scan_metadata(result, data, groups=groups)]
    draws = []
    dealt = dealing.generator
    monkeypatch.setattr(dealing, "generator", lambda seed: draws.append(seed) or dealt(seed))
    for _ in range(2):
        found = scan_metadata(result, data, groups=groups, cache=tmp_path)
        assert [(each.label, each.slice.p_value) for each in found] == without
        first, draws[:] = bool(draws), []
    assert without and not first
    errors[:50] += 1
    scan_metadata(*scanned(table, errors), groups=groups, cache=tmp_path)
    assert draws


def test_a_bad_value_is_found_and_confirmed():
    table, errors, rng = calls()
    bad = (table.accent == "scottish").to_numpy()
    errors[bad] = rng.binomial(10, 0.4, bad.sum())
    result, data = scanned(table, errors)
    (metadata_slice,) = scan_metadata(result, data)
    assert metadata_slice.label == "accent = scottish"
    assert metadata_slice.slice.tier == "confirmed"
    assert np.array_equal(metadata_slice.slice.members, np.flatnonzero(bad))
    assert metadata_slice.slice.value == pytest.approx(errors[bad].sum() / 10 / bad.sum())
    assert metadata_slice.slice.drop >= result.min_drop


@pytest.mark.parametrize(
    "tags", [(["noisy", "car"], ["clean"]), ({"mic": "a"}, {"mic": "b"}), (["noisy"], "clean")]
)
def test_lists_and_maps_in_the_cells_of_a_data_frame_are_values(tags):
    table, errors, _ = calls()
    bad = (table.accent == "scottish").to_numpy()
    errors[bad] += 2
    cells = [tags[0] if is_bad else tags[1] for is_bad in bad]
    (found,) = scan_metadata(*scanned(pd.DataFrame({"tags": cells}), errors))
    assert found.label == f"tags = {tags[0]}"
    assert np.array_equal(found.slice.members, np.flatnonzero(bad))


def test_a_pair_is_found_where_only_both_together_are_bad():
    table, errors, rng = calls()
    bad = ((table.accent == "scottish") & (table.device == "phone")).to_numpy()
    errors[bad] = rng.binomial(10, 0.6, bad.sum())
    result, data = scanned(table, errors, min_drop=0.05)
    pair, *others = scan_metadata(result, data)
    assert pair.label == "accent = scottish and device = phone"
    assert np.array_equal(pair.slice.members, np.flatnonzero(bad))
    # The rest of the two conditions alone is good: they are no slices.
    assert not {"accent = scottish", "device = phone"} & {other.label for other in others}


def test_a_range_of_a_quantity_is_found():
    table, errors, rng = calls()
    bad = (table.age >= 74).to_numpy()
    errors[bad] = rng.binomial(10, 0.5, bad.sum())
    result, data = scanned(table, errors)
    best = scan_metadata(result, data)[0]
    (condition,) = best.conditions
    assert (condition.column, condition.operator) == ("age", "≥")
    assert 70 <= condition.value <= 76
    assert np.array_equal(best.slice.members, np.flatnonzero(table.age >= condition.value))


def test_a_band_of_a_quantity_is_found():
    table, errors, rng = calls(2000)
    bad = ((table.age >= 38) & (table.age <= 43)).to_numpy()
    errors[bad] = rng.binomial(10, 0.4, bad.sum())
    result, data = scanned(table, errors)
    (band,) = scan_metadata(result, data)
    (condition,) = band.conditions
    assert (condition.column, condition.operator) == ("age", "between")
    assert str(condition) == f"age between {condition.value[0]:g} and {condition.value[1]:g}"
    assert np.isin(band.slice.members, np.flatnonzero(bad)).mean() > 0.7
    assert np.isin(np.flatnonzero(bad), band.slice.members).mean() > 0.7
    assert np.array_equal(band.slice.members, np.flatnonzero(condition.meets(table.age.to_numpy())))
    assert band.slice.tier == "confirmed"


def test_a_third_condition_is_named_where_only_all_three_together_are_bad():
    table, errors, rng = calls(2000)
    table["gender"] = rng.choice(["female", "male", "other"], 2000)
    bad = ((table.accent == "scottish") & (table.device == "phone") & (table.gender == "female")).to_numpy()
    errors[bad] = rng.binomial(10, 0.5, bad.sum())
    result, data = scanned(table, errors)
    (three,) = scan_metadata(result, data)
    assert three.label == "accent = scottish and device = phone and gender = female"
    assert np.array_equal(three.slice.members, np.flatnonzero(bad))
    assert three.slice.tier == "confirmed"


def test_either_of_two_values_is_one_slice():
    table, errors, rng = calls(2000)
    table["city"] = rng.choice([f"city {i}" for i in range(12)], 2000)
    bad = table.city.isin(["city 3", "city 8"]).to_numpy()
    errors[bad] = rng.binomial(10, 0.4, bad.sum())
    result, data = scanned(table, errors)
    (either,) = scan_metadata(result, data)
    assert either.label == "city is city 3 or city 8"
    assert np.array_equal(either.slice.members, np.flatnonzero(bad))


def test_speakers_are_not_joined_with_each_other_where_clips_come_from_speakers():
    table, _, rng = calls(2000)
    table["city"] = rng.choice([f"city {i}" for i in range(12)], 2000)
    rate = np.where(table.city.isin(["city 3", "city 8"]), 0.4, 0.1)
    errors = rng.binomial(10, np.where(table.speaker.isin(["s3", "s8"]), 0.8, rate))
    result, data = scanned(table, errors)
    labels = {described.label for described in scan_metadata(result, data, groups=table.speaker)}
    assert {"speaker = s3", "speaker = s8", "city is city 3 or city 8"} <= labels
    assert "speaker is s3 or s8" in {described.label for described in scan_metadata(result, data)}


def test_a_bad_value_is_not_joined_with_a_harmless_one():
    for seed in range(10):
        table, errors, rng = calls(600, seed)
        table["city"] = rng.choice([f"city {i}" for i in range(10)], 600)
        bad = (table.city == "city 3").to_numpy()
        errors[bad] = rng.binomial(10, 0.4, bad.sum())
        result, data = scanned(table, errors)
        assert [described.label for described in scan_metadata(result, data)] == ["city = city 3"]


def test_random_columns_hardly_fill_the_list():
    listed = 0
    for seed in range(20):
        table, errors, rng = calls(400, seed)
        for i in range(8):
            table[f"value{i}"] = rng.choice([f"v{j}" for j in range(8)], 400)
            table[f"number{i}"] = rng.normal(size=400)
        result, data = scanned(table, errors, min_support=5, min_drop=0.05, shuffles=19)
        listed += len(scan_metadata(result, data))
    assert listed <= 18  # 10 expected at half a slice a table


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        (1_700_000_000 + 500 * np.arange(400), "recorded ≥ 1700150000"),  # seconds since 1970
        (1990 + np.arange(400) * 35 // 400, "recorded ≥ 2016"),
        (20_230_101 + np.arange(400) % 28 + 100 * (np.arange(400) // 34), "recorded ≥ 202309"),
        (np.arange(400.0), "recorded ≥ 299"),
        (0.5 + np.arange(400) / 1e6, "recorded ≥ 0.500299"),
    ],
)
def test_numbers_with_an_offset_have_ranges(numbers, text):
    """The last quarter of the clips is bad."""
    errors = np.random.default_rng(0).binomial(10, np.where(np.arange(400) < 300, 0.1, 0.5))
    result, data = scanned(pd.DataFrame({"recorded": numbers}), errors)
    best = scan_metadata(result, data)[0]
    assert best.label.startswith(text)
    assert best.slice.tier == "confirmed"
    assert np.array_equal(best.slice.members, np.flatnonzero(best.conditions[0].meets(numbers)))


def test_measurements_are_searched_but_not_those_of_the_prediction():
    table, errors, rng = calls()
    measured = pd.DataFrame({"peak": rng.normal(-4, 2, 600), "wer": errors / 10, "loudness": np.nan})
    bad = rng.choice(600, 60, replace=False)
    measured.loc[bad, "peak"] -= 40
    errors[bad] = rng.binomial(10, 0.5, 60)
    measured["wer"] = errors / 10
    result, data = scanned(table, errors)
    best = scan_metadata(result, data, measured)[0]
    assert best.label.startswith("Peak < −")
    assert best.label.endswith(" dBFS")
    assert not any("rror" in metadata_slice.label for metadata_slice in scan_metadata(result, data, measured))


def test_conditions_on_the_same_clips_are_shown_once_with_the_other_named():
    table, errors, rng = calls()
    table["studio"] = np.where(table.accent == "irish", "Cork", "London")
    bad = (table.accent == "irish").to_numpy()
    errors[bad] = rng.binomial(10, 0.4, bad.sum())
    result, data = scanned(table, errors)
    (metadata_slice,) = scan_metadata(result, data)
    assert {metadata_slice.label, *map(str, metadata_slice.same)} == {"accent = irish", "studio = Cork"}


def test_predicted_labels_are_searched_as_columns_of_the_table():
    table, errors, rng = calls()
    table["predicted_gender"] = np.where(np.arange(600) < 100, "female", "male")
    errors[:100] = rng.binomial(10, 0.5, 100)
    result, data = scanned(table, errors)
    assert scan_metadata(result, data)[0].label == "predicted_gender = female"


def test_a_cluster_that_is_mostly_one_says_so():
    table, errors, rng = calls()
    table.loc[:28, "accent"] = "scottish"
    table.loc[29:, "accent"] = np.where(table.accent[29:] == "scottish", "irish", table.accent[29:])
    errors[:29] = rng.binomial(10, 0.6, 29)
    result, data = scanned(table, errors)
    slices = scan_metadata(result, data)
    cluster = Describer(result.costs, data.ids).group([*range(27), *range(100, 106)])
    assert mostly(cluster, slices).sentence == (
        "82 % of this slice has accent = scottish, 27 of the 29 such clips"
    )
    assert mostly(Describer(result.costs, data.ids).group(range(100, 140)), slices) is None


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Condition("age", "between", (31.0, 40.0)), "has age between 31 and 40"),
        (Condition("accent", "is one of", ("irish", "scottish")), "meets “accent is irish or scottish”"),
        (Condition("recorded", "=", "Sunday", part="weekday"), "meets “recorded on a Sunday”"),
    ],
)
def test_an_overlap_reads_well_with_every_condition(condition, said):
    result, data = scanned(*calls(100)[:2])
    cluster = Describer(result.costs, data.ids).group(range(20))
    sentence = MetadataSlice((condition,), cluster).overlap(cluster).sentence
    assert sentence == f"100 % of this slice {said}, 20 of the 20 such clips"


def test_chance_confirms_hardly_anything():
    confirmed = 0
    for seed in range(40):
        table, errors, rng = calls(300, seed)
        measured = pd.DataFrame({name: rng.normal(size=300) for name in ("peak", "pitch", "snr")})
        result, data = scanned(table, errors, min_drop=0.01, shuffles=99)
        confirmed += any(
            metadata_slice.slice.tier == "confirmed"
            for metadata_slice in scan_metadata(result, data, measured)
        )
    assert confirmed <= 5  # 2 expected; more than 5 of 40 has a chance of 1 %


def test_without_shuffles_there_is_no_tier():
    table, errors, _ = calls()
    errors[(table.accent == "irish").to_numpy()] += 4
    result, data = scanned(table, errors, shuffles=0)
    assert [metadata_slice.slice.tier for metadata_slice in scan_metadata(result, data)] == [None]


def test_higher_is_better_and_a_metric_of_the_users():
    table, errors, _ = calls()
    bad = (table.accent == "irish").to_numpy()
    wrong = np.where(bad, errors + 4 > 3, errors > 3)
    _, data = scanned(table, errors)
    references = ["a"] * 600
    predictions = np.where(wrong, "b", "a").tolist()
    for costs in (
        sc.metrics.accuracy(references, predictions),
        sc.metrics.custom(
            lambda a, b: float(np.mean([x != y for x, y in zip(a, b, strict=True)])), references, predictions
        ),
    ):
        again = sc.scan(clusters(600), costs, min_support=10, min_drop=0.1, shuffles=99)
        assert [metadata_slice.label for metadata_slice in scan_metadata(again, data)] == ["accent = irish"]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["whole", "rest"]))
def test_slices_meet_the_thresholds_and_their_conditions(seed, against):
    table, errors, rng = calls(200, seed)
    measured = pd.DataFrame({"peak": rng.normal(size=200).round(1)})
    measured.loc[::7, "peak"] = np.nan
    columns = {**{name: table[name] for name in table}, "peak": measured.peak}
    result, data = scanned(table, errors, min_support=8, min_drop=0.02, shuffles=0, against=against)
    for metadata_slice in scan_metadata(result, data, measured):
        rest = result.costs.value(np.setdiff1d(np.arange(200), metadata_slice.slice.members))
        compared = rest if against == "rest" else result.overall
        assert metadata_slice.slice.support >= 8
        assert metadata_slice.slice.value - compared == pytest.approx(metadata_slice.slice.drop)
        assert metadata_slice.slice.drop >= 0.02 - 1e-9
        meets = np.ones(200, dtype=bool)
        for condition in metadata_slice.conditions:
            meets &= condition.meets(columns[condition.column].to_numpy())
        assert np.array_equal(np.flatnonzero(meets), metadata_slice.slice.members)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.randoms())
def test_the_order_of_rows_does_not_matter(seed, random):
    table, errors, _ = calls(200, seed)
    errors[(table.accent == "irish").to_numpy()] += 3
    order = list(range(200))
    random.shuffle(order)
    first, data = scanned(table, errors, shuffles=99)
    again, moved = scanned(table.iloc[order].reset_index(drop=True), errors[order], shuffles=99)
    a, b = scan_metadata(first, data), scan_metadata(again, moved)
    assert [
        (metadata_slice.label, metadata_slice.slice.support, metadata_slice.slice.p_value)
        for metadata_slice in a
    ] == [
        (metadata_slice.label, metadata_slice.slice.support, metadata_slice.slice.p_value)
        for metadata_slice in b
    ]
