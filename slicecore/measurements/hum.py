"""Mains hum: lines of 50 or 60 Hz and their harmonics."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from slicecore.measurements.spectrum import EMPTY, low, power_spectrum


def mains_hum(clean: np.ndarray, rate: int, total: float) -> tuple[float, float, float]:
    """Look for what stays in the quietest fifth of the frames on a comb of 50 or 60 Hz.

    Parameters
    ----------
    clean
        (samples,) without a constant part.
    rate
        Sampling rate in Hz.
    total
        Mean power of the recording, to compare the lines with.

    Returns
    -------
    prominence in dB
        Of the three clearest among the first six lines above what lies between the lines.
    level in dB
        Energy of the first eight lines against `total`, not below −60.
    frequency in Hz
        50 or 60, whichever stands out more.
    """
    size = 1 << round(np.log2(0.256 * rate))
    power = power_spectrum(clean, size, size, max(size // 2, len(clean) // 1024))
    resolution = rate / size
    steady = low(power[:, : int(480 / resolution) + 8], 0.2).astype(np.float64) + 1e-13
    best = (0.0, -60.0, 50.0)
    for base in (50.0, 60.0):
        lines, energy = [], 0.0
        for harmonic in range(1, 9):
            centre = base * harmonic / resolution
            near = steady[round(centre) - 1 : round(centre) + 2]
            energy += steady[int(centre) - 1 : int(centre) + 3].sum()
            around = steady[[i for i in _neighbours(centre, base / resolution) if i < len(steady)]]
            lines.append(10 * np.log10(near.max() / np.median(around)))
        strongest = np.sort(np.clip(lines[:6], 0, 30))[-3:].mean()
        level = max(10 * np.log10(energy / max(total, EMPTY)), -60.0)
        best = max(best, (float(strongest), float(level), base))
    return best


@lru_cache(maxsize=64)
def _neighbours(centre: float, spacing: float) -> tuple[int, ...]:
    """Bins between a line and halfway to the next one, where there is no line."""
    near, far = 3.5, spacing / 2 + 0.8
    return tuple(i for i in range(1, int(centre + far) + 2) if near <= abs(i - centre) <= far)
