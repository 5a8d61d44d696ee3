"""model="signal": descriptors of the recording, see `slicecore.measurements.acoustics`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from slicecore.audio.decoding import SAMPLING_RATE
from slicecore.measurements import acoustics
from slicecore.storage.outcome import Outcome

# Raise it whenever `acoustics.describe` gives other numbers: stored descriptors are then not used again.
_VERSION = 1


class SignalEmbedder:
    """The embedder of model="signal"."""

    key = json.dumps({"family": "signal", "version": _VERSION})
    revision = ""
    settings: Mapping[str, Any] = {"descriptors": acoustics.SIZE}
    dimensions = acoustics.SIZE
    sampling_rate = SAMPLING_RATE
    batch = 32

    def start(self) -> None:
        """Load nothing."""

    def prepare(self, samples: np.ndarray) -> np.ndarray:
        """Describe a clip, (215,)."""
        return acoustics.describe(samples, SAMPLING_RATE)

    def compute(self, prepared: Sequence[np.ndarray]) -> list[Outcome]:
        """Return the descriptors."""
        return [Outcome(descriptors) for descriptors in prepared]

    def finish(self, vectors: np.ndarray) -> np.ndarray:
        """Standardise the descriptors over all clips."""
        return acoustics.standardise(vectors)
