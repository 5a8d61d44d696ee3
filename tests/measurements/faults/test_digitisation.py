import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly
from synthetic import RATES, noise, recording

from slicecore.measurements.faults import digitisation


def measured(*channels, rate=16000):
    return digitisation.measure(recording(*channels, rate=rate), None)


@pytest.fixture(scope="module", params=RATES)
def speech(request, spoken):
    wave = resample_poly(spoken, request.param, 16000)
    return 0.9 * wave / np.abs(wave).max(), request.param


def quantised(wave, bits):
    """All of the steps of so many bits, from the lowest to the highest."""
    steps = 2**bits - 1
    return np.round((wave / np.abs(wave).max() + 1) / 2 * steps) / steps * 1.6 - 0.8


@pytest.mark.parametrize("bits", [4, 5, 6])
def test_few_bits(speech, bits):
    wave, rate = speech
    assert measured(quantised(wave, bits), rate=rate)["sample_bits"] == pytest.approx(bits, abs=0.45)
    assert measured(wave, rate=rate)["sample_bits"] > 11


def test_g711_has_eight_bits(speech):
    wave, rate = speech
    companded = np.round(127 * np.sign(wave) * np.log1p(255 * np.abs(wave)) / np.log(256)) / 127
    expanded = np.sign(companded) * (256 ** np.abs(companded) - 1) / 255
    assert 7 < measured(expanded, rate=rate)["sample_bits"] <= 8


@pytest.mark.parametrize("ratio", [2, 3, 2.9])
def test_a_sample_that_is_held_for_some(speech, ratio):
    wave, rate = speech
    held = wave[np.minimum((np.floor(np.arange(len(wave)) / ratio) * ratio).astype(int), len(wave) - 1)]
    assert measured(held, rate=rate)["held_samples"] > 0.9
    assert measured(wave, rate=rate)["held_samples"] < 0.02
    assert measured(np.clip(8 * wave, -0.9, 0.9), rate=rate)["held_samples"] < 0.05


@settings(max_examples=20, deadline=None)
@given(st.integers(3, 10), st.integers(0, 1000))
def test_noise_of_some_bits(bits, seed):
    values = np.random.default_rng(seed).integers(-(2 ** (bits - 1)), 2 ** (bits - 1), 20000)
    assert measured(values / 2 ** (bits - 1))["sample_bits"] == pytest.approx(bits, abs=0.01)


def test_the_coarser_channel_counts_and_a_silent_one_does_not():
    wave = noise(-20)
    hardly = np.random.default_rng(0).integers(-20, 20, len(wave)) / 32768
    assert measured(wave, hardly)["sample_bits"] > 11
    values = measured(wave, quantised(wave, 4), np.zeros(len(wave)))
    assert values["sample_bits"] == pytest.approx(4, abs=0.2)


@pytest.mark.parametrize("wave", [np.zeros(16000), noise(-20, 0.1), np.full(1, 0.3)])
def test_silence_and_very_short_clips_are_unknown(wave):
    assert all(np.isnan(value) for value in measured(wave).values())
