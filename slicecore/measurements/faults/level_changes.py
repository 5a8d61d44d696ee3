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
)

_WINDOW_S, _STEP_S = 0.8, 0.1
_PEAKS = 10  # the loudest tenth of a window is its level
# A window speaks where more than this share of it is within so many dB of its level.
_WITHIN_DB, _SPOKEN = 15.0, 0.35
_OVER_FLOOR_DB, _BELOW_LOUDEST_DB = 15.0, 45.0
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
    """Changes of the level of the speech; NaN where there is too little of it.

    Parameters
    ----------
    recording
        All channels at the file's own rate.
    acoustics
        Its acoustic features.
    """
    _, levels = speech_levels(acoustics)
    if len(levels) < _FEWEST:
        return {"level_range": np.nan}
    low, high = np.percentile(levels, [5, 95])
    return {"level_range": float(high - low)}
