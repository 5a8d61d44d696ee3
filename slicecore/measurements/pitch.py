"""Pitch by autocorrelation: coarse, but a hundred times cheaper than a tracker."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from slicecore.measurements.spectrum import taper

LOWEST_HZ, HIGHEST_HZ = 50.0, 500.0
"""Range of the pitch."""

VOICED = 0.6
"""Periodicity above which a frame is voiced."""


def pitch_track(
    clean: np.ndarray,
    order: np.ndarray,
    hop: int,
    rate: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Pitch of some 64 loud frames, by the highest peak of the normalised autocorrelation (Boersma 1993).

    Parameters
    ----------
    clean
        (samples,) without a constant part.
    order
        Frames from the quietest to the loudest, `hop` samples apart.
    rate
        Sampling rate in Hz.

    Returns
    -------
    lags in samples
        Of the voiced frames, or of all if fewer than three are voiced.
    periodicity
        Of all frames looked at, 0 to 1. Both are empty for a recording shorter than a frame of 50 ms.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    length = int(0.05 * rate)
    shortest, longest = int(rate / HIGHEST_HZ), int(rate / LOWEST_HZ)
    # Long enough that no lag of interest wraps around.
    size = next_fast_len(length + longest + 1, real=True)
    if len(clean) < length:
        return np.zeros(0), np.zeros(0)
    loud = order[len(order) * 2 // 5 :]
    chosen = np.sort(loud)[:: max(1, len(loud) // 64)] * hop
    starts = np.minimum(chosen, len(clean) - length)
    frames = np.lib.stride_tricks.sliding_window_view(clean, length)[starts] * taper(length)
    power = np.abs(rfft(frames, size, axis=1)) ** 2
    power *= _passband(rate, size)
    correlation = irfft(power, size, axis=1)[:, : longest + 1]
    strength = correlation[:, :1] + 1e-12
    normal = correlation[:, shortest:] / strength / _taper_correlation(length, size)[shortest : longest + 1]
    # A slight preference for short lags keeps the octave below out.
    best = (normal - np.linspace(0, 0.1, normal.shape[1])).argmax(axis=1)
    periodic = np.clip(normal[np.arange(len(normal)), best], 0, 1)
    voiced = periodic > VOICED
    return (best + shortest)[voiced if voiced.sum() >= 3 else slice(None)], periodic


@lru_cache(maxsize=8)
def _passband(rate: int, size: int) -> np.ndarray:
    f = np.fft.rfftfreq(size, 1 / rate)
    return ((f >= 60) & (f <= 900)).astype(np.float32)


@lru_cache(maxsize=8)
def _taper_correlation(length: int, size: int) -> np.ndarray:
    correlation = np.fft.irfft(np.abs(np.fft.rfft(taper(length), size)) ** 2, size)
    normal: np.ndarray = (correlation / correlation[0]).astype(np.float32)
    return normal
