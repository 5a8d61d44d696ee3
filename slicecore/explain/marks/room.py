"""Marks of the room: where a sound lingers after its end, and where it comes once more."""

from __future__ import annotations

import numpy as np

from slicecore.explain.marks.mark import Mark
from slicecore.explain.marks.sound import Sound
from slicecore.explain.marks.stretches import stretches
from slicecore.measurements.faults.echo import find_echo
from slicecore.wording import fixed

_LOUD_DB = 12.0  # below the loud frames a sound has ended
_FALL_DB = 20.0
_LEAST_FALL_DB = 10.0  # where another sound begins before it has fallen by 20
_LEAST_S = 0.15
_MOST_PLACES = 3
_RISE, _LEAST_RISE_DB = 3, 10.0  # frames
_SMOOTHED = 3  # frames


def tails(sound: Sound) -> list[Mark]:
    """The slowest falls by 20 dB after the end of loud sounds, or up to the next sound."""
    acoustics = sound.acoustics
    step = acoustics.spectrum.hop / acoustics.spectrum.rate
    levels = np.convolve(acoustics.levels, np.ones(_SMOOTHED) / _SMOOTHED, "same")
    loud = stretches(np.flatnonzero(levels >= acoustics.loudest - _LOUD_DB), 1)
    following = [*(start for start, _, _ in loud[1:]), len(levels)]
    falls = [_fall(levels[end:next_], end) for (_, end, _), next_ in zip(loud, following, strict=True)]
    long = [(start, end) for start, end in falls if (end - start) * step >= _LEAST_S]
    slowest = sorted(sorted(long, key=lambda fall: fall[0] - fall[1])[:_MOST_PLACES])
    return [
        # A frame is two steps long.
        Mark(
            f"lingers {fixed((end - start) * step, 2)} s",
            (start + 1) * step,
            min((end + 1) * step, sound.duration),
        )
        for start, end in slowest
    ]


def _fall(levels: np.ndarray, at: int) -> tuple[int, int]:
    """First and last frame of a fall from the beginning of some levels, which is frame `at`; the same without one."""
    down = levels[0] - levels
    deep = np.flatnonzero(down >= _FALL_DB)
    if len(deep):
        return at, at + int(deep[0])
    lowest = int(down.argmax())
    return at, at + (lowest if down[lowest] >= _LEAST_FALL_DB else 0)


def echoes(sound: Sound) -> list[Mark]:
    """The strongest beginnings of sounds, each with the moment at which its echo comes."""
    acoustics = sound.acoustics
    _, delay = find_echo(acoustics.spectrum.clean, acoustics.nyquist)
    if not np.isfinite(delay):
        return []
    step = acoustics.spectrum.hop / acoustics.spectrum.rate
    levels = acoustics.levels
    rises = levels[_RISE:] - levels[:-_RISE]
    rises[levels[_RISE:] < acoustics.loudest - _LOUD_DB] = 0
    rises[round((sound.duration - delay) / step) :] = 0
    marks: list[Mark] = []
    while len(marks) < _MOST_PLACES and rises.max(initial=0) >= _LEAST_RISE_DB:
        at = int(rises.argmax())
        start = (at + _RISE) * step
        marks.append(Mark(f"echo after {fixed(1000 * delay)} ms", start, min(start + delay, sound.duration)))
        apart = round(delay / step) + _RISE
        rises[max(0, at - apart) : at + apart + 1] = 0
    return sorted(marks, key=lambda mark: mark.start or 0.0)
