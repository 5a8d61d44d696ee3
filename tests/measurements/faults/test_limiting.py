import numpy as np
import pytest
from scipy.signal import resample_poly
from synthetic import RATES, buzz, noise, recording, tone

from slicecore.measurements.faults import limiting
from slicecore.measurements.faults.limiting import find_limited


def measured(*waves, rate=16000):
    return limiting.measure(recording(*waves, rate=rate), None)["full_scale_share"]


@pytest.mark.parametrize("rate", RATES)
def test_speech_before_and_after_a_limiter(rate, spoken):
    speech = resample_poly(spoken, rate, 16000)
    speech = speech / np.abs(speech).max()
    assert measured(0.3 * speech, rate=rate) == 0
    assert measured(0.98 * speech, rate=rate) < 0.45
    assert measured(0.98 * np.tanh(12 * speech), rate=rate) > 0.7


@pytest.mark.parametrize("rate", RATES)
def test_places_and_share_of_what_is_near_full_scale(rate):
    wave = np.concatenate([tone(500, -9.1, 1, rate), tone(500, -3.5, 0.5, rate), tone(500, -50, 0.5, rate)])
    assert measured(wave, rate=rate) == pytest.approx(0.5 / 1.5, abs=0.03)
    ((start, end),) = find_limited(recording(wave, rate=rate))
    assert (start, end) == (pytest.approx(1, abs=0.03), pytest.approx(1.5, abs=0.03))


def test_a_constant_part_and_quiet_channels_bring_nothing_near():
    assert measured(0.1 * noise(-20) + 0.6) == 0
    assert measured(buzz(level=-40), buzz(level=-3)) == measured(buzz(level=-3)) > 0


@pytest.mark.parametrize("wave", [np.zeros(16000), np.zeros(1), np.full(16000, 0.9)])
def test_silence_is_unknown(wave):
    assert np.isnan(measured(wave))
