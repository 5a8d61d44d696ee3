import numpy as np
import pytest
from synthetic import RATES, buzz, noise, recording, seconds

from slicecore.measurements.acoustics import acoustics_of
from slicecore.measurements.clip_sound import measure_sound
from slicecore.measurements.faults.level_changes import speech_levels

SECONDS = 6.0


def speech(rate):
    return buzz(137, -20, SECONDS, rate)


def floor(rate):
    return noise(-75, SECONDS, rate)


def level_range(samples, rate):
    return measure_sound(recording(samples, rate=rate))[0]["level_range"]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("fall", [0, 6, 14])
def test_speech_whose_second_half_is_quieter(rate, fall):
    gain = np.where(seconds(SECONDS, rate) < SECONDS / 2, 1, 10 ** (-fall / 20))
    assert level_range(gain * speech(rate) + floor(rate), rate) == pytest.approx(fall, abs=1)


def test_fading_is_followed_in_time():
    rate = 16000
    decibels = -10 + 10 * np.cos(2 * np.pi * seconds(SECONDS, rate) / SECONDS)  # quietest in the middle
    times, levels = speech_levels(
        acoustics_of(recording(10 ** (decibels / 20) * speech(rate) + floor(rate), rate=rate))
    )
    assert times[levels.argmin()] == pytest.approx(SECONDS / 2, abs=0.5)
    # Within a window the loudest part counts.
    assert np.ptp(levels) == pytest.approx(18, abs=3)


def test_silence_around_the_speech_is_no_change_of_level():
    rate = 16000
    padded = np.pad(speech(rate), (3 * rate, 5 * rate)) + noise(-75, SECONDS + 8, rate)
    assert level_range(padded, rate) < 1.5


@pytest.mark.parametrize("duration", [0.1, 0.5])
def test_too_little_speech_has_no_range(duration):
    assert np.isnan(level_range(buzz(137, -20, duration), 16000))


@pytest.mark.parametrize("rate", RATES)
def test_a_gain_that_goes_down_with_the_speech_takes_the_noise_along(rate):
    noisy = buzz(137, -20, SECONDS, rate, limit=2500) + noise(-42, SECONDS, rate)
    turned_down = np.where(seconds(SECONDS, rate) % 1 < 0.5, 10 ** (-6 / 20), 1)
    steady, pumping = (
        measure_sound(recording(samples, rate=rate))[0]["floor_under_speech"]
        for samples in (noisy, noisy * turned_down)
    )
    # Windows of the speech leave something of it between its harmonics.
    assert steady > -0.3
    assert steady - 7 < pumping < min(steady - 2, -1.5)
