"""Faults of a recording's channels."""

from __future__ import annotations

import numpy as np

from slicecore.audio.decoding import Recording
from slicecore.measurements.acoustics import Acoustics
from slicecore.measurements.measurement import Measurement
from slicecore.measurements.spectrum import decibels

MEASUREMENTS = (
    Measurement(
        "channel_imbalance",
        "Channel imbalance",
        "dB",
        "Level of the louder channel above that of the quieter",
    ),
)


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Differences between the channels; NaN where there is only one.

    Parameters
    ----------
    recording
        All channels at the file's own rate.
    acoustics
        Its acoustic features.
    """
    samples = recording.samples
    if samples.shape[1] < 2:
        return {"channel_imbalance": np.nan}
    balance = decibels(np.square(samples, dtype=np.float64).mean(axis=0))
    return {"channel_imbalance": float(balance.max() - balance.min())}
