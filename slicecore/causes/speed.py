"""Clips that are played too fast or too slow: their whole spectrum is moved along the axis of log frequency.

A wrong sampling rate moves pitch, formants and rate of speech by one factor. A low or a slow voice does not: the
formants of adults differ by some 15 %, whatever their pitch and however fast they speak.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_REACH = 9.0  # bands, a factor of 1.9 either way
_STEP = 0.5
_FIRST, _LAST = 10, 54  # bands compared: 225 Hz to 5.1 kHz
_FEWEST_BANDS = 25
_TREND = 2  # degree of the polynomial that stands for tilt and microphone
_BLOCK = 8192


def spectral_shift(timbre: NDArray[np.floating], ratio: float) -> NDArray[np.float64]:
    """How far the spectrum of every clip is moved up against that of the whole set.

    The spectrum of a clip and the median of all, both without a parabola over log frequency, are laid over each other
    at every shift; the shift at which they correlate best counts.

    Parameters
    ----------
    timbre
        (n, bands) levels in dB in bands of constant ratio, NaN where a clip has nothing.
    ratio
        Between a band and the one below.

    Returns
    -------
    (n,) natural logarithm of the factor, within ±0.64; NaN where a clip can't be compared.
    """
    import warnings

    shift = np.full(len(timbre), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # bands in which no clip has anything
        usual = np.nanmedian(timbre, axis=0) if len(timbre) else np.zeros(timbre.shape[1])
    bands = np.arange(timbre.shape[1])
    known = np.isfinite(usual)
    # Where files of 8 kHz end, the comparison ends for all.
    shared = np.isfinite(timbre).mean(axis=0) > 0.5
    last = min(_LAST, int(np.flatnonzero(shared).max(initial=0)) + 1)
    compared = np.arange(_FIRST, last)
    if len(compared) < _FEWEST_BANDS:
        return shift
    trend = np.linalg.qr(np.vander(np.linspace(-1, 1, len(compared)), _TREND + 1))[0]

    def bare(levels: NDArray) -> NDArray:
        rest = levels - (levels @ trend) @ trend.T
        norm: NDArray = rest / np.maximum(np.linalg.norm(rest, axis=-1, keepdims=True), 1e-9)
        return norm

    steps = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    templates = bare(np.stack([np.interp(compared - step, bands[known], usual[known]) for step in steps]))
    rows = np.flatnonzero(np.isfinite(timbre[:, compared]).all(axis=1))
    for start in range(0, len(rows), _BLOCK):
        some = rows[start : start + _BLOCK]
        best = (bare(timbre[np.ix_(some, compared)].astype(np.float64)) @ templates.T).argmax(axis=1)
        shift[some] = steps[best] * np.log(ratio)
    return shift
