"""Families of embedding models: what they offer, and the family of a model."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from slicecore.embedding.user_function import OwnEmbedding
from slicecore.storage.outcome import Outcome


class Embedder(Protocol):
    """One model of a family, ready to be asked.

    Attributes
    ----------
    key
        Everything a stored vector depends on: family, version, revision, settings. It may change in `start`, where
        the processor at hand decides about a setting.
    revision
        Commit or content hash of the weights; "" for what is part of slicecore.
    settings
        What people should know of how the vectors were made, such as {"pooling": "mean over time"}.
    dimensions
        Length of a vector.
    sampling_rate
        At which it wants its clips, in Hz.
    batch
        How many clips are embedded and kept at a time.
    """

    key: str
    revision: str
    settings: Mapping[str, Any]
    dimensions: int
    sampling_rate: int
    batch: int

    def start(self) -> None:
        """Load what embedding needs. Called once, and only if there is a clip without a stored vector."""

    def prepare(self, samples: np.ndarray) -> Any:
        """Work on one clip alone. Called from several threads at a time."""

    def compute(self, prepared: Sequence[Any]) -> list[Outcome]:
        """Turn clips, as `prepare` left them, into an outcome each: a raw vector (dimensions,) or a reason."""

    def finish(self, vectors: np.ndarray) -> np.ndarray:
        """Make the raw vectors of a whole data set comparable, (n, dimensions) float32."""


Model = Callable[[np.ndarray, int], Any] | OwnEmbedding
"""Models that `embed` takes beside names."""

FAMILIES: dict[str, tuple[str, str]] = {
    "signal": ("signal", "SignalEmbedder"),
    "speaker": ("speaker", "SpeakerEmbedder"),
}
"""Models with a name of their own -> module of this package and class. Every other name is that of a model for
transformers."""


def open_embedder(model: str | Model, cache: Path) -> Embedder:
    """Find the embedder of a model.

    Parameters
    ----------
    model
        Its name, a function of the user's own, or an `OwnEmbedding`.
    cache
        Folder of the cache, for converted weights and the precision that was chosen.

    Raises
    ------
    ModelError
        If no family knows the model, or something it needs is missing.
    """
    if isinstance(model, OwnEmbedding):
        return model
    if not isinstance(model, str):
        return OwnEmbedding(model)
    if model in FAMILIES:
        module, name = FAMILIES[model]
        family = getattr(importlib.import_module(f"slicecore.embedding.{module}"), name)
        opened: Embedder = family()
        return opened
    from slicecore.embedding.huggingface import open_huggingface

    return open_huggingface(model, cache)
