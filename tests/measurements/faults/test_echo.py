import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly
from synthetic import RATES, comb, noise, recording, tone, voice

from slicecore.measurements.acoustics import acoustics_of
from slicecore.measurements.faults import echo
from slicecore.measurements.faults.echo import find_echo


def measured(wave, rate=16000):
    sound = recording(wave, rate=rate)
    return echo.measure(sound, acoustics_of(sound))


def echoing(wave, rate, seconds, decibels):
    later = round(seconds * rate)
    wave = np.pad(wave, (0, later))
    return 0.5 * (wave + 10 ** (decibels / 20) * np.roll(wave, later))


@pytest.mark.parametrize("rate", RATES)
def test_an_echo_of_200_ms_at_minus_6_db(rate, spoken):
    speech = resample_poly(spoken, rate, 16000)
    values = measured(echoing(speech, rate, 0.2, -6), rate)
    assert values["echo"] == pytest.approx(-6, abs=2.5)
    assert values["echo_delay"] == pytest.approx(200, abs=0.2)
    assert measured(speech, rate)["echo"] < -23


@settings(max_examples=25, deadline=None)
@given(st.floats(0.06, 0.65), st.floats(-16, -4), st.integers(0, 10**6))
def test_any_echo_has_its_delay_and_level(seconds, decibels, seed):
    wave = noise(-20, 3, seed=seed) * np.repeat(np.random.default_rng(seed).uniform(0.5, 1, 30), 1600)
    level, delay = find_echo(echoing(wave, 16000, seconds, decibels).astype(np.float32))
    assert delay == pytest.approx(seconds, abs=1e-4)
    assert level == pytest.approx(decibels, abs=3)


@pytest.mark.parametrize("rate", [8000, 16000, 48000])
@pytest.mark.parametrize("base", [50, 60])
def test_a_buzz_of_the_mains_is_no_echo_and_hides_none(base, rate, spoken):
    speech = resample_poly(spoken, rate, 16000)
    hum = comb(base, -28, len(speech) / rate + 0.3, rate, lines=60)
    assert measured(speech + hum[: len(speech)], rate)["echo"] < -20
    both = measured(echoing(speech, rate, 0.23, -5) + hum[: len(speech) + round(0.23 * rate)], rate)
    assert both["echo"] > -14
    assert both["echo_delay"] == pytest.approx(230, abs=0.2)


def test_a_word_that_is_said_twice_alike_is_no_echo(spoken):
    word = spoken[8000:13000]
    twice = np.concatenate([spoken, word, np.zeros(1600), word])
    assert measured(twice + noise(-70, len(twice) / 16000))["echo"] < -15


@pytest.mark.parametrize(
    "wave", [tone(440), voice(), noise(-20), noise(-60) + 0.1], ids=["tone", "voice", "noise", "offset"]
)
def test_what_has_no_echo(wave):
    assert measured(wave)["echo"] < -17


@pytest.mark.parametrize("wave", [np.zeros(16000), noise(-20, 0.5), np.full(1, 0.3), np.full(16000, 0.3)])
def test_silence_and_what_is_too_short_is_unknown(wave):
    assert np.isnan(measured(wave)["echo"])
