"""Rules of causes that are read off reference and prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicecore.explain.causes.rules.rule import Rule

if TYPE_CHECKING:
    import pandas as pd


def _hallucinated(clips: pd.DataFrame) -> pd.Series:
    dense = (clips["predicted_rate"] >= 22) & (clips["length_ratio"] >= 1.4)
    return (clips["wer"] >= 0.3) & ((clips["repeated_words"] >= 6) | (clips["compression"] >= 0.5) | dense)


def _wrong_reference(clips: pd.DataFrame) -> pd.Series:
    fluent = clips["predicted_rate"].between(7, 20)
    return (clips["overlap"] <= 0.25) & (clips["cer"] >= 0.5) & (clips["wer"] >= 0.7) & fluent


def _cut(clips: pd.DataFrame) -> pd.Series:
    start, end = clips["deleted_at_start"], clips["deleted_at_end"]
    return (
        ((end >= 0.1) & _abrupt(clips, "end_level"))
        | ((start >= 0.1) & _abrupt(clips, "start_level"))
        # Words are missing and the reference is too long for the speech that is there.
        | ((start + end >= 0.2) & (clips["relative_rate"] >= 0.25))
    )


def _abrupt(clips: pd.DataFrame, edge: str) -> pd.Series:
    """Begins or ends in the middle of a sound, which stands out of the noise."""
    return (clips[edge] >= -20) & (clips[edge] + clips["dynamics"] >= 8)


TEXTS: tuple[Rule, ...] = (
    Rule(
        "foreign_language",
        "Different language",
        (),
        lambda clips: clips["foreign"],
        hides=("wrong_reference", "hallucination", "voice", "normalisation", "truncated"),
    ),
    Rule(
        "hallucination",
        "Hallucinated or runaway output",
        ("length_ratio",),
        _hallucinated,
        hides=("wrong_reference",),
        of_errors=True,
    ),
    Rule(
        "wrong_reference",
        "Wrong reference",
        ("overlap",),
        _wrong_reference,
        hides=("voice", "truncated"),
        of_errors=True,
    ),
    Rule(
        "truncated",
        "Cut off",
        ("deleted_at_end", "deleted_at_start"),
        _cut,
        hides=("voice",),
        of_errors=True,
    ),
    Rule(
        "normalisation",
        "Text form only",
        ("normalised_away",),
        lambda clips: (clips["wer"] >= 0.1) & (clips["normalised_away"] >= 0.6),
        of_errors=True,
    ),
)
"""Rules of the texts, in no order."""
