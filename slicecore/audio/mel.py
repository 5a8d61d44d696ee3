"""Mel filters on Slaney's scale, as librosa makes them.

Asking librosa itself takes half a second at every start, and a quarter of a minute where nothing is compiled yet.
"""

from __future__ import annotations

import numpy as np

_LINEAR_BELOW_HZ = 1000.0
_HZ_PER_MEL = 200 / 3
_LOG_STEP = np.log(6.4) / 27


def mel_filters(rate: int, size: int, bands: int, *, equal_area: bool = False) -> np.ndarray:
    """Triangular filters, equally wide on the mel scale from 0 Hz to half the sampling rate.

    Parameters
    ----------
    rate
        Sampling rate in Hz.
    size
        Length of the Fourier transform.
    bands
        Number of filters.
    equal_area
        Whether all filters pass as much of white noise; else all have the height 1.

    Returns
    -------
    (bands, size // 2 + 1) float32
        Weights of the bins in each band; the same as `librosa.filters.mel`, with `norm=None` for the height 1.
    """
    bins = np.fft.rfftfreq(size, 1 / rate)
    edges = _hz(np.linspace(0, mels(rate / 2), bands + 2))
    widths = np.diff(edges)[:, None]
    slopes = edges[:, None] - bins
    rising, falling = -slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]
    weights = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    if equal_area:
        weights *= (2 / (edges[2:] - edges[:-2]))[:, None]
    return weights


def mels(hertz: float) -> float:
    """Place of a frequency on the mel scale."""
    if hertz < _LINEAR_BELOW_HZ:
        return hertz / _HZ_PER_MEL
    return float(_LINEAR_BELOW_HZ / _HZ_PER_MEL + np.log(hertz / _LINEAR_BELOW_HZ) / _LOG_STEP)


def _hz(places: np.ndarray) -> np.ndarray:
    first_log = _LINEAR_BELOW_HZ / _HZ_PER_MEL
    return np.where(
        places < first_log,
        places * _HZ_PER_MEL,
        _LINEAR_BELOW_HZ * np.exp(_LOG_STEP * (places - first_log)),
    )
