"""Sounds made up for the tests of decoding and drawing."""

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE as RATE


def tone(frequency=1000.0, seconds=1.0, rate=RATE, level=0.5):
    """A sine, (samples,) float32."""
    return (level * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)).astype(np.float32)
