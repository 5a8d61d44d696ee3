"""model="signal": descriptors of the recording, not of the words.

A descriptor is 215 numbers: the mean spectrum of the louder half of the frames (64 mel bands), its spread, the spectrum
of the quietest moments, and 23 acoustic features of level, distortion, bandwidth, hum and pitch. They tell recording
conditions apart; the words spoken and the length of the clip hardly show in them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE, Recording
from slicecore.audio.mel import mel_filters
from slicecore.measurements.acoustics import acoustics_of
from slicecore.measurements.spectrum import FRAME, decibels, low
from slicecore.storage.outcome import Outcome

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Raise it whenever `describe` gives other numbers: stored descriptors are then not used again.
VERSION = 2

FEATURES = (
    *("level", "peak", "crest", "loudness", "noise_floor", "dynamics", "decay", "dropout_share"),
    *("flat_top_share", "dc_offset", "flatness", "floor_flatness", "centroid", "rolloff", "bandwidth"),
    *("top_void", "high_band", "low_band", "floor_tilt", "hum", "hum_level", "pitch", "harmonicity"),
)
"""Acoustic features in a descriptor, by their names in `slicecore.measurements.acoustics`."""

_LOG_FLOORS = {
    "dropout_share": 0.01,
    "flat_top_share": 0.001,
    "dc_offset": 0.001,
    "centroid": 50.0,
    "rolloff": 50.0,
    "bandwidth": 50.0,
    "pitch": 20.0,
}
"""Shares and frequencies are compared by ratio: the descriptor holds log2(value + floor)."""

BANDS = 64
SIZE = 3 * BANDS + len(FEATURES)

_COLUMNS_AT_ONCE = 16


class SignalEmbedder:
    """The embedder of model="signal"."""

    key = json.dumps({"family": "signal", "version": VERSION})
    revision = ""
    settings: Mapping[str, Any] = {"descriptors": SIZE}
    dimensions = SIZE
    sampling_rate = None
    batch = 32

    def start(self) -> None:
        """Load nothing."""

    def prepare(self, sound: Recording) -> np.ndarray:
        """Describe a clip, (215,)."""
        return describe(sound)

    def compute(self, prepared: Sequence[np.ndarray]) -> list[Outcome]:
        """Return the descriptors."""
        return [Outcome(descriptors) for descriptors in prepared]

    def finish(self, vectors: np.ndarray) -> np.ndarray:
        """Standardise the descriptors over all clips."""
        return standardise(vectors)


def describe(recording: Recording) -> np.ndarray:
    """Describe a recording by `SIZE` numbers, to be compared after `standardise`.

    Returns
    -------
    (215,) float32
        Blocks of 64, 64, 64 and 23: mean shape, spread and floor of the log-mel spectrum in dB, and the features.
    """
    acoustics = acoustics_of(recording)
    features = [
        np.log2(acoustics.values[name] + _LOG_FLOORS[name]) if name in _LOG_FLOORS else acoustics.values[name]
        for name in FEATURES
    ]
    mel = decibels((_mel_filters() @ acoustics.spectrum.power.T).T)
    # Shape and spread from the louder half, where somebody speaks: how much pause a clip has must not matter.
    energy = acoustics.energy
    speech = mel[energy >= low(energy, 0.5)]
    shape, floor = speech.mean(axis=0), low(mel, 0.1)
    blocks = [shape - shape.mean(), speech.std(axis=0), floor - shape.mean(), features]
    return np.concatenate(blocks).astype(np.float32)


def standardise(descriptors: np.ndarray) -> np.ndarray:
    """Make descriptors comparable: every column standardised, every block of equal weight.

    Parameters
    ----------
    descriptors
        (n, 215) from `describe`, all finite.

    Returns
    -------
    (n, 215) float32
        Columns without variation are 0; values beyond six deviations are held there.
    """
    if not len(descriptors):
        return np.zeros((0, SIZE), np.float32)
    sizes = [BANDS] * 3 + [len(FEATURES)]
    weights = 1 / np.sqrt(np.repeat(sizes, sizes))
    standard = np.empty(descriptors.shape, np.float32)
    # Some columns at a time: with a million clips, copies of the whole table would not fit into memory.
    for start in range(0, SIZE, _COLUMNS_AT_ONCE):
        part = slice(start, start + _COLUMNS_AT_ONCE)
        values = descriptors[:, part].astype(np.float64)
        centre, scale = values.mean(axis=0), values.std(axis=0)
        # A deviation this small is rounding, not variation.
        constant = scale <= 1e-6 * (1 + np.abs(centre))
        scaled = np.clip((values - centre) / np.where(constant, 1, scale), -6, 6)
        scaled[:, constant] = 0
        standard[:, part] = scaled * weights[part]
    return standard


@lru_cache(maxsize=1)
def _mel_filters() -> csr_array:
    # Sparse, which is quicker, and keeps the threads of a BLAS library from fighting those that decode.
    from scipy.sparse import csr_array

    return csr_array(mel_filters(SAMPLING_RATE, FRAME, BANDS))
