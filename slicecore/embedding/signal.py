"""model="signal": descriptors of the recording, see `slicecore.signals`."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from slicecore import signals
from slicecore.audio import SAMPLING_RATE

# Raise it whenever `signals.describe` gives other numbers: stored descriptors are then not used again.
_VERSION = 1


class SignalEmbedder:
    """The embedder of model="signal"."""

    key = json.dumps({"family": "signal", "version": _VERSION})
    dimensions = signals.SIZE
    sampling_rate = SAMPLING_RATE
    batch = 64

    def start(self) -> None:
        """Load nothing."""

    def prepare(self, samples: np.ndarray) -> np.ndarray:
        """Describe a clip, (215,)."""
        return signals.describe(samples, SAMPLING_RATE)

    def embed(self, prepared: Sequence[np.ndarray]) -> np.ndarray:
        """Stack descriptors."""
        return np.stack(prepared)

    def finish(self, vectors: np.ndarray) -> np.ndarray:
        """Standardise the descriptors over all clips."""
        return signals.standardise(vectors)
