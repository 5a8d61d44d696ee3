"""Clicks: bursts of a millisecond that stand alone."""

from __future__ import annotations

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE, Recording
from slicecore.measurements.acoustics import Acoustics
from slicecore.measurements.measurement import Measurement

MEASUREMENTS = (
    Measurement(
        "click_rate",
        "Clicks",
        "per second",
        "Bursts whose third difference is 3.5 times as large as anywhere from 2 to 12 ms before and after",
        1,
    ),
)

_BLOCK = 16  # samples: 1 ms
_NEAREST, _FARTHEST = 2, 12  # blocks: a voice of 80 Hz and more has a pulse there, a consonant goes on
_ALONE = 3.5
_LEAST = 0.02  # of the peak


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Number of clicks; NaN in clips too short to tell.

    Parameters
    ----------
    recording
        Not used.
    acoustics
        Its acoustic features.
    """
    clean = acoustics.spectrum.clean
    if len(clean) < 4 * _FARTHEST * _BLOCK:
        return {"click_rate": np.nan}
    return {"click_rate": len(find_clicks(clean)) * SAMPLING_RATE / len(clean)}


def find_clicks(clean: np.ndarray) -> np.ndarray:
    """Times of the clicks in seconds, (clicks,) float64.

    Parameters
    ----------
    clean
        (samples,) at 16 kHz, without a constant part.
    """
    sharpness = np.abs(np.diff(clean, 3))
    blocks = sharpness[: len(sharpness) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).max(axis=1, initial=0)
    if len(blocks) <= 2 * _FARTHEST:
        return np.zeros(0)
    around = np.lib.stride_tricks.sliding_window_view(blocks, _FARTHEST - _NEAREST + 1).max(axis=1)
    inner = slice(_FARTHEST, len(blocks) - _FARTHEST)
    beside = np.maximum(around[: len(blocks) - 2 * _FARTHEST], around[_FARTHEST + _NEAREST :])
    alone = blocks[inner] > np.maximum(_ALONE * beside, _LEAST * float(np.abs(clean).max()))
    starts = np.flatnonzero(np.diff(np.concatenate([[False], alone]).astype(np.int8)) == 1)
    times: np.ndarray = (starts + _FARTHEST + 0.5) * _BLOCK / SAMPLING_RATE
    return times
