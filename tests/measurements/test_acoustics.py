import numpy as np
import pytest
from scipy.signal import butter, fftconvolve, sosfiltfilt
from synthetic import noise, tone, voice

from slicecore.audio.decoding import Recording
from slicecore.measurements.acoustics import acoustics_of

RATE = 16000


def measure(samples, rate=RATE):
    """Acoustic features of a mono recording."""
    return acoustics_of(Recording(np.asarray(samples, np.float32)[:, None], rate)).values


def test_tone_of_known_level():
    values = measure(tone(level=-20))
    assert values["level"] == pytest.approx(-20, abs=0.05)
    assert values["peak"] == pytest.approx(-17, abs=0.05)
    assert values["crest"] == pytest.approx(3.01, abs=0.05)
    # A sine of 997 Hz at -3.01 dBFS RMS is -3.01 LUFS by the standard.
    assert values["loudness"] == pytest.approx(-20, abs=0.2)
    assert values["dynamics"] == pytest.approx(0, abs=0.2)
    assert values["centroid"] == pytest.approx(1000, abs=10)
    assert values["rolloff"] == pytest.approx(1000, abs=40)
    assert values["flatness"] < -40
    assert values["dropout_share"] == values["flat_top_share"] == 0
    assert values["hum"] < 6


def test_loudness_leaves_pauses_out():
    steady = measure(tone(level=-20))["loudness"]
    assert measure(np.concatenate([tone(level=-20), tone(level=-90)]))["loudness"] == pytest.approx(
        steady, abs=0.3
    )


def test_noise_floor_and_dynamics():
    values = measure(np.concatenate([tone(level=-20), noise(level=-50)]))
    assert values["noise_floor"] == pytest.approx(-50, abs=1)
    assert values["dynamics"] == pytest.approx(30, abs=1.5)


def test_white_noise_is_flat():
    values = measure(noise())
    assert values["flatness"] > -1
    assert values["centroid"] == pytest.approx(4000, abs=200)
    assert values["rolloff"] == pytest.approx(7600, abs=150)
    assert values["bandwidth"] > 7900
    assert values["high_band"] == pytest.approx(10 * np.log10(4000 / 3900), abs=0.5)
    assert abs(values["floor_tilt"]) < 1
    assert values["harmonicity"] < 0.5


def test_floor_tilt_sees_high_frequency_noise():
    high = sosfiltfilt(butter(8, 3000, "high", fs=RATE, output="sos"), noise(level=-30)).astype(np.float32)
    assert measure(voice() + high)["floor_tilt"] > 15
    low = sosfiltfilt(butter(8, 2000, "low", fs=RATE, output="sos"), noise(level=-30)).astype(np.float32)
    assert measure(voice() + low)["floor_tilt"] < -15


@pytest.mark.parametrize("limit", [3400, 5000])
def test_bandwidth(limit):
    spectrum = np.fft.rfft(noise(level=-20))
    spectrum[np.fft.rfftfreq(3 * RATE, 1 / RATE) > limit] = 0
    values = measure(np.fft.irfft(spectrum).astype(np.float32))
    assert values["bandwidth"] == pytest.approx(limit, rel=0.05)
    assert values["top_void"] > 50
    assert measure(noise(level=-20))["top_void"] < 3


def test_low_band():
    assert measure(tone(150) + tone(1000))["low_band"] == pytest.approx(0, abs=0.5)
    assert measure(tone(150, level=-30) + tone(1000))["low_band"] == pytest.approx(-10, abs=0.5)


@pytest.mark.parametrize("mains", [50, 60])
def test_hum(mains):
    lines = sum(tone(mains * k, level=-45) for k in (1, 2, 3))
    values = measure(voice() + lines + noise(level=-60))
    assert values["hum"] > 15
    assert values["hum_level"] == pytest.approx(-45 + 10 * np.log10(3) + 20, abs=3)
    assert measure(voice() + noise(level=-60))["hum"] < 10


@pytest.mark.parametrize("attenuation", [1.0, 0.05])
def test_flat_tops_are_found_at_any_level(attenuation):
    whole = voice()
    clipped = np.clip(4 * whole, -whole.max(), whole.max()) * np.float32(attenuation)
    assert measure(clipped)["flat_top_share"] > 0.03
    assert measure(whole * np.float32(attenuation))["flat_top_share"] < 0.003


def test_constant_part():
    assert measure(tone(level=-20) + np.float32(0.1))["dc_offset"] == pytest.approx(0.1, abs=0.001)
    assert measure(tone(level=-20))["dc_offset"] < 0.001
    assert measure(tone(level=-20) + np.float32(0.1))["level"] == pytest.approx(-20, abs=0.1)


def test_dropouts():
    samples = noise(level=-30)
    samples[RATE : RATE + RATE // 2] = 0
    assert measure(samples)["dropout_share"] == pytest.approx(0.5 / 3, abs=0.02)


@pytest.mark.parametrize("pitch", [80, 120, 210, 330])
def test_pitch(pitch):
    values = measure(voice(pitch) + noise(level=-45))
    assert values["pitch"] == pytest.approx(pitch, rel=0.03)
    assert values["harmonicity"] > 0.9


def test_decay_is_slow_in_a_reverberant_room():
    pulses = noise(level=-20)
    pulses[np.arange(len(pulses)) % RATE > RATE // 5] = 0
    time = np.arange(RATE) / RATE

    def room(seconds):
        """Impulse response whose level falls by 60 dB in this time."""
        return np.random.default_rng(1).normal(size=RATE) * 10 ** (-3 * time / seconds)

    slow, fast = (
        measure(fftconvolve(pulses, room(seconds))[: len(pulses)].astype(np.float32))["decay"]
        for seconds in (1.0, 0.3)
    )
    assert slow == pytest.approx(60, rel=0.4)
    assert fast > 2 * slow
