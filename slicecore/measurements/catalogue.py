"""Catalogue of all measurements: the columns of their table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from slicecore.measurements.measurement import Measurement
from slicecore.measurements.sound_catalogue import SOUND
from slicecore.measurements.text_catalogue import TEXT

CATALOGUE: Mapping[str, Measurement] = MappingProxyType(
    {measurement.name: measurement for measurement in (*SOUND, *TEXT)}
)
"""Every measurement by its name, sound before text."""
