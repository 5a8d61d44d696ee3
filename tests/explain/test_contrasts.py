import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from slicecore.explain.contrasts import Contrasts
from slicecore.measurements import CATALOGUE


def table(n=400, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "peak": rng.normal(-4, 2, n),
            "pitch": rng.normal(180, 30, n),
            "duration": rng.gamma(3, 1, n),
            "wer": rng.random(n),
        }
    )


def test_what_was_shifted_is_reported_with_both_medians():
    numbers = table()
    members = np.arange(30)
    numbers.loc[members, "peak"] -= 40
    numbers.loc[members, "wer"] += 10
    effects = Contrasts(numbers, CATALOGUE).effects(members)
    (effect,) = effects.measurements
    assert (effect.name, effect.higher, effect.pairs) == ("peak", False, 1.0)
    assert effect.inside == np.median(numbers.peak[:30])
    assert effect.outside == np.median(numbers.peak[30:])
    assert effect.interval[0] == 0
    assert effect.interval[1] < 0.2
    assert effect.q_value >= effect.p_value
    assert abs(numbers.peak[effect.typical] - effect.inside) == min(abs(numbers.peak[:30] - effect.inside))
    assert effects.largest == effect


def test_nothing_is_reported_of_a_random_group_but_the_largest_difference():
    numbers = table()
    reported = 0
    for seed in range(100):
        members = np.random.default_rng(seed).choice(400, 20, replace=False)
        effects = Contrasts(numbers, CATALOGUE).effects(members)
        reported += bool(effects.measurements)
        assert effects.largest is not None
        assert effects.largest.name != "wer"
    assert reported == 0


def test_a_large_difference_of_few_clips_is_not_reported():
    numbers = table(30)
    numbers.loc[:4, "peak"] += 1.5
    effects = Contrasts(numbers, CATALOGUE).effects(range(5))
    assert effects.measurements == ()


def test_measurements_that_say_the_same_are_reported_once():
    numbers = table()
    numbers["loudness"] = numbers.peak - 14 + np.random.default_rng(1).normal(0, 0.3, 400)
    numbers.loc[:29, ["peak", "loudness", "pitch"]] += 60
    names = [effect.name for effect in Contrasts(numbers, CATALOGUE).effects(range(30)).measurements]
    assert len(names) == 2
    assert "pitch" in names


def test_at_most_five_are_reported_the_largest_first():
    rng = np.random.default_rng(0)
    numbers = pd.DataFrame(rng.normal(size=(300, 8)), columns=[f"m{i}" for i in range(8)])
    numbers.iloc[:40] += np.linspace(1.5, 3, 8)
    effects = Contrasts(numbers, {}).effects(range(40)).measurements
    assert len(effects) == 5
    pairs = [round(effect.pairs, 2) for effect in effects]
    assert pairs == sorted(pairs, reverse=True)


def test_values_of_metadata_are_compared_by_their_shares():
    accent = ["scottish"] * 24 + ["american"] * 6 + ["scottish"] * 10 + ["american"] * 360
    metadata = pd.DataFrame({"accent": accent, "speaker": [f"s{i}" for i in range(400)]})
    (effect,) = Contrasts(table(), CATALOGUE, metadata).effects(range(30)).metadata
    assert (effect.column, effect.value) == ("accent", "scottish")
    assert (effect.count_inside, effect.inside, effect.count_outside, effect.outside) == (24, 30, 10, 370)
    exact = fisher_exact([[24, 6], [10, 360]], "greater").pvalue
    assert effect.p_value == pytest.approx(2 * exact)


def test_a_quantity_of_the_metadata_is_compared_like_a_measurement():
    metadata = pd.DataFrame({"age": np.arange(400.0), "shelf": np.arange(400) % 3})
    effects = Contrasts(table(), CATALOGUE, metadata).effects(range(370, 400))
    assert [effect.name for effect in effects.measurements] == ["age"]
    assert effects.metadata == ()


def test_numbers_with_gaps_keep_their_look():
    shelf = [3.0] * 40 + [np.nan] + [1.0] * 359
    (effect,) = Contrasts(table(), CATALOGUE, pd.DataFrame({"shelf": shelf})).effects(range(40)).metadata
    assert effect.value == "3"


def test_siblings_can_lack_the_difference_to_the_whole():
    numbers = table()
    numbers.loc[:99, "peak"] -= 30
    contrasts = Contrasts(numbers, CATALOGUE)
    assert [effect.name for effect in contrasts.effects(range(50)).measurements] == ["peak"]
    assert contrasts.effects(range(50), range(100)).measurements == ()
    numbers.loc[:49, "peak"] -= 10
    (effect,) = Contrasts(numbers, CATALOGUE).effects(range(50), range(100)).measurements
    assert effect.outside == np.median(numbers.peak[50:100])


def test_clips_that_are_not_measured_do_not_count():
    numbers = table()
    numbers.loc[:29, "peak"] -= 40
    numbers.loc[::2, "peak"] = np.nan
    (effect,) = Contrasts(numbers, CATALOGUE).effects(range(30)).measurements
    assert effect.inside == numbers.peak[:30].median()
    assert effect.typical % 2 == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 59), min_size=5, max_size=40, unique=True), st.integers(0, 99))
def test_a_histogram_counts_every_measured_clip_once(members, seed):
    numbers = table(60, seed)
    numbers.loc[numbers.pitch > 220, "pitch"] = np.nan
    histogram = Contrasts(numbers, CATALOGUE).histogram("pitch", members, bins=10)
    inside = numbers.pitch[members].notna().sum()
    assert histogram.inside.sum() == inside
    assert histogram.outside.sum() == numbers.pitch.notna().sum() - inside
    assert len(histogram.edges) == 11
    assert np.all(np.diff(histogram.edges) > 0)


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(80)), st.integers(10, 30))
def test_the_order_of_rows_does_not_matter(order, size):
    numbers = table(80)
    numbers.loc[: size - 1, "pitch"] += 90
    metadata = pd.DataFrame({"room": ["hall"] * size + ["cafe"] * (80 - size)})
    first = Contrasts(numbers, CATALOGUE, metadata).effects(range(size))
    again = Contrasts(numbers.iloc[order], CATALOGUE, metadata.iloc[order]).effects(
        [i for i, row in enumerate(order) if row < size]
    )
    for effect, other in zip(first.measurements, again.measurements, strict=True):
        assert (effect.name, effect.inside, effect.outside) == (other.name, other.inside, other.outside)
        assert effect.probability == pytest.approx(other.probability)
    assert first.metadata == again.metadata
