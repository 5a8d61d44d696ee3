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
    Measurement(
        "channel_cancellation",
        "Cancelled by mixing",
        "dB",
        "Mean level of the channels above that of their mean, which is what a recogniser hears: 0 where they are the "
        "same, 3 where they have nothing in common, more where one is the other turned round",
    ),
)


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Differences between the channels; NaN where there is only one, or only silence.

    Parameters
    ----------
    recording
        All channels at the file's own rate.
    acoustics
        Not used.
    """
    samples = recording.samples
    if samples.shape[1] < 2 or not samples.any():
        return {"channel_imbalance": np.nan, "channel_cancellation": np.nan}
    moving = samples - samples.mean(axis=0, dtype=np.float64)
    power = np.square(moving).mean(axis=0)
    balance = decibels(power)
    mixed = float(np.square(moving.mean(axis=1)).mean())
    return {
        "channel_imbalance": float(balance.max() - balance.min()),
        "channel_cancellation": float(decibels(float(power.mean())) - decibels(mixed)),
    }
