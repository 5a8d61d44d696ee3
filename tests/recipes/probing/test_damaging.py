"""Damage of clean clips: each transform of a recipe by a known amount."""

import numpy as np
import pytest

from slicecore.recipes.probing.damaging import CAN_BE_MADE, damaged
from slicecore.recipes.recipe import Sounds, Step, Transform

RATE = 16_000
SECONDS = np.arange(2 * RATE) / RATE
CLEAN = 0.3 * np.sin(2 * np.pi * 300 * SECONDS) + 0.1 * np.sin(2 * np.pi * 5000 * SECONDS)


def damage(*transforms, sounds=None, samples=CLEAN, seed=0):
    step = Step("cause", "Cause", 1.0, (), transforms, sounds=sounds)
    return damaged(samples, step, np.random.default_rng(seed))


def ends(name, low, high=None):
    return {f"min_{name}": low, f"max_{name}": low if high is None else high}


def level(samples, frequency):
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    near = np.abs(np.fft.rfftfreq(len(samples), 1 / RATE) - frequency) < 5
    return 10 * np.log10(power[near].sum() + 1e-12)


def test_noise_is_mixed_in_at_the_ratio():
    noise = Sounds({"a.wav": np.random.default_rng(1).normal(0, 0.1, 9000).astype(np.float32)}, RATE)
    made = damage(Transform("AddBackgroundNoise", ends("snr_db", 7.5)), sounds=noise)
    assert 20 * np.log10(CLEAN.std() / (made - CLEAN).std()) == pytest.approx(7.5, abs=0.1)


def test_levels_are_set():
    made = damage(Transform("Normalize"), Transform("Gain", ends("gain_db", -45)))
    assert 20 * np.log10(np.abs(made).max()) == pytest.approx(-45)
    soft = damage(Transform("LoudnessNormalization", ends("lufs", -30)))
    louder = damage(Transform("LoudnessNormalization", ends("lufs", -20)))
    assert 20 * np.log10(louder.std() / soft.std()) == pytest.approx(10, abs=0.1)


def test_amounts_are_drawn_from_the_range_and_by_the_seed():
    transform = Transform("Gain", ends("gain_db", -20, -10))
    gains = [20 * np.log10(damage(transform, seed=seed).std() / CLEAN.std()) for seed in range(20)]
    assert -20 <= min(gains) < -15 < max(gains) <= -10
    assert np.array_equal(damage(transform, seed=3), damage(transform, seed=3))


def test_what_is_above_a_level_is_cut_off_or_limited():
    clipped = damage(Transform("Clip", {"a_min": -0.2, "a_max": 0.2}))
    assert np.abs(clipped).max() == 0.2
    limited = damage(Transform("Limiter", ends("threshold_db", -20)))
    assert np.abs(limited).max() <= 0.1 + 1e-9


def test_a_lower_rate_is_faster():
    made = damage(Transform("Resample", ends("sample_rate", 24_000)))
    assert len(made) == pytest.approx(1.5 * len(CLEAN), rel=0.001)
    assert level(made, 200) > level(made, 300) + 40


@pytest.mark.parametrize(
    ("name", "edge", "gone", "stays"),
    [("LowPassFilter", 2500, 5000, 300), ("HighPassFilter", 1500, 300, 5000)],
)
def test_bands_are_cut(name, edge, gone, stays):
    made = damage(Transform(name, ends("cutoff_freq", edge) | ends("rolloff", 48)))
    assert level(CLEAN, gone) - level(made, gone) > 40
    assert level(made, stays) == pytest.approx(level(CLEAN, stays), abs=0.1)


def test_every_transform_of_a_recipe_can_be_made():
    known = {
        *("AddBackgroundNoise", "Clip", "Gain", "HighPassFilter", "Limiter", "LoudnessNormalization"),
        *("LowPassFilter", "Normalize", "Resample"),
    }
    assert known == CAN_BE_MADE
