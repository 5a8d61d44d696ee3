"""What a model family has to offer, and which family a model belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np


class Embedder(Protocol):
    """One model of a family, ready to be asked.

    Attributes
    ----------
    key
        Everything a stored vector depends on: family, version, revision, settings.
    dimensions
        Length of a vector.
    sampling_rate
        At which it wants its clips, in Hz.
    batch
        How many clips are embedded and kept at a time.
    """

    key: str
    dimensions: int
    sampling_rate: int
    batch: int

    def start(self) -> None:
        """Load what embedding needs. Called once, and only if there is a clip without a stored vector."""

    def prepare(self, samples: np.ndarray) -> Any:
        """Do what can be done for one clip alone. Called from several threads at a time."""

    def embed(self, prepared: Sequence[Any]) -> np.ndarray:
        """Turn clips, as `prepare` left them, into raw vectors, (clips, dimensions) float32."""

    def finish(self, vectors: np.ndarray) -> np.ndarray:
        """Make the raw vectors of a whole data set comparable, (n, dimensions) float32."""


def open_embedder(model: str) -> Embedder:
    """Find the embedder of a model.

    Raises
    ------
    ModelError
        If no family knows the model.
    """
    if model == "signal":
        from slicecore.embedding.signal import SignalEmbedder

        return SignalEmbedder()
    from slicecore.embedding.huggingface import open_huggingface

    return open_huggingface(model)
