"""model="signal": descriptors of the recording, see `slicecore.signals`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from slicecore import signals
from slicecore.audio import SAMPLING_RATE
from slicecore.embedding.outcome import Outcome

# Raise it whenever `signals.describe` gives other numbers: stored descriptors are then not used again.
_VERSION = 1


class SignalEmbedder:
    """The embedder of model="signal"."""

    key = json.dumps({"family": "signal", "version": _VERSION})
    revision = ""
    settings: Mapping[str, Any] = {"descriptors": signals.SIZE}
    dimensions = signals.SIZE
    sampling_rate = SAMPLING_RATE
    batch = 32

    def start(self) -> None:
        """Load nothing."""

    def prepare(self, samples: np.ndarray) -> np.ndarray:
        """Describe a clip, (215,)."""
        return signals.describe(samples, SAMPLING_RATE)

    def embed(self, prepared: Sequence[np.ndarray]) -> list[Outcome]:
        """Return the descriptors."""
        return [Outcome(descriptors) for descriptors in prepared]

    def finish(self, vectors: np.ndarray) -> np.ndarray:
        """Standardise the descriptors over all clips."""
        return signals.standardise(vectors)
