import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import RATES, noise, recording

from slicecore.measurements.faults import channels


def measured(*waves, rate=16000):
    return channels.measure(recording(*waves, rate=rate), None)


@pytest.mark.parametrize("rate", RATES)
def test_channels_in_opposite_phase(rate):
    wave, other = noise(-20, rate=rate), noise(-20, rate=rate, seed=1)
    assert measured(wave, wave, rate=rate)["channel_cancellation"] == pytest.approx(0, abs=1e-3)
    assert measured(wave, other, rate=rate)["channel_cancellation"] == pytest.approx(3, abs=0.2)
    # Of 1 and −0.8 the mean of 0.1 is left, of a mean power of 0.82.
    assert measured(wave, -0.8 * wave, rate=rate)["channel_cancellation"] == pytest.approx(
        10 * np.log10(0.82 / 0.01), abs=0.01
    )
    assert measured(wave, -wave, rate=rate)["channel_cancellation"] > 60


@given(st.floats(-40, 0), st.floats(-0.2, 0.2))
def test_level_and_offset_of_a_channel_cancel_nothing(gain, offset):
    wave = noise(-20)
    values = measured(wave, wave * 10 ** (gain / 20) + offset)
    assert values["channel_imbalance"] == pytest.approx(-gain, abs=0.1)
    assert values["channel_cancellation"] <= 3.1


def test_a_silent_channel():
    values = measured(noise(-20), np.zeros(48000))
    assert values["channel_imbalance"] > 70
    assert values["channel_cancellation"] == pytest.approx(3, abs=0.1)


def test_one_channel_and_silence_have_no_difference():
    for waves in ([noise(-20)], [np.zeros(100), np.zeros(100)]):
        assert all(np.isnan(value) for value in measured(*waves).values())
