"""Outcome of the work on a clip: a vector, perhaps with labels, or the reason why there is none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Label(NamedTuple):
    """A class that a model with a classification head gives a clip, and its probability."""

    name: str
    probability: float


@dataclass(frozen=True, eq=False)
class Outcome:
    """Outcome of the work on a clip.

    Attributes
    ----------
    vector : (d,) float32 or None
        As the model gave it; None if there is none.
    reason
        Why there is none, in plain words.
    labels
        The most probable classes, best first; empty for a model without a classification head.
    """

    vector: np.ndarray | None
    reason: str = ""
    labels: tuple[Label, ...] = ()


def labels_to_text(labels: tuple[Label, ...]) -> str | None:
    """Labels as JSON, for a table with a column of text; None if there are none."""
    return json.dumps([[label.name, round(label.probability, 6)] for label in labels]) if labels else None


def labels_from_text(text: str | None) -> tuple[Label, ...]:
    """Read what `labels_to_text` wrote."""
    return tuple(Label(name, probability) for name, probability in json.loads(text)) if text else ()
