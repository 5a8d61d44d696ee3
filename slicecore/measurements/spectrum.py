"""The short-time spectrum of a recording and what is read from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

FRAME = 512
HOP = 256
MOST_FRAMES = 8192
EMPTY = 1e-10
"""Power taken as nothing: −100 dBFS."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Short-time spectrum that several measurements share.

    Attributes
    ----------
    clean : (samples,) float32
        The recording without its constant part.
    power : (frames, bins) float32
        The sum over the bins is the mean square of the frame.
    hop
        Samples from frame to frame.
    rate
        Sampling rate in Hz.
    """

    clean: np.ndarray
    power: np.ndarray
    hop: int
    rate: int

    @classmethod
    def of(cls, samples: np.ndarray, rate: int) -> Spectrum:
        """Compute it for (samples,) of a mono recording at `rate` Hz; at least one sample."""
        clean = np.asarray(samples, np.float32)
        clean = clean - clean.mean(dtype=np.float64).astype(np.float32)
        # Very long recordings are looked at in places, so that their cost is bounded.
        hop = max(HOP, len(clean) // MOST_FRAMES)
        return cls(clean, power_spectrum(clean, FRAME, FRAME, hop), hop, rate)

    @property
    def frequencies(self) -> np.ndarray:
        """Centre of every bin in Hz, (bins,)."""
        return np.fft.rfftfreq(FRAME, 1 / self.rate)


def power_spectrum(samples: np.ndarray, length: int, size: int, hop: int) -> np.ndarray:
    """Power of frames of `length` samples, `hop` apart, (frames, size // 2 + 1) float32; see `Spectrum.power`."""
    from scipy.fft import rfft

    length = min(length, max(len(samples), 2))
    if len(samples) < length:
        samples = np.pad(samples, (0, length - len(samples)))
    window = taper(length)
    frames = np.lib.stride_tricks.sliding_window_view(samples, length)[::hop] * window
    spectrum = rfft(frames, size, axis=1)
    power: np.ndarray = spectrum.real**2 + spectrum.imag**2
    power[:, 1:-1] *= 2
    power *= 1 / (size * float((window**2).sum()))
    return power


@lru_cache(maxsize=32)
def taper(length: int) -> np.ndarray:
    """Hann window without its zeros at the ends, (length,) float32."""
    return np.hanning(length + 2)[1:-1].astype(np.float32)


def decibels(power: np.ndarray | float) -> np.ndarray:
    """Power in dB, not below −100."""
    return 10 * np.log10(np.maximum(power, EMPTY))


def low(values: np.ndarray, share: float) -> np.ndarray:
    """Value of every column that `share` of the rows don't reach."""
    rank = int(share * (len(values) - 1))
    return np.partition(values, rank, axis=0)[rank]


def ratio_db(above: float, below: float) -> float:
    """Ratio of two powers in dB; 0 where both are nothing."""
    return float(10 * np.log10((above + 1e-12) / (below + 1e-12)))


def flatness(power: np.ndarray) -> float:
    """Geometric over arithmetic mean of the power in some bins, in dB; 0 is white noise."""
    power = power.astype(np.float64) + 1e-14
    return float(10 * np.log10(np.exp(np.log(power).mean()) / power.mean()))


def bandwidth(power: np.ndarray, frequencies: np.ndarray, nyquist: float) -> tuple[float, float]:
    """Highest frequency within 45 dB of the strongest, and how far the uppermost tenth of the band lies below it.

    Parameters
    ----------
    power
        (frames, bins), see `Spectrum`.
    frequencies
        (bins,) in Hz.
    nyquist
        Up to where the recording can have anything, in Hz.

    Returns
    -------
    bandwidth in Hz, void in dB
        Both 0 for silence.
    """
    # Per bin the loudest 3 %: one /s/ is enough to show that the band is open.
    loud = low(power, 0.97).astype(np.float64)
    loud[0] = 0
    smooth = 10 * np.log10(np.convolve(loud, np.ones(5) / 5, "same") + 1e-13)
    top = smooth[(frequencies > 100) & (frequencies < 3300)].max()
    if top <= -120:
        return 0.0, 0.0
    open_bins = np.flatnonzero(smooth > top - 45)
    uppermost = (frequencies >= 0.91 * nyquist) & (frequencies <= nyquist)
    return float(frequencies[open_bins.max(initial=0)]), float(top - smooth[uppermost].mean())
