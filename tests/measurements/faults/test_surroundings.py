"""Measurements of what sounds beside the speech: music and wind."""

import numpy as np
import pytest
from scipy.signal import butter, sosfilt
from synthetic import RATES, buzz, noise, recording, seconds, tone

from slicecore.measurements.clip_sound import measure_sound

SECONDS = 4.0


def measured(samples, rate):
    return measure_sound(recording(samples, rate=rate))[0]


def speech(rate):
    """Voice of moving pitch, so that no harmonic stays in its bin, for half of every second."""
    time = seconds(SECONDS, rate)
    phase = 2 * np.pi * np.cumsum(130 * 2 ** (0.3 * np.sin(2 * np.pi * 1.3 * time))) / rate
    wave = sum(np.sin(k * phase) / k for k in range(1, 20))
    return np.where(time % 1 < 0.5, 0.1 * wave, 0) + noise(-65, SECONDS, rate)


def chord(rate, duration):
    """Three tones, anew every so many seconds."""
    time, notes = seconds(SECONDS, rate), np.random.default_rng(2).uniform(220, 880, (40, 3))
    number = (time / duration).astype(int)
    return 0.01 * sum(np.sin(2 * np.pi * notes[number, i] * time) for i in range(3))


@pytest.mark.parametrize("rate", RATES)
def test_chords_in_the_pauses(rate):
    assert measured(speech(rate), rate)["held_tones"] < 0.05
    assert measured(speech(rate) + chord(rate, 0.8), rate)["held_tones"] > 0.6


def test_notes_shorter_than_a_syllable_are_not_held():
    assert measured(speech(16000) + chord(16000, 0.1), 16000)["held_tones"] < 0.2


@pytest.mark.parametrize("sound", [noise(-30, 4), buzz(55, -30, 4, on=1, limit=3500)])
def test_noise_and_hum_have_no_single_tones(sound):
    assert measured(speech(16000) + sound, 16000)["held_tones"] < 0.1


def gusty(rate, depth):
    """Noise below 100 Hz whose level goes up and down by so many dB, twice in three seconds."""
    rumble = sosfilt(butter(4, (20, 100), "bandpass", fs=rate, output="sos"), noise(-20, SECONDS, rate))
    rumble *= 10 ** (depth / 2 * np.sin(2 * np.pi * seconds(SECONDS, rate) / 1.5) / 20)
    return rumble * 0.05 / np.sqrt(np.mean(rumble**2))


@pytest.mark.parametrize("rate", RATES)
def test_wind_comes_in_gusts(rate):
    calm, steady, wind = (
        measured(each, rate)
        for each in (speech(rate), speech(rate) + gusty(rate, 0), speech(rate) + gusty(rate, 20))
    )
    assert calm["rumble"] < -12 and calm["rumble_level"] < -15
    assert steady["rumble"] > -5 and wind["rumble"] > -5
    assert wind["rumble_level"] > -15
    assert steady["gusts"] < 3.4
    # A sine of 10 dB up and down deviates by 7.1 dB.
    assert wind["gusts"] == pytest.approx(7.1, abs=1.5)


def test_a_clip_too_short_to_tell():
    values = measured(tone(400, -20, 0.1), 16000)
    assert all(np.isnan(values[name]) for name in ("held_tones", "rumble", "rumble_level", "gusts"))
