"""Coarse digitisation: few values, or values that stand still for some samples."""

from __future__ import annotations

import numpy as np

from slicecore.audio.decoding import Recording
from slicecore.measurements.acoustics import Acoustics
from slicecore.measurements.measurement import Measurement

MEASUREMENTS = (
    Measurement(
        "sample_bits",
        "Bits in use",
        "bits",
        "Binary logarithm of the number of different sample values, at 16 bits",
        1,
    ),
    Measurement(
        "held_samples",
        "Held samples",
        "%",
        "Steps of 4 % of the peak and more before which the wave stands still, of all such steps: sample and hold",
        0,
    ),
)

_FEWEST = 2000  # samples, of which so many values can be expected
_LEAST_PEAK = 16  # of 32768
_SOUNDING = 0.1  # of the peak of the other channels: few values of a silent one say nothing
_STEP = 0.04  # of the peak
_FEWEST_STEPS = 20
_RAIL = 0.9  # of the extreme on either side: a wave that is cut off stands still there


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Resolution in value and in time, of the channel that is coarser; NaN in silence and in very short clips.

    Parameters
    ----------
    recording
        All channels at the file's own rate: resampling fills the steps in.
    acoustics
        Not used.
    """
    values = np.round(recording.samples * 32768).astype(np.int32)
    peaks = np.abs(values).max(axis=0)
    sounding = values.T[peaks > max(_LEAST_PEAK, _SOUNDING * peaks.max())]
    if not len(sounding) or len(values) < _FEWEST:
        return {"sample_bits": np.nan, "held_samples": np.nan}
    held = [_held(channel) for channel in sounding]
    return {
        "sample_bits": min(_bits(channel) for channel in sounding),
        "held_samples": float(np.fmax.reduce(held)),
    }


def _bits(channel: np.ndarray) -> float:
    return float(np.log2(np.count_nonzero(np.bincount(channel - channel.min()))))


def _held(channel: np.ndarray) -> float:
    """Share of the steps before which the sample repeats; NaN where there are few steps."""
    moves = np.diff(channel)
    low, high = int(channel.min()), int(channel.max())
    steps = np.flatnonzero(np.abs(moves[1:]) >= _STEP * max(high, -low)) + 1
    at = channel[steps]
    steps = steps[(at < _RAIL * high) & (at > _RAIL * low)]
    return float((moves[steps - 1] == 0).mean()) if len(steps) >= _FEWEST_STEPS else np.nan
