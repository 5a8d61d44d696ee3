"""Marks of what sounds beside the speech: held tones of music, gusts of wind."""

from __future__ import annotations

import numpy as np

from slicecore.explain.marks.mark import Mark
from slicecore.explain.marks.sound import Sound
from slicecore.explain.marks.stretches import stretches
from slicecore.measurements.faults.music import held_tones
from slicecore.measurements.faults.wind import rumble_levels

_GUST_DB = 10.0  # below the strongest a gust ends
_SAME_GUST = 3  # frames
_FEWEST_FRAMES = 5


def tones(sound: Sound) -> list[Mark]:
    """Tones that are held on in the pauses, from their beginning to their end."""
    held, spectrum = held_tones(sound.acoustics), sound.acoustics.spectrum
    if held is None:
        return []
    step = spectrum.hop / spectrum.rate
    marks = []
    for at in np.flatnonzero(held.any(axis=0)):
        frequency = float(spectrum.frequencies[at])
        for first, last, _ in stretches(np.flatnonzero(held[:, at]), 1):
            end = min((last + 2) * step, sound.duration)
            marks.append(Mark("held tone", first * step, end, frequency, frequency))
    return sorted(marks, key=lambda mark: (mark.start or 0.0, mark.low or 0.0))


def gusts(sound: Sound) -> list[Mark]:
    """Gusts of the rumble, down to 10 dB below the strongest."""
    acoustics = sound.acoustics
    if len(acoustics.energy) < _FEWEST_FRAMES:
        return []
    step = acoustics.spectrum.hop / acoustics.spectrum.rate
    levels = rumble_levels(acoustics)
    strong = np.flatnonzero(levels >= levels.max() - _GUST_DB)
    half = (_FEWEST_FRAMES // 2) * step  # a level is that of the middle of its frames
    return [
        Mark("gust", first * step + half, min((last + 1) * step + half, sound.duration))
        for first, last, _ in stretches(strong, _SAME_GUST)
    ]
