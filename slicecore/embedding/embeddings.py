"""Vectors of a data set, with their origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from slicecore.embedding.names import details
from slicecore.storage.outcome import Label


@dataclass(frozen=True, eq=False, repr=False)
class Embeddings:
    """Vectors of a data set.

    Attributes
    ----------
    vectors : (n, d) float32
        NaN where a clip has none.
    valid : (n,) bool
        Which clips have a vector.
    reasons
        Row -> why it has none, in plain words.
    model, label
        The model as asked for, and its name for people.
    revision
        Commit or content hash of the model's weights; "" where there are none.
    settings
        How the vectors were made, such as {"pooling": "mean over time"}.
    labels
        Row -> the most probable classes of the clip, best first, if the model has a classification head.
    """

    vectors: np.ndarray
    valid: np.ndarray
    reasons: dict[int, str]
    model: str
    label: str
    revision: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[int, tuple[Label, ...]] = field(default_factory=dict)

    def __repr__(self) -> str:
        count, size = self.vectors.shape
        return f"Embeddings({self.label}: {int(self.valid.sum()):,} of {count:,} clips, {size} numbers each)"

    @property
    def about(self) -> str:
        """One line for people: label, revision and settings."""
        revision = f"revision {self.revision[:8]}" if self.revision else ""
        return " · ".join(filter(None, (self.label, revision, details(self.settings))))
