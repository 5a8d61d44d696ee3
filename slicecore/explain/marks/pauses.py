"""Marks around the speech: silence, cut edges, noise between words."""

from __future__ import annotations

import numpy as np

from slicecore.explain.marks.mark import Mark
from slicecore.explain.marks.sound import Sound
from slicecore.explain.marks.stretches import stretches
from slicecore.measurements import speech
from slicecore.measurements.spectrum import decibels
from slicecore.wording import fixed

_EDGE_S = 0.03
_ABRUPT_DB, _ABOVE_FLOOR_DB = -20.0, 8.0  # the bounds of "cut off"
_LONG_SILENCE_S = 1.0
_NO_SPEECH_S = 0.5
_SHORTEST_PAUSE_S = 0.2
_MOST_PAUSES = 4


def outer_silence(sound: Sound) -> list[Mark]:
    """Silence of a second or more before the first speech and after the last."""
    lead, trail = (float(sound.values[name]) for name in ("lead_silence", "trail_silence"))
    marks = []
    if sound.is_first and lead >= _LONG_SILENCE_S:
        marks.append(Mark(f"silence {fixed(lead, 1)} s", 0.0, lead))
    if sound.is_last and trail >= _LONG_SILENCE_S:
        marks.append(Mark(f"silence {fixed(trail, 1)} s", sound.duration - trail, sound.duration))
    return marks


def no_speech(sound: Sound) -> list[Mark]:
    """Stretches of half a second and more in which nobody speaks."""
    speaks = speech.speech_frames(sound.acoustics.mono)
    if speaks is None:
        return [Mark("nobody speaks", 0.0, sound.duration)]
    step = speech.STEP / sound.acoustics.spectrum.rate
    return [
        Mark("nobody speaks", start * step, min((end + 1) * step, sound.duration))
        for start, end, _ in stretches(np.flatnonzero(~speaks), 1)
        if (end + 1 - start) * step >= _NO_SPEECH_S
    ]


def cut_edges(sound: Sound) -> list[Mark]:
    """Start and end of a clip that lie in the middle of a sound."""
    values, duration = sound.values, sound.duration
    edges = (
        ("start_level", "begins in mid-sound", sound.is_first, 0.0, min(_EDGE_S, duration)),
        ("end_level", "ends in mid-sound", sound.is_last, max(0.0, duration - _EDGE_S), duration),
    )
    return [
        Mark(text, start, end)
        for name, text, is_there, start, end in edges
        if is_there and values[name] >= _ABRUPT_DB and values[name] + values["dynamics"] >= _ABOVE_FLOOR_DB
    ]


def noise_alone(sound: Sound) -> list[Mark]:
    """The longest pauses between words, in which noise is heard alone; the quietest place where there is no pause."""
    mono, rate = sound.acoustics.mono, sound.acoustics.spectrum.rate
    speaks = speech.speech_frames(mono)
    step = speech.STEP / rate
    runs = [] if speaks is None else stretches(np.flatnonzero(~speaks), 1)
    pauses = [(start, end + 1) for start, end, _ in runs if (end + 1 - start) * step >= _SHORTEST_PAUSE_S]
    longest = sorted(sorted(pauses, key=lambda pause: pause[0] - pause[1])[:_MOST_PAUSES])
    if not longest:
        return _quietest(mono, rate)
    return [
        Mark(
            f"noise {_level(mono[start * speech.STEP : end * speech.STEP])}",
            start * step,
            min(end * step, sound.duration),
        )
        for start, end in longest
    ]


def _quietest(mono: np.ndarray, rate: int) -> list[Mark]:
    length = min(round(_SHORTEST_PAUSE_S * rate), len(mono))
    energy = np.concatenate([[0.0], np.cumsum(np.square(mono, dtype=np.float64))])
    start = int((energy[length:] - energy[:-length]).argmin())
    text = f"never below {_level(mono[start : start + length])}"
    return [Mark(text, start / rate, (start + length) / rate)]


def _level(samples: np.ndarray) -> str:
    return f"{fixed(float(decibels(float(np.square(samples, dtype=np.float64).mean()))))} dBFS"
