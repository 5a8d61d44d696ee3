"""Faults of a recording: a module per subject, with what is measured and its entries of the catalogue.

Every module has `MEASUREMENTS` and `measure(recording, acoustics)`, which returns a value for each of them.
"""

from __future__ import annotations

from slicecore.audio.decoding import Recording
from slicecore.measurements.acoustics import Acoustics
from slicecore.measurements.faults import (
    channels,
    clicks,
    digitisation,
    dropouts,
    echo,
    gating,
    level_changes,
    limiting,
    music,
    reverberation,
    spectral_holes,
    wind,
)
from slicecore.measurements.measurement import Measurement

_SUBJECTS = (
    reverberation,
    echo,
    dropouts,
    digitisation,
    clicks,
    limiting,
    channels,
    spectral_holes,
    gating,
    level_changes,
    music,
    wind,
)

FAULTS: tuple[Measurement, ...] = tuple(
    measurement for subject in _SUBJECTS for measurement in subject.MEASUREMENTS
)
"""Measurements of faults, subject by subject."""


def measure_faults(recording: Recording, acoustics: Acoustics) -> dict[str, float]:
    """Measure the faults of a recording: a value per entry of `FAULTS`, NaN where something can't be measured."""
    values: dict[str, float] = {}
    for subject in _SUBJECTS:
        values |= subject.measure(recording, acoustics)
    return values
