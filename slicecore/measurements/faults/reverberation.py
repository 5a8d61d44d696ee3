"""Reverberation: the level falls more slowly than it rises."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE, Recording
from slicecore.audio.mel import mel_filters
from slicecore.measurements.acoustics import Acoustics
from slicecore.measurements.measurement import Measurement
from slicecore.measurements.spectrum import decibels, power_spectrum

MEASUREMENTS = (
    Measurement(
        "reverberation",
        "Reverberation",
        "s",
        "Reverberation time RT60, estimated from how much longer sound takes to fall by 60 dB than to rise by 60: the "
        "steepest tenth of the slopes, lower quartile of 13 bands from 290 Hz to 3.9 kHz (after Wen et al. 2008)",
        2,
    ),
)

_FRAME, _HOP = 256, 128  # 16 and 8 ms
_SMOOTHED, _SPAN = 3, 8  # frames; a slope is taken over 64 ms
_BANDS, _FIRST, _LAST = 20, 2, 15
_RANGE_DB = 20.0
_STEEPEST = 0.1
_FEWEST = 20  # slopes of a band, of either sign
_FEWEST_BANDS = 7
_BAND = 0.25  # of the bands: a room lingers in all of them, notes of music in some

# Fitted to clean clips of four voices with rooms of 0.3 to 1.2 s whose tail is as strong as the direct sound, or twice
# as strong. On a clip it is right within a factor of 1.6.
_FACTOR, _EXPONENT = 8.6, 1.467


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Reverberation time; NaN where too little rises and falls to tell.

    A room delays the end of a sound and not its beginning. Steady noise, a low level and a narrow band flatten rises
    and falls alike, so that the difference between them is the room's.

    Parameters
    ----------
    recording
        Not used.
    acoustics
        Its acoustic features.
    """
    excess = _excess_of_falls(acoustics.spectrum.clean)
    return {"reverberation": _FACTOR * max(excess, 0.0) ** _EXPONENT if np.isfinite(excess) else np.nan}


def _excess_of_falls(clean: np.ndarray) -> float:
    """Seconds that a fall of 60 dB takes longer than a rise, lower quartile of the bands; NaN if unknown."""
    power = power_spectrum(clean, _FRAME, _FRAME, _HOP)
    levels = decibels(power @ _filters().T)
    if len(levels) <= _SPAN + _SMOOTHED:
        return np.nan
    cumulative = np.cumsum(np.vstack([np.zeros(levels.shape[1]), levels]), axis=0)
    smooth = (cumulative[_SMOOTHED:] - cumulative[:-_SMOOTHED]) / _SMOOTHED
    slopes = (smooth[_SPAN:] - smooth[:-_SPAN]) / (_SPAN * _HOP / SAMPLING_RATE)
    loud = smooth > np.percentile(smooth, 95, axis=0) - _RANGE_DB
    excess = []
    for band, slope in enumerate(slopes.T):
        falls = -slope[loud[:-_SPAN, band] & (slope < 0)]
        rises = slope[loud[_SPAN:, band] & (slope > 0)]
        if min(len(falls), len(rises)) >= _FEWEST:
            excess.append(60 / _steepest(falls) - 60 / _steepest(rises))
    return float(np.quantile(excess, _BAND)) if len(excess) >= _FEWEST_BANDS else np.nan


def _steepest(slopes: np.ndarray) -> float:
    """Quantile of the slopes, as `numpy.quantile` gives it, which takes ten times as long for so few."""
    at = (1 - _STEEPEST) * (len(slopes) - 1)
    below = min(int(at), len(slopes) - 2)
    low, high = np.sort(slopes)[below : below + 2]
    share = at - below
    return float(low + (high - low) * share if share < 0.5 else high - (high - low) * (1 - share))


@lru_cache(maxsize=1)
def _filters() -> np.ndarray:
    return mel_filters(SAMPLING_RATE, _FRAME, _BANDS)[_FIRST:_LAST]
