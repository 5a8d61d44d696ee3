"""Marks of levels: clipped stretches, those at full scale, and where speech is quieter than elsewhere."""

from __future__ import annotations

import numpy as np

from slicecore.explain.marks.mark import Mark
from slicecore.explain.marks.sound import Sound
from slicecore.explain.marks.stretches import stretches
from slicecore.measurements.clipping import flat_tops
from slicecore.measurements.faults.level_changes import speech_levels
from slicecore.measurements.faults.limiting import find_limited
from slicecore.wording import fixed

_TOGETHER_S = 0.04  # clipped samples closer than this are one stretch: every period of a loud vowel has some
_FEWEST_CLIPPED = 4
_LEAST_CLIPPED = 0.003  # of the samples; the crests of a clean wave are flat here and there as well
_BETWEEN_S = 0.1  # from one syllable at full scale to the next
_USUAL = 0.9  # quantile of the level along the speech that quieter stretches are compared with
_QUIETER_DB = 6.0
_SAME_STRETCH_S = 0.35


def clipped_stretches(sound: Sound) -> list[Mark]:
    """Stretches in which samples lie on flat tops of the wave, of any channel."""
    samples, rate = sound.recording.samples, sound.recording.rate
    if sound.acoustics.values["flat_top_share"] < _LEAST_CLIPPED:
        return []
    at = np.unique(
        np.concatenate([flat_tops(channel, float(np.abs(channel).max())) for channel in samples.T])
    )
    return [
        Mark("clipped", start / rate, (end + 1) / rate)
        for start, end, count in stretches(at, round(_TOGETHER_S * rate))
        if count >= _FEWEST_CLIPPED
    ]


def full_scale_stretches(sound: Sound) -> list[Mark]:
    """Stretches in which the speech goes on near full scale."""
    places = find_limited(sound.recording)
    marks: list[Mark] = []
    for start, end in places.tolist():
        before = marks.pop() if marks and start - (marks[-1].end or 0.0) <= _BETWEEN_S else None
        marks.append(Mark("at full scale", before.start if before else start, end))
    return marks


def quieter_stretches(sound: Sound) -> list[Mark]:
    """Stretches of speech that are 6 dB or more below the louder parts of the clip."""
    times, levels = speech_levels(sound.acoustics)
    if not len(levels):
        return []
    below = float(np.quantile(levels, _USUAL)) - levels
    milliseconds = np.round(1000 * times[below >= _QUIETER_DB]).astype(int)
    step = float(np.diff(times).min(initial=0.1))
    marks = []
    for first, last, _ in stretches(milliseconds, round(1000 * _SAME_STRETCH_S)):
        start, end = first / 1000 - step / 2, last / 1000 + step / 2
        inside = below[(times >= start) & (times <= end)]
        marks.append(
            Mark(f"{fixed(float(inside.max()))} dB quieter", max(0.0, start), min(end, sound.duration))
        )
    return marks
