"""Level of the speech along a recording: gain that goes up and down."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.decoding import Recording
from slicecore.measurements.acoustics import Acoustics
from slicecore.measurements.measurement import Measurement

MEASUREMENTS = (
    Measurement(
        "level_range",
        "Range of the speech level",
        "dB",
        "95th less 5th percentile of the level of the loudest tenth of 0.8 s, along the speech",
    ),
    Measurement(
        "floor_under_speech",
        "Floor under the speech",
        "dB",
        "Lowest bands above 2 kHz, loud frames against pauses: below 0 where the speech turns the gain down",
    ),
)

_WINDOW_S, _STEP_S = 0.8, 0.1
_PEAKS = 10  # the loudest tenth of a window is its level
# A window speaks where more than this share of it is within so many dB of its level.
_WITHIN_DB, _SPOKEN = 15.0, 0.35
_OVER_FLOOR_DB, _BELOW_LOUDEST_DB = 15.0, 45.0
_LEAST_DYNAMICS_DB = 20.0  # below which it is the noise that comes and goes
_FLOOR_HZ, _BINS, _FEWEST_BANDS = 2000.0, 8, 5  # bands of 250 Hz
_PAUSE, _LOUD_DB = 0.35, 8.0  # pauses lie in the lower third between quiet and loud
_NOTHING = 1e-13
_FEWEST = 12  # windows: 2 s of speech, less than which is a word or two


def speech_levels(acoustics: Acoustics) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Level of the speech along a recording, in windows of 0.8 s.

    Pauses and single sounds between pauses are left out: a window has speech in more than a third of its frames and
    stands 15 dB above the noise floor.

    Returns
    -------
    times : (windows,)
        Middle of each window in s.
    levels : (windows,)
        Level in dB. Both are empty for a recording shorter than a window.
    """
    step = acoustics.spectrum.hop / acoustics.spectrum.rate
    size, hop = max(4, int(_WINDOW_S / step)), max(1, int(_STEP_S / step))
    if len(acoustics.levels) < size:
        return np.zeros(0), np.zeros(0)
    windows = np.lib.stride_tricks.sliding_window_view(acoustics.levels, size)[::hop]
    count = max(2, size // _PEAKS)
    levels = np.partition(windows, size - count, axis=1)[:, -count:].mean(axis=1)
    spoken = (windows > levels[:, None] - _WITHIN_DB).mean(axis=1) > _SPOKEN
    spoken &= levels > max(acoustics.values["noise_floor"] + _OVER_FLOOR_DB, levels.max() - _BELOW_LOUDEST_DB)
    rows = np.flatnonzero(spoken)
    return (rows * hop + size / 2) * step, levels[rows]


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Changes of the level of the speech, and of the floor with it; NaN where there is too little of either.

    Parameters
    ----------
    recording
        All channels at the file's own rate.
    acoustics
        Its acoustic features.
    """
    _, levels = speech_levels(acoustics)
    known = len(levels) >= _FEWEST and acoustics.values["dynamics"] >= _LEAST_DYNAMICS_DB
    low, high = np.percentile(levels, [5, 95]) if known else (np.nan, np.nan)
    return {"level_range": float(high - low), "floor_under_speech": _floor_under_speech(acoustics)}


def _floor_under_speech(acoustics: Acoustics) -> float:
    """Floor in the loud frames against that in the pauses, in dB.

    Between the harmonics of speech the bands fall back to the noise, or above it. An automatic gain that is turned
    down by the speech turns the noise down as well.
    """
    frequencies, power, levels = acoustics.spectrum.frequencies, acoustics.spectrum.power, acoustics.levels
    highest = min(0.95 * acoustics.nyquist, acoustics.values["bandwidth"])
    inside = np.flatnonzero((frequencies > _FLOOR_HZ) & (frequencies < highest))
    count = len(inside) // _BINS
    if count < _FEWEST_BANDS or len(levels) < _FEWEST:
        return float(np.nan)
    bands = power[:, inside[0] : inside[0] + count * _BINS].reshape(len(power), count, _BINS).mean(axis=2)
    bands = 10 * np.log10(np.maximum(bands, _NOTHING))
    floor = np.percentile(bands - np.percentile(bands, 15, axis=0), 15, axis=1)
    quiet, loud = np.percentile(levels, [10, 95])
    pauses = levels < quiet + _PAUSE * (loud - quiet)
    if not pauses.any():
        return float(np.nan)
    return float(np.median(floor[levels > loud - _LOUD_DB]) - np.median(floor[pauses]))
