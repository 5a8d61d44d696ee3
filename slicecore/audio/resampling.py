"""Sound at another sampling rate."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

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


def resampled_blocks(blocks: Iterable[np.ndarray], rate: float, new_rate: float) -> Iterator[np.ndarray]:
    """Blocks of a recording, each (n,) float32, at another rate; together as `resampled` gives them."""
    import soxr

    stream = soxr.ResampleStream(rate, new_rate, 1, dtype="float32", quality="HQ")
    came, made = 0, 0
    for block in blocks:
        came += len(block)
        new = stream.resample_chunk(np.ascontiguousarray(block, np.float32))
        made += len(new)
        yield new
    missing = math.ceil(came * (new_rate / rate)) - made
    last = stream.resample_chunk(np.zeros(0, np.float32), last=True)[: max(missing, 0)]
    yield np.pad(last, (0, max(0, missing - len(last))))
