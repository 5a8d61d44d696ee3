"""Sound in which faults are marked, with what is measured of it."""

from __future__ import annotations

from dataclasses import dataclass

from slicecore.audio.decoding import Recording
from slicecore.cached_properties import cached_property
from slicecore.measurements.acoustics import Acoustics, acoustics_of
from slicecore.measurements.clip_sound import measure_sound


@dataclass(frozen=True, eq=False)
class Sound:
    """A recording, or a piece of a long one.

    Attributes
    ----------
    recording
        All channels at the file's own rate.
    is_first, is_last
        Whether it has the start and the end of the clip.
    """

    recording: Recording
    is_first: bool = True
    is_last: bool = True

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.recording.samples) / self.recording.rate

    @property
    def acoustics(self) -> Acoustics:
        """Its acoustic features."""
        return acoustics_of(self.recording)

    @cached_property
    def values(self) -> dict[str, float]:
        """Its measurements by name, see `slicecore.measurements.CATALOGUE`."""
        return measure_sound(self.recording)[0]
