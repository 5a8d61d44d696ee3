"""Mel filters on Slaney's scale, as librosa makes them.

Asking librosa itself takes half a second at every start, for what is compiled with it.
"""

from __future__ import annotations

import numpy as np

_LINEAR_BELOW_HZ = 1000.0
_HZ_PER_MEL = 200 / 3
_LOG_STEP = np.log(6.4) / 27


def mel_filters(rate: int, size: int, bands: int) -> np.ndarray:
    """Triangular filters of height 1, equally wide on the mel scale from 0 Hz to half the sampling rate.

    Parameters
    ----------
    rate
        Sampling rate in Hz.
    size
        Length of the Fourier transform.
    bands
        Number of filters.

    Returns
    -------
    (bands, size // 2 + 1) float32
        Weights of the bins in each band; the same as `librosa.filters.mel(..., norm=None)`.
    """
    bins = np.fft.rfftfreq(size, 1 / rate)
    edges = _hz(np.linspace(0, _mel(rate / 2), bands + 2))
    widths = np.diff(edges)[:, None]
    slopes = edges[:, None] - bins
    rising, falling = -slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def _mel(hertz: float) -> float:
    if hertz < _LINEAR_BELOW_HZ:
        return hertz / _HZ_PER_MEL
    return float(_LINEAR_BELOW_HZ / _HZ_PER_MEL + np.log(hertz / _LINEAR_BELOW_HZ) / _LOG_STEP)


def _hz(mels: np.ndarray) -> np.ndarray:
    first_log = _LINEAR_BELOW_HZ / _HZ_PER_MEL
    return np.where(
        mels < first_log,
        mels * _HZ_PER_MEL,
        _LINEAR_BELOW_HZ * np.exp(_LOG_STEP * (mels - first_log)),
    )
