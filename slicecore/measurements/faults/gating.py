"""Gating: pauses that are cut to digital silence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from slicecore.audio.decoding import SAMPLING_RATE, Recording
from slicecore.measurements.acoustics import Acoustics
from slicecore.measurements.measurement import Measurement
from slicecore.measurements.spectrum import decibels

MEASUREMENTS = (
    Measurement(
        "gate_rate",
        "Pauses cut to nothing",
        "per second",
        "Pauses of 60 ms and more at whose beginning the level falls from above −70 dBFS to nothing within 10 ms",
    ),
)

_BLOCK_S = 0.005
_SHORTEST_S = 0.06
_NOTHING_DB, _SOMETHING_DB = -88.0, -70.0
_SMALLEST = 3 / 32768
_BESIDE = 4  # blocks before the fall that are looked at


def gated_pauses(acoustics: Acoustics) -> NDArray[np.float64]:
    """Pauses that begin at once, as a gate makes them, (pauses, 2): start and end in s."""
    size = int(_BLOCK_S * SAMPLING_RATE)
    count = len(acoustics.mono) // size
    blocks = acoustics.mono[: count * size].reshape(count, size)
    levels = decibels(np.square(blocks, dtype=np.float64).mean(axis=1))
    silent = levels < _NOTHING_DB
    edges = np.flatnonzero(np.diff(np.concatenate([[False], silent, [False]])))
    pauses = edges.reshape(-1, 2)
    inside = (pauses[:, 0] > _BESIDE) & (pauses[:, 1] < count)
    pauses = pauses[inside & (np.diff(pauses, axis=1)[:, 0] >= _SHORTEST_S / _BLOCK_S)]
    # The block in which the gate closes may be half silent.
    before = levels[pauses[:, :1] - np.arange(2, _BESIDE + 1)]
    at_once = (before > _SOMETHING_DB).all(axis=1)
    return pauses[at_once] * _BLOCK_S


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Rate of the pauses that are cut.

    Parameters
    ----------
    recording
        All channels at the file's own rate.
    acoustics
        Its acoustic features.
    """
    sizes = np.abs(recording.samples[recording.samples != 0])
    if sizes.min(initial=1) > _SMALLEST:
        return {"gate_rate": 0.0}  # few bits, by which whatever is quiet becomes nothing
    return {"gate_rate": len(gated_pauses(acoustics)) / (len(acoustics.mono) / SAMPLING_RATE)}
