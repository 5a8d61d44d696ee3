"""Measurements of clips: `measure` gives a table, `CATALOGUE` describes its columns."""

from slicecore.measurements.acoustics import LoudnessMeter, loudness
from slicecore.measurements.catalogue import CATALOGUE
from slicecore.measurements.measurement import Measurement
from slicecore.measurements.measuring import Measurements, measure, measurements_from
from slicecore.measurements.sound_work import SoundWork

__all__ = [
    "CATALOGUE",
    "LoudnessMeter",
    "Measurement",
    "Measurements",
    "SoundWork",
    "loudness",
    "measure",
    "measurements_from",
]
