import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly
from synthetic import RATES, buzz, noise, recording, tone

from slicecore.measurements.acoustics import acoustics_of
from slicecore.measurements.faults import clicks
from slicecore.measurements.faults.clicks import find_clicks


def measured(wave, rate=16000):
    sound = recording(wave, rate=rate)
    return clicks.measure(sound, acoustics_of(sound))["click_rate"]


def clicking(wave, rate, times, height=0.5):
    wave = wave.copy()
    for time in times:
        wave[round(time * rate) : round((time + 0.0002) * rate) + 1] += height
    return wave


@pytest.mark.parametrize("rate", RATES)
def test_clicks_in_speech(rate, spoken):
    speech = resample_poly(spoken, rate, 16000)
    assert measured(speech, rate) < 0.6
    seconds = len(speech) / rate
    times = np.arange(0.1, seconds - 0.1, 0.13)
    assert measured(clicking(speech, rate, times), rate) == pytest.approx(len(times) / seconds, rel=0.35)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(2, 95), unique=True), st.integers(0, 10**6))
def test_every_click_is_where_it_was_made(places, seed):
    times = np.sort(places) * 0.03
    wave = clicking(noise(-50, 3, seed=seed) + tone(300, -30), 16000, times)
    np.testing.assert_allclose(find_clicks(wave), times, atol=0.0012)


@pytest.mark.parametrize(
    "wave",
    [
        buzz(90) + noise(-70, 4),
        noise(-20),
        tone(100),
        np.zeros(16000),
        np.clip(5 * tone(200, -10), -0.9, 0.9),
    ],
    ids=["buzz", "noise", "tone", "silence", "clipped"],
)
def test_no_clicks(wave):
    assert measured(wave) < 1.1


def test_a_very_short_clip_is_unknown():
    assert np.isnan(measured(noise(-20, 0.01)))
