"""Marks of what is lost, and of what came in: gaps, pieces that stand where others should, clicks."""

from __future__ import annotations

from slicecore.explain.marks.mark import Mark
from slicecore.explain.marks.sound import Sound
from slicecore.measurements.faults.clicks import find_clicks
from slicecore.measurements.faults.dropouts import find_gaps, find_repeats
from slicecore.wording import fixed


def lost_pieces(sound: Sound) -> list[Mark]:
    """Gaps of silence and pieces that are copies of what was before, in the order of time."""
    samples, rate = sound.recording.samples, sound.recording.rate
    marks = [
        Mark(f"{what} {fixed(1000 * float(end - start))} ms", float(start), float(end))
        for what, places in (("gap", find_gaps(samples, rate)), ("repeat", find_repeats(samples, rate)))
        for start, end in places
    ]
    return sorted(marks, key=lambda mark: mark.start or 0.0)


def clicks(sound: Sound) -> list[Mark]:
    """Every click."""
    return [Mark("click", time, time) for time in find_clicks(sound.acoustics.spectrum.clean).tolist()]
