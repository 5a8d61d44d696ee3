"""Names of models for people, and their settings in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slicecore.embedding.model_spec import NONE, parse_model
from slicecore.embedding.speaker import speaker_available


@dataclass(frozen=True)
class Suggestion:
    """A model worth offering: its name for `embed` and its name for people."""

    model: str
    label: str


NO_EMBEDDING = "No embedding"
"""Name of the model "none"."""

_KNOWN: tuple[Suggestion, ...] = (
    Suggestion(
        "signal",
        "Recording (signal)",
    ),
    Suggestion("speaker", "Speaker (d-vector)"),
    Suggestion(
        "signal+speaker",
        "Recording (signal) + Speaker (d-vector)",
    ),
    Suggestion(
        "MIT/ast-finetuned-audioset-10-10-0.4593",
        "Recording (AST)",
    ),
    Suggestion("superb/wav2vec2-base-superb-sid", "Speaker (wav2vec2)"),
)

SUGGESTED: tuple[Suggestion, ...] = tuple(
    suggestion for suggestion in _KNOWN if speaker_available() or "speaker" not in suggestion.model.split("+")
)
"""Models to choose from, without those whose packages are not installed."""


def label(model: str) -> str:
    """Name of an embedding model for people."""
    for suggestion in _KNOWN:
        if suggestion.model == model:
            return suggestion.label
    spec = parse_model(model)
    if spec.is_joint:
        return " + ".join(
            f"{part.weight:g} × {label(part.model)}" if part.weight != 1 else label(part.model)
            for part in spec.parts
        )
    (part,) = spec.parts
    if part.model == NONE:
        return NO_EMBEDDING
    if part.column is not None:
        return f"Vectors from column {part.column}"
    if part.file is not None:
        return f"Vectors from {part.file.name}"
    return Path(model).name if Path(model).is_dir() else model


def details(settings: Mapping[str, Any]) -> str:
    """Settings of vectors in a few words, such as "mean over time · windows of 20 s · bfloat16"."""
    return " · ".join(_spelled(settings))


def _spelled(settings: Mapping[str, Any]) -> list[str]:
    spelled = []
    for key, value in settings.items():
        if isinstance(value, Mapping):
            spelled.append(f"{key}: {', '.join(_spelled(value))}")
        elif key == "window_s":
            spelled.append(f"windows of {value:g} s")
        elif key == "revision":
            spelled += [f"revision {value[:8]}"] if value else []
        elif key == "weight":
            spelled.append(f"weight {value:g}")
        elif key in ("pooling", "precision"):
            spelled.append(str(value))
        else:
            spelled.append(f"{key.replace('_', ' ')} {value}")
    return spelled
