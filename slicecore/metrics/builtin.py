"""Catalogue of the built-in metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from slicecore.metrics.costs import Costs
from slicecore.metrics.transcripts import cer, wer
from slicecore.metrics.values import accuracy, error_rate, mae, mse
from slicecore.text.normalisation import DEFAULT_NORMALISATION, Normalisation, Texts


@dataclass(frozen=True)
class Metric:
    """Metric with its name for people and the function that computes it."""

    key: str
    label: str
    description: str
    function: Callable[..., Costs]
    normalises: bool = False
    is_rate: bool = True

    def __call__(
        self, reference: Texts, prediction: Texts, normalisation: Normalisation = DEFAULT_NORMALISATION
    ) -> Costs:
        """Compute the metric; `normalisation` counts only where the metric compares text."""
        if self.normalises:
            return self.function(reference, prediction, normalisation)
        return self.function(reference, prediction)


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.key: metric
        for metric in (
            Metric("wer", "WER", "Word error rate, pooled over the clips", wer, normalises=True),
            Metric("cer", "CER", "Character error rate, pooled over the clips", cer, normalises=True),
            Metric("error_rate", "Error rate", "Share of clips with the wrong label", error_rate),
            Metric("accuracy", "Accuracy", "Share of clips with the right label", accuracy),
            Metric("mae", "MAE", "Mean absolute error of numbers", mae, is_rate=False),
            Metric("mse", "MSE", "Mean squared error of numbers", mse, is_rate=False),
        )
    }
)
"""Metrics that every table can be looked at with, by key. Read-only."""
