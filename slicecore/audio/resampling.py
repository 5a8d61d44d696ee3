"""Sound at another sampling rate."""

from __future__ import annotations

import math

import numpy as np


def resampled(samples: np.ndarray, rate: float, new_rate: float) -> np.ndarray:
    """Samples at another rate, by soxr at its high quality.

    Parameters
    ----------
    samples
        (n,) or (n, channels) float32.
    rate, new_rate
        Sampling rates in Hz.

    Returns
    -------
    (ceil(n * new_rate / rate), ...) float32
        The same as `librosa.resample(..., res_type="soxr_hq")`: cut, or with zeros at the end.
    """
    import soxr

    made = soxr.resample(samples, rate, new_rate, quality="HQ")
    length = math.ceil(len(samples) * (new_rate / rate))
    missing = max(0, length - len(made))
    return np.pad(made[:length], [(0, missing)] + [(0, 0)] * (made.ndim - 1))
