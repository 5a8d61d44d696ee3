"""Texts of some clips under a metric: what they cost, and how they are aligned."""

from __future__ import annotations

from collections.abc import Sequence

from slicecore.metrics import METRICS, Costs, align_all, align_characters
from slicecore_app.server.metrics_offered import MetricChoice, offered


def costs_of_texts(
    choice: MetricChoice, references: Sequence[str], predictions: Sequence[str]
) -> Costs | None:
    """The metric of some clips; None for one that does not follow from their texts. Raises MetricError."""
    metric = METRICS.get(choice.metric)
    return metric(references, predictions, choice.normalisation) if metric else None


def aligned_texts(
    choice: MetricChoice, references: Sequence[str], predictions: Sequence[str]
) -> list[list[list[str]]]:
    """Alignment of clips, each as [kind, word of the reference, word of the prediction].

    Where the metric counts characters, these stand in the place of words; where it compares whole texts, they do.
    """
    by = offered()[choice.metric].aligns
    if not by:
        pairs = zip(references, predictions, strict=True)
        return [
            [["equal" if reference == text else "substitute", reference, text]] for reference, text in pairs
        ]
    align = align_all if by == "words" else align_characters
    aligned = align(references, predictions, choice.normalisation)
    return [[[step.kind, step.reference, step.prediction] for step in steps] for steps in aligned]
