"""Clipping: samples on flat tops of the wave."""

from __future__ import annotations

import numpy as np


def flat_top_share(samples: np.ndarray, peak: float) -> float:
    """Share of samples near the clip's own peak that do not move: found after attenuation too.

    Parameters
    ----------
    samples
        (samples,) of one channel, at the rate of the file; resampling rounds flat tops off.
    peak
        Its largest absolute sample.
    """
    return len(flat_tops(samples, peak)) / max(len(samples), 1)


def flat_tops(samples: np.ndarray, peak: float) -> np.ndarray:
    """Places of the samples that `flat_top_share` counts, ascending."""
    if peak < 30 / 32768 or len(samples) < 2:
        return np.zeros(0, np.int64)
    near = np.abs(samples) >= 0.9 * peak
    at = np.flatnonzero(near[1:] & near[:-1])
    still: np.ndarray = at[np.abs(samples[at + 1] - samples[at]) <= max(2e-3 * peak, 1 / 32768)]
    return still
