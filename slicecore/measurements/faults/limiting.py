"""Limiting: gain that brings all of the speech up to full scale."""

from __future__ import annotations

import numpy as np

from slicecore.audio.decoding import Recording
from slicecore.measurements.acoustics import Acoustics
from slicecore.measurements.measurement import Measurement

MEASUREMENTS = (
    Measurement(
        "full_scale_share",
        "Frames near full scale",
        "%",
        "Frames of 20 ms, without those over 26 dB below the highest, whose peak is within 6 dB of full scale",
        0,
    ),
)

_FRAME_S = 0.02
_NEAR_DB = -6.0
_RANGE_DB = -26.0


def measure(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Share of the frames near full scale, of the channel that has most; NaN in silence and in very short clips.

    Parameters
    ----------
    recording
        All channels at the file's own rate.
    acoustics
        Not used.
    """
    peaks = _peaks(recording)
    highest = peaks.max(axis=0, initial=0)
    if not highest.any():
        return {"full_scale_share": np.nan}
    near = (peaks >= 10 ** (_NEAR_DB / 20)).sum(axis=0)
    loud = (peaks >= 10 ** (_RANGE_DB / 20) * highest).sum(axis=0)
    return {"full_scale_share": float((near / loud).max())}


def find_limited(recording: Recording) -> np.ndarray:
    """Stretches in which every frame of 20 ms reaches full scale within 6 dB.

    Returns
    -------
    (stretches, 2) float64
        Start and end in seconds, of any channel.
    """
    near = (_peaks(recording) >= 10 ** (_NEAR_DB / 20)).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], near.astype(np.int8), [0]])))
    return edges.reshape(-1, 2) * (_frame(recording) / recording.rate)


def _peaks(recording: Recording) -> np.ndarray:
    """Largest sample of every frame without the constant part, (frames, channels)."""
    samples, size = recording.samples, _frame(recording)
    frames = samples[: len(samples) // size * size].reshape(-1, size, samples.shape[1])
    mean = samples.mean(axis=0, dtype=np.float64).astype(np.float32)
    peaks: np.ndarray = np.maximum(
        frames.max(axis=1, initial=-1) - mean, mean - frames.min(axis=1, initial=1)
    )
    return peaks


def _frame(recording: Recording) -> int:
    return max(1, round(_FRAME_S * recording.rate))
