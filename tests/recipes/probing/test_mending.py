"""Remedies on sounds of known value."""

import numpy as np
import pytest

from slicecore.recipes.probing.mending import REMEDIES, REMEDY_OF, Aim

RATE = 16_000
SECONDS = np.arange(2 * RATE) / RATE
NOISE = np.random.default_rng(0).normal(0, 0.03, len(SECONDS))
VOICE = 0.3 * np.sin(2 * np.pi * 223 * SECONDS) * (np.sin(2 * np.pi * 2 * SECONDS) > 0)


def mend(name, sound, rate=RATE, **aim):
    sound = np.asarray(sound, float)
    return REMEDIES[name].mend(sound if sound.ndim > 1 else sound[:, None], rate, Aim(**aim))


def level(samples, low, high, rate=RATE):
    """Level in dB of what lies between two frequencies."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    frequency = np.fft.rfftfreq(len(samples), 1 / rate)
    return 10 * np.log10(power[(frequency >= low) & (frequency <= high)].sum() + 1e-12)


@pytest.mark.parametrize("mains", [50.04, 59.9])
def test_a_notch_takes_all_lines_of_hum_off_and_leaves_the_voice(mains):
    hum = sum(np.sin(2 * np.pi * mains * k * SECONDS + k) / k for k in range(1, 20)) / 10
    mended = mend("notch", hum + VOICE + NOISE, mains=round(mains, -1))[:, 0]
    for k in (1, 2, 3, 7, 19):
        line = (k * mains - 1, k * mains + 1)
        assert level(hum + VOICE + NOISE, *line) - level(mended, *line) >= 20
    assert level(mended, 215, 231) == pytest.approx(level(VOICE, 215, 231), abs=0.5)


@pytest.mark.parametrize(("name", "gone", "stays"), [("highpass", 30, 1000), ("lowpass", 7000, 1000)])
def test_filters_take_their_side_off(name, gone, stays):
    both = 0.3 * np.sin(2 * np.pi * gone * SECONDS) + 0.3 * np.sin(2 * np.pi * stays * SECONDS)
    mended = mend(name, both)[:, 0]
    assert level(both, gone - 5, gone + 5) - level(mended, gone - 5, gone + 5) >= 20
    assert level(mended, stays - 5, stays + 5) == pytest.approx(level(both, stays - 5, stays + 5), abs=0.1)


@pytest.mark.parametrize("gain", [-9.3, 0, 12.5])
def test_a_gain_is_right_to_half_a_decibel(gain):
    quiet = 0.1 * VOICE
    mended = mend("gain", quiet, gain=gain)[:, 0]
    assert 20 * np.log10(np.abs(mended).max() / np.abs(quiet).max()) == pytest.approx(gain, abs=0.5)


def test_a_gain_stops_below_full_scale_and_leaves_what_is_unknown():
    assert np.abs(mend("gain", VOICE, gain=40)).max() == pytest.approx(10 ** (-1 / 20))
    assert np.array_equal(mend("gain", VOICE)[:, 0], VOICE)
    assert not mend("gain", np.zeros(100), gain=40).any()


@pytest.mark.parametrize("speed", [0.6, 0.8, 1.5])
def test_a_wrong_speed_is_turned_back(speed):
    played = np.sin(2 * np.pi * 400 * speed * SECONDS)  # a tone of 400 Hz
    mended = mend("resample", played, speed=speed)[:, 0]
    assert len(mended) == pytest.approx(len(played) * speed, rel=0.005)
    power = np.abs(np.fft.rfft(mended * np.hanning(len(mended))))
    assert np.fft.rfftfreq(len(mended), 1 / RATE)[power.argmax()] == pytest.approx(400, abs=1)


def test_silence_is_trimmed_to_a_fifth_of_a_second():
    padded = np.concatenate([np.zeros(3 * RATE), VOICE, np.zeros(RATE)])
    mended = mend("trim", padded, before=3, after=1)[:, 0]
    assert len(mended) == len(VOICE) + round(0.4 * RATE)
    assert np.array_equal(mended[round(0.2 * RATE) :][: len(VOICE)], VOICE)
    assert len(mend("trim", padded)) == len(padded)


def test_noise_is_taken_off_where_nobody_speaks_and_the_voice_stays():
    mended = mend("denoise", VOICE + NOISE)[:, 0]
    pauses = VOICE == 0
    assert 20 * np.log10(NOISE[pauses].std() / mended[pauses].std()) >= 6
    assert level(mended, 215, 231) == pytest.approx(level(VOICE, 215, 231), abs=1)


def test_a_level_that_goes_up_and_down_is_evened_out():
    syllables = np.sin(2 * np.pi * 300 * SECONDS) * (np.sin(2 * np.pi * 5 * SECONDS) > 0)
    fading = 10 ** ((-9 + 9 * np.cos(2 * np.pi * SECONDS / 4)) / 20) * syllables
    peaks = [np.abs(wave.reshape(10, -1)).max(axis=1) for wave in (fading, mend("level", fading)[:, 0])]
    before, after = (20 * np.log10(each.max() / each.min()) for each in peaks)
    assert before > 15
    assert after < 6


def test_the_channel_with_the_speech_is_taken():
    lost = np.stack([0.001 * NOISE, VOICE], axis=1)
    assert np.array_equal(mend("channel", lost)[:, 0], VOICE)
    cancelled = np.stack([VOICE, -VOICE], axis=1)
    assert np.array_equal(mend("channel", cancelled)[:, 0], VOICE)


@pytest.mark.parametrize("name", REMEDIES)
@pytest.mark.parametrize("length", [1, 7, 400])
def test_every_remedy_takes_very_short_sounds_and_several_channels(name, length):
    sound = np.random.default_rng(1).normal(size=(length, 2))
    mended = mend(name, sound, mains=50, gain=3, speed=0.9, before=0.1, after=0.1)
    assert mended.ndim == 2
    assert np.isfinite(mended).all()


def test_every_cause_with_a_remedy_has_one_that_exists():
    assert set(REMEDY_OF.values()) <= set(REMEDIES)
