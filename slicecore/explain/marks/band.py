"""Marks of faults that have a place in frequency: lines of hum, a missing band, hiss."""

from __future__ import annotations

import numpy as np

from slicecore.explain.marks.mark import Mark
from slicecore.explain.marks.sound import Sound
from slicecore.measurements.hum import line_heights
from slicecore.measurements.spectrum import decibels
from slicecore.wording import fixed

_CLEAR_LINE_DB = 8.0  # above what lies between the lines
_MISSING_DB = 50.0  # the bound of "narrow band"
_QUIETEST = 0.1  # share of the frames in which hiss is looked at
_LOWEST_HISS_HZ = 2000.0
_HISS_DB = 10.0  # below its densest place hiss ends
_SMOOTH = 9  # bins


def hum_lines(sound: Sound) -> list[Mark]:
    """Clear lines among the first eight of 50 or 60 Hz."""
    spectrum, frequency = sound.acoustics.spectrum, sound.acoustics.values["hum_frequency"]
    heights = line_heights(spectrum.clean, spectrum.rate, frequency)
    lines = frequency * (1 + np.flatnonzero(heights >= _CLEAR_LINE_DB))
    return [Mark(f"{fixed(line)} Hz", low=float(line), high=float(line)) for line in lines]


def missing_band(sound: Sound) -> list[Mark]:
    """Band above the bandwidth, where the recording has nothing in it."""
    values, top = sound.acoustics.values, sound.acoustics.spectrum.rate / 2
    width = values["bandwidth"]
    # The recogniser's hearing ends at 8 kHz: a file of a lower rate has nothing between.
    has_no_top = sound.acoustics.nyquist < top
    if not 0 < width < top or not (has_no_top or values["top_void"] >= _MISSING_DB):
        return []
    return [Mark(f"nothing above {fixed(round(width, -2))} Hz", low=width, high=top)]


def hiss_band(sound: Sound) -> list[Mark]:
    """Band around the densest place of the quiet frames above 2 kHz, down to 10 dB below that."""
    acoustics = sound.acoustics
    f = acoustics.spectrum.frequencies
    order = np.argsort(acoustics.energy)
    quiet = acoustics.spectrum.power[order[: max(1, int(_QUIETEST * len(order)))]].mean(axis=0)
    density = decibels(np.convolve(quiet, np.ones(_SMOOTH) / _SMOOTH, "same"))
    density[(f < _LOWEST_HISS_HZ) | (f > acoustics.nyquist)] = -np.inf
    densest = int(density.argmax())
    if not np.isfinite(density[densest]):
        return []
    thin = np.flatnonzero(density < density[densest] - _HISS_DB)
    low = int(thin[thin < densest].max(initial=-1)) + 1
    high = int(thin[thin > densest].min(initial=len(f))) - 1
    low_hz, high_hz = float(f[low]), float(f[high])
    return [
        Mark(
            f"hiss {fixed(round(low_hz, -2))} to {fixed(round(high_hz, -2))} Hz",
            low=low_hz,
            high=high_hz,
        )
    ]
