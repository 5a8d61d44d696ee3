"""What people call the models, and what is said of how vectors were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slicecore.embedding.given import is_given
from slicecore.embedding.joint import COLUMN, parts_of
from slicecore.embedding.speaker import speaker_available


@dataclass(frozen=True)
class Suggestion:
    """A model worth offering: its name for `embed`, its name on the screen, what lies together in its vectors."""

    model: str
    label: str
    groups_by: str


_KNOWN: tuple[Suggestion, ...] = (
    Suggestion(
        "signal",
        "Recording (signal)",
        "level, noise, hum, distortion and bandwidth of the recording; needs no download",
    ),
    Suggestion("speaker", "Speaker (d-vector)", "who is speaking; needs no download"),
    Suggestion(
        "signal+speaker",
        "Recording (signal) + Speaker (d-vector)",
        "recording and speaker alike; needs no download",
    ),
    Suggestion(
        "MIT/ast-finetuned-audioset-10-10-0.4593",
        "Recording (AST)",
        "kinds of sound, as a model trained on AudioSet hears them",
    ),
    Suggestion("superb/wav2vec2-base-superb-sid", "Speaker (wav2vec2)", "who is speaking"),
)

SUGGESTED: tuple[Suggestion, ...] = tuple(
    one for one in _KNOWN if speaker_available() or "speaker" not in one.model.split("+")
)
"""Models to choose from, without those whose packages are not installed."""


def label(model: str) -> str:
    """Name of an embedding model for people."""
    for suggestion in _KNOWN:
        if suggestion.model == model:
            return suggestion.label
    parts = parts_of(model)
    if len(parts) > 1:
        return " + ".join(
            f"{part.weight:g} × {label(part.model)}" if part.weight != 1 else label(part.model)
            for part in parts
        )
    if model.startswith(COLUMN):
        return f"Vectors from column {model.removeprefix(COLUMN)}"
    if is_given(model):
        return f"Vectors from {Path(model).name}"
    return Path(model).name if Path(model).is_dir() else model


def details(settings: Mapping[str, Any]) -> str:
    """Say in a few words how vectors were made, such as "mean over time · windows of 20 s · bfloat16"."""
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
