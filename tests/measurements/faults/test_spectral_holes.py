import numpy as np
import pytest
from scipy.signal import istft, stft
from synthetic import RATES, buzz, noise, recording, tone

from slicecore.measurements.acoustics import acoustics_of
from slicecore.measurements.clip_sound import measure_sound
from slicecore.measurements.faults.gating import gated_pauses

SECONDS = 3.0


def with_holes(samples, rate, share, decibels, bins=8, frames=2):
    """Samples of whose pieces, 31 Hz and 16 ms times so much, a share is turned down."""
    size = round(0.032 * rate)
    _, _, spectrum = stft(samples, rate, nperseg=size)
    pieces = (
        np.random.default_rng(1).random((spectrum.shape[0] // bins + 1, spectrum.shape[1] // frames + 1))
        < share
    )
    quieter = np.repeat(np.repeat(pieces, bins, axis=0), frames, axis=1)[
        : spectrum.shape[0], : spectrum.shape[1]
    ]
    spectrum[quieter] *= 10 ** (-decibels / 20)
    return istft(spectrum, rate, nperseg=size)[1][: len(samples)]


def measured(samples, rate):
    return measure_sound(recording(samples, rate=rate))[0]


@pytest.mark.parametrize("rate", RATES)
def test_holes_of_noise_suppression(rate):
    hiss = noise(-30, SECONDS, rate)
    assert measured(hiss, rate)["spectral_holes"] < 0.0005
    few, many = (measured(with_holes(hiss, rate, share, 40), rate) for share in (0.03, 0.1))
    # Of a piece that was turned down, only the frames in its middle are empty.
    assert 0.001 < few["spectral_holes"] < 0.03
    assert many["spectral_holes"] > 2 * few["spectral_holes"]
    assert many["empty_bands"] < 0.001


@pytest.mark.parametrize("rate", RATES)
def test_bands_that_a_codec_leaves_out(rate):
    speech = buzz(137, -20, SECONDS, rate, on=0.8, limit=0.45 * rate) + noise(-60, SECONDS, rate)
    assert measured(speech, rate)["empty_bands"] == 0
    # At 8 kHz few bands have others on both sides.
    least = 0.01 if rate > 8000 else 0.0005
    assert measured(with_holes(speech, rate, 0.1, 120, 16, 5), rate)["empty_bands"] > least


def test_tones_between_which_there_is_nothing_are_no_holes():
    chord = sum(tone(frequency, -30) for frequency in (400, 1300, 2100, 4200, 5600))
    assert measured(chord + noise(-80, 3), 16000)["spectral_holes"] < 0.0005


def test_a_band_too_narrow_to_tell():
    assert np.isnan(measured(noise(-30, 2, 16000, band=(100, 1500)), 16000)["spectral_holes"])


@pytest.mark.parametrize("rate", RATES)
def test_a_gate_closes_in_every_pause(rate):
    open_gate = buzz(137, -20, 4, rate, on=0.6) + noise(-60, 4, rate)
    closed = np.arange(len(open_gate)) / rate % 1 > 0.7
    gated = np.where(closed, 0, open_gate)
    pauses = gated_pauses(acoustics_of(recording(gated, rate=rate)))
    # The last one lasts to the end of the file, where anybody may have cut it.
    np.testing.assert_allclose(pauses, [[0.7, 1], [1.7, 2], [2.7, 3]], atol=0.011)
    assert measured(gated, rate)["gate_rate"] == pytest.approx(0.75, abs=0.01)
    assert measured(open_gate, rate)["gate_rate"] == 0


def test_speech_that_dies_away_in_digital_silence_is_not_gated():
    rate = 16000
    time = np.arange(4 * rate) / rate % 1
    dying = buzz(137, -20, 4, rate, on=1) * 10 ** (-np.maximum(time - 0.4, 0) * 300 / 20)
    dying[time > 0.7] = 0
    assert measured(dying, rate)["gate_rate"] == 0


def test_few_bits_are_no_gate():
    steps = np.round(buzz(137, -30, 4, on=0.6) * 2**6) / 2**6
    assert measured(steps, 16000)["gate_rate"] == 0
