"""What people call the models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Suggestion:
    """A model worth offering: its name for `embed`, its name on the screen, what lies together in its vectors."""

    model: str
    label: str
    groups_by: str


SUGGESTED: tuple[Suggestion, ...] = (
    Suggestion(
        "signal",
        "Recording (signal)",
        "level, noise, hum, distortion and bandwidth of the recording; needs no download",
    ),
    Suggestion(
        "MIT/ast-finetuned-audioset-10-10-0.4593",
        "Recording (AST)",
        "kinds of sound, as a model trained on AudioSet hears them",
    ),
    Suggestion("superb/wav2vec2-base-superb-sid", "Speaker (wav2vec2)", "who is speaking"),
)


def label(model: str) -> str:
    """Name of an embedding model for people."""
    for suggestion in SUGGESTED:
        if suggestion.model == model:
            return suggestion.label
    if is_vector_file(model):
        return f"Vectors from {Path(model).name}"
    return Path(model).name if Path(model).is_dir() else model


def is_vector_file(model: str) -> bool:
    """Whether a model's name is that of a file with ready-made vectors."""
    return model.lower().endswith((".npy", ".npz"))
