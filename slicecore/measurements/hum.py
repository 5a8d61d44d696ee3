"""Mains hum: lines of 50 or 60 Hz and their harmonics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from slicecore.measurements.spectrum import EMPTY, low, power_spectrum

_LINES = 8
_CLEAREST_OF = 6


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
    steady, resolution = _steady(clean, rate)
    best = (0.0, -60.0, 50.0)
    for comb in (_comb(base, resolution, len(steady)) for base in (50.0, 60.0)):
        lines = _heights(steady, comb)
        strongest = np.sort(np.clip(lines[:_CLEAREST_OF], 0, 30))[-3:].mean()
        energy = float(steady[comb.on].sum())
        level = max(10 * np.log10(energy / max(total, EMPTY)), -60.0)
        best = max(best, (float(strongest), float(level), comb.base))
    return best


def line_energies(clean: np.ndarray, rate: int, frequency: float) -> np.ndarray:
    """Energy of the first eight lines of 50 or 60 Hz in the quietest fifth of the frames, (8,); see `mains_hum`."""
    steady, resolution = _steady(clean, rate)
    energies: np.ndarray = steady[_comb(frequency, resolution, len(steady)).on].sum(axis=1)
    return energies


def line_heights(clean: np.ndarray, rate: int, frequency: float) -> np.ndarray:
    """Height of the first eight lines of 50 or 60 Hz above what lies between them, (8,) in dB; see `mains_hum`."""
    steady, resolution = _steady(clean, rate)
    return _heights(steady, _comb(frequency, resolution, len(steady)))


def _heights(steady: np.ndarray, comb: _Comb) -> np.ndarray:
    between = np.sort(np.where(comb.is_between, steady[comb.between], np.inf), axis=1)
    median = np.take_along_axis(between, comb.middle, axis=1).mean(axis=1)
    heights: np.ndarray = 10 * np.log10(steady[comb.near].max(axis=1) / median)
    return heights


def _steady(clean: np.ndarray, rate: int) -> tuple[np.ndarray, float]:
    """Power per bin in the quietest fifth of the frames, up to the last line, and the width of a bin in Hz."""
    size = 1 << round(np.log2(0.256 * rate))
    power = power_spectrum(clean, size, size, max(size // 2, len(clean) // 1024))
    resolution = rate / size
    return low(power[:, : int(480 / resolution) + 8], 0.2).astype(np.float64) + 1e-13, resolution


@dataclass(frozen=True, eq=False)
class _Comb:
    """Bins of the first eight lines of hum.

    Attributes
    ----------
    base
        Frequency of the first line in Hz.
    near : (8, 3) int
        Bins in which a line has its peak.
    on : (8, 4) int
        Bins that hold the energy of a line.
    between, is_between : (8, most) int and bool
        Bins from a line halfway to the next one, where there is no line; `is_between` is False for padding.
    middle : (8, 2) int
        Ranks of these bins whose mean is their median.
    """

    base: float
    near: np.ndarray
    on: np.ndarray
    between: np.ndarray
    is_between: np.ndarray
    middle: np.ndarray


@lru_cache(maxsize=16)
def _comb(base: float, resolution: float, bins: int) -> _Comb:
    centres = base * np.arange(1, _LINES + 1)[:, None] / resolution
    distance = np.abs(np.arange(bins) - centres)
    inside = (distance >= 3.5) & (distance <= base / resolution / 2 + 0.8)
    inside[:, 0] = False
    counts = inside.sum(axis=1, keepdims=True)
    order = np.argsort(~inside, axis=1, kind="stable")[:, : counts.max()]
    return _Comb(
        base,
        np.round(centres).astype(int) + np.arange(-1, 2),
        centres.astype(int) + np.arange(-1, 3),
        order,
        np.take_along_axis(inside, order, axis=1),
        np.concatenate([(counts - 1) // 2, counts // 2], axis=1),
    )
