import numpy as np
import pytest
from scipy.signal import fftconvolve, resample_poly
from synthetic import RATES, buzz, noise, recording

from slicecore.measurements.acoustics import acoustics_of
from slicecore.measurements.faults import reverberation


def measured(wave, rate):
    sound = recording(wave, rate=rate)
    return reverberation.measure(sound, acoustics_of(sound))["reverberation"]


def syllables(rate, seconds=8, seed=0):
    """Noise that comes and goes within 50 ms, some three times a second, as syllables do."""
    random = np.random.default_rng(seed)
    wave, at = noise(-15, seconds, rate, seed, band=(150, min(3900, 0.45 * rate))), 0
    level = np.ones(len(wave))
    while at < len(wave):
        end = at + round(random.uniform(0.05, 0.2) * rate)
        level[at:end] = random.uniform(0.3, 1)
        at = end + round(random.uniform(0.1, 0.3) * rate)
        level[end:at] = 0.001
    fade = np.hanning(round(0.05 * rate))
    wave *= np.convolve(level, fade / fade.sum(), "same")
    return wave + noise(-75, seconds, rate, seed + 1)[: len(wave)]


def in_a_room(wave, rate, seconds, tail_db=0.0):
    """A room that rings for so long until it has fallen by 60 dB, its tail as strong as the direct sound."""
    time = np.arange(round(1.2 * seconds * rate)) / rate
    response = np.random.default_rng(1).normal(size=len(time)) * 10 ** (-3 * time / seconds)
    response *= 10 ** (tail_db / 20) / np.sqrt(np.sum(response**2))
    response[0] += 1
    return 0.5 * fftconvolve(wave, response)[: len(wave)]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seconds", [0.4, 0.8])
def test_reverberation_time_within_a_factor(rate, seconds, spoken):
    speech = resample_poly(spoken, rate, 16000)
    assert 1 / 1.6 < measured(in_a_room(speech, rate, seconds), rate) / seconds < 1.6


def test_the_longer_a_room_rings_the_more():
    dry = syllables(16000)
    none, short, long = (
        measured(wave, 16000) for wave in (dry, *(in_a_room(dry, 16000, ring) for ring in (0.4, 0.9)))
    )
    assert none < 0.2 < 0.35 < short < 0.75 * long


@pytest.mark.parametrize("rate", [8000, 48000])
def test_without_a_room_and_in_a_light_one_there_is_hardly_any(rate, spoken):
    speech = resample_poly(spoken, rate, 16000)
    for wave in (syllables(rate), speech, in_a_room(speech, rate, 0.25, tail_db=-10)):
        assert measured(wave, rate) < 0.2
    assert measured(in_a_room(speech, rate, 0.7), rate) > 0.35


def test_steady_noise_is_no_reverberation():
    dry, wet = syllables(16000), in_a_room(syllables(16000), 16000, 0.8)
    assert measured(dry + noise(-35, 8), 16000) < 0.15
    assert measured(wet + noise(-35, 8), 16000) > 0.4


@pytest.mark.parametrize("wave", [np.zeros(16000), np.full(200, 0.1), np.sin(np.arange(4000) / 5)])
def test_nothing_that_falls_is_unknown(wave):
    assert np.isnan(measured(wave, 16000))


def test_a_buzz_that_stops_at_once_does_not_linger():
    assert measured(buzz(duration=8) + noise(-60, 8), 16000) < 0.1
