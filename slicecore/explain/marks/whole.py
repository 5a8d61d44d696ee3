"""Marks of what the whole recording has: a channel that is silent or turned round, few values, an offset."""

from __future__ import annotations

import numpy as np

from slicecore.explain.marks.mark import Mark
from slicecore.explain.marks.sound import Sound
from slicecore.measurements import CATALOGUE
from slicecore.wording import fixed

_HELD = 0.4  # the bound by comparison of "coarse digitisation"
_FEW_BITS = 7.0


def silent_channel(sound: Sound) -> list[Mark]:
    """The channel that is quieter than the others."""
    samples = sound.recording.samples
    if samples.shape[1] < 2:
        return []
    moving = samples - samples.mean(axis=0, dtype=np.float64)
    quietest = int(np.square(moving).mean(axis=0).argmin())
    return [Mark(f"channel {quietest + 1} is silent")]


def cancelled_channels(sound: Sound) -> list[Mark]:
    """Level that the channels lose when they are mixed."""
    loss = sound.values["channel_cancellation"]
    return [Mark(f"{fixed(-loss)} dB when mixed")] if np.isfinite(loss) else []


def coarse_values(sound: Sound) -> list[Mark]:
    """Few values in use, and samples that are held."""
    bits, held = sound.values["sample_bits"], sound.values["held_samples"]
    marks = []
    if bits <= _FEW_BITS:
        marks.append(Mark(f"{fixed(bits, 1)} bits in use"))
    if held >= _HELD:
        marks.append(Mark(f"{CATALOGUE['held_samples'].show(held)} of the steps held"))
    return marks


def offset(sound: Sound) -> list[Mark]:
    """Mean of the samples."""
    return [Mark(f"offset {CATALOGUE['dc_offset'].show(sound.acoustics.values['dc_offset'])} of full scale")]
