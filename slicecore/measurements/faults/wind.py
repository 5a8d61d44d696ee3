"""Wind: rumble below the voice that comes in gusts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.decoding import Recording
from slicecore.measurements.acoustics import Acoustics
from slicecore.measurements.measurement import Measurement
from slicecore.measurements.spectrum import decibels

MEASUREMENTS = (
    Measurement(
        "rumble",
        "Rumble",
        "dB",
        "Energy from 20 to 80 Hz against 80 to 170 Hz, where low voices are",
    ),
    Measurement(
        "rumble_level",
        "Level of the rumble",
        "dB",
        "80th percentile of the frames from 20 to 80 Hz against the 95th from 300 Hz to 4 kHz",
    ),
    Measurement(
        "gusts",
        "Gusts of the rumble",
        "dB",
        "Standard deviation of its level over 80 ms",
    ),
)

_RUMBLE, _VOICE = slice(1, 3), slice(3, 6)  # bins of 31 Hz
_SPEECH_HZ = (300.0, 4000.0)
_SMOOTH = 5  # frames
_FEWEST = 20  # frames
_LOWEST = 0.05  # of the frames, which digital silence may be


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Rumble and its gusts; NaN where there are too few frames.

    Most of the energy of wind noise lies below 100 Hz, and it comes and goes within tenths of a second (Nelke and Vary
    2014); traffic and fans rumble steadily.

    Parameters
    ----------
    recording
        All channels at the file's own rate.
    acoustics
        Its acoustic features.
    """
    power = acoustics.spectrum.power
    if len(power) < _FEWEST:
        return {"rumble": np.nan, "rumble_level": np.nan, "gusts": np.nan}
    rumble, frequencies = power[:, _RUMBLE].sum(axis=1), acoustics.spectrum.frequencies
    smooth = rumble_levels(acoustics)
    speech = power[:, (frequencies > _SPEECH_HZ[0]) & (frequencies < _SPEECH_HZ[1])].sum(axis=1)
    voice = power[:, _VOICE].sum(axis=1)
    return {
        "rumble": float(decibels(rumble.mean()) - decibels(voice.mean())),
        "rumble_level": float(np.percentile(smooth, 80) - decibels(np.percentile(speech, 95))),
        "gusts": float(smooth[smooth > np.quantile(smooth, _LOWEST)].std()) if np.ptp(smooth) else 0.0,
    }


def rumble_levels(acoustics: Acoustics) -> NDArray[np.floating]:
    """Level of the rumble in dB over every five frames in a row, (frames − 4,); at least five frames."""
    rumble = acoustics.spectrum.power[:, _RUMBLE].sum(axis=1)
    return decibels(np.convolve(rumble, np.ones(_SMOOTH) / _SMOOTH, "valid"))
