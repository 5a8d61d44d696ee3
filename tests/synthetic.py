"""Sounds whose measurements are known."""

import numpy as np
from scipy.signal import butter, resample_poly, sosfiltfilt

from slicecore.audio.decoding import Recording

RATES = (8000, 16000, 22050, 44100, 48000)


def seconds(duration, rate):
    return np.arange(round(duration * rate)) / rate


def tone(frequency=1000.0, level=-20.0, duration=3.0, rate=16000):
    """A sine whose RMS is `level` dBFS."""
    return np.sqrt(2) * 10 ** (level / 20) * np.sin(2 * np.pi * frequency * seconds(duration, rate))


def noise(level=-40.0, duration=3.0, rate=16000, seed=0, band=None):
    """White noise whose RMS is `level` dBFS, up to 8 kHz or of a band in Hz."""
    wave = np.random.default_rng(seed).normal(size=round(duration * min(rate, 16000)))
    if rate > 16000:
        wave = resample_poly(wave, rate, 16000)
    wave = np.resize(wave, round(duration * rate))
    if band:
        wave = sosfiltfilt(butter(8, band, "bandpass", fs=rate, output="sos"), wave)
    return wave * 10 ** (level / 20) / np.sqrt(np.mean(wave**2))


def comb(base=50.0, level=-30.0, duration=3.0, rate=16000, lines=6):
    """Hum: a line of `base` Hz and its harmonics, together `level` dBFS."""
    time = seconds(duration, rate)
    wave = sum(np.sin(2 * np.pi * base * k * time + k) / k for k in range(1, lines + 1))
    return wave * 10 ** (level / 20) / np.sqrt(np.mean(wave**2))


def buzz(pitch=120.0, level=-20.0, duration=4.0, rate=16000, on=0.5, limit=3500):
    """Harmonics of a pitch, falling by 6 dB an octave, for `on` of every second; `level` is that of the loud part."""
    time = seconds(duration, rate)
    wave = sum(np.sin(2 * np.pi * pitch * k * time + k) / k for k in range(1, int(limit / pitch)))
    return np.where(time % 1 < on, wave * 10 ** (level / 20) / np.sqrt(np.mean(wave**2)), 0)


def voice(pitch=120.0, level=-20.0, duration=3.0, rate=16000, on=0.5):
    """A `buzz` that is `level` dBFS as a whole, pauses included."""
    wave = buzz(pitch, level, duration, rate, on)
    return wave * 10 ** (level / 20) / np.sqrt(np.mean(wave**2))


def recording(*channels, rate=16000):
    return Recording(np.stack(channels, axis=1).astype(np.float32), rate)
